#include "service/store_follower.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "storage/change_digest.h"
#include "storage/ordered_store.h"

namespace duilian::service {
namespace {

// The writing server makes the store, and then its first row.
absl::StatusOr<bool> HoldsARow(const storage::OrderedStore& store) {
  storage::KeyRange anything;
  anything.limit = 1;
  const auto found = store.MultiScan({anything}, nullptr);
  if (!found.ok()) return found.status();
  return !found->front().empty();
}

// kNotFound: nothing to follow yet.
absl::StatusOr<std::unique_ptr<storage::FollowingStore>> TryStore(
    const storage::FollowOptions& options) {
  absl::StatusOr<std::unique_ptr<storage::FollowingStore>> store =
      storage::FollowRocksStore(options);
  if (!store.ok()) return store.status();
  const absl::StatusOr<bool> begun = HoldsARow(**store);
  if (!begun.ok()) return begun.status();
  if (*begun) return store;
  return absl::NotFoundError(
      absl::StrCat("data directory ", options.directory, " has no row yet"));
}

// Until the next look. kCancelled: stopped.
absl::Status Pause(const AwaitedStore& awaited) {
  // However long the period is, a server ends soon after it is told to.
  constexpr absl::Duration kBetweenQuestions = absl::Milliseconds(100);
  absl::Duration left = awaited.period;
  while (!awaited.stopped()) {
    if (left <= absl::ZeroDuration()) return absl::OkStatus();
    absl::SleepFor(std::min(left, kBetweenQuestions));
    left -= kBetweenQuestions;
  }
  return absl::CancelledError("stopped while there was nothing to follow");
}

}  // namespace

absl::StatusOr<std::unique_ptr<storage::FollowingStore>> AwaitStore(
    const AwaitedStore& awaited) {
  bool told = false;
  while (true) {
    absl::StatusOr<std::unique_ptr<storage::FollowingStore>> store =
        TryStore(awaited.options);
    if (!absl::IsNotFound(store.status())) return store;
    if (!std::exchange(told, true)) awaited.waiting();
    if (absl::Status status = Pause(awaited); !status.ok()) return status;
  }
}

StoreFollower::StoreFollower(const FollowerParts& parts, std::string directory)
    : parts_(parts), directory_(std::move(directory)) {}

StoreFollower::~StoreFollower() { Stop(); }

void StoreFollower::Start(absl::Duration period, Lost lost) {
  lost_ = std::move(lost);
  thread_ = std::thread([this, period] { Run(period); });
}

void StoreFollower::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Time StoreFollower::as_of() const {
  absl::MutexLock lock(&mutex_);
  return as_of_;
}

std::string StoreFollower::failure() const {
  absl::MutexLock lock(&mutex_);
  return failure_;
}

absl::Status StoreFollower::NoteDigest() {
  const uint64_t position = parts_.index.position();
  if (position == position_) return absl::OkStatus();
  const absl::StatusOr<uint64_t> digest =
      storage::DigestOfChanges(parts_.memory, position);
  if (!digest.ok()) return digest.status();
  position_ = position;
  digest_ = *digest;
  return absl::OkStatus();
}

absl::Status StoreFollower::TakeIn() {
  absl::Status status = parts_.memory.NoticeChanges();
  if (!status.ok() || position_ == parts_.memory.last_position()) return status;
  if (position_ != 0) {
    status = storage::CheckDigest(parts_.memory, position_, digest_);
    if (absl::IsFailedPrecondition(status)) {
      return absl::FailedPreconditionError(
          absl::StrCat("its changes up to ", position_, " are others now"));
    }
    if (!status.ok()) return status;
  }
  status = parts_.index.CatchUp();
  if (parts_.meaning != nullptr) parts_.meaning->Wake();
  return status;
}

absl::Status StoreFollower::Follow() {
  const absl::Time now = parts_.clock();
  // While the store shows what the index was made of.
  absl::Status status = NoteDigest();
  if (status.ok()) status = parts_.store.CatchUp();
  if (status.ok()) status = TakeIn();
  absl::MutexLock lock(&mutex_);
  if (status.ok()) as_of_ = now;
  failure_ = std::string(status.message());
  return status;
}

void StoreFollower::Lose(const absl::Status& why) {
  const absl::Status lost = absl::FailedPreconditionError(absl::StrCat(
      "the store in ", directory_,
      " is not the one that this server read: ", why.message(),
      "; start this server again, so that it reads the store anew"));
  // An index that is saved is named after the changes that the store shows: not
  // after these.
  parts_.store.Close();
  lost_(lost);
  parts_.log.Event("lost", lost.message());
}

void StoreFollower::Run(absl::Duration period) {
  bool behind = false;
  while (true) {
    const absl::Status status = Follow();
    if (absl::IsFailedPrecondition(status)) return Lose(status);
    if (!status.ok() && !behind) {
      parts_.log.Event("not_following", status.ToString());
    } else if (status.ok() && behind) {
      parts_.log.Event("following_again",
                       absl::StrCat("up to change ", parts_.index.position()));
    }
    behind = !status.ok();
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopped_), period)) return;
  }
}

}  // namespace duilian::service
