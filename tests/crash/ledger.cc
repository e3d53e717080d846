#include "tests/crash/ledger.h"

#include <algorithm>

namespace duilian::crash {

PairState StateOf(const v1::Pair& pair) {
  return {pair.source().text(), pair.target().text(), pair.status()};
}

bool IsDone(const Review& review, const std::vector<v1::Pair>& pairs) {
  const v1::Pair& before = review.before.front();
  return std::equal(pairs.begin(), pairs.end(), review.after.begin(),
                    review.after.end(),
                    [](const v1::Pair& pair, const PairState& state) {
                      return StateOf(pair) == state;
                    }) &&
         pairs.front().name() == before.name() &&
         pairs.front().etag() != before.etag();
}

void EnterReview(const std::vector<v1::Pair>& pairs, DocumentRecord& record) {
  for (const v1::Pair& pair : record.asked_review->before) {
    record.pairs.erase(pair.name());
  }
  for (const v1::Pair& pair : pairs) record.pairs[pair.name()] = pair;
  record.asked_review.reset();
}

void Ledger::Visit(const std::function<void(Records&)>& visit) {
  absl::MutexLock lock(&mutex_);
  visit(records_);
}

void Ledger::Acknowledge(const std::function<void(Records&)>& enter) {
  absl::MutexLock lock(&mutex_);
  enter(records_);
  ++answers_;
}

void Ledger::BeginRound() {
  absl::MutexLock lock(&mutex_);
  answers_before_round_ = answers_;
  writer_ended_ = false;
}

void Ledger::WriterEnded() {
  absl::MutexLock lock(&mutex_);
  writer_ended_ = true;
}

void Ledger::AwaitAnswers(int count) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return answers_ - answers_before_round_ >= count || writer_ended_;
  };
  mutex_.Await(absl::Condition(&enough));
}

int Ledger::answers() const {
  absl::MutexLock lock(&mutex_);
  return answers_;
}

}  // namespace duilian::crash
