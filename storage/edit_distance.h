// The edit distance of two sequences of units, for one query against many.

#ifndef DUILIAN_STORAGE_EDIT_DISTANCE_H_
#define DUILIAN_STORAGE_EDIT_DISTANCE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"

namespace duilian::storage {

// A unit by its number among the query's distinct units.
using Symbol = uint16_t;
// A unit that the query does not have; equals no other, not even itself.
inline constexpr Symbol kForeignSymbol = 0xFFFF;

// Thread-safe.
class EditPattern {
 public:
  // `symbols` holds numbers below `distinct`, or kForeignSymbol.
  EditPattern(absl::Span<const Symbol> symbols, size_t distinct);

  // The least number of insertions, deletions and substitutions that turn
  // the pattern into `text`, if it is at most `cutoff`.
  // O(pattern / 64 * text) time.
  std::optional<size_t> Distance(absl::Span<const Symbol> text,
                                 size_t cutoff) const;

 private:
  std::optional<size_t> OneWord(absl::Span<const Symbol> text,
                                size_t cutoff) const;
  std::optional<size_t> ManyWords(absl::Span<const Symbol> text,
                                  size_t cutoff) const;
  const uint64_t* PlacesOf(Symbol symbol) const;

  size_t size_;
  size_t words_;
  // [distinct + 1, words_]: bit i of a row says that the pattern's unit i is
  // that symbol; the last row, of foreign units, is empty.
  std::vector<uint64_t> places_;
  size_t foreign_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_EDIT_DISTANCE_H_
