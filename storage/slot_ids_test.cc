#include "storage/slot_ids.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"

namespace duilian::storage {
namespace {

// Ids that mostly count up, and the same ids.
struct RandomIds {
  void Grow(size_t by, Random& random) {
    for (; by > 0; --by) {
      // The whole range; a page in two has a place where they do not count up.
      if (Below(512, random) == 0) next = ~UnitId{0} / (1 + Below(9, random));
      expected.push_back(next);
      ids.push_back(next++);
    }
  }
  void ExpectEqual() const {
    ASSERT_EQ(ids.size(), expected.size());
    for (SlotId slot = 0; slot < expected.size(); ++slot) {
      ASSERT_EQ(ids[slot], expected[slot]) << slot;
    }
  }

  UnitId next = 1;
  std::vector<UnitId> expected;
  SlotIds ids;
};

TEST(SlotIdsTest, AreWhatWasAdded) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Random random(seed);
    RandomIds ids;
    for (int i = 0; i < 10; ++i) {
      ids.Grow(Below(400, random), random);
      ASSERT_NO_FATAL_FAILURE(ids.ExpectEqual());
    }
  }
}

TEST(SlotIdsTest, TakeNextToNothingWhileTheyCountUp) {
  constexpr UnitId kUnits = 100'000;
  SlotIds ids;
  for (UnitId id = 1; id <= kUnits; ++id) ids.push_back(id);
  EXPECT_LT(ids.Memory(), kUnits / 4);
  // A page alone keeps all of its ids.
  ids.push_back(1);
  EXPECT_LT(ids.Memory(), kUnits / 4 + 9 * SlotIds::kSlotsAPage);
  SlotIds apart;
  for (UnitId id = 1; id <= kUnits; ++id) apart.push_back(2 * id);
  EXPECT_LT(apart.Memory(), 9 * kUnits);
}

TEST(SlotIdsTest, AreTheSameFromASnapshotAndGrowOn) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/slot_ids-", getpid());
  for (const size_t size : {0u, 1u, 256u, 5'000u}) {
    SCOPED_TRACE(size);
    Random random(1);
    RandomIds ids;
    ids.Grow(size, random);
    {
      auto snapshot = SnapshotWriter::Create(path, 1 << 30);
      ASSERT_TRUE(snapshot.ok()) << snapshot.status();
      ids.ids.Save(**snapshot);
      ASSERT_TRUE((*snapshot)->Finish().ok());
    }
    auto snapshot = SnapshotReader::Open(path);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    ids.ids = SlotIds();
    ASSERT_TRUE(ids.ids.Load(*snapshot));
    EXPECT_TRUE(snapshot->Finish().ok());
    ASSERT_NO_FATAL_FAILURE(ids.ExpectEqual());
    ids.Grow(1'000, random);
    ASSERT_NO_FATAL_FAILURE(ids.ExpectEqual());
  }
  RemoveSnapshot(path);
}

}  // namespace
}  // namespace duilian::storage
