// How an index of a memory is loaded at a start.

#ifndef DUILIAN_STORAGE_INDEX_LOADING_H_
#define DUILIAN_STORAGE_INDEX_LOADING_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "storage/packing.h"

namespace duilian::storage {

// How far an index is built.
struct LoadProgress {
  int64_t units = 0;
  int64_t of_units = 0;
};

// Told when a page is in the index. False ends the building.
using LoadListener = std::function<bool(const LoadProgress&)>;

struct LoadOptions {
  LoadListener listener;  // may be empty
  std::string snapshot;   // a file that Save wrote; empty for none
  // Told at once why the snapshot is not used, before a damaged one is removed,
  // unless there is none; may be empty.
  std::function<void(const absl::Status&)> on_refused;
};

// Tells options.on_refused unless `why` is kNotFound, and removes the snapshot
// if it is damaged.
void RefuseSnapshot(const LoadOptions& options, const absl::Status& why);

struct LoadSummary {
  int64_t units = 0;
  int64_t units_read = 0;  // of them, or again, from the store
  // Why the snapshot was not used; OK when it was, or none was named.
  absl::Status snapshot;
  Packing packing = Packing::kSmall;  // of the snapshot, if it was used
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_INDEX_LOADING_H_
