#ifndef DUILIAN_TESTS_SUPPORT_GATED_STORE_H_
#define DUILIAN_TESTS_SUPPORT_GATED_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/memory_store.h"
#include "storage/ordered_store.h"

namespace duilian::testing_support {

// A store in memory whose reads can be held up, counted and made to fail, to
// see what a server does meanwhile. Thread-safe.
class GatedStore final : public storage::OrderedStore {
 public:
  // Reads that come from now on wait for Open().
  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  void Open() {
    absl::MutexLock lock(&mutex_);
    closed_ = false;
  }
  // Returns when so many reads wait.
  void AwaitWaiting(int count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return waiting_ >= count;
    };
    mutex_.Await(absl::Condition(&enough));
  }
  // Reads that went through.
  int reads() const {
    absl::MutexLock lock(&mutex_);
    return reads_;
  }
  // Writes fail with this from now on.
  void FailWrites(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    write_error_ = std::move(status);
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const storage::Snapshot* snapshot) const override {
    PassGate();
    return store_->MultiGet(keys, snapshot);
  }
  absl::StatusOr<std::vector<std::vector<storage::KeyValue>>> MultiScan(
      absl::Span<const storage::KeyRange> ranges,
      const storage::Snapshot* snapshot) const override {
    PassGate();
    return store_->MultiScan(ranges, snapshot);
  }
  absl::Status Write(const storage::WriteBatch& batch) override {
    {
      absl::MutexLock lock(&mutex_);
      if (!write_error_.ok()) return write_error_;
    }
    return store_->Write(batch);
  }
  std::unique_ptr<storage::Snapshot> TakeSnapshot() const override {
    return store_->TakeSnapshot();
  }

 private:
  void PassGate() const {
    absl::MutexLock lock(&mutex_);
    ++waiting_;
    const auto open = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !closed_;
    };
    mutex_.Await(absl::Condition(&open));
    --waiting_;
    ++reads_;
  }

  const std::unique_ptr<storage::OrderedStore> store_ =
      storage::NewMemoryStore();
  mutable absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  mutable int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable int reads_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status write_error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_GATED_STORE_H_
