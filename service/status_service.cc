#include "service/status_service.h"

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/util/time_util.h"

namespace duilian::service {
namespace {

using google::protobuf::util::TimeUtil;

v1::Following ToProto(const StoreFollower& follower) {
  v1::Following out;
  out.set_directory(follower.directory());
  const absl::Time as_of = follower.as_of();
  if (as_of != absl::InfinitePast()) {
    *out.mutable_as_of() =
        TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(as_of));
  }
  out.set_failure(follower.failure());
  return out;
}

}  // namespace

absl::StatusOr<v1::ServerStatus> StatusMethods::GetServerStatus(
    const v1::GetServerStatusRequest&, const Call&) const {
  v1::ServerStatus status;
  // First the time: what the index stands at may be newer, never older.
  if (follower_ != nullptr) *status.mutable_following() = ToProto(*follower_);
  status.set_index_position(static_cast<int64_t>(index_.position()));
  return status;
}

grpc::ServerUnaryReactor* StatusService::GetServerStatus(Context* context,
                                                         const Bytes* request,
                                                         Bytes* response) {
  return calls_.Run(
      {"duilian.v1.StatusService/GetServerStatus", context, request, response},
      &methods_, &StatusMethods::GetServerStatus);
}

}  // namespace duilian::service
