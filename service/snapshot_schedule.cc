#include "service/snapshot_schedule.h"

namespace duilian::service {

using storage::Packing;

std::optional<Packing> SnapshotSchedule::Due(int64_t units, absl::Time now) {
  if (units != seen_) {
    seen_ = units;
    changed_ = now;
  }
  const int64_t behind = units - saved_;
  if (IsQuiet(now) && now >= small_not_before_ &&
      (in_haste_ || behind >= limits_.worth_saving)) {
    return Packing::kSmall;
  }
  if (behind >= limits_.most_behind && now >= quick_not_before_) {
    return Packing::kQuick;
  }
  return std::nullopt;
}

void SnapshotSchedule::Saved(int64_t units, absl::Time begun, absl::Time ended,
                             Packing due, Packing got) {
  saved_ = units;
  in_haste_ = got == Packing::kQuick;
  if (in_haste_ && due == Packing::kSmall) {
    small_not_before_ = ended + limits_.after_failure;
    return;
  }
  const absl::Time next = ended + limits_.rest * (ended - begun);
  (in_haste_ ? quick_not_before_ : small_not_before_) = next;
}

void SnapshotSchedule::Failed(absl::Time now) {
  quick_not_before_ = small_not_before_ = now + limits_.after_failure;
}

bool SnapshotSchedule::IsTidyingDue(int64_t units, absl::Time now) {
  if (units - tidied_ < limits_.worth_saving) return false;
  if (!IsQuiet(now)) return false;
  tidied_ = units;
  return true;
}

}  // namespace duilian::service
