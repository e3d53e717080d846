#include "storage/snapshot_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace duilian::storage {
namespace {

constexpr char kMagic[] = "duilian index\n";
constexpr size_t kMagicSize = sizeof(kMagic) - 1;
constexpr size_t kChecksumSize = sizeof(uint64_t);
constexpr size_t kHeaderSize = kMagicSize + sizeof(uint64_t);
constexpr size_t kLeastSize = kHeaderSize + kChecksumSize;

// Where blocks lie in the file, and so in memory. Short ones, of which there
// are many, waste little; of long ones a cache line holds nothing else.
constexpr size_t kAlignment = 8;
constexpr size_t kAlignmentOfLong = 64;
constexpr size_t kLong = 4096;
constexpr size_t AlignmentOf(size_t bytes) {
  return bytes < kLong ? kAlignment : kAlignmentOfLong;
}
constexpr size_t Padding(size_t place, size_t alignment) {
  return (alignment - place % alignment) % alignment;
}

// The checksum is that of the checksums of all pieces of the file, which are
// made by as many threads as there are.
constexpr size_t kPiece = 1 << 20;
uint64_t ChecksumOfAll(const std::vector<uint64_t>& of_pieces) {
  return XXH3_64bits(of_pieces.data(), of_pieces.size() * sizeof(uint64_t));
}

// A file that is open as long as it lives.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

absl::Status FileError(const std::string& path, const char* what, int error) {
  const std::string message =
      absl::StrCat(path, ": ", what, ": ", std::strerror(error),
                   "; see to the disk and the permissions");
  return error == ENOSPC || error == EDQUOT
             ? absl::ResourceExhaustedError(message)
             : absl::UnavailableError(message);
}

// Through "." in front, a name alone has a directory too.
std::string DirectoryOf(const std::string& file) {
  return (std::filesystem::path(".") / file).parent_path().string();
}

// kUnavailable.
absl::Status SyncDirectory(const std::string& file) {
  const std::string directory = DirectoryOf(file);
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return FileError(directory, "cannot be opened", errno);
  const int synced = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  return synced == 0 ? absl::OkStatus()
                     : FileError(directory, "cannot be synced", error);
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(absl::StrCat(
      path, ": is cut short or damaged; it is made anew, look at the disk"));
}

}  // namespace

class SnapshotWriter::File {
 public:
  File(std::string path, int descriptor, uint64_t most_bytes)
      : path_(std::move(path)), descriptor_(descriptor), left_(most_bytes) {}
  ~File() {
    if (descriptor_ < 0) return;
    close(descriptor_);
    unlink(New().c_str());
  }

  std::string New() const { return absl::StrCat(path_, ".new"); }

  void Write(absl::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
      const size_t room = std::min(kPiece - piece_.size(), bytes.size());
      piece_.append(bytes.data(), room);
      bytes.remove_prefix(room);
      if (piece_.size() == kPiece) EndPiece();
    }
  }
  void Align(size_t alignment) {
    constexpr char kZeros[kAlignmentOfLong] = {};
    Write({kZeros, Padding(size_, alignment)});
  }

  absl::Status Finish() {
    if (!piece_.empty()) EndPiece();
    const uint64_t checksum = ChecksumOfAll(checksums_);
    WriteOut({reinterpret_cast<const char*>(&checksum), kChecksumSize});
    if (status_.ok() && fsync(descriptor_) != 0) {
      status_ = FileError(New(), "cannot be synced", errno);
    }
    if (!status_.ok()) return status_;
    if (rename(New().c_str(), path_.c_str()) != 0) {
      return FileError(path_, "cannot be put in place", errno);
    }
    close(std::exchange(descriptor_, -1));
    return SyncDirectory(path_);
  }

 private:
  void EndPiece() {
    checksums_.push_back(XXH3_64bits(piece_.data(), piece_.size()));
    WriteOut(piece_);
    piece_.clear();
  }

  void WriteOut(absl::string_view bytes) {
    if (bytes.size() > left_ && status_.ok()) {
      status_ = absl::ResourceExhaustedError(
          absl::StrCat(path_, ": would take more of the disk than the ", left_,
                       " bytes that are left to it; free some space"));
    }
    left_ -= std::min<uint64_t>(left_, bytes.size());
    while (!bytes.empty() && status_.ok()) {
      const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written >= 0) {
        bytes.remove_prefix(static_cast<size_t>(written));
      } else if (errno != EINTR) {
        status_ = FileError(New(), "cannot be written", errno);
      }
    }
  }

  const std::string path_;
  int descriptor_;
  uint64_t left_;
  uint64_t size_ = 0;  // so far
  std::string piece_;  // that is not whole yet
  std::vector<uint64_t> checksums_;
  absl::Status status_;
};

