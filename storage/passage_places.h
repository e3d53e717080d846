// Where a quote stands in units that were read: which of them, in their
// document's order, and from where to where.

#ifndef DUILIAN_STORAGE_PASSAGE_PLACES_H_
#define DUILIAN_STORAGE_PASSAGE_PLACES_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/lookup_index.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// Segments that no unit holds, at most, between two units of one passage.
inline constexpr int32_t kMostSegmentsBetween = 3;
// Pairs of matching units, one of the query, that are compared at a time; what
// stands behind them in a run of units is left out.
inline constexpr size_t kMostPlacedCells = 64'000'000;

// The order of passages: the score, then accepted ones, then the surest, then
// the lowest id.
bool IsBetterPassage(const Passage& a, const Passage& b);

// The passages of the query in `units`, at most query.limit, in the order that
// LookupIndex::FindPassages promises. Each unit is in one passage at most.
// kCancelled.
absl::StatusOr<std::vector<Passage>> PlacePassages(
    const PassageQuery& query, std::vector<TranslationUnit> units);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PASSAGE_PLACES_H_
