#ifndef DUILIAN_STORAGE_SLOT_IDS_H_
#define DUILIAN_STORAGE_SLOT_IDS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "storage/slot_id.h"
#include "storage/snapshot_file.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// Of each slot the id of its unit, in an array that grows at its end. A project
// numbers its units as they come, and their slots, too: so nearly always an id
// is one more than that of the slot before. Of a page of kSlotsAPage such slots
// the first id is kept; of another one, all. So next to nothing a slot, eight
// bytes at the worst. Not thread-safe for writers; any number of readers
// without one.
class SlotIds {
 public:
  static constexpr size_t kSlotsAPage = 256;

  size_t size() const { return size_; }
  UnitId operator[](SlotId slot) const {
    const Page& page = pages_[slot / kSlotsAPage];
    const size_t place = slot % kSlotsAPage;
    return page.ids == nullptr ? page.first + place : page.ids[place];
  }
  void push_back(UnitId id);

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty one. False: it cannot be what Save wrote.
  bool Load(SnapshotReader& snapshot);

 private:
  struct Page {
    // Keeps all, of which the first `taken` are what they were.
    void Spread(size_t taken);

    UnitId first = 0;
    std::unique_ptr<UnitId[]> ids;  // [kSlotsAPage]; null: they count up
  };

  std::vector<Page> pages_;
  size_t size_ = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SLOT_IDS_H_
