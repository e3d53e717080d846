// A server's review in memory, for tests: etags, one undo, a queue in pages.

#ifndef DUILIAN_CLIENTS_FAKE_REVIEW_BACKEND_H_
#define DUILIAN_CLIENTS_FAKE_REVIEW_BACKEND_H_

#include <map>
#include <string>
#include <vector>

#include "clients/review_session.h"

namespace duilian::clients {

class FakeReviewBackend : public ReviewBackend {
 public:
  // Pairs per page of the queue.
  explicit FakeReviewBackend(size_t page_size) : page_size_(page_size) {}

  // Adds an unreviewed pair; the queue keeps the order of addition.
  void Add(const std::string& name, const std::string& source,
           const std::string& target);
  // As if someone else had changed it.
  void ChangeBehindTheBack(const std::string& name);
  void RemoveBehindTheBack(const std::string& name);
  // The next call fails with this.
  void FailNext(absl::Status status) { next_failure_ = std::move(status); }

  const v1::Pair& pair(const std::string& name) const {
    return pairs_.at(name);
  }
  bool Holds(const std::string& name) const { return pairs_.contains(name); }
  size_t queue_calls() const { return queue_calls_; }

  absl::StatusOr<v1::ListReviewQueueResponse> ListQueue(
      const std::string& page_token) override;
  absl::StatusOr<v1::Pair> Get(const std::string& name) override;
  absl::StatusOr<v1::Pair> Update(
      const v1::Pair& pair, const std::vector<std::string>& mask) override;
  absl::StatusOr<v1::SplitPairResponse> Split(const v1::Pair& pair,
                                              CutPlace place) override;
  absl::StatusOr<v1::Pair> Merge(const std::vector<v1::Pair>& pairs) override;
  absl::StatusOr<std::vector<v1::Pair>> Undo(const v1::Pair& pair) override;
  absl::StatusOr<std::vector<v1::PairRevision>> History(
      const std::string& name) override;
  absl::StatusOr<v1::Pair> Following(const v1::Pair& pair) override;

 private:
  using Pairs = std::map<std::string, v1::Pair>;

  // The failure asked for, or kAborted when the etag is not the pair's.
  absl::Status Check(const v1::Pair& pair);
  // Remembers what stood there for an undo, which redoes when done twice.
  void Remember(const std::vector<std::string>& names);
  void Store(v1::Pair pair);

  size_t page_size_;
  Pairs pairs_;
  std::vector<std::string> order_;
  // For each pair, the state before its last change of all that changed in
  // it; a pair that was not there has no name.
  std::map<std::string, Pairs> before_;
  absl::Status next_failure_;
  int revision_ = 0;
  size_t queue_calls_ = 0;
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_FAKE_REVIEW_BACKEND_H_
