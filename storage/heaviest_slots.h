// Which slots stand in lists that weigh the most together: the units that share
// the most, or the rarest, words with a text.

#ifndef DUILIAN_STORAGE_HEAVIEST_SLOTS_H_
#define DUILIAN_STORAGE_HEAVIEST_SLOTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "storage/idle_threads.h"
#include "storage/slot_id.h"
#include "storage/slot_lists.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

struct WeightedList {
  SlotList slots;
  uint32_t weight = 1;  // at least 1; all together fit 32 bits
};

struct HeavySlot {
  SlotId slot = 0;
  uint32_t weight = 0;  // of the lists that it stands in
  UnitId id = 0;
};

struct HeaviestSearch {
  // The heaviest lists first, which should be the shortest.
  const std::vector<WeightedList>& lists;
  size_t slots = 0;  // those in the lists are below
  size_t wanted = 1;
  // Asked of few slots. These two are called by several threads at a time.
  absl::FunctionRef<bool(SlotId)> accept;
  absl::FunctionRef<UnitId(SlotId)> id;
  // Asked now and then, by the caller's thread alone; may be empty.
  const std::function<bool()>& cancelled;
  // What is worth a thread, in entries of lists.
  size_t entries_a_thread = 200'000;
};

// The accepted slots of the greatest weight, at most `wanted`: the heaviest
// first, and of equals those with the lowest ids. What is found depends on no
// thread. Nothing when cancelled. Most of the longest lists is passed over; an
// entry that is read takes about a nanosecond.
std::vector<HeavySlot> HeaviestSlots(const HeaviestSearch& search,
                                     IdleThreads& threads);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_HEAVIEST_SLOTS_H_
