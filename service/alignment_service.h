#ifndef DUILIAN_SERVICE_ALIGNMENT_SERVICE_H_
#define DUILIAN_SERVICE_ALIGNMENT_SERVICE_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "aligner/model.h"
#include "duilian/v1/alignment_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/limits.h"
#include "service/unary_calls.h"

namespace duilian::service {

// kFailedPrecondition: the server was started without a model.
absl::StatusOr<const aligner::Model*> RequireModel(const aligner::Model* model);

// The methods of duilian.v1.AlignmentService, free of gRPC. Contracts: the
// proto.
class AlignmentMethods {
 public:
  // `model` outlives it; null when there is none.
  explicit AlignmentMethods(const aligner::Model* model,
                            size_t max_answer_bytes = kMaxAlignmentBytes)
      : model_(model), max_answer_bytes_(max_answer_bytes) {}

  absl::StatusOr<v1::AlignTranscriptsResponse> AlignTranscripts(
      const v1::AlignTranscriptsRequest& request, const Call& call) const;
  absl::StatusOr<v1::AlignQuotesResponse> AlignQuotes(
      const v1::AlignQuotesRequest& request, const Call& call) const;
  absl::StatusOr<v1::ExtractFragmentsResponse> ExtractFragments(
      const v1::ExtractFragmentsRequest& request, const Call& call) const;

 private:
  // kResourceExhausted: an answer to what these fields hold takes too much.
  absl::Status CheckSize(size_t bytes, absl::string_view fields,
                         absl::string_view remedy) const;

  const aligner::Model* const model_;
  const size_t max_answer_bytes_;
};

using RawAlignmentService =
    v1::AlignmentService::WithRawCallbackMethod_AlignTranscripts<
        v1::AlignmentService::WithRawCallbackMethod_AlignQuotes<
            v1::AlignmentService::WithRawCallbackMethod_ExtractFragments<
                v1::AlignmentService::Service>>>;

// The same on the wire: every call goes through UnaryCalls.
class AlignmentService final : public RawAlignmentService {
 public:
  AlignmentService(const aligner::Model* model, UnaryCalls calls)
      : methods_(model), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* AlignTranscripts(Context*, const Bytes*,
                                             Bytes*) override;
  grpc::ServerUnaryReactor* AlignQuotes(Context*, const Bytes*,
                                        Bytes*) override;
  grpc::ServerUnaryReactor* ExtractFragments(Context*, const Bytes*,
                                             Bytes*) override;

  const AlignmentMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_ALIGNMENT_SERVICE_H_
