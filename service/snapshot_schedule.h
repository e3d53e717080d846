#ifndef DUILIAN_SERVICE_SNAPSHOT_SCHEDULE_H_
#define DUILIAN_SERVICE_SNAPSHOT_SCHEDULE_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "storage/packing.h"

namespace duilian::service {

// When an index that changes is saved. What it took in since then is read again
// by a start after a kill, so that the two numbers of units bound that start.
struct SnapshotLimits {
  // So many units behind, it is saved once nothing is written for `pause`.
  int64_t worth_saving = 10'000;
  absl::Duration pause = absl::Seconds(2);
  // So many behind, it is saved although writes go on.
  int64_t most_behind = 40'000;
  // After each saving, none of its kind for so many times as long as that took:
  // a large index is not saved without end while much is imported.
  double rest = 5;
  absl::Duration after_failure = absl::Minutes(1);
};

// What was saved last.
struct SavedSnapshot {
  uint64_t position = 0;  // of the index in it
  storage::Packing packing = storage::Packing::kSmall;

  // Nothing would be gained by saving so.
  bool IsAsGood(uint64_t now, storage::Packing wanted) const {
    return position == now && (wanted != storage::Packing::kSmall ||
                               packing == storage::Packing::kSmall);
  }
};

// Tells when to save, and when to look after memory. Not thread-safe.
class SnapshotSchedule {
 public:
  // `behind` of the `units` that the index took in are in no snapshot; the one
  // that there is, if any, was saved so.
  SnapshotSchedule(const SnapshotLimits& limits, int64_t units, int64_t behind,
                   storage::Packing packing = storage::Packing::kSmall)
      : limits_(limits),
        seen_(units),
        saved_(units - behind),
        tidied_(units - behind),
        in_haste_(packing == storage::Packing::kQuick) {}

  // `units`: how many the index took in; never less than before.
  // How it is to be saved now, if at all: small when nothing is written any
  // more, so that there is time; in haste before.
  std::optional<storage::Packing> Due(int64_t units, absl::Time now);

  // `units`: how many there were before the saving began. What is there then,
  // `got`, may be less than was `due`: saved in haste, and not packed. That is
  // tried again later, and the next saving in haste does not wait for what the
  // packing took. What was saved in haste is due again when it is quiet.
  void Saved(int64_t units, absl::Time begun, absl::Time ended,
             storage::Packing due, storage::Packing got);
  void Failed(absl::Time now);

  // Asked after Due. True once for each time that `worth_saving` units came
  // and no more for `pause`: what they left unused can go back to the system,
  // which while they come would only be asked for it again.
  bool IsTidyingDue(int64_t units, absl::Time now);

 private:
  bool IsQuiet(absl::Time now) const { return now - changed_ >= limits_.pause; }

  const SnapshotLimits limits_;
  int64_t seen_;
  int64_t saved_;
  int64_t tidied_;
  bool in_haste_;  // saved last
  absl::Time changed_ = absl::InfinitePast();
  absl::Time quick_not_before_ = absl::InfinitePast();
  absl::Time small_not_before_ = absl::InfinitePast();
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_SNAPSHOT_SCHEDULE_H_
