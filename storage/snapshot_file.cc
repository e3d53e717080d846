// Blocks lie one behind the other in memory; how they are cut into pieces is
// the art of it. Most of what an index saves are arrays that have grown a
// little at their ends, or not at all, since they were saved last. So each long
// block is cut into pieces of its own, and a piece is known by its content: the
// same content that an earlier snapshot wrote is referred to where it lies,
// wherever in memory it has moved to. Short blocks share pieces, which what
// changes in any of them changes.
//
// Pieces are read, checked and unpacked by as many threads as there are.

#include "storage/snapshot_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "storage/disk_file.h"
#include "storage/snapshot_head.h"
#include "storage/snapshot_packing.h"

namespace duilian::storage {
namespace {

// Where blocks begin in memory. Short ones, of which there are many, waste
// little; long ones have their cache lines, and pieces, to themselves.
constexpr size_t kAlignment = 8;
constexpr size_t kLong = 4096;
constexpr size_t AlignmentOf(size_t bytes) {
  return bytes < kLong ? kAlignment : kPieceAlignment;
}
constexpr size_t Padding(size_t place, size_t alignment) {
  return (alignment - place % alignment) % alignment;
}

constexpr size_t kPiece = 64 << 10;  // at most, in memory

// Of a file of pieces, what must be in use for it to be referred to again.
constexpr double kUsed = 0.5;

template <typename T>
absl::string_view BytesOf(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

// Pieces by their content.
using KnownPieces = absl::flat_hash_map<ContentHash, SnapshotPiece>;

// Those of the snapshot at `path` that one of that packing may refer to. None
// when there is no snapshot, or one that cannot be read.
KnownPieces PiecesToKeep(const std::string& path, Packing packing) {
  KnownPieces known;
  const absl::StatusOr<SnapshotHead> head = ReadHead(path);
  if (!head.ok()) return known;
  const absl::flat_hash_set<uint32_t> files =
      FilesWorthKeeping(path, *head, kUsed);
  for (const SnapshotPiece& piece : head->pieces) {
    if (!files.contains(piece.file)) continue;
    if (piece.is_packed() && packing == Packing::kUnpacked) continue;
    known.try_emplace(piece.hash, piece);
  }
  return known;
}

// The head comes last: without it there is no snapshot.
absl::Status CopyFiles(const std::string& from, const SnapshotHead& head,
                       const PieceFiles& files, const std::string& to) {
  for (const auto& [number, file] : files) {
    absl::Status status =
        CopyFile(file.number(), PieceFile(from, number), PieceFile(to, number));
    if (!status.ok()) return status;
  }
  absl::Status status = SyncDirectory(to);
  if (!status.ok()) return status;
  return WriteHead(to, head);
}

}  // namespace

class SnapshotWriter::File {
 public:
  File(std::string path, uint32_t number, Descriptor file, uint64_t most_bytes,
       Packing packing)
      : path_(std::move(path)),
        number_(number),
        file_(std::move(file)),
        left_(most_bytes),
        packing_(packing),
        known_(PiecesToKeep(path_, packing)) {}
  ~File() {
    if (file_.is_open()) unlink(Name().c_str());
  }

  void Write(absl::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
      const size_t room = std::min(kPiece - piece_.size(), bytes.size());
      piece_.append(bytes.data(), room);
      bytes.remove_prefix(room);
      if (piece_.size() == kPiece) EndPiece();
    }
  }
  // In pieces of its own.
  void WriteLong(absl::string_view bytes, absl::string_view more) {
    Align(kPieceAlignment);
    EndPiece();
    for (; bytes.size() >= kPiece; bytes.remove_prefix(kPiece)) {
      size_ += kPiece;
      Store(bytes.substr(0, kPiece));
    }
    Write(bytes);
    Write(more);
    Align(kPieceAlignment);
    EndPiece();
  }
  void Align(size_t alignment) {
    constexpr char kZeros[kPieceAlignment] = {};
    Write({kZeros, Padding(size_, alignment)});
  }

  absl::Status Finish(const std::function<bool()>& stop_packing) {
    head_.bytes = size_;
    Align(kPieceAlignment);
    EndPiece();
    Count(HeadBytes(head_));
    if (status_.ok() && fsync(file_.number()) != 0) {
      status_ = FileError(Name(), "cannot be synced", errno);
    }
    if (status_.ok()) status_ = SyncDirectory(path_);
    if (status_.ok()) status_ = WriteHead(path_, head_);
    if (!status_.ok()) return status_;
    file_.Close();
    if (absl::Status status = SyncDirectory(path_); !status.ok()) return status;
    RemoveFilesBut(path_, FilesOf(head_));
    return packing_ == Packing::kSmall ? Pack(stop_packing) : absl::OkStatus();
  }

 private:
  std::string Name() const { return PieceFile(path_, number_); }

