#ifndef DUILIAN_SERVICE_SNAPSHOT_SCHEDULE_H_
#define DUILIAN_SERVICE_SNAPSHOT_SCHEDULE_H_

#include <cstdint>

#include "absl/time/time.h"

namespace duilian::service {

// When an index that changes is saved. What it took in since then is read again
// by a start after a kill, so that the two numbers of units bound that start.
struct SnapshotLimits {
  // So many units behind, it is saved once nothing is written for `pause`.
  int64_t worth_saving = 10'000;
  absl::Duration pause = absl::Seconds(2);
  // So many behind, it is saved although writes go on.
  int64_t most_behind = 40'000;
  // After each saving, none for so many times as long as that took: a large
  // index is not saved without end while much is imported.
  double rest = 5;
  absl::Duration after_failure = absl::Minutes(1);
};

// Tells when to save, and when to look after memory. Not thread-safe.
class SnapshotSchedule {
 public:
  // `behind` of the `units` that the index took in are in no snapshot; the one
  // that there is was saved `in_haste`.
  SnapshotSchedule(const SnapshotLimits& limits, int64_t units, int64_t behind,
                   bool in_haste = false)
      : limits_(limits),
        seen_(units),
        saved_(units - behind),
        tidied_(units - behind),
        in_haste_(in_haste) {}

  // `units`: how many the index took in; never less than before.
  bool IsDue(int64_t units, absl::Time now);

  // Asked after IsDue. True when nothing is written any more, so that there is
  // time to save well; what is saved before is saved in haste.
  bool IsQuiet(absl::Time now) const { return now - changed_ >= limits_.pause; }

  // `units`: how many there were before the saving began. What was saved
  // `in_haste` is due again when it is quiet.
  void Saved(int64_t units, absl::Time begun, absl::Time ended, bool in_haste);
  void Failed(absl::Time now);

  // Asked after IsDue. True once for each time that `worth_saving` units came
  // and no more for `pause`: what they left unused can go back to the system,
  // which while they come would only be asked for it again.
  bool IsTidyingDue(int64_t units, absl::Time now);

 private:
  const SnapshotLimits limits_;
  int64_t seen_;
  int64_t saved_;
  int64_t tidied_;
  bool in_haste_;  // saved last
  absl::Time changed_ = absl::InfinitePast();
  absl::Time not_before_ = absl::InfinitePast();
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_SNAPSHOT_SCHEDULE_H_
