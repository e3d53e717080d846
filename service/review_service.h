#ifndef DUILIAN_SERVICE_REVIEW_SERVICE_H_
#define DUILIAN_SERVICE_REVIEW_SERVICE_H_

#include "absl/status/statusor.h"
#include "duilian/v1/review_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/stores.h"
#include "service/unary_calls.h"

namespace duilian::service {

// The methods of duilian.v1.ReviewService, free of gRPC: each checks its
// request, changes the memory in one write, and converts. Contracts: the
// proto.
class ReviewMethods {
 public:
  explicit ReviewMethods(const Stores& stores) : stores_(stores) {}

  absl::StatusOr<v1::ListReviewQueueResponse> ListReviewQueue(
      const v1::ListReviewQueueRequest& request, const Call& call) const;
  absl::StatusOr<v1::Pair> ReviewPair(const v1::ReviewPairRequest& request,
                                      const Call& call) const;
  absl::StatusOr<v1::SplitPairResponse> SplitPair(
      const v1::SplitPairRequest& request, const Call& call) const;
  absl::StatusOr<v1::Pair> MergePairs(const v1::MergePairsRequest& request,
                                      const Call& call) const;
  absl::StatusOr<v1::ListPairHistoryResponse> ListPairHistory(
      const v1::ListPairHistoryRequest& request, const Call& call) const;
  absl::StatusOr<v1::UndoReviewResponse> UndoReview(
      const v1::UndoReviewRequest& request, const Call& call) const;

 private:
  const Stores stores_;
};

using RawReviewService =
    v1::ReviewService::WithRawCallbackMethod_ListReviewQueue<
        v1::ReviewService::WithRawCallbackMethod_ReviewPair<
            v1::ReviewService::WithRawCallbackMethod_SplitPair<
                v1::ReviewService::WithRawCallbackMethod_MergePairs<
                    v1::ReviewService::WithRawCallbackMethod_ListPairHistory<
                        v1::ReviewService::WithRawCallbackMethod_UndoReview<
                            v1::ReviewService::Service>>>>>>;

// The same on the wire: every call goes through UnaryCalls.
class ReviewService final : public RawReviewService {
 public:
  ReviewService(const Stores& stores, UnaryCalls calls)
      : methods_(stores), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* ListReviewQueue(Context*, const Bytes*,
                                            Bytes*) override;
  grpc::ServerUnaryReactor* ReviewPair(Context*, const Bytes*, Bytes*) override;
  grpc::ServerUnaryReactor* SplitPair(Context*, const Bytes*, Bytes*) override;
  grpc::ServerUnaryReactor* MergePairs(Context*, const Bytes*, Bytes*) override;
  grpc::ServerUnaryReactor* ListPairHistory(Context*, const Bytes*,
                                            Bytes*) override;
  grpc::ServerUnaryReactor* UndoReview(Context*, const Bytes*, Bytes*) override;

  const ReviewMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_REVIEW_SERVICE_H_