  absl::Status Pack(const std::function<bool()>& stop) const {
    const absl::Status packed =
        PackSnapshot(path_, MostSnapshotBytes(path_), stop);
    // What is saved next is not to refer to what is damaged.
    if (absl::IsDataLoss(packed)) RemoveSnapshot(path_);
    if (packed.ok() || absl::IsDataLoss(packed)) return packed;
    return absl::CancelledError(
        absl::StrCat("saved, but not packed: ", packed.message()));
  }

  void EndPiece() {
    if (!piece_.empty()) Store(piece_);
    piece_.clear();
  }

  void Store(absl::string_view content) {
    const ContentHash hash = HashOf(content);
    const auto known = known_.find(hash);
    if (known != known_.end() && known->second.bytes == content.size()) {
      head_.pieces.push_back(known->second);
      return;
    }
    SnapshotPiece piece;
    piece.hash = hash;
    piece.place = written_;
    piece.file = number_;
    piece.stored = piece.bytes = static_cast<uint32_t>(content.size());
    WriteOut(content);
    head_.pieces.push_back(piece);
    known_.insert_or_assign(hash, piece);
  }

  // That so much is to be written.
  void Count(uint64_t bytes) {
    if (bytes > left_ && status_.ok()) {
      status_ = absl::ResourceExhaustedError(
          absl::StrCat(path_, ": would take more of the disk than the ", left_,
                       " bytes that are left to it; free some space"));
    }
    left_ -= std::min(left_, bytes);
  }

  void WriteOut(absl::string_view bytes) {
    Count(bytes.size());
    if (!status_.ok()) return;
    const int error = WriteAll(file_.number(), bytes);
    if (error != 0) status_ = FileError(Name(), "cannot be written", error);
    written_ += bytes.size();
  }

