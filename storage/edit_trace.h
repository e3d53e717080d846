// How one text becomes another, edit by edit.

#ifndef DUILIAN_STORAGE_EDIT_TRACE_H_
#define DUILIAN_STORAGE_EDIT_TRACE_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "text/normalize.h"

namespace duilian::storage {

// What turns a place of the query into one of the text. An insertion takes
// nothing of the query, a deletion nothing of the text; where both take
// something, the one is replaced by the other.
struct Edit {
  text::CodepointSpan query;  // either may be empty, not both
  text::CodepointSpan text;
  bool operator==(const Edit&) const = default;
};

// The code points that an edit inserts, deletes or replaces.
inline size_t CostOf(const Edit& edit) {
  return edit.query.size() > edit.text.size() ? edit.query.size()
                                              : edit.text.size();
}

// Cells of the matrix, behind what both begin and end with, that are traced.
// Takes a quarter of a byte each.
inline constexpr size_t kMaxTraceCells = size_t{64} << 20;

// The fewest edits, in order, no two of them touching: their costs add up to
// the edit distance. Above kMaxTraceCells, one that replaces the whole middle.
// O(query / 64 * text) time.
std::vector<Edit> TraceEdits(absl::Span<const char32_t> query,
                             absl::Span<const char32_t> text);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_EDIT_TRACE_H_
