// RocksDB's secondary instance beside the process that writes, its primary.
//
// DB::TryCatchUpWithPrimary takes new rows from the primary's logs into memory,
// and new tables from its MANIFEST. In RocksDB 7.8 it is right about the first
// alone. When the primary has flushed a log and removed it, the secondary goes
// on with the rows that it had read of that log, and they hide the newer ones
// of the tables: a merged table's rows may have lost their sequence numbers,
// and a deleted row is in no table. So:
// 1. While the MANIFEST is the same file of the same length, no table and no
//    log that holds rows was removed, and all that is new stands at the end of
//    the logs. Then the instance catches up.
// 2. When it changed, another instance is opened beside the old one and put in
//    its place. Opening reads the MANIFEST first and the logs behind it: if it
//    changed meanwhile, a log may be missing between them, and the opening
//    counts for nothing. The same if it changed while an instance caught up.
// 3. A log may be removed after the MANIFEST changed, between the listing of
//    the logs and the reading. RocksDB then reads none of those behind it, and
//    says nothing. So all logs that were there before must be there afterwards.
// 4. A directory that was put in the place of the first, as a backup is, may
//    have files of the same names and lengths. So the MANIFEST is known by its
//    inode, too, and the store by the name that RocksDB gave it (IDENTITY).
// 5. A directory that is moved away while an instance catches up takes nothing
//    from it: what was read until then stood in front in the logs. The
//    directory itself is asked, wherever it is, whether 1. and 3. hold.
// The MANIFEST changes when a memory table is full, when tables are merged, and
// when the primary starts: seldom beside the looks at it.
//
// Tested by rocks_follower_test.cc beside a primary in the same process.

#include "storage/rocks_follower.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/disk_file.h"
#include "storage/rocks_database.h"

namespace duilian::storage {
namespace {

namespace fs = std::filesystem;

// How long a catch-up waits for reads to end, and new reads for it, before it
// opens another instance, which need not wait.
constexpr absl::Duration kCatchUpPatience = absl::Milliseconds(200);

// A primary that does nothing but merge tables changes its MANIFEST a few times
// a second; an opening takes some ten milliseconds.
constexpr int kMostOpenings = 20;

// The primary's list of its tables, which only grows, until another file takes
// its place.
struct Manifest {
  std::string store;  // RocksDB's name for it; empty when there is none yet
  std::string file;
  ino_t inode = 0;
  off_t bytes = 0;
  bool operator==(const Manifest&) const = default;
};

// nullopt: the primary is just replacing it, or there is none.
std::optional<Manifest> FindManifest(const std::string& directory) {
  Manifest manifest;
  std::ifstream current(fs::path(directory) / "CURRENT");
  if (!std::getline(current, manifest.file)) return std::nullopt;
  struct stat found;
  const fs::path file = fs::path(directory) / manifest.file;
  if (stat(file.c_str(), &found) != 0) return std::nullopt;
  manifest.inode = found.st_ino;
  manifest.bytes = found.st_size;
  std::ifstream identity(fs::path(directory) / "IDENTITY");
  std::getline(identity, manifest.store);
  return manifest;
}

// True while no store is there, which the primary never leaves without its
// CURRENT file.
bool IsAway(const std::string& directory) {
  std::error_code error;
  return !fs::exists(fs::path(directory) / "CURRENT", error);
}

std::vector<fs::path> FindLogs(const std::string& directory) {
  std::vector<fs::path> logs;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end;
       !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".log") logs.push_back(entry->path());
  }
  return logs;
}

bool AreThere(const std::vector<fs::path>& files) {
  return std::all_of(files.begin(), files.end(), [](const fs::path& file) {
    std::error_code error;
    return fs::exists(file, error);
  });
}

struct Secondary {
  std::shared_ptr<rocksdb::DB> db;
  Manifest manifest;  // what the instance knows
};

absl::StatusOr<std::shared_ptr<rocksdb::DB>> OpenOnce(
    const FollowOptions& options) {
  rocksdb::Options secondary = TableOptions(options.block_cache_bytes);
  // Every table stays open, so that one which the primary removes can be read
  // until we know of those in its place.
  secondary.max_open_files = -1;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenAsSecondary(
      secondary, options.directory, options.own_directory, &db);
  if (!status.ok()) return ToStatus(status, options.directory);
  return std::shared_ptr<rocksdb::DB>(db);
}

absl::StatusOr<Secondary> OpenSecondary(const FollowOptions& options) {
  bool was_there = false;
  for (int opening = 0; opening < kMostOpenings; ++opening) {
    const std::optional<Manifest> before = FindManifest(options.directory);
    if (!before.has_value()) continue;
    was_there = true;
    const std::vector<fs::path> logs = FindLogs(options.directory);
    absl::StatusOr<std::shared_ptr<rocksdb::DB>> db = OpenOnce(options);
    if (FindManifest(options.directory) != before || !AreThere(logs)) continue;
    if (!db.ok()) return db.status();
    return Secondary{*std::move(db), *before};
  }
  if (!was_there) {
    return absl::UnavailableError(absl::StrCat(
        "data directory ", options.directory,
        " holds no translation memory any more; the one that was there is "
        "accepted; put it back"));
  }
  return absl::UnavailableError(
      absl::StrCat("data directory ", options.directory,
                   ": its tables changed while they were read, ", kMostOpenings,
                   " times; repeat the call"));
}

