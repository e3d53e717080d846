#include "service/worker_pool.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace duilian::service {

WorkerPool::WorkerPool(const Options& options) : options_(options) {
  for (size_t i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

absl::StatusOr<WorkerPool::Ticket> WorkerPool::Submit(
    std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) {
    return absl::UnavailableError(
        "the server is shutting down and takes no more work; call again when "
        "it is back");
  }
  if (tasks_.size() >= options_.queue) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the server is busy: ", tasks_.size(), " calls wait for its ",
        options_.threads, " workers, and no more than ", options_.queue,
        " may; call again later"));
  }
  tasks_.emplace(++last_ticket_, std::move(task));
  return last_ticket_;
}

bool WorkerPool::Withdraw(Ticket ticket) {
  absl::MutexLock lock(&mutex_);
  return tasks_.erase(ticket) == 1;
}

size_t WorkerPool::waiting() const {
  absl::MutexLock lock(&mutex_);
  return tasks_.size();
}

void WorkerPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::Work() {
  while (true) {
    std::function<void()> task;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkerPool::HasWorkOrStopped));
      if (tasks_.empty()) return;
      task = std::move(tasks_.extract(tasks_.begin()).mapped());
    }
    task();
  }
}

}  // namespace duilian::service
