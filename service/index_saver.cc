#include "service/index_saver.h"

#include <malloc.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/checks.h"

namespace duilian::service {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(500);

}  // namespace

IndexSaver::IndexSaver(const storage::LookupIndex& index, const Clock& clock,
                       JsonLog& log)
    : index_(index), clock_(clock), log_(log) {}

IndexSaver::~IndexSaver() { End(); }

void IndexSaver::Start(const std::string& snapshot,
                       const SnapshotLimits& limits,
                       const storage::LoadSummary& loaded) {
  if (snapshot.empty()) return;
  snapshot_ = snapshot;
  if (loaded.units_read == 0 && loaded.snapshot.ok()) {
    saved_position_ = index_.position();
    saved_packing_ = loaded.packing;
  }
  const bool in_haste =
      loaded.snapshot.ok() && loaded.packing == storage::Packing::kQuick;
  const SnapshotSchedule schedule(limits, index_.units_taken(),
                                  loaded.units_read, in_haste);
  thread_ = std::thread([this, schedule] { Run(schedule); });
}

void IndexSaver::End() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void IndexSaver::Stop() {
  End();
  if (!snapshot_.empty()) Save(storage::Packing::kQuick);
}

// One thread at a time: that of Run, or, when it has ended, that of Stop.
bool IndexSaver::Save(storage::Packing packing) {
  const uint64_t position = index_.position();
  const bool as_small = packing == storage::Packing::kQuick ||
                        saved_packing_ == storage::Packing::kSmall;
  if (position == saved_position_ && as_small) return true;
  const absl::Status saved = index_.Save(snapshot_, packing);
  if (!saved.ok()) {
    log_.Event("index_not_saved", saved.message());
    return false;
  }
  saved_position_ = position;
  saved_packing_ = packing;
  return true;
}

void IndexSaver::Run(SnapshotSchedule schedule) {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopped_), kBetweenLooks)) {
        return;
      }
    }
    const int64_t units = index_.units_taken();
    const absl::Time begun = clock_();
    const bool due = schedule.IsDue(units, begun);
    // The C library keeps what imports leave free in the midst of its heap: an
    // eighth of all.
    if (schedule.IsTidyingDue(units, begun)) malloc_trim(0);
    if (!due) continue;
    const storage::Packing packing = schedule.IsQuiet(begun)
                                         ? storage::Packing::kSmall
                                         : storage::Packing::kQuick;
    if (!Save(packing)) {
      schedule.Failed(clock_());
      continue;
    }
    const absl::Time ended = clock_();
    schedule.Saved(units, begun, ended, packing == storage::Packing::kQuick);
    log_.Event("index_saved", absl::FormatDuration(ended - begun));
  }
}

}  // namespace duilian::service
