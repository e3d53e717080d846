#include "service/unary_calls.h"

#include <grpcpp/support/slice.h>

#include <exception>
#include <new>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "service/status.h"
#include "service/wire_text.h"

namespace duilian::service {
namespace {

// One call, from its arrival to OnDone, which deletes it. The worker that takes
// it from the queue answers it, or the cancellation that takes it out first; or
// gRPC's thread, which never queues it.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  struct Places {
    WorkerPool& pool;
    CallDesk& desk;
    DirectPlaces* direct = nullptr;
  };

  UnaryCall(const UnaryWire& wire, const Places& places,
            std::unique_ptr<UnaryWork> work)
      : pool_(places.pool),
        desk_(places.desk),
        direct_(places.direct),
        work_(std::move(work)),
        call_(desk_.SignIn(wire.method, *wire.context)) {}

  // gRPC calls nothing of the reactor before it has it, so that the ticket is
  // there when OnCancel asks for it, and the call when the answer is.
  void Begin() {
    if (absl::Status status = desk_.CheckOpen(call_.method); !status.ok()) {
      return Answer(status);
    }
    if (direct_ != nullptr && work_->may_be_short() && direct_->Take()) {
      const absl::Cleanup free = [this] { direct_->Free(); };
      if (AnswerIfShort()) return;
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
    const absl::Status why = desk_.CheckWanted(call_);
    Answer(why.ok() ? absl::CancelledError("cancelled") : why);
  }

  void OnDone() override { delete this; }

  // gRPC calls OnDone and OnCancel where it is, rather than wake a thread for
  // them: neither waits for anything but its line in the log.
  bool InternalInlineable() override { return true; }

 private:
  // False: it is not short.
  bool AnswerIfShort() {
    bool is_short = true;
    absl::Status status = desk_.CheckWanted(call_);
    if (status.ok()) status = Read();
    if (status.ok()) {
      status = Guarded([&] {
        is_short = work_->is_short();
        return absl::OkStatus();
      });
    }
    if (status.ok() && !is_short) return false;
    if (status.ok()) status = Work();
    Answer(status);
    return true;
  }

  absl::Status Read() {
    read_ = true;
    return Guarded([this] { return work_->Read(); });
  }

  absl::Status Work() {
    const Call call = {[this] { return !desk_.CheckWanted(call_).ok(); },
                       desk_.now()};
    return Guarded([&] { return work_->Answer(call); });
  }

  void Run() {
    absl::Status status = desk_.CheckWanted(call_);
    if (status.ok() && !read_) status = Read();
    if (status.ok()) status = Work();
    Answer(status);
  }

  // The last that is done here: it may end in OnDone.
  void Answer(absl::Status status) {
    if (status.code() == absl::StatusCode::kCancelled) {
      // The domain cannot tell why it was told to stop.
      const absl::Status why = desk_.CheckWanted(call_);
      if (!why.ok()) status = why;
    }
    Finish(ToGrpcStatus(desk_.SignOut(call_, status)));
  }

  WorkerPool& pool_;
  CallDesk& desk_;
  DirectPlaces* const direct_;
  const std::unique_ptr<UnaryWork> work_;
  const OpenCall call_;
  bool read_ = false;
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

bool DirectPlaces::Take() {
  size_t free = free_.load(std::memory_order_relaxed);
  while (free > 0 && !free_.compare_exchange_weak(free, free - 1,
                                                  std::memory_order_acquire)) {
    continue;
  }
  return free > 0;
}

grpc::ServerUnaryReactor* UnaryCalls::Start(const UnaryWire& wire,
                                            std::unique_ptr<UnaryWork> work) {
  auto* call = new UnaryCall(wire, {pool_, desk_, places_}, std::move(work));
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
