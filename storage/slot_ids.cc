#include "storage/slot_ids.h"

#include <algorithm>
#include <cstdint>

namespace duilian::storage {

void SlotIds::Page::Spread(size_t taken) {
  ids = std::make_unique<UnitId[]>(kSlotsAPage);
  for (size_t place = 0; place < taken; ++place) ids[place] = first + place;
}

void SlotIds::push_back(UnitId id) {
  const size_t place = size_ % kSlotsAPage;
  if (place == 0) pages_.emplace_back().first = id;
  Page& page = pages_.back();
  if (page.ids == nullptr && id != page.first + place) page.Spread(place);
  if (page.ids != nullptr) page.ids[place] = id;
  ++size_;
}

size_t SlotIds::Memory() const {
  size_t bytes = pages_.capacity() * sizeof(Page);
  for (const Page& page : pages_) {
    if (page.ids != nullptr) bytes += kSlotsAPage * sizeof(UnitId);
  }
  return bytes;
}

void SlotIds::Save(SnapshotWriter& snapshot) const {
  std::vector<UnitId> firsts, of_spread;
  std::vector<uint64_t> spread;  // pages that keep all, by number
  for (const Page& page : pages_) {
    if (page.ids != nullptr) {
      spread.push_back(firsts.size());
      of_spread.insert(of_spread.end(), page.ids.get(),
                       page.ids.get() + kSlotsAPage);
    }
    firsts.push_back(page.first);
  }
  snapshot.Number(size_);
  snapshot.Array(firsts);
  snapshot.Array(spread);
  snapshot.Array(of_spread);
}

bool SlotIds::Load(SnapshotReader& snapshot) {
  size_ = snapshot.Number();
  const std::vector<UnitId> firsts = snapshot.Array<UnitId>();
  const std::vector<uint64_t> spread = snapshot.Array<uint64_t>();
  const std::vector<UnitId> of_spread = snapshot.Array<UnitId>();
  if (!snapshot.ok() || of_spread.size() != spread.size() * kSlotsAPage ||
      firsts.size() !=
          size_ / kSlotsAPage + (size_ % kSlotsAPage > 0 ? 1 : 0)) {
    return false;
  }
  for (const UnitId first : firsts) pages_.emplace_back().first = first;
  const UnitId* from = of_spread.data();
  for (const uint64_t number : spread) {
    if (number >= pages_.size()) return false;
    Page& page = pages_[number];
    page.Spread(0);
    std::copy_n(from, kSlotsAPage, page.ids.get());
    from += kSlotsAPage;
  }
  return true;
}

}  // namespace duilian::storage
