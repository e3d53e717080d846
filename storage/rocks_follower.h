#ifndef DUILIAN_STORAGE_ROCKS_FOLLOWER_H_
#define DUILIAN_STORAGE_ROCKS_FOLLOWER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/following_store.h"

namespace duilian::storage {

struct FollowOptions {
  std::string directory;  // that OpenRocksStore has open in another process
  // Of this process alone; created if absent. RocksDB keeps its log there.
  std::string own_directory;
  size_t block_cache_bytes = 128u << 20;
};

// Opens the directory of another process, to read; writes nothing there. The
// two see one file system: a file that one wrote has those bytes for the other
// at once.
// kNotFound: no store is there yet. kInvalidArgument: the own directory is that
// one, or holds a store, or is not to be written. kUnavailable: another process
// has the own directory, or the other one's files changed all the time.
// kDataLoss: damaged.
absl::StatusOr<std::unique_ptr<FollowingStore>> FollowRocksStore(
    const FollowOptions& options);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_ROCKS_FOLLOWER_H_
