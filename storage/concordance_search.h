#ifndef DUILIAN_STORAGE_CONCORDANCE_SEARCH_H_
#define DUILIAN_STORAGE_CONCORDANCE_SEARCH_H_

#include <vector>

#include "absl/status/statusor.h"
#include "storage/concordance_terms.h"
#include "storage/lookup_index.h"
#include "storage/project_index.h"

namespace duilian::storage {

struct ConcordanceUnit {
  UnitVersion version;
  uint64_t rank = 0;  // ProjectIndex::rank
  bool in_source = false;
  bool in_target = false;
};

// The units of a rank below `below` that hold every term in one side, the
// highest rank first, one more than query.limit at most. kCancelled.
absl::StatusOr<std::vector<ConcordanceUnit>> ConcordanceSearch(
    const ProjectIndex& index, const ConcordanceQuery& query,
    const std::vector<Term>& terms, uint64_t below);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CONCORDANCE_SEARCH_H_
