#ifndef DUILIAN_STORAGE_LETTER_FILTER_H_
#define DUILIAN_STORAGE_LETTER_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "storage/length_table.h"
#include "storage/letter_class.h"

namespace duilian::storage {

// The most letters that a text of `text_length` may have beyond a query's, if
// their distance is at most `cutoff`; nullopt when the lengths alone forbid
// that.
std::optional<size_t> MostExtraLetters(size_t query_length, size_t text_length,
                                       size_t cutoff);

// Bit r: row r of the block (TextsOfLength::counts) has at most `most` letters
// beyond the query's, class by class. All bits for `most` above 254.
uint64_t RowsWithFewExtraLetters(const uint8_t* block_counts,
                                 const LetterCounts& query, size_t most);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LETTER_FILTER_H_