SnapshotWriter::SnapshotWriter(std::unique_ptr<File> file)
    : file_(std::move(file)) {}
SnapshotWriter::~SnapshotWriter() = default;

absl::StatusOr<std::unique_ptr<SnapshotWriter>> SnapshotWriter::Create(
    const std::string& path, uint64_t most_bytes) {
  const std::string fresh = absl::StrCat(path, ".new");
  const int descriptor =
      open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return FileError(fresh, "cannot be made", errno);
  auto writer = std::unique_ptr<SnapshotWriter>(
      new SnapshotWriter(std::make_unique<File>(path, descriptor, most_bytes)));
  writer->file_->Write({kMagic, kMagicSize});
  writer->Number(kSnapshotVersion);
  writer->file_->Align(kAlignment);
  return writer;
}

void SnapshotWriter::Number(uint64_t value) {
  file_->Write({reinterpret_cast<const char*>(&value), sizeof(value)});
}

void SnapshotWriter::Block(absl::string_view bytes) {
  Number(bytes.size());
  file_->Align(AlignmentOf(bytes.size()));
  file_->Write(bytes);
  file_->Align(kAlignment);
}

absl::Status SnapshotWriter::Finish() { return file_->Finish(); }

uint64_t MostSnapshotBytes(const std::string& path) {
  std::error_code error;
  const std::filesystem::space_info space =
      std::filesystem::space(DirectoryOf(path), error);
  return error ? 0 : space.available / 8;
}

namespace {

// False: the disk did not give them; `error` is 0 when the file ends before.
bool ReadAt(int descriptor, size_t place, char* to, size_t bytes, int& error) {
  while (bytes > 0) {
    const ssize_t got = pread(descriptor, to, bytes, static_cast<off_t>(place));
    if (got < 0 && errno == EINTR) continue;
    error = got < 0 ? errno : 0;
    if (got <= 0) return false;
    to += got;
    place += static_cast<size_t>(got);
    bytes -= static_cast<size_t>(got);
  }
  return true;
}

// A file that is read by threads, each taking the next piece that nobody has
// taken.
class PiecesOfFile {
 public:
  // Its first `size` bytes, which go to `to`.
  PiecesOfFile(int descriptor, size_t size, char* to)
      : descriptor_(descriptor),
        size_(size),
        to_(to),
        checksums_((size + kPiece - 1) / kPiece) {}

  void Read() ABSL_LOCKS_EXCLUDED(mutex_) {
    for (size_t i = next_++; i < checksums_.size(); i = next_++) {
      const size_t begin = i * kPiece;
      const size_t bytes = std::min(kPiece, size_ - begin);
      int error = 0;
      if (!ReadAt(descriptor_, begin, to_ + begin, bytes, error)) {
        next_ = checksums_.size();
        absl::MutexLock lock(&mutex_);
        error_ = error;
        whole_ = false;
        return;
      }
      checksums_[i] = XXH3_64bits(to_ + begin, bytes);
    }
  }

  // When all threads have returned:
  bool whole() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return whole_;
  }
  int error() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return error_;
  }
  uint64_t checksum() const { return ChecksumOfAll(checksums_); }

 private:
  const int descriptor_;
  const size_t size_;
  char* const to_;
  std::vector<uint64_t> checksums_;  // a piece is one thread's
  std::atomic<size_t> next_ = 0;     // piece
  mutable absl::Mutex mutex_;
  bool whole_ ABSL_GUARDED_BY(mutex_) = true;
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
};

