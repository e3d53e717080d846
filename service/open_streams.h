#ifndef DUILIAN_SERVICE_OPEN_STREAMS_H_
#define DUILIAN_SERVICE_OPEN_STREAMS_H_

#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace duilian::service {

// A stream that can be asked to come to an end.
class DrainableStream {
 public:
  virtual ~DrainableStream() = default;

  // Ends the stream between two documents, at once or when it gets there.
  virtual void Drain() = 0;
};

// The streams that are open, so that a server that shuts down need not wait
// for the idle ones. Thread-safe.
class OpenStreams {
 public:
  // A stream that comes while the server drains is drained too.
  void Add(DrainableStream& stream);
  // Afterwards the stream is not called again.
  void Remove(DrainableStream& stream);

  void DrainAll();

 private:
  absl::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<DrainableStream*> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_OPEN_STREAMS_H_
