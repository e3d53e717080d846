#ifndef DUILIAN_STORAGE_FOLLOWING_STORE_H_
#define DUILIAN_STORAGE_FOLLOWING_STORE_H_

#include "absl/status/status.h"
#include "storage/ordered_store.h"

namespace duilian::storage {

// A store that another process writes. Between two calls of CatchUp() it shows
// one state, so that "the newest" of OrderedStore is that of the last call.
// Write() is kFailedPrecondition, always.
class FollowingStore : public OrderedStore {
 public:
  // Shows what the other process has written up to now: acknowledged or about
  // to be, each batch whole. Snapshots keep their state. Reads wait for it: a
  // millisecond most often.
  // kUnavailable: not this time (the message says why); the state shown stays,
  // or reads are kUnavailable, too, until a call succeeds. kFailedPrecondition:
  // another store was put in its place; the state shown stays. kDataLoss:
  // damaged.
  virtual absl::Status CatchUp() = 0;

  // Reads without a snapshot are kUnavailable from now on.
  virtual void Close() = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_FOLLOWING_STORE_H_
