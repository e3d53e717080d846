#ifndef DUILIAN_SERVICE_QUOTE_SERVICE_H_
#define DUILIAN_SERVICE_QUOTE_SERVICE_H_

#include "absl/status/statusor.h"
#include "aligner/model.h"
#include "duilian/v1/quote_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/stores.h"
#include "service/unary_calls.h"

namespace duilian::service {

// The methods of duilian.v1.QuoteService, free of gRPC. Contracts: the proto.
class QuoteMethods {
 public:
  // `model` outlives it; without one, parts of a text have no counterpart.
  QuoteMethods(const Stores& stores, const aligner::Model* model)
      : stores_(stores), model_(model) {}

  absl::StatusOr<v1::FindQuoteResponse> FindQuote(
      const v1::FindQuoteRequest& request, const Call& call) const;

 private:
  const Stores stores_;
  const aligner::Model* const model_;
};

using RawQuoteService = v1::QuoteService::WithRawCallbackMethod_FindQuote<
    v1::QuoteService::Service>;

// The same on the wire: every call goes through UnaryCalls.
class QuoteService final : public RawQuoteService {
 public:
  QuoteService(const Stores& stores, const aligner::Model* model,
               UnaryCalls calls)
      : methods_(stores, model), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* FindQuote(Context*, const Bytes*, Bytes*) override;

  const QuoteMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_QUOTE_SERVICE_H_
