#ifndef DUILIAN_STORAGE_LETTER_FILTER_H_
#define DUILIAN_STORAGE_LETTER_FILTER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "storage/length_table.h"
#include "storage/letter_class.h"

namespace duilian::storage {

// Which texts of one length can be within a distance of a query, by their
// letters. Immutable.
class LetterFilter {
 public:
  // Linear in the query's length.
  LetterFilter(absl::Span<const LetterClass> query, const TextsOfLength& texts,
               size_t cutoff);

  // False: the lengths alone forbid it.
  bool possible() const { return possible_; }
  // Bit r: the text in row r of the block (TextsOfLength::counts of those
  // texts) may be within the cutoff. Requires possible().
  uint64_t Rows(const uint8_t* block_counts) const;

 private:
  // How many letters of a class the query has, and each half of it.
  struct Wanted {
    CountPlace place;  // of the texts' counts
    uint8_t all = 0, first = 0, second = 0;
  };
  struct Counts {
    std::array<Wanted, kLetterClasses>
        wanted;          // the query's classes come first
    size_t classes = 0;  // so many
    unsigned bits = 4;   // of each of the texts' counts
    uint8_t most_in_all = 0;
    uint8_t most_in_halves = 0;
  };
  // What the counts of an equal text are.
  struct Line {
    size_t line = 0;
    uint8_t counts = 0;  // of all its classes, in both halves
  };
  struct Expected {
    std::array<Line, kLetterClasses> wanted;  // those with letters come first
    size_t lines = 0;                         // so many; 0: others may be near
    size_t bytes_a_block = 0;
  };
  void CountQuery(absl::Span<const LetterClass> query, size_t cut);
  void ExpectEqual();
  static uint64_t RowsAsExpected(const uint8_t* block_counts,
                                 const Expected& expected);
  // Sums stop at 255, or cannot reach it.
  static uint64_t RowsForLong(const uint8_t* block_counts, const Counts& query);
  static uint64_t RowsForShort(const uint8_t* block_counts,
                               const Counts& query);

  Counts counts_;
  Expected expected_;
  bool possible_ = false;
  bool long_query_ = false;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LETTER_FILTER_H_
