#ifndef DUILIAN_STORAGE_MEMORY_STORE_H_
#define DUILIAN_STORAGE_MEMORY_STORE_H_

#include <memory>

#include "storage/ordered_store.h"

namespace duilian::storage {

// A sorted map; nothing survives it. The reference for the back ends.
std::unique_ptr<OrderedStore> NewMemoryStore();

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_MEMORY_STORE_H_
