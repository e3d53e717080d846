// Tested by rocks_store_test.cc, beside the in-memory store.

#include "storage/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/rocks_database.h"

namespace duilian::storage {
namespace {

namespace fs = std::filesystem;

// How long a failed store waits for reads to end before it is opened again.
constexpr absl::Duration kReopenPatience = absl::Seconds(10);

bool BeginsWithAny(const std::string& name) {
  return absl::StartsWith(name, "MANIFEST-") || absl::EndsWith(name, ".sst") ||
         absl::EndsWith(name, ".log");
}

// What RocksDB itself, or a file system, leaves in a directory without a store.
bool MayStandInAnEmptyOne(const std::string& name) {
  return name == "LOCK" || name == "IDENTITY" || name == "lost+found" ||
         absl::StartsWith(name, "LOG") || absl::StartsWith(name, "OPTIONS-") ||
         absl::EndsWith(name, ".dbtmp");
}

// Without its CURRENT file RocksDB would begin an empty store: it would remove
// the old one's tables, or mingle with someone else's files.
absl::Status CheckOursOrEmpty(const std::string& directory) {
  std::error_code error;
  if (fs::exists(fs::path(directory) / "CURRENT", error)) {
    return absl::OkStatus();
  }
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (BeginsWithAny(name)) {
      return Damaged(directory,
                     absl::StrCat("it holds ", name, " but no file CURRENT"));
    }
  }
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (MayStandInAnEmptyOne(name)) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "data directory ", directory, " holds files of others (", name,
        "); an empty directory, or one that duilian wrote, is accepted; choose "
        "another path, e.g. a new directory inside it"));
  }
  return absl::OkStatus();
}

absl::Status PrepareDirectory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  std::error_code ignored;
  if (error || !fs::is_directory(directory, ignored)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "data directory ", directory, ": ",
        fs::exists(directory, ignored) && !fs::is_directory(directory, ignored)
            ? "it is not a directory"
            : absl::StrCat("it cannot be made (", error.message(), ")"),
        "; a directory, or a path where one can be made, is accepted; choose "
        "another path"));
  }
  return CheckOursOrEmpty(directory);
}

// Notes that a flush or a compaction failed: RocksDB then takes no write, even
// when the cause is gone. It would look every few seconds whether a full disk
// has space again, and refuse to be asked meanwhile; our next write asks, at
// once.
class BackgroundErrors : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason,
                         rocksdb::Status*) override {
    seen_ = true;
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
  // Whether there was one since the last call.
  bool Take() { return seen_.exchange(false); }

 private:
  std::atomic<bool> seen_ = false;
};

rocksdb::Options WritingOptions(
    const RocksOptions& options,
    const std::shared_ptr<BackgroundErrors>& background_errors) {
  rocksdb::Options out = TableOptions(options.block_cache_bytes);
  out.create_if_missing = true;
  out.write_buffer_size = options.write_buffer_bytes;
  out.max_total_wal_size = 4 * options.write_buffer_bytes;
  out.max_background_jobs = 2;
  out.listeners.push_back(background_errors);
  return out;
}

// kResourceExhausted unless the disk keeps room for what RocksDB writes on its
// own (full memory tables) after a batch of `bytes`. Asking first keeps it from
// ever being stopped half way, which only opening it again would mend.
absl::Status CheckSpace(const RocksOptions& options, size_t bytes) {
  std::error_code error;
  const fs::space_info space = fs::space(options.directory, error);
  if (error) return absl::OkStatus();  // the write itself will tell
  const uintmax_t kept =
      std::min<uintmax_t>(2 * options.write_buffer_bytes, space.capacity / 8);
  const uintmax_t needed = kept + 2 * uintmax_t{bytes};
  if (space.available >= needed) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("data directory ", options.directory,
                   ": the disk is full: ", space.available, " bytes are free, ",
                   needed, " are needed; free some space and repeat the call"));
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDb(
    const RocksOptions& options,
    const std::shared_ptr<BackgroundErrors>& background_errors) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(
      WritingOptions(options, background_errors), options.directory, &db);
  if (!status.ok()) return ToOpenStatus(status, options.directory);
  return absl::WrapUnique(db);
}

