#include "storage/snapshot_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

constexpr char kMagic[] = "duilian index\n";
constexpr size_t kMagicSize = sizeof(kMagic) - 1;
constexpr size_t kChecksumSize = sizeof(uint64_t);
constexpr size_t kLeastSize = kMagicSize + sizeof(uint64_t) + kChecksumSize;
constexpr size_t kBuffer = 1 << 20;

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
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
      : path_(std::move(path)), descriptor_(descriptor), left_(most_bytes) {
    XXH3_64bits_reset(state_.get());
  }
  ~File() {
    if (descriptor_ < 0) return;
    close(descriptor_);
    unlink(New().c_str());
  }

  std::string New() const { return absl::StrCat(path_, ".new"); }

  void Write(absl::string_view bytes) {
    XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
    if (bytes.size() >= kBuffer) {
      Flush();
      WriteOut(bytes);
      return;
    }
    buffer_.append(bytes.data(), bytes.size());
    if (buffer_.size() >= kBuffer) Flush();
  }

  absl::Status Finish() {
    const uint64_t checksum = XXH3_64bits_digest(state_.get());
    buffer_.append(reinterpret_cast<const char*>(&checksum), kChecksumSize);
    Flush();
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
  void Flush() {
    WriteOut(buffer_);
    buffer_.clear();
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
  std::string buffer_;
  const std::unique_ptr<XXH3_state_t, FreeState> state_{XXH3_createState()};
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
  return writer;
}

void SnapshotWriter::Number(uint64_t value) {
  file_->Write({reinterpret_cast<const char*>(&value), sizeof(value)});
}

void SnapshotWriter::Block(absl::string_view bytes) {
  Number(bytes.size());
  file_->Write(bytes);
}

absl::Status SnapshotWriter::Finish() { return file_->Finish(); }

uint64_t MostSnapshotBytes(const std::string& path) {
  std::error_code error;
  const std::filesystem::space_info space =
      std::filesystem::space(DirectoryOf(path), error);
  return error ? 0 : space.available / 8;
}

// Reads ahead for small reads; large ones go past the buffer.
class SnapshotReader::File {
 public:
  // Takes the open file, and reads its bytes from `begin` up to `end`.
  File(int descriptor, uint64_t begin, uint64_t end)
      : descriptor_(descriptor), place_(begin), end_(end) {}
  ~File() { close(descriptor_); }

  // Bytes that are not read yet.
  uint64_t left() const { return end_ - place_ + buffered(); }
  // False: the disk did not give them, or left() is less.
  bool Read(void* to, uint64_t bytes) {
    if (bytes > left()) return false;
    char* next = static_cast<char*>(to);
    while (bytes > 0) {
      if (buffered() == 0 && bytes < kBuffer) {
        if (!Fill()) return false;
      }
      const uint64_t had = std::min(bytes, buffered());
      if (had > 0) std::memcpy(next, buffer_.data() + from_, had);
      from_ += had;
      next += had;
      bytes -= had;
      if (bytes < kBuffer) continue;
      if (!ReadInto(next, bytes)) return false;
      bytes = 0;
    }
    return true;
  }

 private:
  uint64_t buffered() const { return buffer_.size() - from_; }

  bool Fill() {
    buffer_.resize(std::min<uint64_t>(kBuffer, end_ - place_));
    from_ = 0;
    return ReadInto(buffer_.data(), buffer_.size());
  }

  bool ReadInto(char* to, uint64_t bytes) {
    while (bytes > 0) {
      const ssize_t got =
          pread(descriptor_, to, bytes, static_cast<off_t>(place_));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      to += got;
      place_ += static_cast<uint64_t>(got);
      bytes -= static_cast<uint64_t>(got);
    }
    return true;
  }

  const int descriptor_;
  uint64_t place_;  // behind what is in the buffer
  const uint64_t end_;
  std::string buffer_;
  size_t from_ = 0;  // in the buffer
};

namespace {

// Whether the checksum at the file's end is that of all before it. The file is
// read by pieces that stay in the processor's cache.
// kDataLoss, kUnavailable.
absl::Status CheckBytes(const std::string& path, int descriptor,
                        uint64_t size) {
  if (size < kLeastSize) return Damaged(path);
  const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
  XXH3_64bits_reset(state.get());
  std::string piece(kBuffer, '\0');
  uint64_t place = 0;
  const uint64_t covered = size - kChecksumSize;
  while (place < covered) {
    const ssize_t got = pread(descriptor, piece.data(),
                              std::min<uint64_t>(piece.size(), covered - place),
                              static_cast<off_t>(place));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(path, "cannot be read", errno);
    if (got == 0) return Damaged(path);
    if (place == 0 && !absl::StartsWith(piece, {kMagic, kMagicSize})) {
      return Damaged(path);
    }
    XXH3_64bits_update(state.get(), piece.data(), static_cast<size_t>(got));
    place += static_cast<uint64_t>(got);
  }
  uint64_t checksum = 0;
  if (pread(descriptor, &checksum, kChecksumSize,
            static_cast<off_t>(covered)) != kChecksumSize ||
      XXH3_64bits_digest(state.get()) != checksum) {
    return Damaged(path);
  }
  return absl::OkStatus();
}

}  // namespace

SnapshotReader::SnapshotReader(std::string path, std::unique_ptr<File> file)
    : path_(std::move(path)), file_(std::move(file)) {}
SnapshotReader::~SnapshotReader() = default;
SnapshotReader::SnapshotReader(SnapshotReader&&) noexcept = default;
SnapshotReader& SnapshotReader::operator=(SnapshotReader&&) noexcept = default;

absl::StatusOr<SnapshotReader> SnapshotReader::Open(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) {
      return absl::NotFoundError(absl::StrCat(path, ": is not there yet"));
    }
    return FileError(path, "cannot be opened", errno);
  }
  struct stat about = {};
  const uint64_t size = fstat(descriptor, &about) == 0 && about.st_size > 0
                            ? static_cast<uint64_t>(about.st_size)
                            : 0;
  const uint64_t end = size - std::min<uint64_t>(size, kChecksumSize);
  auto file = std::make_unique<File>(descriptor,
                                     std::min<uint64_t>(kMagicSize, end), end);
  if (absl::Status status = CheckBytes(path, descriptor, size); !status.ok()) {
    return status;
  }
  SnapshotReader reader(path, std::move(file));
  const uint64_t version = reader.Number();
  if (version != kSnapshotVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": has version ", version, ", version ",
                     kSnapshotVersion, " is accepted; it is made anew"));
  }
  return reader;
}

void SnapshotReader::Read(void* to, uint64_t bytes) {
  if (failed_ || !file_->Read(to, bytes)) failed_ = true;
}

uint64_t SnapshotReader::Number() {
  uint64_t value = 0;
  Read(&value, sizeof(value));
  return failed_ ? 0 : value;
}

uint64_t SnapshotReader::BlockSize() {
  const uint64_t size = Number();
  if (failed_ || size > file_->left()) failed_ = true;
  return failed_ ? 0 : size;
}

std::string SnapshotReader::Block() {
  std::string block(BlockSize(), '\0');
  Read(block.data(), block.size());
  if (failed_) block.clear();
  return block;
}

absl::Status SnapshotReader::Finish() const {
  if (!failed_ && file_->left() == 0) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path_, ": does not hold what it should; it is made anew"));
}

}  // namespace duilian::storage
