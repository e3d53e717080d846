// A file has a header, the blocks cut into pieces, and a directory of these:
//
//   magic, version | pieces, each as it is or packed | directory | bytes of all
//   pieces when unpacked | packing | checksum of all three
//
// Pieces are read, checked and unpacked by as many threads as there are. One
// that takes as much in the file as in memory is there as it is.

#include "storage/snapshot_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace duilian::storage {
namespace {

constexpr char kMagic[] = "duilian index\n";
constexpr size_t kMagicSize = sizeof(kMagic) - 1;
constexpr size_t kHeaderSize = kMagicSize + sizeof(uint64_t);

// Where blocks lie in memory. Short ones, of which there
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

constexpr size_t kPiece = 1 << 20;  // in memory; the last one is shorter

constexpr int kQuickestLevel = 1;

// What the directory says of a piece.
struct StoredPiece {
  uint64_t bytes = 0;     // in the file
  uint64_t checksum = 0;  // of these
};
using Directory = std::vector<StoredPiece>;

// The end of a file.
struct Ending {
  uint64_t bytes = 0;  // of all pieces in memory
  uint64_t small = 0;  // 1: Packing::kSmall
  uint64_t checksum = 0;
};

uint64_t ChecksumOf(const Directory& directory, const Ending& ending) {
  return XXH3_64bits_withSeed(directory.data(),
                              directory.size() * sizeof(StoredPiece),
                              XXH3_64bits(&ending, offsetof(Ending, checksum)));
}

template <typename T>
absl::string_view BytesOf(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
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

class Packer {
 public:
  // The piece itself where packing does not make it smaller. Good until the
  // next call.
  absl::string_view Pack(const std::string& piece) {
    packed_.resize(ZSTD_compressBound(piece.size()));
    const size_t size =
        ZSTD_compressCCtx(context_.get(), packed_.data(), packed_.size(),
                          piece.data(), piece.size(), kQuickestLevel);
    if (ZSTD_isError(size) != 0 || size >= piece.size()) return piece;
    return {packed_.data(), size};
  }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> context_{ZSTD_createCCtx()};
  std::string packed_;
};

}  // namespace

class SnapshotWriter::File {
 public:
  File(std::string path, int descriptor, uint64_t most_bytes, Packing packing)
      : path_(std::move(path)), descriptor_(descriptor), left_(most_bytes) {
    if (packing == Packing::kSmall) packer_.emplace();
    WriteOut({kMagic, kMagicSize});
    WriteOut(BytesOf(uint64_t{kSnapshotVersion}));
  }
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
    WriteOut({reinterpret_cast<const char*>(directory_.data()),
              directory_.size() * sizeof(StoredPiece)});
    Ending ending = {size_, packer_.has_value() ? 1u : 0u, 0};
    ending.checksum = ChecksumOf(directory_, ending);
    WriteOut(BytesOf(ending));
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
    const absl::string_view stored =
        packer_.has_value() ? packer_->Pack(piece_) : piece_;
    directory_.push_back(
        {stored.size(), XXH3_64bits(stored.data(), stored.size())});
    WriteOut(stored);
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
  std::optional<Packer> packer_;
  uint64_t size_ = 0;  // of all pieces so far, in memory
  std::string piece_;  // that is not whole yet
  Directory directory_;
  absl::Status status_;
};

SnapshotWriter::SnapshotWriter(std::unique_ptr<File> file)
    : file_(std::move(file)) {}
SnapshotWriter::~SnapshotWriter() = default;

absl::StatusOr<std::unique_ptr<SnapshotWriter>> SnapshotWriter::Create(
    const std::string& path, uint64_t most_bytes, Packing packing) {
  const std::string fresh = absl::StrCat(path, ".new");
  const int descriptor =
      open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return FileError(fresh, "cannot be made", errno);
  return absl::WrapUnique(new SnapshotWriter(
      std::make_unique<File>(path, descriptor, most_bytes, packing)));
}

void SnapshotWriter::Number(uint64_t value) { file_->Write(BytesOf(value)); }

void SnapshotWriter::Block(absl::string_view bytes, absl::string_view more) {
  const size_t size = bytes.size() + more.size();
  Number(size);
  file_->Align(AlignmentOf(size));
  file_->Write(bytes);
  file_->Write(more);
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

// Pieces one behind the other in a file, which are read by threads, each taking
// the next one that nobody has taken.
class PiecesOfFile {
 public:
  // Those of `directory`, `size` bytes in memory, go to `to`. Outlived by both.
  PiecesOfFile(int descriptor, const Directory& directory, size_t size,
               char* to)
      : descriptor_(descriptor), directory_(directory), size_(size), to_(to) {
    size_t place = kHeaderSize;
    for (const StoredPiece& piece : directory) {
      places_.push_back(place);
      place += piece.bytes;
    }
  }

  void Read() ABSL_LOCKS_EXCLUDED(mutex_) {
    Unpacking unpacking;
    for (size_t i = next_++; i < directory_.size(); i = next_++) {
      int error = 0;
      if (ReadPiece(i, unpacking, error)) continue;
      next_ = directory_.size();
      absl::MutexLock lock(&mutex_);
      error_ = error;
      whole_ = false;
      return;
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

 private:
  // A thread's own.
  struct Unpacking {
    struct Free {
      void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };
    std::unique_ptr<ZSTD_DCtx, Free> context{ZSTD_createDCtx()};
    std::string packed;
  };

  // False: the disk did not give it (`error` says why), or it is damaged (0).
  bool ReadPiece(size_t i, Unpacking& unpacking, int& error) {
    const StoredPiece& piece = directory_[i];
    char* const to = to_ + i * kPiece;
    const size_t bytes = std::min(kPiece, size_ - i * kPiece);
    const bool packed = piece.bytes != bytes;
    if (packed) unpacking.packed.resize(piece.bytes);
    char* const stored = packed ? unpacking.packed.data() : to;
    if (!ReadAt(descriptor_, places_[i], stored, piece.bytes, error)) {
      return false;
    }
    if (XXH3_64bits(stored, piece.bytes) != piece.checksum) return false;
    return !packed || ZSTD_decompressDCtx(unpacking.context.get(), to, bytes,
                                          stored, piece.bytes) == bytes;
  }

  const int descriptor_;
  const Directory& directory_;
  const size_t size_;
  char* const to_;
  std::vector<size_t> places_;    // in the file
  std::atomic<size_t> next_ = 0;  // piece
  mutable absl::Mutex mutex_;
  bool whole_ ABSL_GUARDED_BY(mutex_) = true;
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
};

absl::Status ReadError(const std::string& path, int error) {
  return error == 0 ? Damaged(path) : FileError(path, "cannot be read", error);
}

// kFailedPrecondition, kDataLoss, kUnavailable.
absl::Status CheckHeader(const std::string& path, int descriptor) {
  char header[kHeaderSize];
  int error = 0;
  if (!ReadAt(descriptor, 0, header, kHeaderSize, error)) {
    return ReadError(path, error);
  }
  if (std::memcmp(header, kMagic, kMagicSize) != 0) return Damaged(path);
  uint64_t version = 0;
  std::memcpy(&version, header + kMagicSize, sizeof(version));
  if (version == kSnapshotVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": has version ", version, ", version ",
                   kSnapshotVersion, " is accepted; it is made anew"));
}

// Whether pieces, as the directory has them, fill a file from the header to the
// directory.
bool Fits(const Directory& directory, uint64_t bytes, uint64_t file_bytes) {
  uint64_t place = kHeaderSize;
  for (size_t i = 0; i < directory.size(); ++i) {
    const uint64_t in_memory = std::min<uint64_t>(kPiece, bytes - i * kPiece);
    if (directory[i].bytes > in_memory) return false;
    place += directory[i].bytes;
  }
  return place + directory.size() * sizeof(StoredPiece) + sizeof(Ending) ==
         file_bytes;
}

// kDataLoss, kUnavailable.
absl::StatusOr<Ending> ReadDirectory(const std::string& path, int descriptor,
                                     size_t file_bytes, Directory& directory) {
  if (file_bytes < kHeaderSize + sizeof(Ending)) return Damaged(path);
  Ending ending;
  int error = 0;
  const size_t end = file_bytes - sizeof(Ending);
  if (!ReadAt(descriptor, end, reinterpret_cast<char*>(&ending), sizeof(ending),
              error)) {
    return ReadError(path, error);
  }
  const uint64_t pieces =
      ending.bytes / kPiece + (ending.bytes % kPiece > 0 ? 1 : 0);
  if (pieces > (end - kHeaderSize) / sizeof(StoredPiece)) return Damaged(path);
  directory.resize(pieces);
  const size_t directory_bytes = pieces * sizeof(StoredPiece);
  if (!ReadAt(descriptor, end - directory_bytes,
              reinterpret_cast<char*>(directory.data()), directory_bytes,
              error)) {
    return ReadError(path, error);
  }
  if (ending.checksum != ChecksumOf(directory, ending) ||
      !Fits(directory, ending.bytes, file_bytes)) {
    return Damaged(path);
  }
  return ending;
}

// The pieces in memory, all of them being right. kDataLoss, kUnavailable.
absl::StatusOr<std::shared_ptr<const LargePages>> ReadPieces(
    const std::string& path, int descriptor, const Directory& directory,
    size_t bytes, IdleThreads* threads) {
  std::shared_ptr<const LargePages> memory = LargePages::Take(bytes);
  if (memory == nullptr) {
    return FileError(path, "there is no memory for it", ENOMEM);
  }
  PiecesOfFile pieces(descriptor, directory, bytes, memory->data());
  if (threads == nullptr) {
    pieces.Read();
  } else {
    threads->Share(directory.size(), [&] { pieces.Read(); });
  }
  if (!pieces.whole()) return ReadError(path, pieces.error());
  return memory;
}

}  // namespace

SnapshotReader::SnapshotReader(std::string path,
                               std::shared_ptr<const LargePages> memory,
                               size_t size, Packing packing)
    : path_(std::move(path)),
      memory_(std::move(memory)),
      end_(size),
      packing_(packing) {}

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
  if (absl::Status status = CheckHeader(path, file.number()); !status.ok()) {
    return status;
  }
  Directory directory;
  const absl::StatusOr<Ending> ending = ReadDirectory(
      path, file.number(),
      static_cast<size_t>(std::max<off_t>(about.st_size, 0)), directory);
  if (!ending.ok()) return ending.status();
  absl::StatusOr<std::shared_ptr<const LargePages>> memory =
      ReadPieces(path, file.number(), directory, ending->bytes, threads);
  if (!memory.ok()) return memory.status();
  return SnapshotReader(path, *std::move(memory), ending->bytes,
                        ending->small == 1 ? Packing::kSmall : Packing::kQuick);
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
