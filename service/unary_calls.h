#ifndef DUILIAN_SERVICE_UNARY_CALLS_H_
#define DUILIAN_SERVICE_UNARY_CALLS_H_

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
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

// Places for calls that run where gRPC called us. gRPC 1.51 has half as many
// threads for that as there are processors, 2 to 16: with one place fewer, one
// goes on reading what comes and sending what is ready. Thread-safe.
class DirectPlaces {
 public:
  explicit DirectPlaces(size_t places) : free_(places) {}

  // False: all are taken.
  bool Take();
  void Free() { free_.fetch_add(1, std::memory_order_release); }

 private:
  std::atomic<size_t> free_;
};

// What a call asks for, and how it is answered, wherever that runs.
class UnaryWork {
 public:
  virtual ~UnaryWork() = default;

  // Whether it may be known to be short once it is read.
  virtual bool may_be_short() const = 0;
  // Parses the request; before all else.
  virtual absl::Status Read() = 0;
  // True: it takes little more than what gRPC does for a call.
  virtual bool is_short() const = 0;
  // Runs the method and serializes what it returns.
  virtual absl::Status Answer(const Call& call) = 0;
};

// Runs the methods of a service: parses, calls, serializes, signs out. What is
// known to be short runs at once, while there are places for it, and all else
// on a worker pool. A call that was cancelled or whose deadline passed while it
// waited is never run. Thread-safe.
class UnaryCalls {
 public:
  // All must outlive every call. Without places, nothing runs at once.
  UnaryCalls(WorkerPool& pool, CallDesk& desk, DirectPlaces* places = nullptr)
      : pool_(pool), desk_(desk), places_(places) {}

  // `is_short` is asked of requests of up to kMostBytesReadAtOnce.
  template <typename Service, typename Request, typename Response>
  grpc::ServerUnaryReactor* Run(
      const UnaryWire& wire, const Service* service,
      absl::StatusOr<Response> (Service::*method)(const Request&, const Call&)
          const,
      bool (Service::*is_short)(const Request&) const = nullptr) {
    return Start(wire, std::make_unique<MethodWork<Service, Request, Response>>(
                           wire, service, method, is_short));
  }

 private:
  static constexpr size_t kMostBytesReadAtOnce = 8 << 10;

  template <typename Service, typename Request, typename Response>
  class MethodWork final : public UnaryWork {
   public:
    using Method = absl::StatusOr<Response> (Service::*)(const Request&,
                                                         const Call&) const;
    MethodWork(const UnaryWire& wire, const Service* service, Method method,
               bool (Service::*ask)(const Request&) const)
        : wire_(wire), service_(service), method_(method), ask_(ask) {}

    bool may_be_short() const override {
      return ask_ != nullptr && wire_.request->Length() <= kMostBytesReadAtOnce;
    }
    absl::Status Read() override {
      return ReadMessage(*wire_.request, request_);
    }
    bool is_short() const override { return (service_->*ask_)(request_); }
    absl::Status Answer(const Call& call) override {
      // Freed here rather than on gRPC's thread.
      const Request request = std::move(request_);
      absl::StatusOr<Response> response = (service_->*method_)(request, call);
      if (!response.ok()) return response.status();
      return WriteMessage(*response, *wire_.response);
    }

   private:
    const UnaryWire wire_;
    const Service* const service_;
    const Method method_;
    bool (Service::*const ask_)(const Request&) const;
    Request request_;
  };

  grpc::ServerUnaryReactor* Start(const UnaryWire& wire,
                                  std::unique_ptr<UnaryWork> work);

  WorkerPool& pool_;
  CallDesk& desk_;
  DirectPlaces* const places_;
};

// Runs work that may throw out of a library, and makes a status of that.
absl::Status Guarded(const std::function<absl::Status()>& work);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_UNARY_CALLS_H_
