#ifndef DUILIAN_STORAGE_SLOT_ID_H_
#define DUILIAN_STORAGE_SLOT_ID_H_

#include <cstdint>
#include <limits>

namespace duilian::storage {

using SlotId = uint32_t;  // an entry's place in the index, or kNoSlot
inline constexpr SlotId kNoSlot = std::numeric_limits<SlotId>::max();

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SLOT_ID_H_
