#include "service/index_saver.h"

#include <malloc.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/checks.h"

namespace duilian::service {

using storage::Packing;

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
    saved_ = {index_.position(), loaded.packing};
  }
  const SnapshotSchedule schedule(limits, index_.units_taken(),
                                  loaded.units_read, loaded.packing);
  thread_ = std::thread([this, schedule, limits] { Run(schedule, limits); });
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
  if (!snapshot_.empty()) Save(Packing::kUnpacked, 0);
}

// One thread at a time: that of Run, or, when it has ended, that of Stop.
std::optional<Packing> IndexSaver::Save(Packing packing, int64_t most_behind) {
  const uint64_t position = index_.position();
  if (saved_.IsAsGood(position, packing)) return packing;
  const int64_t units = index_.units_taken();
  const absl::Status saved = index_.Save(snapshot_, packing, [&] {
    absl::MutexLock lock(&mutex_);
    return stopped_ || index_.units_taken() - units > most_behind;
  });
  if (absl::IsCancelled(saved)) {
    log_.Event("index_not_packed", saved.message());
    packing = Packing::kQuick;
  } else if (!saved.ok()) {
    log_.Event("index_not_saved", saved.message());
    return std::nullopt;
  }
  saved_ = {position, packing};
  return packing;
}

void IndexSaver::Run(SnapshotSchedule schedule, const SnapshotLimits& limits) {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopped_), kBetweenLooks)) {
        return;
      }
    }
    const int64_t units = index_.units_taken();
    const absl::Time begun = clock_();
    const std::optional<Packing> due = schedule.Due(units, begun);
    // The C library keeps what imports leave free in the midst of its heap: an
    // eighth of all.
    if (schedule.IsTidyingDue(units, begun)) malloc_trim(0);
    if (!due.has_value()) continue;
    const std::optional<Packing> saved = Save(*due, limits.most_behind);
    if (!saved.has_value()) {
      schedule.Failed(clock_());
      continue;
    }
    const absl::Time ended = clock_();
    if (*saved == *due) {
      schedule.Saved(units, begun, ended, *saved);
    } else {
      schedule.SavedButNotPacked(units, ended);
    }
    log_.Event("index_saved", absl::FormatDuration(ended - begun));
  }
}

}  // namespace duilian::service
