#include "storage/unit_slots.h"

#include <utility>

namespace duilian::storage {

SlotId UnitSlots::Page::slot(size_t place) const {
  if (slots_ != nullptr) return slots_[place];
  const size_t behind = place - begin_;  // very many before it
  return behind < taken_ ? static_cast<SlotId>(first_ + behind) : kNoSlot;
}

void UnitSlots::Page::Add(size_t place, SlotId slot) {
  if (slots_ == nullptr && taken_ == 0) {
    begin_ = static_cast<uint16_t>(place);
    first_ = slot;
  }
  const bool goes_on =
      place == size_t{begin_} + taken_ && slot == first_ + taken_;
  if (slots_ == nullptr && !goes_on) Spread();
  if (slots_ != nullptr) slots_[place] = slot;
  ++taken_;
}

void UnitSlots::Page::Remove(size_t place) {
  const size_t last = size_t{begin_} + taken_ - 1;
  if (slots_ == nullptr && place != begin_ && place != last) Spread();
  if (slots_ != nullptr) {
    slots_[place] = kNoSlot;
  } else if (place == begin_) {
    ++begin_;
    ++first_;
  }
  --taken_;
}

void UnitSlots::Page::Spread() {
  auto slots = std::make_unique<SlotId[]>(kIdsAPage);
  for (size_t place = 0; place < kIdsAPage; ++place) slots[place] = slot(place);
  slots_ = std::move(slots);
}

size_t UnitSlots::Page::Memory() const {
  return slots_ == nullptr ? 0 : kIdsAPage * sizeof(SlotId);
}

std::optional<SlotId> UnitSlots::Find(UnitId id) const {
  const auto page = pages_.find(id / kIdsAPage);
  if (page == pages_.end()) return std::nullopt;
  const SlotId slot = page->second.slot(id % kIdsAPage);
  if (slot == kNoSlot) return std::nullopt;
  return slot;
}

bool UnitSlots::Add(UnitId id, SlotId slot) {
  Page& page = pages_[id / kIdsAPage];
  const size_t place = id % kIdsAPage;
  if (page.slot(place) != kNoSlot) return false;
  page.Add(place, slot);
  ++size_;
  return true;
}

void UnitSlots::Remove(UnitId id) {
  const auto page = pages_.find(id / kIdsAPage);
  if (page == pages_.end()) return;
  const size_t place = id % kIdsAPage;
  if (page->second.slot(place) == kNoSlot) return;
  page->second.Remove(place);
  --size_;
  if (page->second.empty()) pages_.erase(page);
}

size_t UnitSlots::Memory() const {
  size_t bytes = pages_.capacity() * (sizeof(*pages_.begin()) + 1);
  for (const auto& [number, page] : pages_) bytes += page.Memory();
  return bytes;
}

}  // namespace duilian::storage
