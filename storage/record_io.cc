// A record is kind (1 byte), version (1), CRC-32 (4, big-endian) of kind,
// version and payload, then the payload. Tested by codec_test.cc.

#include "storage/record_io.h"

#include <zlib.h>

#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

constexpr size_t kChecksumOffset = 2;
constexpr size_t kPayloadOffset = 6;

uint32_t Checksum(absl::string_view record) {
  const auto* bytes = reinterpret_cast<const Bytef*>(record.data());
  const uLong head = crc32_z(0, bytes, kChecksumOffset);
  return static_cast<uint32_t>(
      crc32_z(head, bytes + kPayloadOffset, record.size() - kPayloadOffset));
}

std::string KindName(RecordKind kind) {
  switch (kind) {
    case RecordKind::kFormat:
      return "format";
    case RecordKind::kProject:
      return "project";
    case RecordKind::kUnit:
      return "unit";
    case RecordKind::kDocument:
      return "document";
    case RecordKind::kRevision:
      return "revision";
    case RecordKind::kChange:
      return "change";
    case RecordKind::kRequest:
      return "request";
    case RecordKind::kLookupSettings:
      return "look-up settings";
    case RecordKind::kPreferredRendering:
      return "preferred rendering";
  }
  return "unknown";
}

absl::Status Damaged(RecordKind kind, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("a stored ", KindName(kind), " record is damaged: ", what,
                   "; an intact record is accepted; stop the server and "
                   "restore the data directory from a backup"));
}

}  // namespace

RecordWriter::RecordWriter(RecordKind kind, uint8_t version) {
  record_.push_back(static_cast<char>(kind));
  record_.push_back(static_cast<char>(version));
  record_.append(kPayloadOffset - kChecksumOffset, '\0');
}

void RecordWriter::Byte(uint8_t value) {
  record_.push_back(static_cast<char>(value));
}

void RecordWriter::Varint(uint64_t value) {
  while (value >= 0x80) {
    Byte(static_cast<uint8_t>(value | 0x80));
    value >>= 7;
  }
  Byte(static_cast<uint8_t>(value));
}

void RecordWriter::SignedVarint(int64_t value) {
  const uint64_t doubled = static_cast<uint64_t>(value) << 1;
  Varint(value < 0 ? ~doubled : doubled);
}

void RecordWriter::Double(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  for (int shift = 56; shift >= 0; shift -= 8) {
    Byte(static_cast<uint8_t>(bits >> shift));
  }
}

void RecordWriter::Text(absl::string_view text) {
  Varint(text.size());
  record_.append(text.data(), text.size());
}

std::string RecordWriter::Finish() && {
  const uint32_t checksum = Checksum(record_);
  for (size_t i = 0; i < 4; ++i) {
    record_[kChecksumOffset + i] = static_cast<char>(checksum >> (24 - 8 * i));
  }
  return std::move(record_);
}

RecordReader::RecordReader(absl::string_view payload, RecordKind kind,
                           uint8_t version)
    : rest_(payload), kind_(kind), version_(version) {}

absl::StatusOr<RecordReader> RecordReader::Open(absl::string_view record,
                                                RecordKind kind,
                                                uint8_t newest_version) {
  if (record.size() < kPayloadOffset) {
    return Damaged(kind, absl::StrCat("it has ", record.size(), " bytes"));
  }
  uint32_t stored = 0;
  for (size_t i = 0; i < 4; ++i) {
    stored =
        stored << 8 | static_cast<unsigned char>(record[kChecksumOffset + i]);
  }
  if (stored != Checksum(record)) return Damaged(kind, "its checksum differs");
  if (record[0] != static_cast<char>(kind)) {
    return Damaged(kind, "another kind of record is in its place");
  }
  const uint8_t version = static_cast<unsigned char>(record[1]);
  if (version == 0) return Damaged(kind, "its version is 0");
  if (version > newest_version) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a stored ", KindName(kind), " record has version ",
        static_cast<int>(version), "; this release reads up to version ",
        static_cast<int>(newest_version),
        "; open the data directory with the release that wrote it"));
  }
  return RecordReader(record.substr(kPayloadOffset), kind, version);
}

void RecordReader::Fail() {
  failed_ = true;
  rest_ = absl::string_view();
}

uint8_t RecordReader::Byte() {
  if (rest_.empty()) {
    Fail();
    return 0;
  }
  const uint8_t value = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

uint8_t RecordReader::Byte(uint8_t least, uint8_t most) {
  const uint8_t value = Byte();
  if (value >= least && value <= most) return value;
  Fail();
  return least;
}

uint64_t RecordReader::Varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = Byte();
    if (shift == 63 && byte > 1) break;  // more than 64 bits
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  Fail();
  return 0;
}

int64_t RecordReader::SignedVarint() {
  const uint64_t value = Varint();
  const uint64_t half = value >> 1;
  return static_cast<int64_t>((value & 1) != 0 ? ~half : half);
}

int32_t RecordReader::SignedVarint32() {
  const int64_t value = SignedVarint();
  if (value < std::numeric_limits<int32_t>::min() ||
      value > std::numeric_limits<int32_t>::max()) {
    Fail();
    return 0;
  }
  return static_cast<int32_t>(value);
}

double RecordReader::Double() {
  uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = bits << 8 | Byte();
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return failed_ ? 0 : value;
}

std::string RecordReader::Text() {
  const uint64_t size = Varint();
  if (size > rest_.size()) {
    Fail();
    return std::string();
  }
  std::string text(rest_.substr(0, static_cast<size_t>(size)));
  rest_.remove_prefix(static_cast<size_t>(size));
  return text;
}

size_t RecordReader::Count(size_t least_bytes) {
  const uint64_t count = Varint();
  if (count > rest_.size() / least_bytes) {
    Fail();
    return 0;
  }
  return static_cast<size_t>(count);
}

absl::Status RecordReader::Finish() const {
  if (failed_) return Damaged(kind_, "a field is cut short or out of range");
  if (!rest_.empty()) {
    return Damaged(kind_, absl::StrCat(rest_.size(), " bytes too many"));
  }
  return absl::OkStatus();
}

}  // namespace duilian::storage
