#ifndef DUILIAN_SERVICE_REPORT_SERVICE_H_
#define DUILIAN_SERVICE_REPORT_SERVICE_H_

#include "absl/status/statusor.h"
#include "duilian/v1/report_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/stores.h"
#include "service/unary_calls.h"

namespace duilian::service {

// The methods of duilian.v1.ReportService, free of gRPC. Contracts: the proto.
class ReportMethods {
 public:
  explicit ReportMethods(const Stores& stores) : stores_(stores) {}

  absl::StatusOr<v1::ReportDocumentResponse> ReportDocument(
      const v1::ReportDocumentRequest& request, const Call& call) const;

 private:
  const Stores stores_;
};

using RawReportService =
    v1::ReportService::WithRawCallbackMethod_ReportDocument<
        v1::ReportService::Service>;

// The same on the wire: every call goes through UnaryCalls.
class ReportService final : public RawReportService {
 public:
  ReportService(const Stores& stores, UnaryCalls calls)
      : methods_(stores), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* ReportDocument(Context*, const Bytes*,
                                           Bytes*) override;

  const ReportMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_REPORT_SERVICE_H_
