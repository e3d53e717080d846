#ifndef DUILIAN_SERVICE_MEANING_FOLLOWER_H_
#define DUILIAN_SERVICE_MEANING_FOLLOWER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "service/clock.h"
#include "service/json_log.h"
#include "service/snapshot_schedule.h"
#include "storage/meaning_index.h"
#include "storage/translation_memory.h"

namespace duilian::service {

// A start takes in ten thousand units a second and more beside what it answers.
inline constexpr SnapshotLimits kMeaningSaving = {.worth_saving = 2'000,
                                                  .most_behind = 20'000};

// Owns the meaning index and the one thread that keeps it: making vectors takes
// too long to do before a write is answered, so that the index trails a little.
// The thread yields to those that answer calls. Thread-safe.
class MeaningFollower {
 public:
  // `memory`, `clock` and `log` outlive it.
  MeaningFollower(const storage::TranslationMemory& memory,
                  storage::MeaningModel model, const Clock& clock, JsonLog& log,
                  const storage::MeaningIndexOptions& options = {});
  ~MeaningFollower();  // Stop()
  MeaningFollower(const MeaningFollower&) = delete;
  MeaningFollower& operator=(const MeaningFollower&) = delete;

  // Begins: loads the index, from the snapshot if it can be used (empty for
  // none), then follows the change log, and saves the index when `limits` say
  // so; meanwhile it trails. Once.
  void Start(const std::string& snapshot, const SnapshotLimits& limits);

  // Something was written.
  void Wake();

  const storage::MeaningIndex& index() const { return index_; }

  // Ends the thread and saves the index, if it changed since it was saved.
  // Waits for the page or the training of lists that is under way. Once more is
  // nothing.
  void Stop();

 private:
  void Run();
  std::optional<storage::LoadSummary> Load();
  bool Save(storage::Packing packing);
  void SaveIfDue(SnapshotSchedule& schedule);
  absl::Status Remake(bool more_comes, SnapshotSchedule& schedule);
  bool stopping() const;
  bool HasWorkOrStopped() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return woken_ || stopped_;
  }

  const Clock& clock_;
  JsonLog& log_;
  storage::MeaningIndex index_;
  std::string snapshot_;
  SnapshotLimits limits_;
  SavedSnapshot saved_;      // there
  int64_t saved_units_ = 0;  // that the index had taken in by then
  mutable absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_MEANING_FOLLOWER_H_
