#include "service/unary_calls.h"

#include <grpcpp/support/slice.h>

#include <atomic>
#include <exception>
#include <memory>
#include <new>

#include "absl/strings/str_cat.h"
#include "service/status.h"
#include "service/wire_text.h"

namespace duilian::service {
namespace {

using Work = std::function<absl::Status(const Call&)>;

// One call, from its arrival to OnDone. Whoever claims it answers it: the
// worker that takes it from the queue, or the cancellation that comes first.
// Shared by gRPC (until OnDone) and the queue (until the task ran).
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(const UnaryWire& wire, CallDesk& desk, Work work)
      : context_(*wire.context),
        desk_(desk),
        work_(std::move(work)),
        call_(desk.SignIn(wire.method, *wire.context)) {}

  static UnaryCall* Begin(std::shared_ptr<UnaryCall> call, WorkerPool& pool) {
    UnaryCall* reactor = call.get();
    reactor->self_ = call;
    absl::Status queued =
        pool.Submit([call = std::move(call)] { call->RunIfWanted(); });
    if (!queued.ok() && reactor->Claim()) reactor->Answer(queued);
    return reactor;
  }

  void OnCancel() override {
    if (!Claim()) return;  // a worker has it, and asks now and then
    const absl::Status why = desk_.CheckWanted(context_);
    Answer(why.ok() ? absl::CancelledError("cancelled") : why);
  }

  void OnDone() override { self_.reset(); }

 private:
  // True for the first who asks. After that the context is only theirs.
  bool Claim() { return !claimed_.exchange(true); }

  void RunIfWanted() {
    if (!Claim()) return;
    absl::Status status = desk_.CheckWanted(context_);
    if (status.ok()) {
      const Call call = {[this] { return !desk_.CheckWanted(context_).ok(); },
                         desk_.now()};
      status = Guarded([&] { return work_(call); });
    }
    if (status.code() == absl::StatusCode::kCancelled) {
      // The domain cannot tell why it was told to stop.
      const absl::Status why = desk_.CheckWanted(context_);
      if (!why.ok()) status = why;
    }
    Answer(status);
  }

  void Answer(const absl::Status& status) {
    Finish(ToGrpcStatus(desk_.SignOut(call_, status)));
  }

  grpc::CallbackServerContext& context_;
  CallDesk& desk_;
  const Work work_;
  const OpenCall call_;
  std::atomic<bool> claimed_ = false;
  std::shared_ptr<UnaryCall> self_;
};

}  // namespace

absl::Status ReadMessage(const grpc::ByteBuffer& bytes,
                         google::protobuf::Message& message) {
  grpc::Slice slice;
  if (!bytes.DumpToSingleSlice(&slice).ok()) {
    return absl::InternalError("the request's bytes could not be read");
  }
  return ParseRequest(
      absl::string_view(reinterpret_cast<const char*>(slice.begin()),
                        slice.size()),
      message);
}

absl::Status WriteMessage(const google::protobuf::Message& message,
                          grpc::ByteBuffer& bytes) {
  bool own_buffer = false;
  const grpc::Status status = grpc::GenericSerialize<grpc::ProtoBufferWriter,
                                                     google::protobuf::Message>(
      message, &bytes, &own_buffer);
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the answer could not be written: ",
                                          status.error_message()));
}

grpc::ServerUnaryReactor* UnaryCalls::Start(const UnaryWire& wire, Work work) {
  return UnaryCall::Begin(
      std::make_shared<UnaryCall>(wire, desk_, std::move(work)), pool_);
}

absl::Status Guarded(const std::function<absl::Status()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(
        "the server has not enough memory left for this; send less at once, "
        "or call again later");
  } catch (const std::exception& error) {
    return absl::InternalError(
        absl::StrCat("a library that the server uses failed: ", error.what()));
  }
}

}  // namespace duilian::service
