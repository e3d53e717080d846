// A report on what stored pairs render in different ways.

#ifndef DUILIAN_SERVICE_STORED_CONSISTENCY_H_
#define DUILIAN_SERVICE_STORED_CONSISTENCY_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/model.h"
#include "aligner/name_renderings.h"
#include "duilian/v1/consistency_service.pb.h"
#include "storage/preferred_rendering.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// What is kept of the units that are compared.
struct ComparedUnit {
  storage::UnitId id = 0;
  std::string document;
  bool accepted = false;
};

struct ComparedUnits {
  std::vector<ComparedUnit> units;
  std::vector<aligner::NamedPair> texts;  // of each
};

struct ConsistencyOptions {
  int near_percent = 85;
  size_t least_words = 3;
  size_t limit = 50;
  size_t most_places = 5;
  std::function<bool()> cancelled;  // may be empty
};

// Pure. `model` may be null. kCancelled.
absl::StatusOr<v1::ReportConsistencyResponse> ReportConsistencyOf(
    absl::string_view project, const ComparedUnits& units,
    absl::Span<const storage::PreferredRendering> preferred,
    const aligner::Model* model, const ConsistencyOptions& options);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_STORED_CONSISTENCY_H_
