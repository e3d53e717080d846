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
  limits_ = limits;
  if (loaded.units_read == 0 && loaded.snapshot.ok()) {
    saved_ = {index_.position(), loaded.packing};
  }
  const SnapshotSchedule schedule(limits, index_.units_taken(),
                                  loaded.units_read, loaded.packing);
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
  if (!snapshot_.empty()) Save(Packing::kUnpacked);
}

// One thread at a time: that of Run, or, when it has ended, that of Stop.
bool IndexSaver::Save(Packing packing) {
  const uint64_t position = index_.position();
  if (saved_.IsAsGood(position, packing)) return true;
  const int64_t units = index_.units_taken();
  const absl::Status saved = index_.Save(snapshot_, packing, [&] {
    absl::MutexLock lock(&mutex_);
    return stopped_ || index_.units_taken() - units > limits_.most_behind;
  });
  if (absl::IsCancelled(saved)) {
    log_.Event("index_not_packed", saved.message());
    packing = Packing::kQuick;
  } else if (!saved.ok()) {
    log_.Event("index_not_saved", saved.message());
    return false;
  }
  saved_ = {position, packing};
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
    const std::optional<Packing> due = schedule.Due(units, begun);
    // The C library keeps what imports leave free in the midst of its heap: an
    // eighth of all.
    if (schedule.IsTidyingDue(units, begun)) malloc_trim(0);
    if (!due.has_value()) continue;
    if (!Save(*due)) {
      schedule.Failed(clock_());
      continue;
    }
    const absl::Time ended = clock_();
    schedule.Saved(units, begun, ended, *due, saved_.packing);
    log_.Event("index_saved", absl::FormatDuration(ended - begun));
  }
}

}  // namespace duilian::service
