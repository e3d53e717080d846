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
         (behind >= limits_.worth_saving && now - changed_ >= limits_.pause);
}

void SnapshotSchedule::Saved(int64_t units, absl::Time begun,
                             absl::Time ended) {
  saved_ = units;
  not_before_ = ended + limits_.rest * (ended - begun);
}

void SnapshotSchedule::Failed(absl::Time now) {
  not_before_ = now + limits_.after_failure;
}

bool SnapshotSchedule::IsTidyingDue(int64_t units, absl::Time now) {
  if (units - tidied_ < limits_.worth_saving) return false;
  if (now - changed_ < limits_.pause) return false;
  tidied_ = units;
  return true;
}

}  // namespace duilian::service
