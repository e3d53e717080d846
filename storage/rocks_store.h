#ifndef DUILIAN_STORAGE_ROCKS_STORE_H_
#define DUILIAN_STORAGE_ROCKS_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/copyable_store.h"

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
absl::StatusOr<std::unique_ptr<CopyableStore>> OpenRocksStore(
    const RocksOptions& options);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_ROCKS_STORE_H_
