// The head:
//
//   magic, version | bytes in memory | pieces | checksum of what is before
//
// Tested by snapshot_file_test.cc.

#include "storage/snapshot_head.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace duilian::storage {
namespace {

constexpr char kMagic[] = "duilian index\n";
constexpr size_t kMagicSize = sizeof(kMagic) - 1;
constexpr size_t kHeaderSize = kMagicSize + sizeof(uint64_t);
// Beside the header and the pieces: the bytes in memory, and the checksum.
constexpr size_t kAroundPieces = 2 * sizeof(uint64_t);

template <typename T>
absl::string_view BytesOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

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

// nullopt: `file` is not what WriteHead wrote.
std::optional<SnapshotHead> Parse(absl::string_view file) {
  if (file.size() < kHeaderSize + kAroundPieces) return std::nullopt;
  uint64_t checksum = 0;
  const size_t end = file.size() - sizeof(checksum);
  std::memcpy(&checksum, file.data() + end, sizeof(checksum));
  if (XXH3_64bits(file.data(), end) != checksum) return std::nullopt;
  SnapshotHead head;
  std::memcpy(&head.bytes, file.data() + kHeaderSize, sizeof(head.bytes));
  const absl::string_view pieces =
      file.substr(kHeaderSize + sizeof(head.bytes),
                  file.size() - kHeaderSize - kAroundPieces);
  if (pieces.size() % sizeof(SnapshotPiece) != 0) return std::nullopt;
  head.pieces.resize(pieces.size() / sizeof(SnapshotPiece));
  std::memcpy(head.pieces.data(), pieces.data(), pieces.size());
  uint64_t bytes = 0;
  for (const SnapshotPiece& piece : head.pieces) {
    if (piece.stored > piece.bytes || piece.bytes % kPieceAlignment != 0) {
      return std::nullopt;
    }
    bytes += piece.bytes;
  }
  if (head.bytes > bytes) return std::nullopt;
  return head;
}

std::string Header() {
  return absl::StrCat(absl::string_view(kMagic, kMagicSize),
                      BytesOf(uint64_t{kSnapshotVersion}));
}

// The number of a file of pieces; nullopt for another file.
std::optional<uint32_t> NumberOf(const std::string& path,
                                 const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  absl::string_view rest = name;
  uint32_t number = 0;
  if (!absl::ConsumePrefix(
          &rest,
          absl::StrCat(std::filesystem::path(path).filename().string(), ".")) ||
      !absl::SimpleAtoi(rest, &number) ||
      name != std::filesystem::path(PieceFile(path, number)).filename()) {
    return std::nullopt;
  }
  return number;
}

std::vector<uint32_t> NumbersOnDisk(const std::string& path) {
  std::vector<uint32_t> numbers;
  std::error_code error;
  std::filesystem::directory_iterator entry(DirectoryOf(path), error);
  for (; !error && entry != std::filesystem::directory_iterator();
       entry.increment(error)) {
    const std::optional<uint32_t> number = NumberOf(path, entry->path());
    if (number.has_value()) numbers.push_back(*number);
  }
  return numbers;
}

// What the head uses of a file.
struct UsedPart {
  uint64_t bytes = 0;
  uint64_t end = 0;  // of the last of them
};

absl::flat_hash_map<uint32_t, UsedPart> UsedParts(const SnapshotHead& head) {
  absl::flat_hash_map<uint32_t, UsedPart> used;
  absl::flat_hash_set<std::pair<uint32_t, uint64_t>> seen;
  for (const SnapshotPiece& piece : head.pieces) {
    if (!seen.emplace(piece.file, piece.place).second) continue;
    UsedPart& part = used[piece.file];
    part.bytes += piece.stored;
    part.end = std::max(part.end, piece.place + piece.stored);
  }
  return used;
}

}  // namespace

ContentHash HashOf(absl::string_view content) {
  const XXH128_hash_t hash = XXH3_128bits(content.data(), content.size());
  return {hash.low64, hash.high64};
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(absl::StrCat(
      path, ": is cut short or damaged; it is made anew, look at the disk"));
}

