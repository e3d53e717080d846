#ifndef DUILIAN_STORAGE_FUZZY_SEARCH_H_
#define DUILIAN_STORAGE_FUZZY_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "storage/idle_threads.h"
#include "storage/lookup_index.h"
#include "storage/penalties.h"
#include "storage/project_index.h"

namespace duilian::storage {

class LookupScores;  // lookup_scores.h

// A FuzzyMatch without its texts.
struct ScoredUnit {
  size_t project = 0;  // its place among those that were searched
  UnitVersion version;
  int score_percent = 0;
  int suitability_percent = 0;
  PenaltySet penalties;
  int64_t occurrences = 1;
  int64_t translations = 1;
};

// A FuzzyQuery's texts, made ready outside of any lock.
struct PreparedQuery {
  std::vector<char32_t> codepoints;  // of the matching form
  std::vector<LetterClass> letters;  // of each its class
  uint64_t letters_hash = 0;         // HashLetters of these
  // As those of a PreparedText, and a PreparedSide.
  uint32_t numberless_hash = 0;
  uint16_t width_mark = 0;
  uint32_t written_hash = 0;
  uint32_t previous_hash = 0;
  uint32_t next_hash = 0;
};
PreparedQuery PrepareQuery(const FuzzyQuery& query);

// Who may take part in a search.
struct Sharing {
  IdleThreads& threads;
  size_t texts_a_thread = 1;  // at least 1; as LookupIndexOptions says
};

// Gives `scores`, made for this very query, the units of a project that may be
// among the best. A large search is shared with threads that are idle;
// query.cancelled is asked by the caller's alone. kCancelled.
absl::Status FuzzySearch(const ProjectIndex& index, const FuzzyQuery& query,
                         const PreparedQuery& prepared, const Sharing& sharing,
                         LookupScores& scores);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_FUZZY_SEARCH_H_
