#ifndef DUILIAN_SERVICE_STATUS_H_
#define DUILIAN_SERVICE_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace duilian::service {

// The only translation of a status to the wire. The codes are the same
// numbers; kUnknown says nothing to a caller and leaves as INTERNAL. A message
// too long for a trailer is cut.
grpc::Status ToGrpcStatus(const absl::Status& status);

// The same status with "what: " before its message, e.g. "requests[3]".
absl::Status Within(const absl::Status& status, absl::string_view what);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_STATUS_H_
