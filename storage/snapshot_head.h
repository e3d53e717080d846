// A snapshot on the disk: its head, a small file that says where the pieces of
// it are, and the files that these are in. A new snapshot writes what is new
// into a file of its own and refers to the older files for the rest; it comes
// to be, whole or not at all, when its head takes the place of the old one.

#ifndef DUILIAN_STORAGE_SNAPSHOT_HEAD_H_
#define DUILIAN_STORAGE_SNAPSHOT_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/disk_file.h"

namespace duilian::storage {

// Raised whenever the files, or the layout of what is in them, change, and the
// forms in which texts are compared.
inline constexpr uint32_t kSnapshotVersion = 12;

// XXH3, 128 bits: low and high ones.
struct ContentHash {
  uint64_t low = 0, high = 0;
  bool operator==(const ContentHash&) const = default;
  template <typename H>
  friend H AbslHashValue(H state, const ContentHash& hash) {
    return H::combine(std::move(state), hash.low, hash.high);
  }
};
ContentHash HashOf(absl::string_view content);

// How a piece is stored.
enum class PiecePacking : uint32_t {
  kNotYet = 0,  // as it is in memory; nobody has tried to make it smaller
  kNone = 1,    // so, since nothing makes it much smaller
  kZstd = 2,    // a Zstandard frame
  kLz4 = 3,     // an LZ4 block
};

// A run of a snapshot's bytes, and where they are.
struct SnapshotPiece {
  ContentHash hash;     // of them in memory
  uint64_t place = 0;   // in the file
  uint32_t file = 0;    // its number
  uint32_t stored = 0;  // bytes in the file; fewer only if it is packed
  uint32_t bytes = 0;   // in memory
  PiecePacking packing = PiecePacking::kNotYet;

  // Nothing is left to be packed.
  bool is_small() const { return packing != PiecePacking::kNotYet; }
  bool is_packed() const {
    return packing == PiecePacking::kZstd || packing == PiecePacking::kLz4;
  }
};

struct SnapshotHead {
  uint64_t bytes = 0;  // in memory; the last piece may end behind them
  // One behind the other in memory, each at a multiple of kPieceAlignment.
  std::vector<SnapshotPiece> pieces;
};
inline constexpr size_t kPieceAlignment = 64;

// The file of pieces of that number, of the snapshot whose head is at `path`.
std::string PieceFile(const std::string& path, uint32_t number);

// kNotFound: there is none. kFailedPrecondition: of another version.
// kDataLoss: damaged. kUnavailable: cannot be read.
absl::StatusOr<SnapshotHead> ReadHead(const std::string& path);

// What WriteHead would write.
uint64_t HeadBytes(const SnapshotHead& head);

// Puts the head at `path`, in the place of the one that is there. What it
// refers to must be on the disk; SyncDirectory() behind it makes it outlive a
// loss of power, and until then the old one may come back. `path`.new is the
// file it goes through. kUnavailable, kResourceExhausted: the old one is as it
// was.
absl::Status WriteHead(const std::string& path, const SnapshotHead& head);

// kDataLoss: something on the disk is not what it should be.
absl::Status Damaged(const std::string& path);

// The files that `head` refers to.
absl::flat_hash_set<uint32_t> FilesOf(const SnapshotHead& head);

// The same, open to be read, by their numbers.
using PieceFiles = absl::flat_hash_map<uint32_t, Descriptor>;
// kDataLoss: one of them is not there. kUnavailable.
absl::StatusOr<PieceFiles> OpenPieceFiles(const std::string& path,
                                          const SnapshotHead& head);

// Files that a new snapshot may refer to: those of which it uses at least
// `used`, in [0, 1], at most kMostFiles, the ones that it uses most of. So what
// is on the disk is at the most so many times as large as what is used of it,
// and pieces that stay while others go are gathered anew.
absl::flat_hash_set<uint32_t> FilesWorthKeeping(const std::string& path,
                                                const SnapshotHead& head,
                                                double used);
inline constexpr size_t kMostFiles = 8;

// Above those of all files of pieces that are there; where these cannot be
// listed, it may be one of theirs.
uint32_t NextFileNumber(const std::string& path);

// Removes all of the snapshot at `path`, so that what is saved next refers to
// nothing of it. What cannot be removed stays.
void RemoveSnapshot(const std::string& path);

// Removes all files of pieces but these. What cannot be removed stays.
void RemoveFilesBut(const std::string& path,
                    const absl::flat_hash_set<uint32_t>& kept);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SNAPSHOT_HEAD_H_
