// What becomes of a document's units when it is imported again. Pure.

#ifndef DUILIAN_STORAGE_IMPORT_PLAN_H_
#define DUILIAN_STORAGE_IMPORT_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// Someone decided about it, wrote it, or gave it its shape.
bool IsReviewed(const TranslationUnit& unit);

struct PlannedUnit {
  TranslationUnit unit;
  std::optional<size_t> before;  // its old state's index; nullopt for a new one
};

struct ImportPlan {
  std::vector<PlannedUnit> puts;  // the kept ones that change, then the new
  std::vector<size_t> removals;   // indexes of old units
  int32_t kept = 0;
  int32_t added = 0;
  int32_t outdated = 0;  // of those kept, no longer in the texts
  // Of all units afterwards.
  int32_t paired_source_segments = 0;
  int32_t paired_target_segments = 0;
  double confidence_sum = 0;
};

// A document before and after, and its units.
struct Reimport {
  const Document& before;
  const Document& after;
  absl::Span<const TranslationUnit> old_units;
  std::vector<TranslationUnit> new_units;
};

// 1. A unit that the new alignment has too, with the same spans (wherever
//    these moved) or else the same texts, keeps its id; a reviewed one also
//    its texts, status and confidence.
// 2. A reviewed unit whose segments are all still there keeps them: a new one
//    that would share text with it is left out. (Not of a rejected one: those
//    only keep the same pair from being asked about again.)
// 3. An accepted, rejected or edited unit whose segments are gone is kept
//    without spans. A unit that was split or merged only, or that no one
//    touched, goes.
// The result for a first import is all new units.
ImportPlan PlanImport(Reimport reimport);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_IMPORT_PLAN_H_
