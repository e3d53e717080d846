// Threads that share a search as long as they have nothing else to do.

#ifndef DUILIAN_STORAGE_IDLE_THREADS_H_
#define DUILIAN_STORAGE_IDLE_THREADS_H_

#include <cstddef>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"

namespace duilian::storage {

// With one thread less than there are processors, a search that is alone has
// all of them, and searches that come at the same time have one each: a caller
// keeps one of the threads from being lent. Thread-safe.
class IdleThreads {
 public:
  explicit IdleThreads(size_t threads);
  ~IdleThreads();  // no caller is inside
  IdleThreads(const IdleThreads&) = delete;
  IdleThreads& operator=(const IdleThreads&) = delete;

  // Runs `task` on the caller's thread and, at the same time, on those that
  // are idle, up to `most` of them. Where it returns first, nothing may be left
  // to begin: a thread that has not begun by then never does. Returns when all
  // that began have ended. Waking a thread costs some 10 to 50 microseconds.
  void Share(size_t most, absl::FunctionRef<void()> task);

 private:
  // What a caller waits for.
  struct Offer {
    absl::FunctionRef<void()> task;
    size_t places = 0;   // threads that may still begin
    size_t working = 0;  // threads that have not ended
    bool NobodyWorks() const { return working == 0; }
  };

  void Work();
  bool HasOfferOrStopped() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || !offers_.empty();
  }
  size_t Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::vector<Offer*> offers_ ABSL_GUARDED_BY(mutex_);  // with places
  size_t callers_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t promised_ ABSL_GUARDED_BY(mutex_) = 0;  // places and working, of all
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_IDLE_THREADS_H_