// Held while it lives, so that no other process takes the directory.
class DirectoryLock {
 public:
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Take(
      const std::string& directory) {
    rocksdb::FileLock* lock = nullptr;
    const rocksdb::Status status =
        rocksdb::Env::Default()->LockFile(directory + "/LOCK", &lock);
    if (!status.ok()) return ToOpenStatus(status, directory);
    return absl::WrapUnique(new DirectoryLock(lock));
  }
  ~DirectoryLock() { rocksdb::Env::Default()->UnlockFile(lock_); }

 private:
  explicit DirectoryLock(rocksdb::FileLock* lock) : lock_(lock) {}
  rocksdb::FileLock* const lock_;
};

// A secondary instance knows no snapshots: what it shows changes when it
// catches up. So a view keeps it from that.
class RocksFollower : public FollowingStore {
 public:
  RocksFollower(const FollowOptions& options,
                std::unique_ptr<DirectoryLock> lock, Secondary secondary)
      : options_(options),
        lock_(std::move(lock)),
        secondary_(std::move(secondary)) {}

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const Snapshot* snapshot) const override;
  absl::StatusOr<std::vector<std::vector<KeyValue>>> MultiScan(
      absl::Span<const KeyRange> ranges,
      const Snapshot* snapshot) const override;
  absl::Status Write(const WriteBatch& batch) override;
  std::unique_ptr<Snapshot> TakeSnapshot() const override;
  absl::Status CatchUp() override;
  void Close() override;

 private:
  class View;

  // Null when there is nothing to read from. Waits for a catch-up.
  std::shared_ptr<rocksdb::DB> Acquire() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Release(std::shared_ptr<rocksdb::DB> db) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // A caller that holds a view must not wait for another: a catch-up may be
  // waiting for the first.
  const View* ViewOr(const Snapshot* snapshot,
                     std::unique_ptr<View>& own) const;
  absl::Status Unreadable() const;

  bool CatchUpInPlace() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status OpenAnother() ABSL_LOCKS_EXCLUDED(mutex_);

  const FollowOptions options_;
  const std::unique_ptr<DirectoryLock> lock_;
  absl::Mutex catch_up_mutex_;  // one at a time
  bool closed_ ABSL_GUARDED_BY(catch_up_mutex_) = false;
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(catch_up_mutex_);
  bool catching_up_ ABSL_GUARDED_BY(mutex_) = false;
  // Every copy of the pointer is a view's; made and given back under the lock.
  Secondary secondary_ ABSL_GUARDED_BY(mutex_);
};

class RocksFollower::View : public Snapshot {
 public:
  explicit View(const RocksFollower& store)
      : store_(store), db_(store.Acquire()) {}
  ~View() override { store_.Release(std::move(db_)); }
  rocksdb::DB* db() const { return db_.get(); }
  static rocksdb::ReadOptions options() {
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    return options;
  }

 private:
  const RocksFollower& store_;
  std::shared_ptr<rocksdb::DB> db_;
};

std::shared_ptr<rocksdb::DB> RocksFollower::Acquire() const {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](const bool* catching_up) { return !*catching_up; }, &catching_up_));
  return secondary_.db;
}

// The last view of an older instance closes it, and not under the lock.
void RocksFollower::Release(std::shared_ptr<rocksdb::DB> db) const {
  absl::MutexLock lock(&mutex_);
  if (db == secondary_.db) db.reset();
}

std::unique_ptr<Snapshot> RocksFollower::TakeSnapshot() const {
  return std::make_unique<View>(*this);
}

const RocksFollower::View* RocksFollower::ViewOr(
    const Snapshot* snapshot, std::unique_ptr<View>& own) const {
  if (snapshot != nullptr) return static_cast<const View*>(snapshot);
  own = std::make_unique<View>(*this);
  return own.get();
}

absl::Status RocksFollower::Unreadable() const {
  return absl::UnavailableError(absl::StrCat(
      "data directory ", options_.directory,
      ": its tables could not be read since they changed; repeat the call"));
}

absl::StatusOr<std::vector<std::optional<std::string>>> RocksFollower::MultiGet(
    absl::Span<const std::string> keys, const Snapshot* snapshot) const {
  std::unique_ptr<View> own;
  const View* view = ViewOr(snapshot, own);
  if (view->db() == nullptr) return Unreadable();
  return GetKeys(*view->db(), View::options(), keys, options_.directory);
}