std::string PieceFile(const std::string& path, uint32_t number) {
  return absl::StrCat(path, ".", number);
}

absl::StatusOr<SnapshotHead> ReadHead(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
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
  std::string bytes(static_cast<size_t>(std::max<off_t>(about.st_size, 0)), 0);
  int error = 0;
  if (!ReadAt(file.number(), 0, bytes.data(), bytes.size(), error)) {
    return ReadError(path, error);
  }
  std::optional<SnapshotHead> head = Parse(bytes);
  if (!head.has_value()) return Damaged(path);
  return *std::move(head);
}

uint64_t HeadBytes(const SnapshotHead& head) {
  return kHeaderSize + kAroundPieces +
         head.pieces.size() * sizeof(SnapshotPiece);
}

absl::Status WriteHead(const std::string& path, const SnapshotHead& head) {
  const std::string fresh = absl::StrCat(path, ".new");
  std::string bytes = absl::StrCat(
      Header(), BytesOf(head.bytes),
      absl::string_view(reinterpret_cast<const char*>(head.pieces.data()),
                        head.pieces.size() * sizeof(SnapshotPiece)));
  absl::StrAppend(&bytes, BytesOf(XXH3_64bits(bytes.data(), bytes.size())));
  Descriptor file(
      open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.is_open()) return FileError(fresh, "cannot be made", errno);
  int error = WriteAll(file.number(), bytes);
  if (error == 0 && fsync(file.number()) != 0) error = errno;
  if (error == 0 && rename(fresh.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return absl::OkStatus();
  unlink(fresh.c_str());
  return FileError(fresh, "cannot be written and put in place", error);
}

absl::flat_hash_set<uint32_t> FilesOf(const SnapshotHead& head) {
  absl::flat_hash_set<uint32_t> files;
  for (const SnapshotPiece& piece : head.pieces) files.insert(piece.file);
  return files;
}

absl::StatusOr<PieceFiles> OpenPieceFiles(const std::string& path,
                                          const SnapshotHead& head) {
  PieceFiles files;
  for (const uint32_t number : FilesOf(head)) {
    const std::string name = PieceFile(path, number);
    Descriptor file(open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
      return errno == ENOENT ? Damaged(name)
                             : FileError(name, "cannot be opened", errno);
    }
    files.emplace(number, std::move(file));
  }
  return files;
}

absl::flat_hash_set<uint32_t> FilesWorthKeeping(const std::string& path,
                                                const SnapshotHead& head,
                                                double used) {
  std::vector<std::pair<uint64_t, uint32_t>> most;  // used bytes, file
  for (const auto& [file, part] : UsedParts(head)) {
    std::error_code error;
    const uint64_t size =
        std::filesystem::file_size(PieceFile(path, file), error);
    if (error || part.end > size) continue;  // cut short
    if (static_cast<double>(part.bytes) >= used * static_cast<double>(size)) {
      most.emplace_back(part.bytes, file);
    }
  }
  std::sort(most.rbegin(), most.rend());
  if (most.size() > kMostFiles) most.resize(kMostFiles);
  absl::flat_hash_set<uint32_t> kept;
  for (const auto& [bytes, file] : most) kept.insert(file);
  return kept;
}

uint32_t NextFileNumber(const std::string& path) {
  uint32_t last = 0;
  for (const uint32_t number : NumbersOnDisk(path)) {
    last = std::max(last, number);
  }
  return last + 1;
}

void RemoveSnapshot(const std::string& path) {
  unlink(path.c_str());
  RemoveFilesBut(path, {});
}

void RemoveFilesBut(const std::string& path,
                    const absl::flat_hash_set<uint32_t>& kept) {
  for (const uint32_t number : NumbersOnDisk(path)) {
    if (!kept.contains(number)) unlink(PieceFile(path, number).c_str());
  }
}

}  // namespace duilian::storage
