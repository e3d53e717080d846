#include "storage/index_list.h"

#include <algorithm>

#include "text/language.h"

namespace duilian::storage {

std::vector<UnitVersion> FirstUnits(const ProjectIndex& index,
                                    const IndexFilter& filter, UnitId after,
                                    size_t count) {
  std::vector<UnitVersion> first;  // a heap with the highest id on top
  if (!filter.possible() || count == 0) return first;
  const auto lower = [](const UnitVersion& a, const UnitVersion& b) {
    return a.id < b.id;
  };
  for (SlotId slot = 0; slot < index.slots(); ++slot) {
    const UnitId id = index.id(slot);
    if (id <= after || (first.size() == count && id >= first.front().id) ||
        index.is_gone(slot) || !filter.Passes(slot, text::Language::kEnglish)) {
      continue;
    }
    if (first.size() == count) {
      std::pop_heap(first.begin(), first.end(), lower);
      first.pop_back();
    }
    first.push_back({id, index.context(slot).revision});
    std::push_heap(first.begin(), first.end(), lower);
  }
  std::sort_heap(first.begin(), first.end(), lower);
  return first;
}

}  // namespace duilian::storage
