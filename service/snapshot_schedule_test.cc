#include "service/snapshot_schedule.h"

#include <optional>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace duilian::service {
namespace {

using storage::Packing;

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
  EXPECT_EQ(schedule.Due(50, At(0)), std::nullopt);
  EXPECT_EQ(schedule.Due(149, At(1)), std::nullopt);
  EXPECT_EQ(schedule.Due(149, At(9)), std::nullopt)
      << "99 units are not worth it";
  EXPECT_EQ(schedule.Due(150, At(10)), std::nullopt);
  EXPECT_EQ(schedule.Due(150, At(11.9)), std::nullopt);
  EXPECT_EQ(schedule.Due(151, At(12)), std::nullopt) << "another write";
  EXPECT_EQ(schedule.Due(151, At(13.9)), std::nullopt);
  EXPECT_EQ(schedule.Due(151, At(14)), Packing::kSmall);
}

TEST(SnapshotScheduleTest, DoesNotWaitForAPauseWhenAStartWouldTakeLong) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  for (int second = 1; second < 10; ++second) {
    EXPECT_EQ(schedule.Due(second * 100, At(second)), std::nullopt);
  }
  EXPECT_EQ(schedule.Due(1000, At(10)), Packing::kQuick);
}

TEST(SnapshotScheduleTest, SavesAtOnceWhatAStartHadToRead) {
  SnapshotSchedule read_all(kLimits, 0, 5000);
  EXPECT_EQ(read_all.Due(0, At(0)), Packing::kSmall);
  SnapshotSchedule read_some(kLimits, 30, 100);
  EXPECT_EQ(read_some.Due(30, At(0)), Packing::kSmall);
  SnapshotSchedule read_few(kLimits, 30, 99);
  EXPECT_EQ(read_few.Due(30, At(0)), std::nullopt);
}

TEST(SnapshotScheduleTest, CountsFromWhatWasThereWhenTheSavingBegan) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  EXPECT_EQ(schedule.Due(1000, At(0)), Packing::kQuick);
  // 60 more came while it was saved; they may be in it, and count as not.
  schedule.Saved(1000, At(0), At(1), Packing::kSmall, Packing::kSmall);
  EXPECT_EQ(schedule.Due(1060, At(100)), std::nullopt);
  EXPECT_EQ(schedule.Due(1099, At(200)), std::nullopt);
  EXPECT_EQ(schedule.Due(1100, At(300)), std::nullopt);
  EXPECT_EQ(schedule.Due(1100, At(302)), Packing::kSmall);
}

TEST(SnapshotScheduleTest, WhatWasSavedInHasteIsSavedAgainOnceItIsQuiet) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  EXPECT_EQ(schedule.Due(1000, At(10)), Packing::kQuick);
  schedule.Saved(1000, At(10), At(10.1), Packing::kQuick, Packing::kQuick);
  EXPECT_EQ(schedule.Due(1010, At(11)), std::nullopt);
  EXPECT_EQ(schedule.Due(1010, At(12.9)), std::nullopt);
  EXPECT_EQ(schedule.Due(1010, At(13)), Packing::kSmall);
  schedule.Saved(1010, At(13), At(14), Packing::kSmall, Packing::kSmall);
  EXPECT_EQ(schedule.Due(1010, At(100)), std::nullopt);
  SnapshotSchedule stopped_in_haste(kLimits, 0, 0, Packing::kQuick);
  EXPECT_EQ(stopped_in_haste.Due(0, At(0)), Packing::kSmall);
}

TEST(SnapshotScheduleTest, MemoryIsLookedAfterOnceWhenMuchCameAndNoMoreComes) {
  SnapshotSchedule schedule(kLimits, 50, 0);
  const auto is_due = [&](int64_t units, double seconds) {
    (void)schedule.Due(units, At(seconds));
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
  EXPECT_EQ(schedule.Due(1000, At(0)), Packing::kQuick);
  schedule.Saved(1000, At(0), At(3), Packing::kQuick, Packing::kQuick);
  EXPECT_EQ(schedule.Due(5000, At(17.9)), std::nullopt);
  EXPECT_EQ(schedule.Due(5000, At(18)), Packing::kQuick);
}

// To pack a large one takes long; imports may begin again behind it.
TEST(SnapshotScheduleTest, SavesInHasteThoughOneRestsFromASmallSaving) {
  SnapshotSchedule schedule(kLimits, 0, 5000);
  EXPECT_EQ(schedule.Due(0, At(0)), Packing::kSmall);
  schedule.Saved(0, At(0), At(100), Packing::kSmall, Packing::kSmall);
  EXPECT_EQ(schedule.Due(999, At(101)), std::nullopt);
  EXPECT_EQ(schedule.Due(1000, At(102)), Packing::kQuick);
  schedule.Saved(1000, At(102), At(103), Packing::kQuick, Packing::kQuick);
  EXPECT_EQ(schedule.Due(1000, At(599)), std::nullopt) << "though it is quiet";
  EXPECT_EQ(schedule.Due(1000, At(600)), Packing::kSmall);
}

TEST(SnapshotScheduleTest, PacksLaterWhatCouldNotBePacked) {
  SnapshotSchedule schedule(kLimits, 0, 5000);
  EXPECT_EQ(schedule.Due(0, At(0)), Packing::kSmall);
  schedule.Saved(0, At(0), At(10), Packing::kSmall, Packing::kQuick);
  EXPECT_EQ(schedule.Due(1000, At(11)), Packing::kQuick);
  schedule.Saved(1000, At(11), At(11), Packing::kQuick, Packing::kQuick);
  EXPECT_EQ(schedule.Due(1000, At(69)), std::nullopt);
  EXPECT_EQ(schedule.Due(1000, At(70)), Packing::kSmall);
}

TEST(SnapshotScheduleTest, TriesAgainAMinuteAfterAFailure) {
  SnapshotSchedule schedule(kLimits, 0, 0);
  EXPECT_EQ(schedule.Due(1000, At(0)), Packing::kQuick);
  schedule.Failed(At(1));
  EXPECT_EQ(schedule.Due(1000, At(60.9)), std::nullopt);
  EXPECT_EQ(schedule.Due(1000, At(61)), Packing::kSmall);
}

}  // namespace
}  // namespace duilian::service
