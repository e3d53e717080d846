#include "storage/idle_threads.h"

#include <algorithm>

namespace duilian::storage {

IdleThreads::IdleThreads(size_t threads) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

IdleThreads::~IdleThreads() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

size_t IdleThreads::Idle() const {
  const size_t busy = callers_ - 1 + promised_;
  return threads_.size() - std::min(threads_.size(), busy);
}

void IdleThreads::Share(size_t most, absl::FunctionRef<void()> task) {
  Offer offer = {task};
  {
    absl::MutexLock lock(&mutex_);
    ++callers_;
    offer.places = std::min(most, Idle());
    promised_ += offer.places;
    if (offer.places > 0) offers_.push_back(&offer);
  }
  task();
  absl::MutexLock lock(&mutex_);
  --callers_;
  promised_ -= offer.places;
  if (offer.places > 0) std::erase(offers_, &offer);
  mutex_.Await(absl::Condition(&offer, &Offer::NobodyWorks));
}

void IdleThreads::Work() {
  absl::MutexLock lock(&mutex_);
  while (true) {
    mutex_.Await(absl::Condition(this, &IdleThreads::HasOfferOrStopped));
    if (stopped_) return;
    Offer& offer = *offers_.back();
    if (--offer.places == 0) offers_.pop_back();
    ++offer.working;
    mutex_.Unlock();
    offer.task();
    mutex_.Lock();
    --promised_;
    --offer.working;
  }
}

}  // namespace duilian::storage
