#ifndef DUILIAN_SERVICE_WORKER_POOL_H_
#define DUILIAN_SERVICE_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace duilian::service {

// Threads that do what may block, first come, first served, so that gRPC's
// own threads never do. Thread-safe.
class WorkerPool {
 public:
  struct Options {
    size_t threads = 4;
    size_t queue = 256;  // tasks that may wait
  };

  explicit WorkerPool(const Options& options);
  ~WorkerPool();  // Stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // The task runs once, on a thread of the pool, and must not throw.
  // kResourceExhausted: the queue is full. kUnavailable: stopped.
  absl::Status Submit(std::function<void()> task);

  // Takes nothing more, finishes what was taken, and returns when all threads
  // have ended. Not from a task.
  void Stop();

 private:
  void Work();
  bool HasWorkOrStopped() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || !tasks_.empty();
  }

  const Options options_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_WORKER_POOL_H_
