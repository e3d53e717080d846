#include "storage/byte_strings.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace duilian::storage {

uint32_t ByteStrings::Add(absl::string_view bytes) {
  if (size_ % kChunk == 0) {
    if (!chunks_.empty()) chunks_.back().bytes.shrink_to_fit();
    chunks_.emplace_back();
  }
  Chunk& chunk = chunks_.back();
  chunk.bytes.Append(bytes);
  chunk.ends.reserve(std::bit_ceil(chunk.ends.size() + 1));
  chunk.ends.push_back(static_cast<uint32_t>(chunk.bytes.size()));
  return static_cast<uint32_t>(size_++);
}

size_t ByteStrings::Memory() const {
  size_t bytes = 0;
  for (const Chunk& chunk : chunks_) {
    bytes += sizeof(chunk) + chunk.bytes.Memory() + chunk.ends.Memory();
  }
  return bytes;
}

void ByteStrings::Save(SnapshotWriter& snapshot) const {
  snapshot.Number(size_);
  for (const Chunk& chunk : chunks_) {
    snapshot.Array(chunk.bytes);
    snapshot.Array(chunk.ends);
  }
}

bool ByteStrings::Load(SnapshotReader& snapshot) {
  const size_t size = snapshot.Number();
  while (snapshot.ok() && size_ < size) {
    Chunk chunk = {GrowingArray(snapshot.View<char>()),
                   GrowingArray(snapshot.View<uint32_t>())};
    size_ += chunk.ends.size();
    if (chunk.ends.empty() || (chunk.ends.size() != kChunk && size_ != size) ||
        chunk.ends.back() != chunk.bytes.size() ||
        !std::is_sorted(chunk.ends.begin(), chunk.ends.end())) {
      return false;
    }
    chunks_.push_back(std::move(chunk));
  }
  return snapshot.ok() && size_ == size;
}

}  // namespace duilian::storage
