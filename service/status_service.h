#ifndef DUILIAN_SERVICE_STATUS_SERVICE_H_
#define DUILIAN_SERVICE_STATUS_SERVICE_H_

#include "absl/status/statusor.h"
#include "duilian/v1/status_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/store_follower.h"
#include "service/unary_calls.h"
#include "storage/lookup_index.h"

namespace duilian::service {

// The method of duilian.v1.StatusService, free of gRPC. Contract: the proto.
class StatusMethods {
 public:
  // Both outlive it; the follower is null in a server that writes.
  StatusMethods(const storage::LookupIndex& index,
                const StoreFollower* follower)
      : index_(index), follower_(follower) {}

  absl::StatusOr<v1::ServerStatus> GetServerStatus(
      const v1::GetServerStatusRequest& request, const Call& call) const;

 private:
  const storage::LookupIndex& index_;
  const StoreFollower* const follower_;
};

using RawStatusService =
    v1::StatusService::WithRawCallbackMethod_GetServerStatus<
        v1::StatusService::Service>;

// The same on the wire: every call goes through UnaryCalls.
class StatusService final : public RawStatusService {
 public:
  StatusService(const StatusMethods& methods, UnaryCalls calls)
      : methods_(methods), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* GetServerStatus(Context*, const Bytes*,
                                            Bytes*) override;

  const StatusMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_STATUS_SERVICE_H_
