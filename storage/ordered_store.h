// The floor under the translation memory: ordered keys, atomic batches,
// snapshots. Two back ends implement it: RocksDB, and an in-memory one that
// tests hold against it. A networked one can follow, so every read takes many
// keys at once: one call is one round trip.

#ifndef DUILIAN_STORAGE_ORDERED_STORE_H_
#define DUILIAN_STORAGE_ORDERED_STORE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace duilian::storage {

// A frozen view. Released by its destructor; must not outlive its store.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
};

struct KeyValue {
  std::string key;
  std::string value;
  bool operator==(const KeyValue&) const = default;
};

// Puts and deletes that take effect together, in order.
struct WriteBatch {
  struct Operation {
    std::string key;
    std::optional<std::string> value;  // nullopt deletes
  };
  std::vector<Operation> operations;

  void Put(std::string key, std::string value);
  void Delete(std::string key);
};

struct KeyRange {
  std::string begin;     // inclusive
  std::string end;       // exclusive; empty means no end
  size_t limit = 0;      // at most so many; 0 means no limit
  bool reverse = false;  // from the end backwards
};

// The range of all keys that begin with `prefix`.
KeyRange PrefixRange(std::string prefix);

// Thread-safe. Keys are compared as unsigned bytes. Errors of every call:
// kResourceExhausted: the disk is full. kDataLoss: a checksum failed; stop and
// restore. kUnavailable: the store is closing or read-only after an error.
class OrderedStore {
 public:
  virtual ~OrderedStore() = default;

  // One value a key, nullopt where there is none, in the keys' order.
  // `snapshot` null reads the newest state.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys, const Snapshot* snapshot) const = 0;

  // One list a range, in the ranges' order.
  virtual absl::StatusOr<std::vector<std::vector<KeyValue>>> MultiScan(
      absl::Span<const KeyRange> ranges, const Snapshot* snapshot) const = 0;

  // All or nothing; durable (synced) when it returns OK.
  virtual absl::Status Write(const WriteBatch& batch) = 0;

  virtual std::unique_ptr<Snapshot> TakeSnapshot() const = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_ORDERED_STORE_H_
