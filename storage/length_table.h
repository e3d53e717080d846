// The texts of one side of a project by their length in code points, as a
// fuzzy search reads them: one length after the other, many texts at a time.

#ifndef DUILIAN_STORAGE_LENGTH_TABLE_H_
#define DUILIAN_STORAGE_LENGTH_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "storage/letter_class.h"

namespace duilian::storage {

using SlotId = uint32_t;  // an entry's place in the index

// Texts of one length, in rows. The counts of their letters are kept for
// whole blocks of rows; those of the last rows, up to kBlock - 1, are not.
// Not thread-safe for writers; any number of readers without one.
class TextsOfLength {
 public:
  static constexpr size_t kBlock = 64;
  // So many bytes behind the last letter of any row can be read.
  static constexpr size_t kReadable = 16;

  explicit TextsOfLength(size_t length) : length_(length) {}

  size_t length() const { return length_; }
  size_t rows() const { return slots_.size(); }
  size_t whole_blocks() const { return rows() / kBlock; }
  SlotId slot(size_t row) const { return slots_[row]; }
  // [length]
  const LetterClass* letters(size_t row) const {
    return letters_.data() + row * length_;
  }
  // Asks for the first 128 letters of a row before they are needed.
  void Prefetch(size_t row) const {
    const LetterClass* first = letters(row);
    __builtin_prefetch(first);
    if (length_ > kReadable) {
      __builtin_prefetch(first + std::min<size_t>(length_, 64) - 1);
    }
    if (length_ > 64) {
      __builtin_prefetch(first + std::min<size_t>(length_, 128) - 1);
    }
  }
  // [kLetterClasses][kBlock], as CountLetters has them.
  const uint8_t* counts(size_t block) const {
    return counts_.data() + block * kLetterClasses * kBlock;
  }

  // Adds a row at the end. `letters` has length() elements.
  void Add(absl::Span<const LetterClass> letters, SlotId slot);
  // Takes a row away and moves the last one into its place. Returns the slot
  // that moved; nullopt when it was the last one that went.
  std::optional<SlotId> Remove(size_t row);
  // Slot s becomes `renumbered[s]`.
  void Renumber(absl::Span<const SlotId> renumbered);

 private:
  void CountRow(size_t row);

  const size_t length_;
  std::vector<LetterClass> letters_;  // [rows][length], kReadable behind
  std::vector<uint8_t> counts_;
  std::vector<SlotId> slots_;
};

// Not thread-safe for writers; any number of readers without one.
class LengthTable {
 public:
  // Returns the row among the texts of its length.
  uint32_t Add(absl::Span<const LetterClass> letters, SlotId slot);
  // As TextsOfLength::Remove. There is such a row.
  std::optional<SlotId> Remove(size_t length, uint32_t row);
  void Renumber(absl::Span<const SlotId> renumbered);

  // Ascending; none of them without rows.
  const std::map<size_t, TextsOfLength>& lengths() const { return lengths_; }

 private:
  std::map<size_t, TextsOfLength> lengths_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LENGTH_TABLE_H_
