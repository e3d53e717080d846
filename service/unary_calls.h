#ifndef DUILIAN_SERVICE_UNARY_CALLS_H_
#define DUILIAN_SERVICE_UNARY_CALLS_H_

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "service/call_desk.h"
#include "service/worker_pool.h"

namespace duilian::service {

// A unary call as gRPC hands it over. All outlive the call.
struct UnaryWire {
  absl::string_view method;  // "duilian.v1.ReviewService/ReviewPair"
  grpc::CallbackServerContext* context;
  const grpc::ByteBuffer* request;
  grpc::ByteBuffer* response;
};

absl::Status ReadMessage(const grpc::ByteBuffer& bytes,
                         google::protobuf::Message& message);
absl::Status WriteMessage(const google::protobuf::Message& message,
                          grpc::ByteBuffer& bytes);

// Runs the methods of a service on a worker pool: parses, calls, serializes,
// signs out. A call that was cancelled or whose deadline passed while it
// waited is never run. Thread-safe.
class UnaryCalls {
 public:
  // Both must outlive every call.
  UnaryCalls(WorkerPool& pool, CallDesk& desk) : pool_(pool), desk_(desk) {}

  template <typename Service, typename Request, typename Response>
  grpc::ServerUnaryReactor* Run(const UnaryWire& wire, const Service* service,
                                absl::StatusOr<Response> (Service::*method)(
                                    const Request&, const Call&) const) {
    return Start(wire, [wire, service, method](const Call& call) {
      Request request;
      if (absl::Status status = ReadMessage(*wire.request, request);
          !status.ok()) {
        return status;
      }
      absl::StatusOr<Response> response = (service->*method)(request, call);
      if (!response.ok()) return response.status();
      return WriteMessage(*response, *wire.response);
    });
  }

 private:
  grpc::ServerUnaryReactor* Start(
      const UnaryWire& wire, std::function<absl::Status(const Call&)> work);

  WorkerPool& pool_;
  CallDesk& desk_;
};

// Runs work that may throw out of a library, and makes a status of that.
absl::Status Guarded(const std::function<absl::Status()>& work);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_UNARY_CALLS_H_
