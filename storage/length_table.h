// The texts of one side of a project by their length in code points, as a
// fuzzy search reads them: one length after the other, many texts at a time.

#ifndef DUILIAN_STORAGE_LENGTH_TABLE_H_
#define DUILIAN_STORAGE_LENGTH_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "storage/letter_class.h"
#include "storage/row_array.h"
#include "storage/run_filters.h"
#include "storage/slot_id.h"
#include "storage/snapshot_file.h"
#include "storage/word_number.h"

namespace duilian::storage {

// A text's letters, packed (letter_class.h): its first words, as many as
// FrontWords says of its length, and those behind them. They are kept apart,
// since most comparisons are over in the first half.
struct PackedText {
  const LetterWord* front = nullptr;
  const LetterWord* back = nullptr;
};
constexpr size_t FrontWords(size_t length) {
  return std::min(WordsFor(length), (WordsFor(length) + 1) / 2 + 1);
}

// The same of equal letters. Snapshots hold bits of it: whoever changes it
// raises kSnapshotVersion.
uint64_t HashLetters(absl::Span<const LetterClass> letters);

// What is kept of each text of a table beside its letters.
struct TextLayout {
  // A word for every so many letters, and one more; 0: none.
  size_t letters_a_word = 0;
  // Up to this length the count of a class in a half of a text has two bits, of
  // longer texts four: letters that come seldom are seldom many in short texts.
  size_t two_bits_up_to = 0;
};

// Where a class's counts are in a block.
struct CountPlace {
  size_t line = 0;
  unsigned shift = 0;  // below the first half's; the second's is right above it
};

// Texts of one length, in rows, the counts of their letters by blocks of rows,
// of which the last may be in part empty, and filters of full runs of rows. Not
// thread-safe for writers; any number of readers without one.
class TextsOfLength {
 public:
  static constexpr size_t kBlock = 64;

  explicit TextsOfLength(size_t length, const TextLayout& layout = {})
      : length_(length),
        words_a_row_(layout.letters_a_word == 0
                         ? 0
                         : length / layout.letters_a_word + 1),
        count_bits_(length <= layout.two_bits_up_to ? 2 : 4),
        words_(words_a_row_),
        front_(front_words()),
        back_(back_words()),
        counts_(CountLines(count_bits_) * kBlock) {}

  size_t length() const { return length_; }
  size_t rows() const { return slots_.rows(); }
  size_t blocks() const { return (rows() + kBlock - 1) / kBlock; }
  SlotId slot(size_t row) const { return *slots_.row(row); }
  PackedText letters(size_t row) const {
    return {front_.row(row), back_.row(row)};
  }
  // Asks for the first words of a row before they are needed.
  void Prefetch(size_t row) const {
    if (front_words() == 0) return;  // an empty text has none
    const LetterWord* first = letters(row).front;
    __builtin_prefetch(first);
    __builtin_prefetch(first + front_words() - 1);
  }
  // How many of a text's first length() / 2 letters are of a class, and how
  // many of the others; MostCounted(count_bits()) stands for more. Lines of a
  // byte a row, of which Place() tells that of a class: [CountLines()][kBlock].
  // Behind the last row, any counts.
  const uint8_t* counts(size_t block) const { return counts_.row(block); }
  unsigned count_bits() const { return count_bits_; }
  static constexpr uint8_t MostCounted(unsigned count_bits) {
    return static_cast<uint8_t>((1u << count_bits) - 1);
  }
  static constexpr size_t CountLines(unsigned count_bits) {
    return kLetterClasses * 2 * count_bits / 8;
  }
  static constexpr CountPlace Place(LetterClass letter, unsigned count_bits) {
    const unsigned bit = letter * 2 * count_bits;
    return {bit / 8, bit % 8};
  }

