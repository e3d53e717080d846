// The frame around every stored value, and the few shapes inside it. Byte by
// byte in docs/storage_format.md.

#ifndef DUILIAN_STORAGE_RECORD_IO_H_
#define DUILIAN_STORAGE_RECORD_IO_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duilian::storage {

// First byte of a record. The letters stand on disk: never reuse one.
enum class RecordKind : char {
  kFormat = 'f',
  kProject = 'p',
  kUnit = 'u',
  kDocument = 'd',
  kRevision = 'r',
  kChange = 'c',
  kRequest = 'q',
  kLookupSettings = 'l',
  kPreferredRendering = 't',
};

class RecordWriter {
 public:
  RecordWriter(RecordKind kind, uint8_t version);

  void Byte(uint8_t value);
  void Varint(uint64_t value);        // LEB128, 1 to 10 bytes
  void SignedVarint(int64_t value);   // zigzag, then Varint
  void Double(double value);          // IEEE 754, 8 bytes, big-endian
  void Text(absl::string_view text);  // Varint length, then the bytes

  // Fills the checksum in and gives the record away.
  std::string Finish() &&;

 private:
  std::string record_;
};

// Reads any bytes without a crash. The first failed read makes every later
// one return zero or nothing; Finish() tells.
class RecordReader {
 public:
  // Checks kind, version and checksum. `record` must outlive the reader.
  // kDataLoss: not such a record, or damaged. kFailedPrecondition: intact,
  // but its version is above `newest_version`.
  static absl::StatusOr<RecordReader> Open(absl::string_view record,
                                           RecordKind kind,
                                           uint8_t newest_version);

  uint8_t version() const { return version_; }

  uint8_t Byte();
  uint8_t Byte(uint8_t least, uint8_t most);  // another value fails
  uint64_t Varint();
  int64_t SignedVarint();
  int32_t SignedVarint32();  // fails outside of int32
  double Double();
  std::string Text();
  // The number of things that follow, each of `least_bytes` at least, so that
  // a false number cannot make anyone reserve memory.
  size_t Count(size_t least_bytes);

  // kDataLoss: a read failed, or bytes are left over.
  absl::Status Finish() const;

 private:
  RecordReader(absl::string_view payload, RecordKind kind, uint8_t version);
  void Fail();

  absl::string_view rest_;
  RecordKind kind_;
  uint8_t version_;
  bool failed_ = false;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_RECORD_IO_H_
