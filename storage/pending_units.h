#ifndef DUILIAN_STORAGE_PENDING_UNITS_H_
#define DUILIAN_STORAGE_PENDING_UNITS_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "storage/translation_memory.h"

namespace duilian::storage {

// How many changed units an index that trails the change log has still to take
// in, a project. Reads each row of the log once. Thread-safe.
class PendingUnits {
 public:
  // `memory` must outlive it.
  explicit PendingUnits(const TranslationMemory& memory) : memory_(memory) {}

  // The index stands at `position`.
  void Begin(uint64_t position) ABSL_LOCKS_EXCLUDED(mutex_);
  // The index took a change in that was counted before.
  void Took(const std::string& project, int64_t units)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Counts up to the memory's last change.
  absl::Status Count() ABSL_LOCKS_EXCLUDED(mutex_);

  int64_t Of(absl::string_view project) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const TranslationMemory& memory_;
  mutable absl::Mutex mutex_;
  uint64_t counted_ ABSL_GUARDED_BY(mutex_) = 0;  // a position
  absl::flat_hash_map<std::string, int64_t> units_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PENDING_UNITS_H_