  // Rows in runs of so many, of which the last may be in part empty.
  static constexpr size_t kRun = RunFilters::kTexts;
  static_assert(kRun % kBlock == 0);
  size_t runs() const { return (rows() + kRun - 1) / kRun; }
  // False: no text of the run has letters of this hash (HashLetters). Of the
  // last one, as long as it is not full, nothing is known.
  bool MayHold(size_t run, uint64_t letters_hash) const {
    return run >= filters_.runs() || filters_.MayHold(run, letters_hash);
  }

  // Words of a text, as they were last set; zeros before.
  absl::Span<const PlacedWord> words(size_t row) const {
    return {words_.row(row), words_a_row_};
  }
  // The same, to be set.
  absl::Span<PlacedWord> words(size_t row) {
    return {words_.row(row), words_a_row_};
  }
  size_t words_a_row() const { return words_a_row_; }
  // Replaces those of all rows.
  void SetWords(RowArray<PlacedWord> words) { words_ = std::move(words); }
  // Asks for them before they are needed.
  void PrefetchWords(size_t row) const {
    const PlacedWord* first = words(row).data();
    __builtin_prefetch(first);
    __builtin_prefetch(first + words_a_row_ - 1);
  }

  // Adds a row at the end. `letters` has length() elements. The row that fills
  // a run takes some 50 microseconds.
  void Add(absl::Span<const LetterClass> letters, SlotId slot);
  // Takes a row away and moves the last one into its place. Returns the slot
  // that moved; nullopt when it was the last one that went.
  std::optional<SlotId> Remove(size_t row);
  // Slot s becomes `renumbered[s]`.
  void Renumber(absl::Span<const SlotId> renumbered);

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty one, of slots below `slots`, whose texts from now on lie in
  // snapshot.memory(), which must outlive it. False: it cannot be what Save
  // wrote.
  bool Load(size_t slots, SnapshotReader& snapshot);

 private:
  size_t front_words() const { return FrontWords(length_); }
  size_t back_words() const { return WordsFor(length_) - front_words(); }
  void CountRow(size_t row);
  uint64_t HashRow(size_t row) const;
  // Lets a run's filter hold what its rows do.
  void FilterRun(size_t run);

  const size_t length_, words_a_row_;
  const unsigned count_bits_;
  RowArray<PlacedWord> words_;
  RowArray<LetterWord> front_, back_;
  RowArray<uint8_t> counts_;  // a block is a row
  RowArray<SlotId> slots_{1};
  RunFilters filters_;  // of the runs that are full
};

// Not thread-safe for writers; any number of readers without one.
class LengthTable {
 public:
  explicit LengthTable(const TextLayout& layout = {}) : layout_(layout) {}

  // Returns the row among the texts of its length.
  uint32_t Add(absl::Span<const LetterClass> letters, SlotId slot);
  // As TextsOfLength::Remove. There is such a row.
  std::optional<SlotId> Remove(size_t length, uint32_t row);
  void Renumber(absl::Span<const SlotId> renumbered);
  bool keeps_words() const { return layout_.letters_a_word > 0; }
  // The words of a text, to be set. There is such a row.
  absl::Span<PlacedWord> words(size_t length, uint32_t row) {
    return lengths_.find(length)->second.words(row);
  }
  // By length, the words of all rows.
  using Words = std::map<size_t, RowArray<PlacedWord>>;
  // What choose(slot, length, words) makes of every row's, for SetWords().
  Words MakeWords(
      absl::FunctionRef<void(SlotId, size_t, absl::Span<PlacedWord>)> choose)
      const;
  // `words` are of the rows that are there.
  void SetWords(Words words);

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // As TextsOfLength::Load.
  bool Load(size_t slots, SnapshotReader& snapshot);

  // Ascending; none of them without rows.
  const std::map<size_t, TextsOfLength>& lengths() const { return lengths_; }

 private:
  TextLayout layout_;
  std::map<size_t, TextsOfLength> lengths_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LENGTH_TABLE_H_
