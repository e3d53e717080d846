// Tells ThreadSanitizer about Abseil's locks.
//
// Debian's libabsl_synchronization.so is not built with the sanitizer, so a
// lock taken inside of it orders nothing that the sanitizer can see, and every
// value that a mutex guards looks raced for. This library stands before
// Abseil's in the order of the dynamic linker: each function here says what it
// acquires or releases, and calls the one it hides. gRPC's own locks come by
// here too.
//
// A waiter's Condition is evaluated by whoever unlocks, inside of Abseil and
// behind our release; the mutex is held then, so those reads are left out.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

class ReadsIgnored {
 public:
  ReadsIgnored() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~ReadsIgnored() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

// The function of that mangled name in the next library.
template <typename Function>
Function* Next(const char* mangled) {
  void* const found = dlsym(RTLD_NEXT, mangled);
  if (found == nullptr) {
    std::fprintf(stderr, "tsan: no %s in Abseil; is it Debian 12's?\n",
                 mangled);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

}  // namespace

// Debian's Abseil has one inline namespace, debian3.
#define DUILIAN_NEXT(function, ...)                                         \
  static auto* const next = Next<__VA_ARGS__>("_ZN4absl7debian3" function); \
  const ReadsIgnored reads_ignored
#define DUILIAN_NEXT_CONST(function, ...)                                    \
  static auto* const next = Next<__VA_ARGS__>("_ZNK4absl7debian3" function); \
  const ReadsIgnored reads_ignored

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  DUILIAN_NEXT("5Mutex4LockEv", void(Mutex*));
  next(this);
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  DUILIAN_NEXT("5Mutex6UnlockEv", void(Mutex*));
  __tsan_release(this);
  next(this);
}

bool Mutex::TryLock() {
  DUILIAN_NEXT("5Mutex7TryLockEv", bool(Mutex*));
  const bool locked = next(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  DUILIAN_NEXT("5Mutex10ReaderLockEv", void(Mutex*));
  next(this);
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  DUILIAN_NEXT("5Mutex12ReaderUnlockEv", void(Mutex*));
  __tsan_release(this);
  next(this);
}

void Mutex::LockWhen(const Condition& condition) {
  DUILIAN_NEXT("5Mutex8LockWhenERKNS0_9ConditionE",
               void(Mutex*, const Condition&));
  next(this, condition);
  __tsan_acquire(this);
}

void Mutex::Await(const Condition& condition) {
  DUILIAN_NEXT("5Mutex5AwaitERKNS0_9ConditionE",
               void(Mutex*, const Condition&));
  __tsan_release(this);
  next(this, condition);
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  DUILIAN_NEXT("5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE",
               bool(Mutex*, const Condition&, Duration));
  __tsan_release(this);
  const bool holds = next(this, condition, timeout);
  __tsan_acquire(this);
  return holds;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  DUILIAN_NEXT("5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE",
               bool(Mutex*, const Condition&, Time));
  __tsan_release(this);
  const bool holds = next(this, condition, deadline);
  __tsan_acquire(this);
  return holds;
}

void CondVar::Wait(Mutex* mutex) {
  DUILIAN_NEXT("7CondVar4WaitEPNS0_5MutexE", void(CondVar*, Mutex*));
  __tsan_release(mutex);
  next(this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  DUILIAN_NEXT("7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE",
               bool(CondVar*, Mutex*, Duration));
  __tsan_release(mutex);
  const bool expired = next(this, mutex, timeout);
  __tsan_acquire(mutex);
  return expired;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  DUILIAN_NEXT("7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE",
               bool(CondVar*, Mutex*, Time));
  __tsan_release(mutex);
  const bool expired = next(this, mutex, deadline);
  __tsan_acquire(mutex);
  return expired;
}

void Notification::Notify() {
  DUILIAN_NEXT("12Notification6NotifyEv", void(Notification*));
  __tsan_release(this);
  next(this);
}

void Notification::WaitForNotification() const {
  DUILIAN_NEXT_CONST("12Notification19WaitForNotificationEv",
                     void(const Notification*));
  next(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  DUILIAN_NEXT_CONST(
      "12Notification30WaitForNotificationWithTimeoutENS0_8DurationE",
      bool(const Notification*, Duration));
  const bool notified = next(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

ABSL_NAMESPACE_END
}  // namespace absl
