// The review's backend over the network.

#ifndef DUILIAN_CLIENTS_REVIEW_CLIENT_H_
#define DUILIAN_CLIENTS_REVIEW_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "clients/connection.h"
#include "clients/review_session.h"
#include "duilian/v1/review_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {

struct ReviewScope {
  std::string project;   // id or full name
  std::string document;  // id or full name; empty for all
  std::string reviewer;
};

class ReviewClient : public ReviewBackend {
 public:
  // `connection` must outlive it.
  ReviewClient(const Connection& connection, ReviewScope scope);

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
  // Reads the document's pairs page by page and takes the nearest one behind
  // whose English begins later; rejected ones are passed over.
  absl::StatusOr<v1::Pair> Following(const v1::Pair& pair) override;

 private:
  const Connection& connection_;
  const ReviewScope scope_;
  v1::ReviewService::Stub reviews_;
  v1::TranslationMemoryService::Stub memory_;
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_REVIEW_CLIENT_H_
