// The indexes of all projects in memory, kept in step with the change log.

#ifndef DUILIAN_STORAGE_PROJECT_INDEXES_H_
#define DUILIAN_STORAGE_PROJECT_INDEXES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "storage/idle_threads.h"
#include "storage/index_loading.h"
#include "storage/index_memory.h"
#include "storage/packing.h"
#include "storage/project_index.h"
#include "storage/snapshot_file.h"
#include "storage/stored_rows.h"
#include "storage/translation_memory.h"
#include "text/language.h"

namespace duilian::storage {

// Thread-safe; searches run beside each other and beside what is taken in.
class ProjectIndexes {
 public:
  // Of no project, for Load(). `memory` must outlive it; `threads` help with
  // what is taken in.
  ProjectIndexes(const TranslationMemory& memory, size_t threads)
      : memory_(memory), threads_(threads) {}

  // The change up to which they stand.
  uint64_t position() const {
    return position_.load(std::memory_order_acquire);
  }
  // For searches, too.
  IdleThreads& threads() const { return threads_; }

  // As LookupIndex.
  int64_t units_taken() const {
    return units_taken_.load(std::memory_order_relaxed);
  }

  absl::StatusOr<LoadSummary> Load(const LoadOptions& options)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  absl::Status CatchUp() ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_) {
    return Follow(nullptr);
  }
  absl::Status Save(const std::string& path, Packing packing,
                    const std::function<bool()>& stop_packing)
      ABSL_LOCKS_EXCLUDED(save_mutex_, catch_up_mutex_, mutex_);

  IndexMemory Memory() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `search` with the project's index, which no one changes meanwhile.
  // kNotFound: unknown project.
  template <typename Function>
  std::invoke_result_t<Function, const ProjectIndex&> With(
      absl::string_view project, Function search) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = projects_.find(project);
    if (found == projects_.end()) return UnknownProject(project);
    return search(*found->second);
  }

  // The same with several.
  template <typename Function>
  std::invoke_result_t<Function, absl::Span<const ProjectIndex* const>> With(
      const std::vector<std::string>& projects, Function search) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::ReaderMutexLock lock(&mutex_);
    std::vector<const ProjectIndex*> indexes;
    for (const std::string& project : projects) {
      const auto found = projects_.find(project);
      if (found == projects_.end()) return UnknownProject(project);
      indexes.push_back(found->second.get());
    }
    return search(absl::MakeConstSpan(indexes));
  }

 private:
  struct StagedUnit {
    SlotId slot = 0;
    uint8_t grade = 0;
  };

  ProjectIndex& IndexOf(const std::string& project)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Null when there is none.
  ProjectIndex* FindIndex(const std::string& project) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // An index that is being built.
  struct Loading {
    const LoadListener& listener;
    LoadProgress progress;
    int64_t units_read = 0;
    Packing packing = Packing::kSmall;  // of the snapshot, if it was used
  };

  static absl::Status TellProgress(const Loading& loading);
  absl::Status ReadSnapshot(const std::string& path, Loading& loading)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // CheckDigest, with the path in its message.
  absl::Status CheckSnapshotOf(const std::string& path, uint64_t position,
                               uint64_t digest) const;
  using Projects =
      absl::flat_hash_map<std::string, std::unique_ptr<ProjectIndex>>;
  // Those of a snapshot, which may fail.
  Projects ReadProjects(SnapshotReader& snapshot, Loading& loading);
  absl::Status ReadAll(Loading& loading);
  absl::Status ReadProject(const std::string& project, Loading& loading);
  // Goes through the change log; tells `loading`, if not null, of each read.
  absl::Status Follow(Loading* loading)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  // Takes a change in: it is seen whole or not at all, though searches go on
  // between the steps.
  void ApplyChange(const Change& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_)
          ABSL_LOCKS_EXCLUDED(mutex_);
  void CompactIfWorthIt(const std::string& project)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_)
          ABSL_LOCKS_EXCLUDED(mutex_);
  // Nobody else changes the project meanwhile.
  void NumberWordsIfWorthIt(const std::string& project)
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<StagedUnit> StageUnits(const Change& change, ProjectIndex& index)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_)
          ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::string> ProjectNames() const ABSL_LOCKS_EXCLUDED(mutex_);
  // As it stands, without changes meanwhile.
  void SaveProject(const std::string& name, SnapshotWriter& snapshot)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);

  const TranslationMemory& memory_;
  absl::Mutex catch_up_mutex_;  // one reader of the log at a time
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(catch_up_mutex_);
  Projects projects_ ABSL_GUARDED_BY(mutex_);
  absl::Mutex save_mutex_ ABSL_ACQUIRED_BEFORE(catch_up_mutex_);
  std::atomic<uint64_t> position_{0};
  std::atomic<int64_t> units_taken_{0};
  mutable IdleThreads threads_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PROJECT_INDEXES_H_