// The operations by key; of one key, as they come. RocksDB finds the place of a
// row behind the one before it at once, and any other by comparing its key with
// dozens: a quarter of what an import costs.
std::vector<const WriteBatch::Operation*> InKeyOrder(const WriteBatch& batch) {
  std::vector<const WriteBatch::Operation*> operations;
  operations.reserve(batch.operations.size());
  for (const WriteBatch::Operation& operation : batch.operations) {
    operations.push_back(&operation);
  }
  std::stable_sort(
      operations.begin(), operations.end(),
      [](const auto* a, const auto* b) { return a->key < b->key; });
  return operations;
}

// What RocksDB's form of the batch takes, at the most, so that it need not
// grow.
size_t BytesOf(const WriteBatch& batch) {
  constexpr size_t kBatchHeader = 12;
  constexpr size_t kRowHeader = 11;  // kind and two lengths
  size_t bytes = kBatchHeader;
  for (const WriteBatch::Operation& operation : batch.operations) {
    bytes += kRowHeader + operation.key.size() +
             (operation.value.has_value() ? operation.value->size() : 0);
  }
  return bytes;
}

class RocksStore : public CopyableStore {
 public:
  RocksStore(std::unique_ptr<rocksdb::DB> db, const RocksOptions& options,
             std::shared_ptr<BackgroundErrors> background_errors)
      : options_(options),
        background_errors_(std::move(background_errors)),
        db_(std::move(db)) {}
  // Leaves nothing to the log, which the next opening would have to go through
  // before anything is read. Where it fails, the log has it all.
  ~RocksStore() override {
    absl::MutexLock lock(&mutex_);
    if (db_ != nullptr) db_->Flush(rocksdb::FlushOptions());
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const Snapshot* snapshot) const override;
  absl::StatusOr<std::vector<std::vector<KeyValue>>> MultiScan(
      absl::Span<const KeyRange> ranges,
      const Snapshot* snapshot) const override;
  absl::Status Write(const WriteBatch& batch) override;
  std::unique_ptr<Snapshot> TakeSnapshot() const override;
  absl::Status CopyTo(const std::string& directory) override;

 private:
  class View;

  // The open database, which stays open until Release(); null when it could
  // not be opened again after an error.
  rocksdb::DB* Acquire() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Release() const ABSL_LOCKS_EXCLUDED(mutex_);

  // A view of the newest state, unless the caller brings one.
  const View* ViewOr(const Snapshot* snapshot,
                     std::unique_ptr<View>& own) const;
  absl::Status Closed() const;
  // After a failed write, flush or compaction RocksDB takes no other.
  // DB::Resume() goes on with the log file in which it failed, and Debian's
  // build aborts on that.
  absl::Status Reopen() ABSL_LOCKS_EXCLUDED(mutex_);

  const RocksOptions options_;
  const std::shared_ptr<BackgroundErrors> background_errors_;
  absl::Mutex write_mutex_;  // held through each Write
  bool must_reopen_ ABSL_GUARDED_BY(write_mutex_) = false;
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(write_mutex_);
  mutable int users_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reopening_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<rocksdb::DB> db_ ABSL_GUARDED_BY(mutex_);
};

// Keeps the database open as long as it lives.
class RocksStore::View : public Snapshot {
 public:
  explicit View(const RocksStore& store) : store_(store), db_(store.Acquire()) {
    if (db_ != nullptr) snapshot_ = db_->GetSnapshot();
  }
  ~View() override {
    if (db_ != nullptr) db_->ReleaseSnapshot(snapshot_);
    store_.Release();
  }
  rocksdb::DB* db() const { return db_; }
  rocksdb::ReadOptions options() const {
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    options.snapshot = snapshot_;
    return options;
  }

 private:
  const RocksStore& store_;
  rocksdb::DB* const db_;
  const rocksdb::Snapshot* snapshot_ = nullptr;
};

rocksdb::DB* RocksStore::Acquire() const {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](const bool* reopening) { return !*reopening; }, &reopening_));
  ++users_;
  return db_.get();
}

void RocksStore::Release() const {
  absl::MutexLock lock(&mutex_);
  --users_;
}

const RocksStore::View* RocksStore::ViewOr(const Snapshot* snapshot,
                                           std::unique_ptr<View>& own) const {
  if (snapshot != nullptr) return static_cast<const View*>(snapshot);
  own = std::make_unique<View>(*this);
  return own.get();
}

