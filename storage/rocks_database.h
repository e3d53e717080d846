// What the store that writes (rocks_store.cc) and the one that follows
// (rocks_follower.cc) ask of RocksDB alike. No other file includes this.

#ifndef DUILIAN_STORAGE_ROCKS_DATABASE_H_
#define DUILIAN_STORAGE_ROCKS_DATABASE_H_

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/ordered_store.h"

namespace duilian::storage {

// `directory` is for messages, here and below.
absl::Status Damaged(const std::string& directory, absl::string_view what);
// What a failed call on an open store means to the caller.
absl::Status ToStatus(const rocksdb::Status& status,
                      const std::string& directory);
// What a failed Open means to the caller.
absl::Status ToOpenStatus(const rocksdb::Status& status,
                          const std::string& directory);

// How tables and logs are written and read.
rocksdb::Options TableOptions(size_t block_cache_bytes);

inline rocksdb::Slice ToSlice(const std::string& bytes) {
  return rocksdb::Slice(bytes.data(), bytes.size());
}

// OrderedStore::MultiGet.
absl::StatusOr<std::vector<std::optional<std::string>>> GetKeys(
    rocksdb::DB& db, const rocksdb::ReadOptions& options,
    absl::Span<const std::string> keys, const std::string& directory);

// OrderedStore::MultiScan; `options` names the state that all ranges show.
absl::StatusOr<std::vector<std::vector<KeyValue>>> ScanRanges(
    rocksdb::DB& db, const rocksdb::ReadOptions& options,
    absl::Span<const KeyRange> ranges, const std::string& directory);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_ROCKS_DATABASE_H_
