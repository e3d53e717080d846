#ifndef DUILIAN_STORAGE_UNIT_SLOTS_H_
#define DUILIAN_STORAGE_UNIT_SLOTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "storage/slot_id.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// Of each unit that lives, by its id, the slot where it stands. A project
// numbers its units as they come, so most of the ids beside one that lives do:
// they are kept in pages of kIdsAPage, which come and go. Slots, too, are given
// out as units come: nearly every page has one run of ids whose slots count up
// with them, of which the first is enough. A page where that ends has all of
// its slots written down, as long as it has any. So next to nothing a unit, or
// four bytes; such a page for each at the worst. Not thread-safe for writers;
// any number of readers without one.
class UnitSlots {
 public:
  static constexpr size_t kIdsAPage = 256;

  // Units that have one.
  size_t size() const { return size_; }
  std::optional<SlotId> Find(UnitId id) const;
  // False: it has one already, which stays. `slot` is not kNoSlot.
  bool Add(UnitId id, SlotId slot);
  // Nothing happens when it has none.
  void Remove(UnitId id);

  // Bytes of memory.
  size_t Memory() const;

 private:
  class Page {
   public:
    bool empty() const { return taken_ == 0; }
    // kNoSlot: the id at that place has none.
    SlotId slot(size_t place) const;
    // The id at that place has none.
    void Add(size_t place, SlotId slot);
    // It has one.
    void Remove(size_t place);
    // Bytes beside its own.
    size_t Memory() const;

   private:
    // Writes all slots down.
    void Spread();

    // Places [begin_, begin_ + taken_) have the slots first_, first_ + 1, ...
    // unless slots_ has all; then taken_ alone counts.
    SlotId first_ = 0;
    uint16_t begin_ = 0;
    uint16_t taken_ = 0;
    std::unique_ptr<SlotId[]> slots_;  // [kIdsAPage]
  };

  absl::flat_hash_map<uint64_t, Page> pages_;  // none is empty
  size_t size_ = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_UNIT_SLOTS_H_