std::unique_ptr<Snapshot> RocksStore::TakeSnapshot() const {
  return std::make_unique<View>(*this);
}

absl::Status RocksStore::Closed() const {
  return absl::UnavailableError(absl::StrCat(
      "data directory ", options_.directory,
      " is closed after an error of its disk; a disk that can be read and "
      "written is accepted; mend it and write, or start the server again"));
}

absl::Status RocksStore::Reopen() {
  absl::MutexLock lock(&mutex_);
  reopening_ = true;
  const bool unused = mutex_.AwaitWithTimeout(
      absl::Condition(
          +[](int* users) { return *users == 0; }, &users_),
      kReopenPatience);
  absl::Status status;
  if (unused) {
    db_.reset();
    absl::StatusOr<std::unique_ptr<rocksdb::DB>> db =
        OpenDb(options_, background_errors_);
    status = db.status();
    if (db.ok()) db_ = *std::move(db);
  } else {
    status = absl::UnavailableError(absl::StrCat(
        "data directory ", options_.directory,
        " is to be opened again after an error, but a read has not ended; "
        "repeat the call"));
  }
  reopening_ = false;
  return status;
}

absl::StatusOr<std::vector<std::optional<std::string>>> RocksStore::MultiGet(
    absl::Span<const std::string> keys, const Snapshot* snapshot) const {
  std::unique_ptr<View> own;
  const View* view = ViewOr(snapshot, own);
  if (view->db() == nullptr) return Closed();
  return GetKeys(*view->db(), view->options(), keys, options_.directory);
}

absl::StatusOr<std::vector<std::vector<KeyValue>>> RocksStore::MultiScan(
    absl::Span<const KeyRange> ranges, const Snapshot* snapshot) const {
  // One view, so that all ranges of a call show one state.
  std::unique_ptr<View> own;
  const View* view = ViewOr(snapshot, own);
  if (view->db() == nullptr) return Closed();
  return ScanRanges(*view->db(), view->options(), ranges, options_.directory);
}

absl::Status RocksStore::Write(const WriteBatch& batch) {
  rocksdb::WriteBatch rows(BytesOf(batch));
  for (const WriteBatch::Operation* operation : InKeyOrder(batch)) {
    const rocksdb::Status status =
        operation->value.has_value()
            ? rows.Put(ToSlice(operation->key), ToSlice(*operation->value))
            : rows.Delete(ToSlice(operation->key));
    if (!status.ok()) return ToStatus(status, options_.directory);
  }
  absl::MutexLock lock(&write_mutex_);
  absl::Status space = CheckSpace(options_, rows.GetDataSize());
  if (!space.ok()) return space;
  if (background_errors_->Take()) must_reopen_ = true;
  if (must_reopen_) {
    if (absl::Status status = Reopen(); !status.ok()) return status;
    must_reopen_ = false;
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  rocksdb::DB* db = Acquire();
  const rocksdb::Status status = db->Write(options, &rows);
  Release();
  must_reopen_ = !status.ok();
  return ToStatus(status, options_.directory);
}

absl::Status RocksStore::CopyTo(const std::string& directory) {
  // What is in memory is written first.
  if (absl::Status space = CheckSpace(options_, 0); !space.ok()) return space;
  // RocksDB wants it absolute.
  std::error_code error;
  const fs::path path = fs::absolute(directory, error);
  if (error || fs::exists(path, error) ||
      !fs::is_directory(path.parent_path(), error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        directory,
        ": it is there already, or its parent is not; the path of a new "
        "directory in one that is there is accepted; choose another path"));
  }
  const View view(*this);
  if (view.db() == nullptr) return Closed();
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(view.db(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(path.string());
  return ToStatus(status, directory);
}

}  // namespace

absl::StatusOr<std::unique_ptr<CopyableStore>> OpenRocksStore(
    const RocksOptions& options) {
  if (absl::Status status = PrepareDirectory(options.directory); !status.ok()) {
    return status;
  }
  auto background_errors = std::make_shared<BackgroundErrors>();
  absl::StatusOr<std::unique_ptr<rocksdb::DB>> db =
      OpenDb(options, background_errors);
  if (!db.ok()) return db.status();
  return std::make_unique<RocksStore>(*std::move(db), options,
                                      std::move(background_errors));
}

}  // namespace duilian::storage
