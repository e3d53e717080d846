#include "service/snapshot_schedule.h"

namespace duilian::service {

bool SnapshotSchedule::IsDue(int64_t units, absl::Time now) {
  if (units != seen_) {
    seen_ = units;
    changed_ = now;
  }
  if (now < not_before_) return false;
  const int64_t behind = units - saved_;
  return behind >= limits_.most_behind ||
         (IsQuiet(now) && (in_haste_ || behind >= limits_.worth_saving));
}

void SnapshotSchedule::Saved(int64_t units, absl::Time begun, absl::Time ended,
                             bool in_haste) {
  saved_ = units;
  in_haste_ = in_haste;
  not_before_ = ended + limits_.rest * (ended - begun);
}

void SnapshotSchedule::Failed(absl::Time now) {
  not_before_ = now + limits_.after_failure;
}

bool SnapshotSchedule::IsTidyingDue(int64_t units, absl::Time now) {
  if (units - tidied_ < limits_.worth_saving) return false;
  if (!IsQuiet(now)) return false;
  tidied_ = units;
  return true;
}

}  // namespace duilian::service
