#include "storage/index_loading.h"

#include "storage/snapshot_file.h"

namespace duilian::storage {

void RefuseSnapshot(const LoadOptions& options, const absl::Status& why) {
  if (options.on_refused && !absl::IsNotFound(why)) options.on_refused(why);
  ForgetDamaged(options.snapshot, why);
}

}  // namespace duilian::storage
