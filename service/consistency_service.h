#ifndef DUILIAN_SERVICE_CONSISTENCY_SERVICE_H_
#define DUILIAN_SERVICE_CONSISTENCY_SERVICE_H_

#include <atomic>
#include <cstddef>

#include "absl/status/statusor.h"
#include "aligner/model.h"
#include "duilian/v1/consistency_service.grpc.pb.h"
#include "google/protobuf/empty.pb.h"
#include "service/call_desk.h"
#include "service/limits.h"
#include "service/stores.h"
#include "service/unary_calls.h"

namespace duilian::service {

// What a report may hold in memory: pairs, and bytes of their texts.
struct ReportLimits {
  size_t pairs = kMaxComparedPairs;
  size_t bytes = kMaxComparedBytes;
  // Beyond these it is the only one.
  size_t small_pairs = kMaxSmallReportPairs;
  size_t small_bytes = kMaxSmallReportBytes;
};

// The methods of duilian.v1.ConsistencyService, free of gRPC. Contracts: the
// proto.
class ConsistencyMethods {
 public:
  // `model` outlives it; without one, no rendering is found by links.
  ConsistencyMethods(const Stores& stores, const aligner::Model* model,
                     const ReportLimits& limits = {})
      : stores_(stores), model_(model), limits_(limits) {}

  absl::StatusOr<v1::ReportConsistencyResponse> ReportConsistency(
      const v1::ReportConsistencyRequest& request, const Call& call) const;
  absl::StatusOr<v1::PreferredRendering> SetPreferredRendering(
      const v1::SetPreferredRenderingRequest& request, const Call& call) const;
  absl::StatusOr<google::protobuf::Empty> DeletePreferredRendering(
      const v1::DeletePreferredRenderingRequest& request,
      const Call& call) const;
  absl::StatusOr<v1::ListPreferredRenderingsResponse> ListPreferredRenderings(
      const v1::ListPreferredRenderingsRequest& request,
      const Call& call) const;

 private:
  const Stores stores_;
  const aligner::Model* const model_;
  const ReportLimits limits_;
  mutable std::atomic<bool> large_report_ = false;  // one is being made
};

using RawConsistencyService =
    v1::ConsistencyService::WithRawCallbackMethod_ReportConsistency<
        v1::ConsistencyService::WithRawCallbackMethod_SetPreferredRendering<
            v1::ConsistencyService::
                WithRawCallbackMethod_DeletePreferredRendering<
                    v1::ConsistencyService::
                        WithRawCallbackMethod_ListPreferredRenderings<
                            v1::ConsistencyService::Service>>>>;

// The same on the wire: every call goes through UnaryCalls, the report through
// one for long work.
class ConsistencyService final : public RawConsistencyService {
 public:
  ConsistencyService(const Stores& stores, const aligner::Model* model,
                     UnaryCalls short_calls, UnaryCalls long_calls)
      : methods_(stores, model), short_(short_calls), long_(long_calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* ReportConsistency(Context*, const Bytes*,
                                              Bytes*) override;
  grpc::ServerUnaryReactor* SetPreferredRendering(Context*, const Bytes*,
                                                  Bytes*) override;
  grpc::ServerUnaryReactor* DeletePreferredRendering(Context*, const Bytes*,
                                                     Bytes*) override;
  grpc::ServerUnaryReactor* ListPreferredRenderings(Context*, const Bytes*,
                                                    Bytes*) override;

  const ConsistencyMethods methods_;
  UnaryCalls short_, long_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_CONSISTENCY_SERVICE_H_
