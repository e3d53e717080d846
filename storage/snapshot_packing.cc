// Tested by snapshot_file_test.cc.

#include "storage/snapshot_packing.h"

#include <fcntl.h>
#include <lz4.h>
#include <lz4hc.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "storage/disk_file.h"
#include "storage/snapshot_head.h"

namespace duilian::storage {
namespace {

// Of Zstandard the quickest, and of LZ4 the quickest that looks for the best
// matches. What LZ4 has packed is unpacked four times as soon.
constexpr int kZstdLevel = 1;
constexpr int kLz4Level = LZ4HC_CLEVEL_MIN;

// A piece stays as it is unless packing takes this share off, as it is read so
// much sooner; and it is packed by LZ4 unless Zstandard takes that much more
// off (docs/decisions/2026-11-28-snapshots-unpacked-sooner.md).
constexpr double kLeastGain = 1.0 / 16;
constexpr double kLeastGainOfZstd = 0.15;

// Of a file of pieces, what must be in use for it to stay. It is looked at when
// there is time.
constexpr double kUsed = 0.875;

struct Packed {
  absl::string_view bytes;
  PiecePacking packing;
};

class Packer {
 public:
  // The piece itself where packing does not make it much smaller. Good until
  // the next call.
  Packed Pack(absl::string_view piece) {
    const auto share = [&piece](double of_piece) {
      return static_cast<size_t>(of_piece * static_cast<double>(piece.size()));
    };
    const absl::string_view by_zstd = ByZstd(piece), by_lz4 = ByLz4(piece);
    Packed packed = {piece, PiecePacking::kNone};
    if (by_lz4.size() + share(kLeastGain) <= piece.size()) {
      packed = {by_lz4, PiecePacking::kLz4};
    }
    if (by_zstd.size() + share(kLeastGainOfZstd) <= packed.bytes.size()) {
      packed = {by_zstd, PiecePacking::kZstd};
    }
    return packed;
  }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };

  // Both return the piece where they cannot make it smaller.
  absl::string_view ByZstd(absl::string_view piece) {
    zstd_.resize(ZSTD_compressBound(piece.size()));
    const size_t size =
        ZSTD_compressCCtx(context_.get(), zstd_.data(), zstd_.size(),
                          piece.data(), piece.size(), kZstdLevel);
    if (ZSTD_isError(size) != 0 || size >= piece.size()) return piece;
    return {zstd_.data(), size};
  }
  absl::string_view ByLz4(absl::string_view piece) {
    const int bytes = static_cast<int>(piece.size());  // of a piece: few
    lz4_.resize(static_cast<size_t>(LZ4_compressBound(bytes)));
    const int size = LZ4_compress_HC_extStateHC(
        lz4_state_.data(), piece.data(), lz4_.data(), bytes,
        static_cast<int>(lz4_.size()), kLz4Level);
    if (size <= 0 || size >= bytes) return piece;
    return {lz4_.data(), static_cast<size_t>(size)};
  }

  std::unique_ptr<ZSTD_CCtx, Free> context_{ZSTD_createCCtx()};
  std::vector<uint64_t> lz4_state_ = std::vector<uint64_t>(
      static_cast<size_t>(LZ4_sizeofStateHC()) / sizeof(uint64_t) + 1);
  std::string zstd_, lz4_;
};

// A file of packed pieces that is being written.
class PackedFile {
 public:
  PackedFile(std::string path, uint32_t number, Descriptor file,
             uint64_t most_bytes)
      : path_(std::move(path)),
        number_(number),
        file_(std::move(file)),
        left_(most_bytes) {}
  // Without Finish(), it goes.
  ~PackedFile() {
    if (file_.is_open()) unlink(name().c_str());
  }

  // Writes the piece, which it reads from `from`, and makes it one that lies
  // here. kDataLoss: it is damaged. kResourceExhausted, kUnavailable.
  absl::Status Take(int from, const std::string& from_name,
                    SnapshotPiece& piece) {
    read_.resize(piece.stored);
    int error = 0;
    if (!ReadAt(from, piece.place, read_.data(), read_.size(), error)) {
      return error == 0 ? Damaged(from_name)
                        : FileError(from_name, "cannot be read", error);
    }
    Packed packed = {read_, piece.packing};
    if (!piece.is_packed()) {
      if (HashOf(read_) != piece.hash) return Damaged(from_name);
      packed = packer_.Pack(read_);
    }
    piece.file = number_;
    piece.place = written_;
    piece.stored = static_cast<uint32_t>(packed.bytes.size());
    piece.packing = packed.packing;
    return Write(packed.bytes);
  }

