// An array that only grows at its end, in chunks: growing copies nothing that
// is there and leaves no more room unused than the rest of the last chunk.

#ifndef DUILIAN_STORAGE_CHUNKED_ARRAY_H_
#define DUILIAN_STORAGE_CHUNKED_ARRAY_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "storage/growing_array.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

// Not thread-safe for writers; any number of readers without one.
template <typename T>
class ChunkedArray {
 public:
  static constexpr size_t kChunk = 4096;

  size_t size() const { return size_; }
  const T& operator[](size_t i) const {
    return chunks_[i / kChunk][i % kChunk];
  }
  T& operator[](size_t i) { return chunks_[i / kChunk][i % kChunk]; }
  const T& back() const { return chunks_.back().back(); }

  void push_back(const T& value) {
    const size_t place = size_ % kChunk;
    if (place == 0) chunks_.emplace_back();
    chunks_.back().reserve(std::min(kChunk, std::bit_ceil(place + 1)));
    chunks_.back().push_back(value);
    ++size_;
  }

  // Bytes of memory.
  size_t Memory() const {
    size_t bytes = 0;
    for (const GrowingArray<T>& chunk : chunks_) {
      bytes += sizeof(chunk) + chunk.Memory();
    }
    return bytes;
  }

  void Save(SnapshotWriter& snapshot) const {
    snapshot.Number(size_);
    for (const GrowingArray<T>& chunk : chunks_) snapshot.Array(chunk);
  }
  // Fills an empty array, which from now on lies in snapshot.memory() and
  // must not outlive it. False: it cannot be what Save wrote.
  bool Load(SnapshotReader& snapshot) {
    const size_t size = snapshot.Number();
    while (snapshot.ok() && size_ < size) {
      const absl::Span<T> chunk = snapshot.template View<T>();
      size_ += chunk.size();
      if (chunk.empty() || (chunk.size() != kChunk && size_ != size)) {
        return false;
      }
      chunks_.emplace_back(chunk);
    }
    return snapshot.ok() && size_ == size;
  }

 private:
  std::vector<GrowingArray<T>> chunks_;  // all of kChunk values but the last
  size_t size_ = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CHUNKED_ARRAY_H_
