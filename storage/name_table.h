// Strings by number, and numbers by string.

#ifndef DUILIAN_STORAGE_NAME_TABLE_H_
#define DUILIAN_STORAGE_NAME_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "storage/byte_strings.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

// What a name is to be, or to begin with, to end with, to hold.
struct NamePart {
  absl::string_view text;
  bool more_before = false;  // anything, or nothing, may stand before `text`
  bool more_behind = false;

  bool StandsIn(absl::string_view name) const;
};

// A number is never taken back. Not
// thread-safe for writers; any number of readers without one.
class NameTable {
 public:
  NameTable();

  uint32_t Intern(absl::string_view name);
  std::optional<uint32_t> Find(absl::string_view name) const;
  size_t size() const { return names_->size(); }
  // Good until the next Intern.
  absl::string_view name(uint32_t number) const { return (*names_)[number]; }
  // Of those that `part` stands in, ascending. Reads every name.
  std::vector<uint32_t> With(const NamePart& part) const;

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty table, as ByteStrings::Load does. False: it cannot be what
  // Save wrote.
  bool Load(SnapshotReader& snapshot);
  // Load in two steps, of which the second reads nothing: the names; then, of
  // these, what Intern and Find need.
  bool LoadNames(SnapshotReader& snapshot) { return names_->Load(snapshot); }
  void MakeNumbers();

 private:
  // The set holds numbers, and compares their names.
  struct Hash {
    using is_transparent = void;
    const ByteStrings* names;
    size_t operator()(absl::string_view name) const {
      return absl::HashOf(name);
    }
    size_t operator()(uint32_t number) const {
      return absl::HashOf((*names)[number]);
    }
  };
  struct Equal {
    using is_transparent = void;
    const ByteStrings* names;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t number, absl::string_view name) const {
      return (*names)[number] == name;
    }
  };

  std::unique_ptr<ByteStrings> names_;  // where the set's functions find them
  absl::flat_hash_set<uint32_t, Hash, Equal> numbers_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_NAME_TABLE_H_
