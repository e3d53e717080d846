// A report on what stored pairs render in different ways.

#ifndef DUILIAN_SERVICE_STORED_CONSISTENCY_H_
#define DUILIAN_SERVICE_STORED_CONSISTENCY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/model.h"
#include "aligner/pair_texts.h"
#include "duilian/v1/consistency_service.pb.h"
#include "storage/preferred_rendering.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// The units that are compared, and no more of them than that needs: there may
// be millions. Some fifty bytes a unit beside its texts.
class ComparedUnits {
 public:
  void Add(const storage::TranslationUnit& unit);

  size_t size() const { return units_.size(); }
  size_t text_bytes() const { return text_bytes_; }
  // Of each; valid until a unit is added.
  absl::Span<const aligner::PairTexts> texts() const { return texts_; }
  storage::UnitId id(size_t i) const { return units_[i].id; }
  bool accepted(size_t i) const { return units_[i].accepted; }
  const std::string& document(size_t i) const {
    return documents_[units_[i].document];
  }

 private:
  struct Unit {
    storage::UnitId id = 0;
    uint32_t document = 0;
    bool accepted = false;
  };

  // A copy that stays where it is.
  absl::string_view Keep(absl::string_view text);

  std::vector<Unit> units_;
  std::vector<aligner::PairTexts> texts_;
  std::vector<std::string> documents_;
  absl::flat_hash_map<std::string, uint32_t> document_numbers_;
  // What the texts stand in, one behind the other.
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* end_ = nullptr;  // of what is written of the last one
  size_t left_ = 0;      // bytes behind it
  size_t text_bytes_ = 0;
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