// kFailedPrecondition, kDataLoss, kUnavailable.
absl::Status CheckHeader(const std::string& path, int descriptor, size_t size) {
  if (size < kLeastSize) return Damaged(path);
  char header[kHeaderSize];
  int error = 0;
  if (!ReadAt(descriptor, 0, header, kHeaderSize, error)) {
    return error == 0 ? Damaged(path)
                      : FileError(path, "cannot be read", error);
  }
  if (std::memcmp(header, kMagic, kMagicSize) != 0) return Damaged(path);
  uint64_t version = 0;
  std::memcpy(&version, header + kMagicSize, sizeof(version));
  if (version == kSnapshotVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": has version ", version, ", version ",
                   kSnapshotVersion, " is accepted; it is made anew"));
}

// The file in memory, its checksum being right.
// kDataLoss, kUnavailable.
absl::StatusOr<std::shared_ptr<const LargePages>> ReadWhole(
    const std::string& path, int descriptor, size_t size,
    IdleThreads* threads) {
  std::shared_ptr<const LargePages> memory = LargePages::Take(size);
  if (memory == nullptr) {
    return FileError(path, "there is no memory for it", ENOMEM);
  }
  PiecesOfFile pieces(descriptor, size - kChecksumSize, memory->data());
  if (threads == nullptr) {
    pieces.Read();
  } else {
    threads->Share(size / kPiece, [&] { pieces.Read(); });
  }
  int error = pieces.error();
  uint64_t checksum = 0;
  const bool whole =
      pieces.whole() &&
      ReadAt(descriptor, size - kChecksumSize,
             reinterpret_cast<char*>(&checksum), kChecksumSize, error);
  if (!whole && error != 0) return FileError(path, "cannot be read", error);
  if (!whole || checksum != pieces.checksum()) return Damaged(path);
  return memory;
}

}  // namespace

SnapshotReader::SnapshotReader(std::string path,
                               std::shared_ptr<const LargePages> memory,
                               size_t end)
    : path_(std::move(path)), memory_(std::move(memory)), end_(end) {}

absl::StatusOr<SnapshotReader> SnapshotReader::Open(const std::string& path,
                                                    IdleThreads* threads) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    if (errno == ENOENT) {
      return absl::NotFoundError(absl::StrCat(path, ": is not there yet"));
    }
    return FileError(path, "cannot be opened", errno);
  }
  struct stat about = {};
  if (fstat(file.number(), &about) != 0) {
    return FileError(path, "cannot be read", errno);
  }
  const auto size = static_cast<size_t>(std::max<off_t>(about.st_size, 0));
  if (absl::Status status = CheckHeader(path, file.number(), size);
      !status.ok()) {
    return status;
  }
  absl::StatusOr<std::shared_ptr<const LargePages>> memory =
      ReadWhole(path, file.number(), size, threads);
  if (!memory.ok()) return memory.status();
  SnapshotReader reader(path, *std::move(memory), size - kChecksumSize);
  reader.next_ = kHeaderSize;
  reader.Align(kAlignment);
  return reader;
}

void SnapshotReader::Align(size_t alignment) {
  const size_t padding = Padding(next_, alignment);
  if (padding > left()) Fail();
  next_ += std::min(padding, left());
}

uint64_t SnapshotReader::Number() {
  uint64_t value = 0;
  if (left() < sizeof(value)) Fail();
  if (failed_) return 0;
  std::memcpy(&value, memory_->data() + next_, sizeof(value));
  next_ += sizeof(value);
  return value;
}

absl::Span<char> SnapshotReader::BlockView() {
  const uint64_t size = Number();
  Align(AlignmentOf(size));
  if (size > left()) Fail();
  if (failed_) return {};
  const absl::Span<char> block(memory_->data() + next_, size);
  next_ += size;
  Align(kAlignment);
  return block;
}

std::string SnapshotReader::Block() {
  const absl::Span<char> block = BlockView();
  return {block.data(), block.size()};
}

absl::Status SnapshotReader::Finish() const {
  if (!failed_ && left() == 0) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path_, ": does not hold what it should; it is made anew"));
}

}  // namespace duilian::storage
