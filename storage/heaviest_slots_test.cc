#include "storage/heaviest_slots.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"

namespace duilian::storage {
namespace {

using testing::IsEmpty;

using Found = std::vector<std::tuple<SlotId, uint32_t, UnitId>>;

Found Told(const std::vector<HeavySlot>& slots) {
  Found found;
  for (const HeavySlot& one : slots) {
    found.emplace_back(one.slot, one.weight, one.id);
  }
  return found;
}

// Lists of a few slots and of many; ids in another order than slots.
struct Sample {
  Sample(size_t slot_count, size_t list_count, uint32_t seed)
      : slots(slot_count) {
    Random random(seed);
    for (size_t slot = 0; slot < slots; ++slot) {
      ids.push_back(slot % 97 * slots + slot);
      accepted.push_back(Below(10, random) != 0);
    }
    for (uint32_t number = 0; number < list_count; ++number) {
      const size_t one_in = size_t{1} << Below(14, random);
      for (size_t slot = 0; slot < slots; ++slot) {
        if (Below(one_in, random) != 0) continue;
        memory.Add(number, static_cast<SlotId>(slot));
        members[number].push_back(static_cast<SlotId>(slot));
      }
    }
    for (const auto& [number, ignored] : members) numbers.push_back(number);
    std::sort(numbers.begin(), numbers.end(), [&](uint32_t a, uint32_t b) {
      return members[a].size() < members[b].size();
    });
    for (size_t i = 0; i < numbers.size(); ++i) {
      lists.push_back({memory[numbers[i]],
                       static_cast<uint32_t>(1 + (numbers.size() - i) / 2)});
    }
  }

  // The simple version.
  Found Slowly(size_t wanted) const {
    std::vector<HeavySlot> all(slots);
    for (size_t i = 0; i < numbers.size(); ++i) {
      for (const SlotId slot : members.at(numbers[i])) {
        all[slot].weight += lists[i].weight;
      }
    }
    for (size_t slot = 0; slot < slots; ++slot) {
      all[slot].slot = static_cast<SlotId>(slot);
      all[slot].id = ids[slot];
    }
    std::erase_if(all, [&](const HeavySlot& one) {
      return one.weight == 0 || !accepted[one.slot];
    });
    std::sort(all.begin(), all.end(),
              [](const HeavySlot& a, const HeavySlot& b) {
                return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
              });
    if (all.size() > wanted) all.resize(wanted);
    return Told(all);
  }

  Found Quickly(size_t wanted, IdleThreads& threads,
                const std::function<bool()>& cancelled = {}) const {
    return Told(
        HeaviestSlots({lists, slots, wanted,
                       [&](SlotId slot) -> bool { return accepted[slot]; },
                       [&](SlotId slot) { return ids[slot]; }, cancelled, 1},
                      threads));
  }

  const size_t slots;
  SlotLists memory;
  std::map<uint32_t, std::vector<SlotId>> members;
  std::vector<uint32_t> numbers;  // of the lists, shortest first
  std::vector<WeightedList> lists;
  std::vector<UnitId> ids;
  std::vector<bool> accepted;
};

TEST(HeaviestSlotsTest, AreThoseOfAddingAndSorting) {
  IdleThreads none(0);
  IdleThreads three(3);
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Random random(seed);
    const Sample sample(1 + Below(60'000, random), 1 + Below(25, random), seed);
    for (const size_t wanted : {1u, 7u, 300u, 5'000u}) {
      SCOPED_TRACE(absl::StrCat(wanted, " wanted"));
      const Found expected = sample.Slowly(wanted);
      ASSERT_EQ(sample.Quickly(wanted, none), expected);
      ASSERT_EQ(sample.Quickly(wanted, three), expected);
    }
  }
}

TEST(HeaviestSlotsTest, OfNoListsThereAreNone) {
  IdleThreads none(0);
  const Sample sample(1'000, 0, 1);
  EXPECT_THAT(sample.Quickly(10, none), IsEmpty());
}

TEST(HeaviestSlotsTest, NothingIsFoundWhenCancelled) {
  IdleThreads none(0);
  IdleThreads three(3);
  const Sample sample(60'000, 20, 3);
  EXPECT_THAT(sample.Quickly(10, three, [] { return true; }), IsEmpty());
  int asked = 0;
  EXPECT_THAT(sample.Quickly(10, none, [&] { return ++asked > 1; }), IsEmpty());
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace duilian::storage
