#ifndef DUILIAN_SERVICE_WORKER_POOL_H_
#define DUILIAN_SERVICE_WORKER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
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

  // A task's place in the queue; they rise.
  using Ticket = uint64_t;

  // The task runs once, on a thread of the pool, and must not throw.
  // kResourceExhausted: the queue is full. kUnavailable: stopped.
  absl::StatusOr<Ticket> Submit(std::function<void()> task);

  // True when the task still waited: it never runs, and its place is free.
  bool Withdraw(Ticket ticket);

  // Tasks that wait for a thread.
  size_t waiting() const;

  // Takes nothing more, finishes what was taken, and returns when all threads
  // have ended. Not from a task.
  void Stop();

 private:
  void Work();
  bool HasWorkOrStopped() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || !tasks_.empty();
  }

  const Options options_;
  mutable absl::Mutex mutex_;
  std::map<Ticket, std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  Ticket last_ticket_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_WORKER_POOL_H_
