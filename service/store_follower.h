#ifndef DUILIAN_SERVICE_STORE_FOLLOWER_H_
#define DUILIAN_SERVICE_STORE_FOLLOWER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "service/clock.h"
#include "service/json_log.h"
#include "service/meaning_follower.h"
#include "storage/following_store.h"
#include "storage/lookup_index.h"
#include "storage/rocks_follower.h"
#include "storage/translation_memory.h"

namespace duilian::service {

// Opens the store of another server, and waits until that has made one.
struct AwaitedStore {
  storage::FollowOptions options;
  absl::Duration period;          // between two looks
  std::function<bool()> stopped;  // asked all the while; true ends it
  std::function<void()> waiting;  // told once, when there is nothing yet
};
// kCancelled: stopped. Else as storage::FollowRocksStore.
absl::StatusOr<std::unique_ptr<storage::FollowingStore>> AwaitStore(
    const AwaitedStore& awaited);

// What a StoreFollower keeps in step. All of it outlives the follower.
struct FollowerParts {
  storage::FollowingStore& store;
  storage::TranslationMemory& memory;  // of that store
  storage::LookupIndex& index;
  MeaningFollower* meaning = nullptr;  // null without a model
  const Clock& clock;
  JsonLog& log;
};

// Keeps the memory and the indexes of a server that only reads in step with the
// store that another one writes, in a thread of its own. What it shows trails
// by the period and the work that the changes make. Thread-safe.
class StoreFollower {
 public:
  // Told once, when what the server answers is no longer true.
  using Lost = std::function<void(const absl::Status& why)>;

  // `directory` is the other server's, for messages.
  StoreFollower(const FollowerParts& parts, std::string directory);
  ~StoreFollower();  // Stop()
  StoreFollower(const StoreFollower&) = delete;
  StoreFollower& operator=(const StoreFollower&) = delete;

  // Begins, when the index is loaded; looks at the store every `period`. A
  // failure is logged when it begins and when it ends, and is tried again. But
  // when the store is another than it was, put back to an older state or
  // replaced, following ends, and `lost` is told. Once.
  void Start(absl::Duration period, Lost lost);

  // Ends the thread, after the changes that it is at. Once more is nothing.
  void Stop();

  const std::string& directory() const { return directory_; }
  // The look-up index has all that the other server acknowledged before. The
  // infinite past until the store was looked at once.
  absl::Time as_of() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Why the last look at the store failed; empty when it did not, and until the
  // first.
  std::string failure() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run(absl::Duration period);
  // One look.
  absl::Status Follow() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status TakeIn();
  absl::Status NoteDigest();
  void Lose(const absl::Status& why);

  FollowerParts parts_;
  const std::string directory_;
  Lost lost_;
  // Of the change up to which the index stands; by the digest a store that was
  // replaced is known.
  uint64_t position_ = 0;
  uint64_t digest_ = 0;
  mutable absl::Mutex mutex_;
  absl::Time as_of_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::string failure_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_STORE_FOLLOWER_H_
