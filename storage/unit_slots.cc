#include "storage/unit_slots.h"

#include <algorithm>
#include <iterator>

namespace duilian::storage {

UnitSlots::Page::Page() {
  std::fill(std::begin(slots), std::end(slots), kNone);
}

std::optional<SlotId> UnitSlots::Find(UnitId id) const {
  const auto page = pages_.find(id / kIdsAPage);
  if (page == pages_.end()) return std::nullopt;
  const SlotId slot = page->second->slots[id % kIdsAPage];
  if (slot == kNone) return std::nullopt;
  return slot;
}

bool UnitSlots::Add(UnitId id, SlotId slot) {
  std::unique_ptr<Page>& page = pages_[id / kIdsAPage];
  if (page == nullptr) page = std::make_unique<Page>();
  SlotId& place = page->slots[id % kIdsAPage];
  if (place != kNone) return false;
  place = slot;
  ++page->taken;
  ++size_;
  return true;
}

void UnitSlots::Remove(UnitId id) {
  const auto page = pages_.find(id / kIdsAPage);
  if (page == pages_.end()) return;
  SlotId& place = page->second->slots[id % kIdsAPage];
  if (place == kNone) return;
  place = kNone;
  --size_;
  if (--page->second->taken == 0) pages_.erase(page);
}

size_t UnitSlots::Memory() const {
  return pages_.size() * sizeof(Page) +
         pages_.capacity() * (sizeof(*pages_.begin()) + 1);
}

}  // namespace duilian::storage