  const std::string path_;
  const uint32_t number_;
  Descriptor file_;
  uint64_t left_;  // of the bytes that may be written
  uint64_t written_ = 0;
  const Packing packing_;
  KnownPieces known_;
  SnapshotHead head_;
  uint64_t size_ = 0;  // in memory, so far
  std::string piece_;  // that is not whole yet
  absl::Status status_;
};

SnapshotWriter::SnapshotWriter(std::unique_ptr<File> file)
    : file_(std::move(file)) {}
SnapshotWriter::~SnapshotWriter() = default;

absl::StatusOr<std::unique_ptr<SnapshotWriter>> SnapshotWriter::Create(
    const std::string& path, uint64_t most_bytes, Packing packing) {
  const uint32_t number = NextFileNumber(path);
  const std::string name = PieceFile(path, number);
  Descriptor file(
      open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return FileError(name, "cannot be made", errno);
  return absl::WrapUnique(new SnapshotWriter(std::make_unique<File>(
      path, number, std::move(file), most_bytes, packing)));
}

void SnapshotWriter::Number(uint64_t value) { file_->Write(BytesOf(value)); }

void SnapshotWriter::Block(absl::string_view bytes, absl::string_view more) {
  const size_t size = bytes.size() + more.size();
  Number(size);
  if (size >= kLong) {
    file_->WriteLong(bytes, more);
  } else {
    file_->Write(bytes);
    file_->Write(more);
    file_->Align(kAlignment);
  }
}

absl::Status SnapshotWriter::Finish(const std::function<bool()>& stop_packing) {
  return file_->Finish(stop_packing);
}

uint64_t MostSnapshotBytes(const std::string& path) {
  std::error_code error;
  const std::filesystem::space_info space =
      std::filesystem::space(DirectoryOf(path), error);
  return error ? 0 : space.available / 8;
}

absl::Status CopySnapshot(const std::string& from, const std::string& to) {
  std::error_code error;
  if (std::filesystem::exists(to, error)) {
    return absl::AlreadyExistsError(absl::StrCat(to, ": is there already"));
  }
  const absl::StatusOr<SnapshotHead> head = ReadHead(from);
  if (!head.ok()) return head.status();
  // Open, they stay, whatever is saved meanwhile.
  const absl::StatusOr<PieceFiles> files = OpenPieceFiles(from, *head);
  if (!files.ok()) return files.status();
  const absl::Status copied = CopyFiles(from, *head, *files, to);
  if (!copied.ok()) {
    RemoveFilesBut(to, {});
    return copied;
  }
  return SyncDirectory(to);
}

void ForgetDamaged(const std::string& path, const absl::Status& refused) {
  if (absl::IsDataLoss(refused) || absl::IsUnavailable(refused)) {
    RemoveSnapshot(path);
  }
}

namespace {

// Pieces that are read by threads, each taking the next ones that nobody has
// taken.
class PiecesToRead {
 public:
  // They go to `to`, one behind the other. Outlived by all three.
  PiecesToRead(const std::vector<SnapshotPiece>& pieces,
               const PieceFiles& files, char* to)
      : pieces_(pieces), files_(files), to_(to) {
    uint64_t place = 0;
    for (const SnapshotPiece& piece : pieces) {
      places_.push_back(place);
      place += piece.bytes;
    }
  }

  void Read() ABSL_LOCKS_EXCLUDED(mutex_) {
    Unpacker unpacker;
    for (size_t i = next_.fetch_add(kTaken); i < pieces_.size();
         i = next_.fetch_add(kTaken)) {
      Expect(i == 0 ? 0 : i + kAhead, i + kAhead + kTaken);
      const size_t end = std::min(i + kTaken, pieces_.size());
      for (size_t piece = i; piece < end; ++piece) {
        int error = 0;
        if (!ReadPiece(piece, unpacker, error)) return Fail(piece, error);
      }
    }
  }

  // When all threads have returned: null, or the piece that could not be read,
  // and errno or, for a damaged one, 0.
  const SnapshotPiece* failed(int& error) const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    error = error_;
    return failed_;
  }

 private:
  // Pieces that a thread takes at once: about a large page (large_pages.h), so
  // that no two threads write to one.
  static constexpr size_t kTaken = 32;

  // So many pieces before they are taken the disk is asked for them: it gives
  // many at once faster than one after the other. At most 32 MiB.
  static constexpr size_t kAhead = 16 * kTaken;

  // Asks the disk for the pieces [begin, end), as far as there are any.
  void Expect(size_t begin, size_t end) const {
    end = std::min(end, pieces_.size());
    while (begin < end) {
      const SnapshotPiece& first = pieces_[begin];
      uint64_t place = first.place;
      for (; begin < end && pieces_[begin].file == first.file &&
             pieces_[begin].place == place;
           ++begin) {
        place += pieces_[begin].stored;
      }
      ExpectReads(files_.at(first.file).number(), first.place,
                  place - first.place);
    }
  }

  // False: the disk did not give it (`error` says why), or it is damaged (0).
  bool ReadPiece(size_t i, Unpacker& unpacker, int& error) {
    const SnapshotPiece& piece = pieces_[i];
    char* const to = to_ + places_[i];
    const bool is_packed = piece.is_packed();
    char* const stored = is_packed ? unpacker.Room(piece.stored) : to;
    if (!ReadAt(files_.at(piece.file).number(), piece.place, stored,
                piece.stored, error)) {
      return false;
    }
    if (is_packed && !unpacker.Unpack(piece.packing, {to, piece.bytes})) {
      return false;
    }
    return HashOf({to, piece.bytes}) == piece.hash;
  }

  void Fail(size_t piece, int error) ABSL_LOCKS_EXCLUDED(mutex_) {
    next_ = pieces_.size();
    absl::MutexLock lock(&mutex_);
    failed_ = &pieces_[piece];
    error_ = error;
  }

  const std::vector<SnapshotPiece>& pieces_;
  const PieceFiles& files_;
  char* const to_;
  std::vector<uint64_t> places_;  // in memory
  std::atomic<size_t> next_ = 0;  // piece
  mutable absl::Mutex mutex_;
  const SnapshotPiece* failed_ ABSL_GUARDED_BY(mutex_) = nullptr;
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The pieces in memory, all of them being right. kDataLoss, kUnavailable.
absl::StatusOr<std::shared_ptr<const LargePages>> ReadPieces(
    const std::string& path, const SnapshotHead& head, IdleThreads* threads) {
  const absl::StatusOr<PieceFiles> files = OpenPieceFiles(path, head);
  if (!files.ok()) return files.status();
  uint64_t bytes = 0;
  for (const SnapshotPiece& piece : head.pieces) bytes += piece.bytes;
  std::shared_ptr<const LargePages> memory = LargePages::Take(bytes);
  if (memory == nullptr) {
    return FileError(path, "there is no memory for it", ENOMEM);
  }
  PiecesToRead pieces(head.pieces, *files, memory->data());
  if (threads == nullptr) {
    pieces.Read();
  } else {
    threads->Share(head.pieces.size(), [&] { pieces.Read(); });
  }
  int error = 0;
  const SnapshotPiece* const failed = pieces.failed(error);
  if (failed == nullptr) return memory;
  const std::string name = PieceFile(path, failed->file);
  return error == 0 ? Damaged(name) : FileError(name, "cannot be read", error);
}

// True when all of it was packed.
bool IsSmall(const SnapshotHead& head) {
  return std::all_of(
      head.pieces.begin(), head.pieces.end(),
      [](const SnapshotPiece& piece) { return piece.is_small(); });
}

}  // namespace

SnapshotReader::SnapshotReader(std::string path,
                               std::shared_ptr<const LargePages> memory,
                               size_t size, bool is_small)
    : path_(std::move(path)),
      memory_(std::move(memory)),
      end_(size),
      is_small_(is_small) {}

absl::StatusOr<SnapshotReader> SnapshotReader::Open(const std::string& path,
                                                    IdleThreads* threads) {
  const absl::StatusOr<SnapshotHead> head = ReadHead(path);
  if (!head.ok()) return head.status();
  absl::StatusOr<std::shared_ptr<const LargePages>> memory =
      ReadPieces(path, *head, threads);
  if (!memory.ok()) return memory.status();
  return SnapshotReader(path, *std::move(memory), head->bytes, IsSmall(*head));
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
  Align(AlignmentOf(size));
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
