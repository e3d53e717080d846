#include "service/unary_calls.h"

#include <grpcpp/support/slice.h>

#include <exception>
#include <new>

#include "absl/strings/str_cat.h"
#include "service/status.h"
#include "service/wire_text.h"

namespace duilian::service {
namespace {

using Work = std::function<absl::Status(const Call&)>;

// One call, from its arrival to OnDone, which deletes it. The worker that takes
// it from the queue answers it, or the cancellation that takes it out first.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(const UnaryWire& wire, WorkerPool& pool, CallDesk& desk, Work work)
      : context_(*wire.context),
        pool_(pool),
        desk_(desk),
        work_(std::move(work)),
        call_(desk.SignIn(wire.method, *wire.context)) {}

  // gRPC calls nothing of the reactor before it has it, so that the ticket is
  // there when OnCancel asks for it, and the call when the answer is.
  void Begin() {
    if (absl::Status status = desk_.CheckOpen(call_.method); !status.ok()) {
      return Answer(status);
    }
    absl::StatusOr<WorkerPool::Ticket> ticket = pool_.Submit([this] { Run(); });
    if (ticket.ok()) {
      ticket_ = *ticket;
    } else {
      Answer(ticket.status());
    }
  }

  // A worker that has the call already asks now and then.
  void OnCancel() override {
    if (!pool_.Withdraw(ticket_)) return;
    const absl::Status why = desk_.CheckWanted(context_);
    Answer(why.ok() ? absl::CancelledError("cancelled") : why);
  }

  void OnDone() override { delete this; }

 private:
  void Run() {
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

  // The last that is done here: it may end in OnDone.
  void Answer(const absl::Status& status) {
    Finish(ToGrpcStatus(desk_.SignOut(call_, status)));
  }

  grpc::CallbackServerContext& context_;
  WorkerPool& pool_;
  CallDesk& desk_;
  const Work work_;
  const OpenCall call_;
  WorkerPool::Ticket ticket_ = 0;  // none has it
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
  auto* call = new UnaryCall(wire, pool_, desk_, std::move(work));
  call->Begin();
  return call;
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
