// Tested by rocks_store_test.cc, beside the in-memory store.

#include "storage/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

namespace fs = std::filesystem;

rocksdb::Slice ToSlice(const std::string& bytes) {
  return rocksdb::Slice(bytes.data(), bytes.size());
}

absl::Status Damaged(const std::string& directory, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("data directory ", directory, " is damaged: ", what,
                   "; intact files are accepted; stop the server and restore "
                   "the directory from a backup"));
}

// What a failed call on an open store means to the caller.
absl::Status ToStatus(const rocksdb::Status& status,
                      const std::string& directory) {
  if (status.ok()) return absl::OkStatus();
  const std::string what = status.ToString();
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
    return absl::ResourceExhaustedError(
        absl::StrCat("data directory ", directory, ": the disk is full (", what,
                     "); nothing of this call was stored; free some space and "
                     "repeat the call"));
  }
  if (status.IsCorruption()) return Damaged(directory, what);
  if (status.IsInvalidArgument() || status.IsNotSupported()) {
    return absl::InternalError(
        absl::StrCat("data directory ", directory, ": ", what));
  }
  return absl::UnavailableError(
      absl::StrCat("data directory ", directory, ": ", what,
                   "; a disk that can be read and written is accepted; look at "
                   "the disk and repeat the call"));
}

// What a failed Open means to the caller.
absl::Status ToOpenStatus(const rocksdb::Status& status,
                          const std::string& directory) {
  const std::string what = status.ToString();
  if (absl::StrContains(what, "lock hold by current process") ||
      absl::StrContains(what, "While lock file")) {
    return absl::UnavailableError(absl::StrCat(
        "another process has ", directory, " open (", what,
        "); one process at a time is accepted; stop the other server or "
        "choose another data directory"));
  }
  if (status.IsIOError() &&
      (absl::StrContains(what, "Permission denied") ||
       absl::StrContains(what, "Read-only file system"))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "data directory ", directory, " is not to be written (", what,
        "); a directory that the server may write is accepted; change its "
        "owner or choose another"));
  }
  // An old file that is not there, or one that ends too soon.
  if (status.IsPathNotFound() || absl::StrContains(what, "No such file")) {
    return Damaged(directory, what);
  }
  return ToStatus(status, directory);
}

bool BeginsWithAny(const std::string& name) {
  return absl::StartsWith(name, "MANIFEST-") || absl::EndsWith(name, ".sst") ||
         absl::EndsWith(name, ".log");
}

// Without its CURRENT file RocksDB would begin an empty store and remove the
// old one's tables.
absl::Status CheckNotHeadless(const std::string& directory) {
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
  return CheckNotHeadless(directory);
}

// The first of `wanted` that this library was built with.
rocksdb::CompressionType Supported(
    std::initializer_list<rocksdb::CompressionType> wanted) {
  const std::vector<rocksdb::CompressionType> supported =
      rocksdb::GetSupportedCompressions();
  for (const rocksdb::CompressionType type : wanted) {
    if (std::find(supported.begin(), supported.end(), type) !=
        supported.end()) {
      return type;
    }
  }
  return rocksdb::kNoCompression;
}

