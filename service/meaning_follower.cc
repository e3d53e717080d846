#include "service/meaning_follower.h"

#include <malloc.h>
#include <sys/resource.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/checks.h"
#include "service/load_progress.h"

namespace duilian::service {
namespace {

// Behind the threads that answer; of nice()'s 19 steps.
constexpr int kPriority = 5;

// After a failure.
constexpr absl::Duration kBeforeNextTry = absl::Seconds(10);

// Between two looks at whether the index should be saved: so long, and so many
// units.
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(500);
constexpr int64_t kUnitsBetweenLooks = 10'000;

// A line of the log so often, while the index is made.
constexpr absl::Duration kBetweenMakingLines = absl::Seconds(10);

// As many units as come within a pause of SnapshotLimits while much is
// imported. Reviews come slower, however many people are at it.
constexpr int64_t kManyUnits = 2'000;

// So many bytes less of the index go back to the system at once.
constexpr size_t kWorthGivingBack = 32u << 20;

// Tells whether much is imported: what is made of a project meanwhile is soon
// outgrown.
class Influx {
 public:
  Influx(absl::Duration pause, int64_t units, absl::Time now)
      : pause_(pause), units_(units), since_(now) {}

  // `units`: how many the index took in of the change log. True from the time
  // when many have come, to one pause or two behind the last of them.
  bool IsLarge(int64_t units, absl::Time now) {
    const int64_t came = units - units_;
    const bool many =
        came >= kManyUnits && came * pause_ >= kManyUnits * (now - since_);
    if (now - since_ < pause_) return was_large_ || many;
    was_large_ = many;
    units_ = units;
    since_ = now;
    return many;
  }

 private:
  const absl::Duration pause_;
  bool was_large_ = false;  // in the pause before
  int64_t units_;           // when this one began
  absl::Time since_;
};

}  // namespace

MeaningFollower::MeaningFollower(const storage::TranslationMemory& memory,
                                 storage::MeaningModel model,
                                 const Clock& clock, JsonLog& log,
                                 const storage::MeaningIndexOptions& options)
    : clock_(clock), log_(log), index_(memory, std::move(model), options) {}

MeaningFollower::~MeaningFollower() { Stop(); }

void MeaningFollower::Start(const std::string& snapshot,
                            const SnapshotLimits& limits) {
  snapshot_ = snapshot;
  limits_ = limits;
  thread_ = std::thread([this] { Run(); });
}

void MeaningFollower::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

bool MeaningFollower::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

void MeaningFollower::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  if (!thread_.joinable()) return;
  thread_.join();
  Save(storage::Packing::kUnpacked);
}

// It can be made anew, so that a failure is only told.
bool MeaningFollower::Save(storage::Packing packing) {
  const uint64_t position = index_.position();
  // A project that was made anew is taken in anew, at no other position.
  const int64_t units = index_.units_taken();
  if (snapshot_.empty() ||
      (saved_.IsAsGood(position, packing) && saved_units_ == units)) {
    return true;
  }
  const absl::Status saved =
      index_.Save(snapshot_, packing, [this] { return stopping(); });
  if (absl::IsCancelled(saved)) {
    log_.Event("meaning_index_not_packed", saved.message());
    packing = storage::Packing::kQuick;
  } else if (!saved.ok()) {
    log_.Event("meaning_index_not_saved", saved.message());
    return false;
  }
  saved_ = {position, packing};
  saved_units_ = units;
  return true;
}

void MeaningFollower::SaveIfDue(SnapshotSchedule& schedule) {
  const int64_t units = index_.units_taken();
  const absl::Time begun = clock_();
  if (snapshot_.empty()) return;
  const std::optional<storage::Packing> due = schedule.Due(units, begun);
  if (!due.has_value()) return;
  if (!Save(*due)) return schedule.Failed(clock_());
  const absl::Time ended = clock_();
  schedule.Saved(units, begun, ended, *due, saved_.packing);
  log_.Event("meaning_index_saved", absl::FormatDuration(ended - begun));
}

std::optional<storage::LoadSummary> MeaningFollower::Load() {
  storage::LoadOptions options;
  options.snapshot = snapshot_;
  absl::Time told = clock_();
  options.listener = [this, &told](const storage::LoadProgress& progress) {
    const absl::Time now = clock_();
    if (now - told >= kBetweenMakingLines) {
      told = now;
      log_.Event("meaning_index_making", PairsOf(progress));
    }
    return !stopping();
  };
  options.on_refused = [this](const absl::Status& why) {
    log_.Event("meaning_index_not_used", why.message());
  };
  const absl::StatusOr<storage::LoadSummary> loaded = index_.Load(options);
  if (absl::IsCancelled(loaded.status())) return std::nullopt;
  if (!loaded.ok()) {
    log_.Event("meaning_index_failed", loaded.status().ToString());
    return std::nullopt;
  }
  if (loaded->units_read == 0 && loaded->snapshot.ok()) {
    saved_ = {index_.position(), loaded->packing};
    saved_units_ = index_.units_taken();
  }
  log_.Event(
      "meaning_index_ready",
      absl::StrCat(Grouped(static_cast<uint64_t>(loaded->units)), " pairs"));
  return *loaded;
}

absl::Status MeaningFollower::Remake(bool more_comes,
                                     SnapshotSchedule& schedule) {
  const auto ended = [this] { return stopping(); };
  const auto between = [&] { SaveIfDue(schedule); };
  if (index_.Compact() >= kWorthGivingBack) malloc_trim(0);
  const absl::StatusOr<size_t> remade =
      more_comes ? index_.RemakeLarge(ended, between)
                 : index_.RemakeOutgrown(ended, between);
  if (remade.ok() && *remade > 0) {
    log_.Event("meaning_index_remade", absl::StrCat(*remade, " projects"));
    malloc_trim(0);  // the old vectors, and what was read to make the new ones
  }
  return remade.status();
}

void MeaningFollower::Run() {
  // On Linux, of this thread alone. Refused or not, the work is the same.
  setpriority(PRIO_PROCESS, 0, kPriority);
  const std::optional<storage::LoadSummary> loaded = Load();
  if (!loaded.has_value()) return;
  SnapshotSchedule schedule(limits_, index_.units_taken(), loaded->units_read,
                            loaded->packing);
  Influx influx(limits_.pause, index_.units_followed(), clock_());
  while (true) {
    const int64_t units = index_.units_taken();
    absl::Status status = index_.CatchUp([&] {
      return stopping() || index_.units_taken() - units >= kUnitsBetweenLooks;
    });
    SaveIfDue(schedule);
    const bool more_waits = absl::IsCancelled(status) && !stopping();
    if (status.ok() || more_waits) {
      // Behind the log, a project is not yet what is made of the store.
      const bool imports = influx.IsLarge(index_.units_followed(), clock_());
      status = Remake(more_waits || imports, schedule);
      if (status.ok() && more_waits) continue;
    }
    if (!status.ok() && !absl::IsCancelled(status)) {
      log_.Event("meaning_index_behind", status.ToString());
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopped_), kBeforeNextTry);
      woken_ = true;  // try again
    }
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(
        absl::Condition(this, &MeaningFollower::HasWorkOrStopped),
        kBetweenLooks);
    if (stopped_) return;
    woken_ = false;
  }
}

}  // namespace duilian::service