absl::StatusOr<std::vector<std::vector<KeyValue>>> RocksFollower::MultiScan(
    absl::Span<const KeyRange> ranges, const Snapshot* snapshot) const {
  std::unique_ptr<View> own;
  const View* view = ViewOr(snapshot, own);
  if (view->db() == nullptr) return Unreadable();
  return ScanRanges(*view->db(), View::options(), ranges, options_.directory);
}

absl::Status RocksFollower::Write(const WriteBatch&) {
  return absl::FailedPreconditionError(absl::StrCat(
      "data directory ", options_.directory,
      " is written by another process, this one only reads it; send the call "
      "to the server that writes"));
}

// The directory that was there when this was made, wherever it is moved.
class HeldDirectory {
 public:
  explicit HeldDirectory(const std::string& directory)
      : file_(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  std::string path() const {
    return absl::StrCat("/proc/self/fd/", file_.number());
  }

 private:
  const Descriptor file_;
};

// False: another instance is needed. What this one shows is still a state that
// was, or it is gone, and reads wait.
bool RocksFollower::CatchUpInPlace() {
  const HeldDirectory held(options_.directory);
  absl::MutexLock lock(&mutex_);
  if (secondary_.db == nullptr ||
      FindManifest(held.path()) != secondary_.manifest) {
    return false;
  }
  catching_up_ = true;
  const bool unused =
      mutex_.AwaitWithTimeout(absl::Condition(
                                  +[](std::shared_ptr<rocksdb::DB>* db) {
                                    return db->use_count() == 1;
                                  },
                                  &secondary_.db),
                              kCatchUpPatience);
  if (!unused) {
    catching_up_ = false;
    return false;
  }
  const std::vector<fs::path> logs = FindLogs(held.path());
  const bool caught_up = secondary_.db->TryCatchUpWithPrimary().ok();
  const bool a_state_that_was =
      FindManifest(held.path()) == secondary_.manifest && AreThere(logs);
  if (caught_up && a_state_that_was &&
      FindManifest(options_.directory) == secondary_.manifest) {
    return true;
  }
  if (!a_state_that_was || !IsAway(options_.directory)) {
    secondary_.db = nullptr;
  }
  return false;
}

absl::Status RocksFollower::OpenAnother() {
  absl::StatusOr<Secondary> secondary = OpenSecondary(options_);
  if (!secondary.ok()) return secondary.status();
  absl::MutexLock lock(&mutex_);
  const std::string& known = secondary_.manifest.store;
  std::string& found = secondary->manifest.store;
  if (found.empty()) found = known;
  if (!known.empty() && found != known) {
    return absl::FailedPreconditionError(
        absl::StrCat("data directory ", options_.directory,
                     " holds another translation memory now, ", found,
                     " by its IDENTITY, the one that was opened, ", known,
                     ", is accepted; put that back, or open this one anew"));
  }
  std::swap(secondary_, *secondary);  // the old one goes after the lock
  return absl::OkStatus();
}

absl::Status RocksFollower::CatchUp() {
  absl::MutexLock one_at_a_time(&catch_up_mutex_);
  if (closed_) return Unreadable();
  absl::Status status;
  if (!CatchUpInPlace()) status = OpenAnother();
  absl::MutexLock lock(&mutex_);
  catching_up_ = false;
  return status;
}

void RocksFollower::Close() {
  absl::MutexLock one_at_a_time(&catch_up_mutex_);
  closed_ = true;
  absl::MutexLock lock(&mutex_);
  secondary_.db = nullptr;
}

absl::Status PrepareOwnDirectory(const FollowOptions& options) {
  const std::string& own = options.own_directory;
  std::error_code error;
  fs::create_directories(own, error);
  std::error_code ignored;
  if (error || !fs::is_directory(own, ignored)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "own directory ", own,
        ": it is not a directory and cannot be made; a "
        "directory, or a path where one can be made, is accepted; choose "
        "another path"));
  }
  if (fs::equivalent(own, options.directory, ignored) ||
      fs::exists(fs::path(own) / "CURRENT", ignored)) {
    return absl::InvalidArgumentError(
        absl::StrCat("own directory ", own,
                     " holds a translation memory; one without, beside ",
                     options.directory, ", is accepted; choose another path"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<FollowingStore>> FollowRocksStore(
    const FollowOptions& options) {
  if (absl::Status status = PrepareOwnDirectory(options); !status.ok()) {
    return status;
  }
  if (IsAway(options.directory)) {
    return absl::NotFoundError(absl::StrCat(
        "data directory ", options.directory,
        " holds no translation memory yet; one that a running duiliand writes "
        "is accepted; start that first"));
  }
  absl::StatusOr<std::unique_ptr<DirectoryLock>> lock =
      DirectoryLock::Take(options.own_directory);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<Secondary> secondary = OpenSecondary(options);
  if (!secondary.ok()) return secondary.status();
  return std::make_unique<RocksFollower>(options, *std::move(lock),
                                         *std::move(secondary));
}

}  // namespace duilian::storage
