#include "storage/unit_slots.h"

#include <map>
#include <optional>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::storage {
namespace {

using testing::Eq;
using testing::Optional;

TEST(UnitSlotsTest, AreAsAMapWhateverTheIds) {
  for (const UnitId most : {UnitId{300}, UnitId{5'000}, ~UnitId{0}}) {
    std::mt19937_64 random(20261126);
    UnitSlots slots;
    std::map<UnitId, SlotId> expected;
    for (int i = 0; i < 20'000; ++i) {
      const UnitId id = random() % most;
      const auto slot = static_cast<SlotId>(i);
      if (random() % 3 == 0) {
        slots.Remove(id);
        expected.erase(id);
      } else {
        ASSERT_EQ(slots.Add(id, slot), expected.try_emplace(id, slot).second);
      }
      ASSERT_EQ(slots.size(), expected.size());
      const UnitId asked = random() % most;
      const auto found = expected.find(asked);
      ASSERT_EQ(slots.Find(asked), found == expected.end()
                                       ? std::nullopt
                                       : std::optional<SlotId>(found->second));
    }
    for (const auto& [id, slot] : expected) {
      ASSERT_THAT(slots.Find(id), Optional(Eq(slot)));
    }
  }
}

TEST(UnitSlotsTest, TakeFourBytesAUnitAndNothingWhenAllAreGone) {
  constexpr UnitId kUnits = 100'000;
  UnitSlots slots;
  for (UnitId id = 1; id <= kUnits; ++id) {
    slots.Add(id, static_cast<SlotId>(id));
  }
  EXPECT_LT(slots.Memory(), 9 * kUnits / 2);
  // Numbered anew, as documents are that are imported again.
  for (UnitId id = 1; id <= kUnits; ++id) {
    slots.Remove(id);
    slots.Add(kUnits + id, static_cast<SlotId>(id));
  }
  EXPECT_LT(slots.Memory(), 9 * kUnits / 2);
}

}  // namespace
}  // namespace duilian::storage
