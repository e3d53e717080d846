#ifndef DUILIAN_STORAGE_UNIT_SLOTS_H_
#define DUILIAN_STORAGE_UNIT_SLOTS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "storage/slot_id.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// Of each unit that lives, by its id, the slot where it stands. A project
// numbers its units as they come, so most of the ids beside one that lives do:
// they are kept in pages of kIdsAPage, which come and go. Four bytes a unit
// then; a page for each at the worst. Not thread-safe for writers; any number
// of readers without one.
class UnitSlots {
 public:
  static constexpr size_t kIdsAPage = 256;

  // Units that have one.
  size_t size() const { return size_; }
  std::optional<SlotId> Find(UnitId id) const;
  // False: it has one already, which stays. `slot` is less than the largest
  // number.
  bool Add(UnitId id, SlotId slot);
  // Nothing happens when it has none.
  void Remove(UnitId id);

  // Bytes of memory.
  size_t Memory() const;

 private:
  static constexpr SlotId kNone = std::numeric_limits<SlotId>::max();
  struct Page {
    Page();
    uint32_t taken = 0;  // of `slots`
    SlotId slots[kIdsAPage];
  };

  absl::flat_hash_map<uint64_t, std::unique_ptr<Page>> pages_;  // none is empty
  size_t size_ = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_UNIT_SLOTS_H_
