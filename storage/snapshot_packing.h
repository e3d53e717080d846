// Snapshots made smaller where they lie, beside whatever goes on in the index.

#ifndef DUILIAN_STORAGE_SNAPSHOT_PACKING_H_
#define DUILIAN_STORAGE_SNAPSHOT_PACKING_H_

#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "storage/snapshot_head.h"

namespace duilian::storage {

// Packs the pieces of the snapshot at `path` that are not packed yet, by LZ4
// or, where that makes them much smaller, by Zstandard, and gathers those whose
// files are not used for the most part any more. Writes `most_bytes` at the
// most, and nothing when nothing is left to be packed. Nobody else writes the
// snapshot meanwhile. `stop`, which may be empty, is asked before each piece.
// As ReadHead and WriteHead; kDataLoss also when a piece is damaged;
// kCancelled: `stop` said so. After an error the snapshot is as it was.
absl::Status PackSnapshot(const std::string& path, uint64_t most_bytes,
                          const std::function<bool()>& stop = {});

// Unpacks one piece after the other. Not thread-safe.
class Unpacker {
 public:
  // Where a piece of that size is to be put for Unpack(); good until the next
  // call.
  char* Room(size_t packed_bytes);
  // False: it is damaged, or has another size than `to`. It is packed.
  bool Unpack(PiecePacking packing, absl::Span<char> to);

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_{ZSTD_createDCtx()};
  std::string packed_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SNAPSHOT_PACKING_H_