  // Makes all of it durable.
  absl::Status Finish() {
    if (fsync(file_.number()) != 0) {
      return FileError(name(), "cannot be synced", errno);
    }
    return SyncDirectory(path_);
  }
  // It is referred to, and stays.
  void Keep() { file_.Close(); }

 private:
  std::string name() const { return PieceFile(path_, number_); }

  absl::Status Write(absl::string_view bytes) {
    if (bytes.size() > left_) {
      return absl::ResourceExhaustedError(absl::StrCat(
          path_, ": to pack it would take more of the disk than the ",
          written_ + left_, " bytes that are left to it; free some space"));
    }
    left_ -= bytes.size();
    written_ += bytes.size();
    const int error = WriteAll(file_.number(), bytes);
    return error == 0 ? absl::OkStatus()
                      : FileError(name(), "cannot be written", error);
  }

  const std::string path_;
  const uint32_t number_;
  Descriptor file_;
  uint64_t left_, written_ = 0;
  Packer packer_;
  std::string read_;
};

// Packs what is to be packed of `head`, which then says where all lies.
absl::Status PackPieces(const std::string& path,
                        const absl::flat_hash_set<uint32_t>& kept,
                        const std::function<bool()>& stop, SnapshotHead& head,
                        PackedFile& packed) {
  const absl::StatusOr<PieceFiles> files = OpenPieceFiles(path, head);
  if (!files.ok()) return files.status();
  // A piece may come twice.
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, SnapshotPiece> moved;
  for (SnapshotPiece& piece : head.pieces) {
    if (piece.is_small() && kept.contains(piece.file)) continue;
    const auto [known, is_new] =
        moved.try_emplace({piece.file, piece.place}, piece);
    if (is_new) {
      if (stop && stop()) {
        return absl::CancelledError(
            absl::StrCat(path, ": its packing was ended; it is as it was"));
      }
      if (absl::Status status =
              packed.Take(files->at(piece.file).number(),
                          PieceFile(path, piece.file), known->second);
          !status.ok()) {
        return status;
      }
    }
    piece = known->second;
  }
  return absl::OkStatus();
}

}  // namespace

char* Unpacker::Room(size_t packed_bytes) {
  packed_.resize(packed_bytes);
  return packed_.data();
}

bool Unpacker::Unpack(PiecePacking packing, absl::Span<char> to) {
  if (packing == PiecePacking::kLz4) {
    const int size = LZ4_decompress_safe(packed_.data(), to.data(),
                                         static_cast<int>(packed_.size()),
                                         static_cast<int>(to.size()));
    return size >= 0 && static_cast<size_t>(size) == to.size();
  }
  return ZSTD_decompressDCtx(context_.get(), to.data(), to.size(),
                             packed_.data(), packed_.size()) == to.size();
}

absl::Status PackSnapshot(const std::string& path, uint64_t most_bytes,
                          const std::function<bool()>& stop) {
  absl::StatusOr<SnapshotHead> head = ReadHead(path);
  if (!head.ok()) return head.status();
  const absl::flat_hash_set<uint32_t> kept =
      FilesWorthKeeping(path, *head, kUsed);
  const bool is_packed =
      std::all_of(head->pieces.begin(), head->pieces.end(),
                  [&](const SnapshotPiece& piece) {
                    return piece.is_small() && kept.contains(piece.file);
                  });
  if (is_packed) return absl::OkStatus();
  const uint32_t number = NextFileNumber(path);
  const std::string name = PieceFile(path, number);
  Descriptor file(
      open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return FileError(name, "cannot be made", errno);
  PackedFile packed(path, number, std::move(file), most_bytes);
  absl::Status status = PackPieces(path, kept, stop, *head, packed);
  if (status.ok()) status = packed.Finish();
  if (status.ok()) status = WriteHead(path, *head);
  if (!status.ok()) return status;
  packed.Keep();
  status = SyncDirectory(path);
  if (status.ok()) RemoveFilesBut(path, FilesOf(*head));
  return status;
}

}  // namespace duilian::storage
