// Backups of a store: whole copies in one directory, named by the time at which
// they were begun. Each is a data directory by itself.

#ifndef DUILIAN_STORAGE_BACKUPS_H_
#define DUILIAN_STORAGE_BACKUPS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "storage/copyable_store.h"

namespace duilian::storage {

struct Backup {
  std::string id;         // "20261127-143005", UTC
  int64_t begun_us = 0;   // the same, since 1970
  std::string directory;  // of its files
  uint64_t bytes = 0;     // of all of them, shared with others or not
};

// Thread-safe. The directory is this process's alone; what else stands there,
// and is not named as a backup is, stays untouched.
class Backups {
 public:
  static constexpr size_t kMost = 100;

  // `store` must outlive it. The directory is made when it is needed.
  Backups(CopyableStore& store, std::string directory)
      : store_(store), directory_(std::move(directory)) {}

  // Copies the store: what was written before the call is in it, and what is
  // written meanwhile may be. Whole and durable, or not there at all.
  // kAborted: another one is being made, or was begun within the same second;
  // call again. kFailedPrecondition: there are kMost; delete one.
  // kResourceExhausted: the disk is full. kUnavailable: the directory cannot be
  // made or written.
  absl::StatusOr<Backup> Make(int64_t now_us);

  // Oldest first. kUnavailable: the directory cannot be read.
  absl::StatusOr<std::vector<Backup>> List() const;

  // kNotFound: there is none of that id. kUnavailable: it cannot be removed.
  absl::Status Delete(absl::string_view id);

 private:
  absl::StatusOr<Backup> MakeUnderLock(int64_t now_us)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What a Make() or a Delete() that was cut off has left.
  absl::Status RemoveUnfinished() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string PathOf(absl::string_view id) const;

  CopyableStore& store_;
  const std::string directory_;
  absl::Mutex mutex_;  // held through each Make() and Delete()
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_BACKUPS_H_
