#include "service/snapshot_schedule.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace duilian::service {
namespace {

constexpr SnapshotLimits kLimits = {.worth_saving = 100,
                                    .pause = absl::Seconds(2),
                                    .most_behind = 1000,
                                    .rest = 5,
                                    .after_failure = absl::Minutes(1)};

absl::Time At(double seconds) {
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

TEST(SnapshotScheduleTest, SavesWhatIsWorthItOnceWritesPause) {
  SnapshotSchedule schedule(kLimits, 50, 0);
  EXPECT_FALSE(schedule.IsDue(50, At(0)));
  EXPECT_FALSE(schedule.IsDue(149, At(1)));
  EXPECT_FALSE(schedule.IsDue(149, At(9))) << "99 units are not worth it";
  EXPECT_FALSE(schedule.IsDue(150, At(10)));
  EXPECT_FALSE(schedule.IsDue(150, At(11.9)));
  EXPECT_FALSE(schedule.IsDue(151, At(12))) << "another write";
  EXPECT_FALSE(schedule.IsDue(151, At(13.9)));
  EXPECT_TRUE(schedule.IsDue(151, At(14)));
}

TEST(SnapshotScheduleTest, DoesNotWaitForAPauseWhenAStartWouldTakeLong) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  for (int second = 1; second < 10; ++second) {
    EXPECT_FALSE(schedule.IsDue(second * 100, At(second)));
  }
  EXPECT_TRUE(schedule.IsDue(1000, At(10)));
}

TEST(SnapshotScheduleTest, SavesAtOnceWhatAStartHadToRead) {
  SnapshotSchedule read_all(kLimits, 0, 5000);
  EXPECT_TRUE(read_all.IsDue(0, At(0)));
  SnapshotSchedule read_some(kLimits, 30, 100);
  EXPECT_TRUE(read_some.IsDue(30, At(0)));
  SnapshotSchedule read_few(kLimits, 30, 99);
  EXPECT_FALSE(read_few.IsDue(30, At(0)));
}

TEST(SnapshotScheduleTest, CountsFromWhatWasThereWhenTheSavingBegan) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  EXPECT_TRUE(schedule.IsDue(1000, At(0)));
  // 60 more came while it was saved; they may be in it, and count as not.
  schedule.Saved(1000, At(0), At(1), /*in_haste=*/false);
  EXPECT_FALSE(schedule.IsDue(1060, At(100)));
  EXPECT_FALSE(schedule.IsDue(1099, At(200)));
  EXPECT_FALSE(schedule.IsDue(1100, At(300)));
  EXPECT_TRUE(schedule.IsDue(1100, At(302)));
}

TEST(SnapshotScheduleTest, WhatWasSavedInHasteIsSavedAgainOnceItIsQuiet) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  EXPECT_TRUE(schedule.IsQuiet(At(0)));
  EXPECT_TRUE(schedule.IsDue(1000, At(10)));
  EXPECT_FALSE(schedule.IsQuiet(At(10)));
  schedule.Saved(1000, At(10), At(10.1), /*in_haste=*/true);
  EXPECT_FALSE(schedule.IsDue(1010, At(11)));
  EXPECT_FALSE(schedule.IsDue(1010, At(12.9)));
  EXPECT_TRUE(schedule.IsDue(1010, At(13)));
  EXPECT_TRUE(schedule.IsQuiet(At(13)));
  schedule.Saved(1010, At(13), At(14), /*in_haste=*/false);
  EXPECT_FALSE(schedule.IsDue(1010, At(100)));
  SnapshotSchedule stopped_in_haste(kLimits, 0, 0, /*in_haste=*/true);
  EXPECT_TRUE(stopped_in_haste.IsDue(0, At(0)));
}

TEST(SnapshotScheduleTest, MemoryIsLookedAfterOnceWhenMuchCameAndNoMoreComes) {
  SnapshotSchedule schedule(kLimits, 50, 0);
  const auto is_due = [&](int64_t units, double seconds) {
    schedule.IsDue(units, At(seconds));
    return schedule.IsTidyingDue(units, At(seconds));
  };
  EXPECT_FALSE(is_due(50, 0));
  EXPECT_FALSE(is_due(149, 10));
  EXPECT_FALSE(is_due(149, 20)) << "99 units leave little";
  EXPECT_FALSE(is_due(150, 30));
  EXPECT_FALSE(is_due(2000, 31)) << "though it is to be saved";
  EXPECT_FALSE(is_due(2000, 32.9));
  EXPECT_TRUE(is_due(2000, 33));
  EXPECT_FALSE(is_due(2000, 40)) << "it was, just now";
  SnapshotSchedule read_all(kLimits, 0, 5000);
  EXPECT_TRUE(read_all.IsTidyingDue(0, At(0)));
  SnapshotSchedule read_none(kLimits, 0, 0);
  EXPECT_FALSE(read_none.IsTidyingDue(0, At(0)));
}

TEST(SnapshotScheduleTest, RestsFiveTimesAsLongAsTheSavingTook) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  EXPECT_TRUE(schedule.IsDue(1000, At(0)));
  schedule.Saved(1000, At(0), At(3), /*in_haste=*/false);
  EXPECT_FALSE(schedule.IsDue(5000, At(17.9)));
  EXPECT_TRUE(schedule.IsDue(5000, At(18)));
}

TEST(SnapshotScheduleTest, TriesAgainAMinuteAfterAFailure) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  EXPECT_TRUE(schedule.IsDue(1000, At(0)));
  schedule.Failed(At(1));
  EXPECT_FALSE(schedule.IsDue(1000, At(60.9)));
  EXPECT_TRUE(schedule.IsDue(1000, At(61)));
}

}  // namespace
}  // namespace duilian::service
