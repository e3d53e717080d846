// A file of blocks that is written at once and read at once, whole or not at
// all. What is in it can be made anew; so its bytes are those of this machine's
// memory, and any doubt about them ends the reading.

#ifndef DUILIAN_STORAGE_SNAPSHOT_FILE_H_
#define DUILIAN_STORAGE_SNAPSHOT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace duilian::storage {

// Raised whenever the blocks, or the layout of what is in them, change, and
// the forms in which texts are compared.
inline constexpr uint32_t kSnapshotVersion = 8;

class SnapshotWriter {
 public:
  // Begins `path`.new beside the file that may be there; Finish() refuses more
  // than `most_bytes`.
  // kUnavailable, kResourceExhausted: it cannot be made; the message says why.
  static absl::StatusOr<std::unique_ptr<SnapshotWriter>> Create(
      const std::string& path, uint64_t most_bytes);
  ~SnapshotWriter();  // without Finish(), removes what it wrote
  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;

  // Errors are kept for Finish().
  void Number(uint64_t value);
  void Block(absl::string_view bytes);
  template <typename T>
  void Array(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    Block({reinterpret_cast<const char*>(values.data()),
           values.size() * sizeof(T)});
  }

  // Writes the checksum, syncs, and puts the file in the old one's place.
  // kUnavailable, kResourceExhausted: the old file is as it was.
  absl::Status Finish();

 private:
  class File;
  explicit SnapshotWriter(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

// What a snapshot at `path` may take: an eighth of what is free on its disk,
// since it must not crowd out what cannot be made anew.
uint64_t MostSnapshotBytes(const std::string& path);

// Reads the file from its beginning to its end, each array straight into its
// place. The first failed read makes every later one return nothing; Finish()
// tells.
class SnapshotReader {
 public:
  // Reads the whole file once to check it.
  // kNotFound: there is none. kFailedPrecondition: of another version.
  // kDataLoss: cut short or damaged. kUnavailable: cannot be read.
  static absl::StatusOr<SnapshotReader> Open(const std::string& path);
  ~SnapshotReader();
  SnapshotReader(SnapshotReader&&) noexcept;
  SnapshotReader& operator=(SnapshotReader&&) noexcept;

  uint64_t Number();
  std::string Block();
  template <typename T>
  std::vector<T> Array() {
    static_assert(std::is_trivially_copyable_v<T>);
    const uint64_t bytes = BlockSize();
    if (bytes % sizeof(T) != 0) Fail();
    if (failed_) return {};
    std::vector<T> values(bytes / sizeof(T));
    Read(values.data(), bytes);
    if (failed_) return {};
    return values;
  }
  // Says that what was read cannot be right.
  void Fail() { failed_ = true; }

  bool ok() const { return !failed_; }
  // kDataLoss: a read failed, or Fail() was called, or bytes are left over.
  absl::Status Finish() const;

 private:
  class File;
  SnapshotReader(std::string path, std::unique_ptr<File> file);
  // Of the block that comes next; 0, having failed, when it is not all there.
  uint64_t BlockSize();
  void Read(void* to, uint64_t bytes);

  std::string path_;
  std::unique_ptr<File> file_;
  bool failed_ = false;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SNAPSHOT_FILE_H_
