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

#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

constexpr char kMagic[] = "duilian index\n";
constexpr size_t kMagicSize = sizeof(kMagic) - 1;
constexpr size_t kChecksumSize = sizeof(uint64_t);

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

absl::StatusOr<std::unique_ptr<std::string>> ReadFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) {
      return absl::NotFoundError(absl::StrCat(path, ": is not there yet"));
    }
    return FileError(path, "cannot be opened", errno);
  }
  auto bytes = std::make_unique<std::string>();
  struct stat about = {};
  if (fstat(descriptor, &about) == 0 && about.st_size > 0) {
    bytes->resize(static_cast<size_t>(about.st_size));
  }
  size_t filled = 0;
  absl::Status status;
  while (filled < bytes->size()) {
    const ssize_t got =
        read(descriptor, bytes->data() + filled, bytes->size() - filled);
    if (got == 0) break;
    if (got > 0) {
      filled += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      status = FileError(path, "cannot be read", errno);
      break;
    }
  }
  close(descriptor);
  if (!status.ok()) return status;
  bytes->resize(filled);
  return bytes;
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
  static constexpr size_t kBuffer = 1 << 20;

  struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };

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

SnapshotReader::SnapshotReader(std::string path,
                               std::unique_ptr<std::string> bytes)
    : path_(std::move(path)), bytes_(std::move(bytes)), rest_(*bytes_) {}

absl::StatusOr<SnapshotReader> SnapshotReader::Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<std::string>> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  const auto damaged = [&] {
    return absl::DataLossError(absl::StrCat(
        path, ": is cut short or damaged; it is made anew, look at the disk"));
  };
  if ((*bytes)->size() < kMagicSize + sizeof(uint64_t) + kChecksumSize ||
      (*bytes)->compare(0, kMagicSize, kMagic) != 0) {
    return damaged();
  }
  SnapshotReader reader(path, *std::move(bytes));
  const size_t covered = reader.bytes_->size() - kChecksumSize;
  uint64_t checksum = 0;
  std::memcpy(&checksum, reader.bytes_->data() + covered, kChecksumSize);
  if (XXH3_64bits(reader.bytes_->data(), covered) != checksum) return damaged();
  reader.rest_ =
      absl::string_view(*reader.bytes_).substr(0, covered).substr(kMagicSize);
  const uint64_t version = reader.Number();
  if (version != kSnapshotVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": has version ", version, ", version ",
                     kSnapshotVersion, " is accepted; it is made anew"));
  }
  return reader;
}

uint64_t SnapshotReader::Number() {
  uint64_t value = 0;
  if (failed_ || rest_.size() < sizeof(value)) {
    failed_ = true;
    return 0;
  }
  std::memcpy(&value, rest_.data(), sizeof(value));
  rest_.remove_prefix(sizeof(value));
  return value;
}

absl::string_view SnapshotReader::Block() {
  const uint64_t size = Number();
  if (failed_ || rest_.size() < size) {
    failed_ = true;
    return {};
  }
  const absl::string_view block = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return block;
}

void SnapshotReader::Copy(absl::string_view bytes, void* to) {
  if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
}

absl::Status SnapshotReader::Finish() const {
  if (!failed_ && rest_.empty()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path_, ": does not hold what it should; it is made anew"));
}

}  // namespace duilian::storage
