#ifndef DUILIAN_STORAGE_COPYABLE_STORE_H_
#define DUILIAN_STORAGE_COPYABLE_STORE_H_

#include <string>

#include "absl/status/status.h"
#include "storage/ordered_store.h"

namespace duilian::storage {

// A store on a disk that can be copied while it is read and written.
class CopyableStore : public OrderedStore {
 public:
  // Makes `directory`, whose parent is there, a store of its own: as this one
  // is at one moment of the call, so that it has every batch that was written
  // before, and each batch whole. Durable but for the directory's name. On the
  // same file system it takes about a write's time and no space at first, as
  // the files that never change are shared; elsewhere they are copied.
  // kInvalidArgument: the directory is there already, or cannot be made.
  virtual absl::Status CopyTo(const std::string& directory) = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_COPYABLE_STORE_H_
