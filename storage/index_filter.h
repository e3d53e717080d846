#ifndef DUILIAN_STORAGE_INDEX_FILTER_H_
#define DUILIAN_STORAGE_INDEX_FILTER_H_

#include <cstdint>
#include <optional>

#include "storage/lookup_index.h"
#include "storage/project_index.h"
#include "storage/slot_id.h"
#include "text/language.h"

namespace duilian::storage {

// A UnitFilter in the index's own numbers.
class IndexFilter {
 public:
  // `index` outlives it.
  IndexFilter(const UnitFilter& filter, const ProjectIndex& index);

  // False: no unit of the project can pass.
  bool possible() const { return possible_; }
  // By the side of that language.
  bool Passes(SlotId slot, text::Language language) const;

 private:
  const ProjectIndex& index_;
  std::optional<uint32_t> document_, speaker_;
  uint32_t statuses_ = 0;  // bit n: status n passes
  float most_uncertain_ = 1;
  TimeRange changed_;
  bool possible_ = true;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_INDEX_FILTER_H_
