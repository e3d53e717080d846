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

// Slots of units, and the same as a map.
class SlotsAndMap {
 public:
  void Add(UnitId id, SlotId slot) {
    ASSERT_EQ(slots_.Add(id, slot), expected_.try_emplace(id, slot).second);
    ASSERT_EQ(slots_.size(), expected_.size());
  }
  void Remove(UnitId id) {
    slots_.Remove(id);
    expected_.erase(id);
    ASSERT_EQ(slots_.size(), expected_.size());
  }
  void ExpectEqual(UnitId id) const {
    const auto found = expected_.find(id);
    ASSERT_EQ(slots_.Find(id), found == expected_.end()
                                   ? std::nullopt
                                   : std::optional<SlotId>(found->second));
  }
  void ExpectAllEqual() const {
    for (const auto& [id, slot] : expected_) {
      ASSERT_THAT(slots_.Find(id), Optional(Eq(slot)));
    }
  }

 private:
  UnitSlots slots_;
  std::map<UnitId, SlotId> expected_;
};

TEST(UnitSlotsTest, AreAsAMapWhateverTheIds) {
  for (const UnitId most : {UnitId{300}, UnitId{5'000}, ~UnitId{0}}) {
    std::mt19937_64 random(20261126);
    SlotsAndMap slots;
    for (int i = 0; i < 20'000; ++i) {
      const UnitId id = random() % most;
      if (random() % 3 == 0) {
        slots.Remove(id);
      } else {
        slots.Add(id, static_cast<SlotId>(i));
      }
      slots.ExpectEqual(random() % most);
    }
    slots.ExpectAllEqual();
  }
}

// As documents come and go: slots count up with the ids, but for a few.
TEST(UnitSlotsTest, AreAsAMapWhereSlotsCountUpWithTheIds) {
  std::mt19937_64 random(20261127);
  for (int round = 0; round < 300; ++round) {
    SlotsAndMap slots;
    const UnitId end = 600;
    UnitId id = random() % 300;
    SlotId slot = static_cast<SlotId>(random() % 1'000);
    const int odd = round % 3 == 0 ? 0 : 50;  // of a thousand
    for (; id < end; ++id, ++slot) {
      if (static_cast<int>(random() % 1'000) < odd) {
        if (random() % 2 == 0) id += random() % 5;
        if (random() % 2 == 0) slot += static_cast<SlotId>(random() % 5);
      }
      slots.Add(id, slot);
      slots.ExpectEqual(random() % end);
    }
    // From either end, and from within.
    for (UnitId first = random() % 300; first < 300; ++first) {
      slots.Remove(first);
    }
    for (UnitId last = end; last > 400 + random() % 200; --last) {
      slots.Remove(last);
    }
    if (odd > 0) slots.Remove(random() % end);
    for (UnitId any = 0; any < end; ++any) slots.ExpectEqual(any);
    slots.Add(random() % end, 7);
    slots.ExpectAllEqual();
  }
}

TEST(UnitSlotsTest, TakeNextToNothingAUnitWhileTheyCountUp) {
  constexpr UnitId kUnits = 100'000;
  UnitSlots slots;
  for (UnitId id = 1; id <= kUnits; ++id) {
    slots.Add(id, static_cast<SlotId>(id));
  }
  EXPECT_LT(slots.Memory(), kUnits / 3);
  // Numbered anew, as documents are that are imported again.
  for (UnitId id = 1; id <= kUnits; ++id) {
    slots.Remove(id);
    slots.Add(kUnits + id, static_cast<SlotId>(id));
  }
  EXPECT_LT(slots.Memory(), kUnits / 3);
}

TEST(UnitSlotsTest, TakeFourBytesAUnitAtTheWorstAndNothingWhenAllAreGone) {
  constexpr UnitId kUnits = 100'000;
  UnitSlots slots;
  for (UnitId id = 1; id <= kUnits; ++id) {
    slots.Add(id, static_cast<SlotId>(2 * id));
  }
  EXPECT_LT(slots.Memory(), 9 * kUnits / 2);
  for (UnitId id = 1; id <= kUnits; ++id) slots.Remove(id);
  EXPECT_LT(slots.Memory(), kUnits / 3);
}

}  // namespace
}  // namespace duilian::storage
