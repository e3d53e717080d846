// Work that is dealt to threads made for it. IdleThreads are for searches,
// which somebody waits for; these have the priority of their caller, so that an
// index that is made in the background stays behind those who wait.

#ifndef DUILIAN_STORAGE_WORK_PIECES_H_
#define DUILIAN_STORAGE_WORK_PIECES_H_

#include <cstddef>

#include "absl/functional/function_ref.h"

namespace duilian::storage {

// A half-open range of what is to be done; `number` counts the pieces from 0.
struct WorkPiece {
  size_t number = 0;
  size_t begin = 0;
  size_t end = 0;
};

// Calls `work` with pieces of [0, count) that cover it once, on the caller's
// thread and at the same time on at most `threads` others. No piece is empty,
// and there are `threads` + 1 at the most. Returns when all is done. `work`
// must not throw.
void InPieces(size_t count, size_t threads,
              absl::FunctionRef<void(const WorkPiece&)> work);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_WORK_PIECES_H_
