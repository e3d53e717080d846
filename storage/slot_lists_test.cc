#include "storage/slot_lists.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"

namespace duilian::storage {
namespace {

using testing::ElementsAre;

std::vector<SlotId> SlotsOf(const SlotList& list) {
  std::vector<SlotId> slots;
  list.ForEach([&](SlotId slot) { slots.push_back(slot); });
  return slots;
}

// Lists as vectors, and the same lists. Few are long, most are short; the
// slots stand close together here and far apart there.
struct RandomLists {
  explicit RandomLists(uint32_t seed) {
    Random random(seed);
    const size_t count = 1 + Below(40, random);
    expected.resize(count);
    std::vector<size_t> rarity(count);
    for (size_t& one_in : rarity) one_in = size_t{1} << Below(12, random);
    SlotId slot = 0;
    const size_t slots = Below(8'000, random);
    for (size_t i = 0; i < slots; ++i) {
      slot += static_cast<SlotId>(
          Below(20, random) == 0 ? Below(200'000, random) : Below(3, random));
      for (size_t list = 0; list < count; ++list) {
        if (Below(rarity[list], random) != 0) continue;
        std::vector<SlotId>& of_list = expected[list];
        if (of_list.empty() || of_list.back() != slot) of_list.push_back(slot);
        lists.Add(static_cast<uint32_t>(list), slot);
      }
    }
  }

  std::vector<std::vector<SlotId>> expected;
  SlotLists lists;
};

TEST(SlotListsTest, HoldWhatVectorsHold) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const RandomLists random(seed);
    for (uint32_t list = 0; list < random.expected.size(); ++list) {
      SCOPED_TRACE(absl::StrCat("list ", list));
      EXPECT_EQ(random.lists[list].size(), random.expected[list].size());
      ASSERT_EQ(SlotsOf(random.lists[list]), random.expected[list]);
    }
  }
}

TEST(SlotListsTest, KeepWhatTwoListsHaveInCommon) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const RandomLists random(seed);
    for (uint32_t a = 0; a < random.expected.size(); ++a) {
      const uint32_t b =
          (a + seed) % static_cast<uint32_t>(random.expected.size());
      std::vector<SlotId> expected;
      std::ranges::set_intersection(random.expected[a], random.expected[b],
                                    std::back_inserter(expected));
      std::vector<SlotId> kept = random.expected[a];
      random.lists[b].KeepCommon(kept);
      SCOPED_TRACE(absl::StrCat("lists ", a, " and ", b));
      ASSERT_EQ(kept, expected);
    }
  }
}

void ExpectBetween(const RandomLists& lists, uint32_t list, SlotId begin,
                   SlotId end) {
  std::vector<SlotId> expected = {7};
  std::ranges::copy_if(
      lists.expected[list], std::back_inserter(expected),
      [&](SlotId slot) { return slot >= begin && slot < end; });
  std::vector<SlotId> between = {7};
  lists.lists[list].AppendBetween(begin, end, between);
  EXPECT_EQ(between, expected) << list << " " << begin << " " << end;
}

TEST(SlotListsTest, TellWhatStandsBetweenTwoSlots) {
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const RandomLists lists(seed);
    Random random(seed);
    for (uint32_t list = 0; list < lists.expected.size(); ++list) {
      const std::vector<SlotId>& all = lists.expected[list];
      const SlotId last = all.empty() ? 9 : all.back() + 9;
      for (int round = 0; round < 10; ++round) {
        const auto begin = static_cast<SlotId>(Below(last, random));
        const auto end =
            static_cast<SlotId>(round % 2 == 0 ? begin + Below(5'000, random)
                                               : begin + Below(last, random));
        ExpectBetween(lists, list, begin, end);
      }
      // On slots of the list, too.
      for (int round = 0; round < 10 && !all.empty(); ++round) {
        ExpectBetween(lists, list, all[Below(all.size(), random)],
                      all[Below(all.size(), random)]);
      }
    }
  }
}

TEST(SlotListsTest, ACursorGoesThroughAListByPieces) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const RandomLists lists(seed);
    Random random(seed);
    for (uint32_t list = 0; list < lists.expected.size(); ++list) {
      SCOPED_TRACE(absl::StrCat("list ", list));
      const std::vector<SlotId>& all = lists.expected[list];
      SlotCursor cursor(lists.lists[list]);
      SlotId at = 0;
      for (auto next = all.begin();;) {
        ASSERT_EQ(cursor.done(), next == all.end());
        if (cursor.done()) break;
        ASSERT_EQ(cursor.slot(), *next);
        at = static_cast<SlotId>(*next + Below(3'000, random));
        const auto behind = std::lower_bound(next, all.end(), at);
        if (Below(2, random) == 0) {
          cursor.MoveTo(at);
          next = behind;
          continue;
        }
        std::vector<SlotId> taken;
        cursor.TakeBelow(at, [&](SlotId slot) { taken.push_back(slot); });
        ASSERT_EQ(taken, std::vector<SlotId>(next, behind));
        next = behind;
      }
    }
  }
}

TEST(SlotListsTest, AListThatNothingWasAddedToIsEmpty) {
  SlotLists lists;
  lists.Add(3, 7);
  EXPECT_TRUE(lists[0].empty());
  EXPECT_TRUE(lists[4].empty());
  EXPECT_THAT(SlotsOf(lists[3]), ElementsAre(7));
  std::vector<SlotId> slots = {6, 7};
  lists[9].KeepCommon(slots);
  EXPECT_THAT(slots, ElementsAre());
}

TEST(SlotListsTest, TheLargestSlotsHaveRoom) {
  constexpr SlotId kLast = 0xFFFFFFFE;
  SlotLists lists;
  for (SlotId slot = kLast - 1'000; slot != kLast; ++slot) lists.Add(0, slot);
  std::vector<SlotId> slots = {0, kLast - 900, kLast};
  lists[0].KeepCommon(slots);
  EXPECT_THAT(slots, ElementsAre(kLast - 900));
}

TEST(SlotListsTest, AreTheSameFromASnapshotAndGrowOn) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/slot_lists-", getpid());
  RandomLists random(5);
  {
    auto snapshot = SnapshotWriter::Create(path, 1 << 30);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    random.lists.Save(**snapshot);
    ASSERT_TRUE((*snapshot)->Finish().ok());
  }
  auto snapshot = SnapshotReader::Open(path);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  SlotLists loaded;
  ASSERT_TRUE(loaded.Load(*snapshot));
  ASSERT_TRUE(snapshot->Finish().ok());
  const SlotId above = 2'000'000'000;
  for (uint32_t list = 0; list < random.expected.size(); ++list) {
    for (SlotId slot = above; slot < above + 500; ++slot) {
      random.expected[list].push_back(slot);
      loaded.Add(list, slot);
    }
    EXPECT_EQ(SlotsOf(loaded[list]), random.expected[list]);
  }
  RemoveSnapshot(path);
}

// What the lists are for: a third of the memory of vectors that fit.
TEST(SlotListsTest, TakeLittleMemory) {
  Random random(1);
  SlotLists lists;
  size_t held = 0;
  for (SlotId slot = 0; slot < 20'000; ++slot) {
    for (uint32_t list = 0; list < 200; ++list) {
      if (Below(list + 1, random) != 0) continue;
      lists.Add(list, slot);
      ++held;
    }
  }
  EXPECT_LT(lists.Memory(), held * sizeof(SlotId) / 2);
}

}  // namespace
}  // namespace duilian::storage