rocksdb::Options MakeOptions(const RocksOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_size = 16u << 10;
  table.format_version = 5;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;

  rocksdb::Options out;
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  out.create_if_missing = true;
  out.paranoid_checks = true;
  // Refuse a damaged log rather than go on without what was acknowledged; only
  // a record that a crash cut short at the very end is passed over.
  out.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  out.write_buffer_size = options.write_buffer_bytes;
  out.max_total_wal_size = 4 * options.write_buffer_bytes;
  out.compression =
      Supported({rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  out.bottommost_compression =
      Supported({rocksdb::kZSTD, rocksdb::kZlibCompression});
  out.max_background_jobs = 2;
  out.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  out.max_log_file_size = 4u << 20;
  out.keep_log_file_num = 3;
  return out;
}

class RocksSnapshot : public Snapshot {
 public:
  explicit RocksSnapshot(rocksdb::DB& db)
      : db_(db), snapshot_(db.GetSnapshot()) {}
  ~RocksSnapshot() override { db_.ReleaseSnapshot(snapshot_); }
  const rocksdb::Snapshot* get() const { return snapshot_; }

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* const snapshot_;
};

rocksdb::ReadOptions ReadAt(const Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  if (snapshot != nullptr) {
    options.snapshot = static_cast<const RocksSnapshot*>(snapshot)->get();
  }
  return options;
}

class RocksStore : public OrderedStore {
 public:
  RocksStore(std::unique_ptr<rocksdb::DB> db, std::string directory)
      : db_(std::move(db)), directory_(std::move(directory)) {}

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const Snapshot* snapshot) const override;
  absl::StatusOr<std::vector<std::vector<KeyValue>>> MultiScan(
      absl::Span<const KeyRange> ranges,
      const Snapshot* snapshot) const override;
  absl::Status Write(const WriteBatch& batch) override;
  std::unique_ptr<Snapshot> TakeSnapshot() const override {
    return std::make_unique<RocksSnapshot>(*db_);
  }

 private:
  rocksdb::Status Scan(const KeyRange& range, const Snapshot* snapshot,
                       std::vector<KeyValue>& found) const;

  const std::unique_ptr<rocksdb::DB> db_;
  const std::string directory_;
};

absl::StatusOr<std::vector<std::optional<std::string>>> RocksStore::MultiGet(
    absl::Span<const std::string> keys, const Snapshot* snapshot) const {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string& key : keys) slices.push_back(ToSlice(key));
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(ReadAt(snapshot), db_->DefaultColumnFamily(), keys.size(),
                slices.data(), found.data(), statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return ToStatus(statuses[i], directory_);
    values[i] = found[i].ToString();
  }
  return values;
}

rocksdb::Status RocksStore::Scan(const KeyRange& range,
                                 const Snapshot* snapshot,
                                 std::vector<KeyValue>& found) const {
  if (!range.end.empty() && range.end <= range.begin) {
    return rocksdb::Status::OK();
  }
  const rocksdb::Slice lower = ToSlice(range.begin);
  const rocksdb::Slice upper = ToSlice(range.end);
  rocksdb::ReadOptions options = ReadAt(snapshot);
  options.iterate_lower_bound = &lower;
  if (!range.end.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options));
  range.reverse ? row->SeekToLast() : row->SeekToFirst();
  while (row->Valid()) {
    found.push_back({row->key().ToString(), row->value().ToString()});
    if (range.limit != 0 && found.size() == range.limit) break;
    range.reverse ? row->Prev() : row->Next();
  }
  return row->status();
}

absl::StatusOr<std::vector<std::vector<KeyValue>>> RocksStore::MultiScan(
    absl::Span<const KeyRange> ranges, const Snapshot* snapshot) const {
  // All ranges of one call show one state.
  std::unique_ptr<Snapshot> own;
  if (snapshot == nullptr) {
    own = TakeSnapshot();
    snapshot = own.get();
  }
  std::vector<std::vector<KeyValue>> found(ranges.size());
  for (size_t i = 0; i < ranges.size(); ++i) {
    const rocksdb::Status status = Scan(ranges[i], snapshot, found[i]);
    if (!status.ok()) return ToStatus(status, directory_);
  }
  return found;
}

absl::Status RocksStore::Write(const WriteBatch& batch) {
  rocksdb::WriteOptions options;
  options.sync = true;
  rocksdb::WriteBatch rows;
  for (const WriteBatch::Operation& operation : batch.operations) {
    const rocksdb::Status status =
        operation.value.has_value()
            ? rows.Put(ToSlice(operation.key), ToSlice(*operation.value))
            : rows.Delete(ToSlice(operation.key));
    if (!status.ok()) return ToStatus(status, directory_);
  }
  rocksdb::Status status = db_->Write(options, &rows);
  // After a failed write RocksDB refuses every other until it is told to
  // resume. The batch is not in memory then, and the log that may hold a part
  // of it is left behind, so it can be written again.
  if (!status.ok() && !status.IsCorruption() && db_->Resume().ok()) {
    status = db_->Write(options, &rows);
  }
  return ToStatus(status, directory_);
}

}  // namespace

absl::StatusOr<std::unique_ptr<OrderedStore>> OpenRocksStore(
    const RocksOptions& options) {
  if (absl::Status status = PrepareDirectory(options.directory); !status.ok()) {
    return status;
  }
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(MakeOptions(options), options.directory, &db);
  if (!status.ok()) return ToOpenStatus(status, options.directory);
  return std::make_unique<RocksStore>(std::unique_ptr<rocksdb::DB>(db),
                                      options.directory);
}

}  // namespace duilian::storage
