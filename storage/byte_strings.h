// Byte strings by number, one behind the other in few blocks of memory.

#ifndef DUILIAN_STORAGE_BYTE_STRINGS_H_
#define DUILIAN_STORAGE_BYTE_STRINGS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "storage/growing_array.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

// Four bytes and its own a string. Not thread-safe for writers; any number of
// readers without one.
class ByteStrings {
 public:
  size_t size() const { return size_; }
  // Good until the next Add().
  absl::string_view operator[](size_t number) const {
    const Chunk& chunk = chunks_[number / kChunk];
    const size_t place = number % kChunk;
    const uint32_t begin = place == 0 ? 0 : chunk.ends[place - 1];
    return {chunk.bytes.data() + begin, chunk.ends[place] - begin};
  }

  // Returns its number: 0 for the first, then counting. Strings of 1 MiB at the
  // most.
  uint32_t Add(absl::string_view bytes);

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty one, which from now on lies in snapshot.memory() and must
  // not outlive it. False: it cannot be what Save wrote.
  bool Load(SnapshotReader& snapshot);

 private:
  static constexpr size_t kChunk = 4096;  // strings
  struct Chunk {
    GrowingArray<char> bytes;
    GrowingArray<uint32_t> ends;  // of each string, in `bytes`
  };

  std::vector<Chunk> chunks_;  // all of kChunk strings but the last
  size_t size_ = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_BYTE_STRINGS_H_
