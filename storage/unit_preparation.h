// Units, made ready for the index by all threads that are idle.

#ifndef DUILIAN_STORAGE_UNIT_PREPARATION_H_
#define DUILIAN_STORAGE_UNIT_PREPARATION_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "storage/idle_threads.h"
#include "storage/project_index.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// So many units are made ready, and handed over, together: few enough that a
// search does not wait long for an index that takes them in.
inline constexpr size_t kUnitsPerPortion = 64;

// Takes a portion, which is good until it returns.
using PortionTaker = absl::FunctionRef<void(absl::Span<const PreparedUnit>)>;

// Prepares the units and hands them over in order, each portion as soon as it
// and those before it are ready. `take` runs on the caller's thread; while it
// does, other threads prepare the next ones.
void PrepareUnits(absl::Span<const TranslationUnit* const> units,
                  IdleThreads& threads, PortionTaker take);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_UNIT_PREPARATION_H_
