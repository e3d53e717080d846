#ifndef DUILIAN_SERVICE_STORES_H_
#define DUILIAN_SERVICE_STORES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "service/json_log.h"
#include "service/meaning_follower.h"
#include "service/names.h"
#include "storage/lookup_index.h"
#include "storage/translation_memory.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// What the services work on. All of it outlives them.
struct Stores {
  storage::TranslationMemory& memory;
  storage::LookupIndex& index;
  JsonLog& log;
  MeaningFollower* meaning = nullptr;  // null without a model
};

// Brings the index up to the last change, so that a caller reads its own
// writes, and tells the meaning index's follower of it. What was written stays
// written when this fails: that is logged, and the next change tries again.
void CatchUp(const Stores& stores);

// kNotFound: unknown project, or no such pair (the message names it).
absl::StatusOr<storage::TranslationUnit> ReadUnit(const Stores& stores,
                                                  const PairName& name);

// In the ids' order; the same errors.
absl::StatusOr<std::vector<storage::TranslationUnit>> ReadUnits(
    const Stores& stores, absl::string_view project,
    absl::Span<const storage::UnitId> ids);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_STORES_H_
