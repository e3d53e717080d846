#ifndef DUILIAN_STORAGE_INDEX_LIST_H_
#define DUILIAN_STORAGE_INDEX_LIST_H_

#include <cstddef>
#include <vector>

#include "storage/index_filter.h"
#include "storage/project_index.h"
#include "storage/translation_memory.h"

namespace duilian::storage {

// Of the units that pass the filter, which names no speaker, the `count` with
// the lowest ids above `after`, in id order. Looks at every slot.
std::vector<UnitVersion> FirstUnits(const ProjectIndex& index,
                                    const IndexFilter& filter, UnitId after,
                                    size_t count);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_INDEX_LIST_H_
