// Which units a quote may stand in, whole or in part: candidates by the words
// that they share with it, then the best of them by their tokens.

#ifndef DUILIAN_STORAGE_PASSAGE_SEARCH_H_
#define DUILIAN_STORAGE_PASSAGE_SEARCH_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/idle_threads.h"
#include "storage/lookup_index.h"
#include "storage/project_index.h"

namespace duilian::storage {

// Entries of posting lists that are read for a query, the rarest tokens' first.
inline constexpr size_t kMostPostings = 4'000'000;
// Units that are compared with it, those that share the most rare tokens first,
// and pairs of tokens in that.
inline constexpr size_t kMostCompared = 2'000;
inline constexpr size_t kMostComparedTokens = 64'000'000;

// The units that the query or a part of it stands in, the likeliest first, and
// behind them the neighbours, by id, of those that hold a part only; without
// those in which no passage can reach the threshold. Idle threads take part.
// kCancelled.
absl::StatusOr<std::vector<UnitVersion>> SearchPassageUnits(
    const ProjectIndex& index, const PassageQuery& query,
    const PreparedText& text, IdleThreads& threads);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PASSAGE_SEARCH_H_
