#ifndef DUILIAN_STORAGE_LETTER_FILTER_H_
#define DUILIAN_STORAGE_LETTER_FILTER_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "storage/letter_class.h"

namespace duilian::storage {

// Which texts of one length can be within a distance of a query, by their
// letters. Immutable.
class LetterFilter {
 public:
  // Linear in the query's length.
  LetterFilter(absl::Span<const LetterClass> query, size_t text_length,
               size_t cutoff);

  // False: the lengths alone forbid it.
  bool possible() const { return possible_; }
  // Bit r: the text in row r of the block (TextsOfLength::counts) may be within
  // the cutoff. Requires possible().
  uint64_t Rows(const uint8_t* block_counts) const;

 private:
  struct Counts {
    LetterCounts all, first, second;  // of the query and its halves
    uint8_t most_in_all = 0;
    uint8_t most_in_halves = 0;
  };
  // Sums stop at 255, or cannot reach it.
  static uint64_t RowsOfLong(const uint8_t* block_counts, const Counts& query);
  static uint64_t RowsOfShort(const uint8_t* block_counts, const Counts& query);

  Counts counts_;
  bool possible_ = false;
  bool long_texts_ = false;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LETTER_FILTER_H_
