// Blocks of bytes that are saved at once and read at once, whole or not at all.
// What is in them can be made anew; so its bytes are those of this machine's
// memory, and any doubt about them ends the reading. What is saved again and
// has changed little is written for the changes alone: see snapshot_head.h for
// what is on the disk.

#ifndef DUILIAN_STORAGE_SNAPSHOT_FILE_H_
#define DUILIAN_STORAGE_SNAPSHOT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/idle_threads.h"
#include "storage/large_pages.h"
#include "storage/packing.h"

namespace duilian::storage {

class SnapshotWriter {
 public:
  // Begins a file of pieces beside those that may be there; Finish() refuses to
  // write more than `most_bytes`.
  // kUnavailable, kResourceExhausted: it cannot be made; the message says why.
  static absl::StatusOr<std::unique_ptr<SnapshotWriter>> Create(
      const std::string& path, uint64_t most_bytes,
      Packing packing = Packing::kQuick);
  ~SnapshotWriter();  // without Finish(), removes what it wrote
  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;

  // Errors are kept for Finish().
  void Number(uint64_t value);
  // `more` comes right behind `bytes`, in the same block.
  void Block(absl::string_view bytes, absl::string_view more = {});
  // Of a std::vector or a GrowingArray.
  template <typename Values>
  void Array(const Values& values) {
    using T = std::remove_cvref_t<decltype(values[0])>;
    static_assert(std::is_trivially_copyable_v<T>);
    Block({reinterpret_cast<const char*>(values.data()),
           values.size() * sizeof(T)});
  }
  // One array whose values lie in two places.
  template <typename T>
  void Array(absl::Span<const T> first, absl::Span<const T> second) {
    static_assert(std::is_trivially_copyable_v<T>);
    Block(
        {reinterpret_cast<const char*>(first.data()), first.size() * sizeof(T)},
        {reinterpret_cast<const char*>(second.data()),
         second.size() * sizeof(T)});
  }

  // Syncs what was written, puts the snapshot in the old one's place, and
  // removes the files that are not used any more; then packs it, if it is to be
  // small. `stop_packing`, which may be empty, ends that.
  // kUnavailable, kResourceExhausted: the old snapshot is as it was, or as good
  // as gone. kCancelled: it is saved, and not packed; the message says why.
  // kDataLoss: what was to be packed is damaged, and forgotten.
  absl::Status Finish(const std::function<bool()>& stop_packing = {});

 private:
  class File;
  explicit SnapshotWriter(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

// What a snapshot at `path` may write: an eighth of what is free on its disk,
// since it must not crowd out what cannot be made anew.
uint64_t MostSnapshotBytes(const std::string& path);

// Copies the snapshot at `from` to `to`, where none is. Others may save at
// `from` meanwhile. After a failure none is at `to`. kNotFound, kAlreadyExists;
// kUnavailable, kResourceExhausted: a file of it cannot be copied; kDataLoss:
// it was replaced at the very moment, or is damaged. As ReadHead.
absl::Status CopySnapshot(const std::string& from, const std::string& to);

// Removes the snapshot at `path`, if it was refused since it is damaged or
// cannot be read: what is saved next is not to refer to what is in it.
void ForgetDamaged(const std::string& path, const absl::Status& refused);

// Has all that was written in memory. The first failed read makes every later
// one return nothing; Finish() tells.
class SnapshotReader {
 public:
  // Reads it and checks it, with the idle ones of `threads`, if any.
  // kNotFound: there is none. kFailedPrecondition: of another version.
  // kDataLoss: cut short or damaged. kUnavailable: cannot be read, or there is
  // no memory for it.
  static absl::StatusOr<SnapshotReader> Open(const std::string& path,
                                             IdleThreads* threads = nullptr);

  uint64_t Number();
  std::string Block();
  template <typename T>
  std::vector<T> Array() {
    const absl::Span<T> values = View<T>();
    return {values.begin(), values.end()};
  }
  // An array where it lies in memory(); nobody else reads it.
  template <typename T>
  absl::Span<T> View() {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
    const absl::Span<char> bytes = BlockView();
    if (bytes.size() % sizeof(T) != 0) Fail();
    if (failed_) return {};
    return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  // Says that what was read cannot be right.
  void Fail() { failed_ = true; }

  bool ok() const { return !failed_; }
  // True when all of it was written to be small.
  bool is_small() const { return is_small_; }
  // kDataLoss: a read failed, or Fail() was called, or bytes are left over.
  absl::Status Finish() const;

  // What views lie in. It is shared by all that came out of one file.
  std::shared_ptr<const LargePages> memory() const { return memory_; }

 private:
  SnapshotReader(std::string path, std::shared_ptr<const LargePages> memory,
                 size_t size, bool is_small);
  size_t left() const { return end_ - next_; }
  absl::Span<char> BlockView();
  // Moves to a multiple of `alignment`.
  void Align(size_t alignment);

  std::string path_;
  std::shared_ptr<const LargePages> memory_;
  size_t next_ = 0;
  size_t end_ = 0;
  bool is_small_ = false;
  bool failed_ = false;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SNAPSHOT_FILE_H_
