#ifndef DUILIAN_STORAGE_ROCKS_STORE_H_
#define DUILIAN_STORAGE_ROCKS_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/following_store.h"
#include "storage/ordered_store.h"

namespace duilian::storage {

struct RocksOptions {
  std::string directory;
  size_t block_cache_bytes = 128u << 20;
  size_t write_buffer_bytes = 64u << 20;
};

// Opens the directory, creating it if absent.
// kUnavailable: another process has it open. kDataLoss: damaged.
// kInvalidArgument: not a directory, or not to be written. Each message names
// the path and the remedy.
absl::StatusOr<std::unique_ptr<OrderedStore>> OpenRocksStore(
    const RocksOptions& options);

struct FollowOptions {
  std::string directory;  // that OpenRocksStore has open in another process
  // Of this process alone; created if absent. RocksDB keeps its log there.
  std::string own_directory;
  size_t block_cache_bytes = 128u << 20;
};

// Opens the directory of another process, to read; writes nothing there.
// kNotFound: no store is there yet. kInvalidArgument: the own directory is that
// one, or holds a store, or is not to be written. kUnavailable: another process
// has the own directory. kDataLoss: damaged.
absl::StatusOr<std::unique_ptr<FollowingStore>> FollowRocksStore(
    const FollowOptions& options);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_ROCKS_STORE_H_
