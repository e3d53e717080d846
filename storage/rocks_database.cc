#include "storage/rocks_database.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/iterator.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <initializer_list>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

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

rocksdb::Status Scan(rocksdb::DB& db, rocksdb::ReadOptions options,
                     const KeyRange& range, std::vector<KeyValue>& found) {
  if (!range.end.empty() && range.end <= range.begin) {
    return rocksdb::Status::OK();
  }
  const rocksdb::Slice lower = ToSlice(range.begin);
  const rocksdb::Slice upper = ToSlice(range.end);
  options.iterate_lower_bound = &lower;
  if (!range.end.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator(options));
  range.reverse ? row->SeekToLast() : row->SeekToFirst();
  while (row->Valid()) {
    found.push_back({row->key().ToString(), row->value().ToString()});
    if (range.limit != 0 && found.size() == range.limit) break;
    range.reverse ? row->Prev() : row->Next();
  }
  return row->status();
}

}  // namespace

absl::Status Damaged(const std::string& directory, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("data directory ", directory, " is damaged: ", what,
                   "; intact files are accepted; stop the server and restore "
                   "the directory from a backup"));
}

absl::Status ToStatus(const rocksdb::Status& status,
                      const std::string& directory) {
  if (status.ok()) return absl::OkStatus();
  const std::string what = status.ToString();
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
    return absl::ResourceExhaustedError(
        absl::StrCat("data directory ", directory, ": the disk is full (", what,
                     "); free some space and repeat the call"));
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

rocksdb::Options TableOptions(size_t block_cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_size = 16u << 10;
  table.format_version = 5;
  // Indexes and filters of tables stay in memory, some 10 bytes a pair: a
  // look-up that had to read a filter first, of a million keys, would wait for
  // it a millisecond or two.
  table.cache_index_and_filter_blocks = false;

  rocksdb::Options out;
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  out.paranoid_checks = true;
  // Refuse a damaged log rather than go on without what was acknowledged; only
  // a record that a crash cut short at the very end is passed over.
  out.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  out.compression =
      Supported({rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  out.bottommost_compression =
      Supported({rocksdb::kZSTD, rocksdb::kZlibCompression});
  out.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  out.max_log_file_size = 4u << 20;
  out.keep_log_file_num = 3;
  return out;
}

absl::StatusOr<std::vector<std::optional<std::string>>> GetKeys(
    rocksdb::DB& db, const rocksdb::ReadOptions& options,
    absl::Span<const std::string> keys, const std::string& directory) {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string& key : keys) slices.push_back(ToSlice(key));
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db.MultiGet(options, db.DefaultColumnFamily(), keys.size(), slices.data(),
              found.data(), statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return ToStatus(statuses[i], directory);
    values[i] = found[i].ToString();
  }
  return values;
}

absl::StatusOr<std::vector<std::vector<KeyValue>>> ScanRanges(
    rocksdb::DB& db, const rocksdb::ReadOptions& options,
    absl::Span<const KeyRange> ranges, const std::string& directory) {
  std::vector<std::vector<KeyValue>> found(ranges.size());
  for (size_t i = 0; i < ranges.size(); ++i) {
    const rocksdb::Status status = Scan(db, options, ranges[i], found[i]);
    if (!status.ok()) return ToStatus(status, directory);
  }
  return found;
}

}  // namespace duilian::storage
