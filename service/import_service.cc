#include "service/import_service.h"

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "service/status.h"
#include "service/unary_calls.h"

namespace duilian::service {
namespace {

using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

absl::Status ShuttingDown() {
  return absl::UnavailableError(
      "the server is shutting down; the documents answered so far are stored; "
      "send the others when it is back");
}

// One stream. It is always in one of three places, and each hands over to the
// next: a read is out (kReading), a worker has a document (kWorking), or a
// result is on its way back (kWriting). Only kReading between two documents
// can be interrupted, by Drain(). Deletes itself when gRPC is done with it.
class ImportStream final : public Reactor, public DrainableStream {
 public:
  ImportStream(const ImportEnvironment& environment,
               grpc::CallbackServerContext& context)
      : environment_(environment),
        call_(environment.desk.SignIn(
            "duilian.v1.ImportService/ImportDocuments", context)),
        documents_(environment.budget) {}

  void Begin() {
    if (absl::Status status = environment_.desk.CheckOpen(call_.method);
        !status.ok()) {
      if (Move(Place::kReading, Place::kEnded)) End(status);
    } else {
      StartRead(&request_);
    }
    environment_.streams.Add(*this);
  }

  void Drain() override {
    {
      absl::MutexLock lock(&mutex_);
      draining_ = true;
      if (place_ != Place::kReading || !between_documents_) return;
      place_ = Place::kEnded;
    }
    End(ShuttingDown());
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      if (Move(Place::kReading, Place::kEnded)) End(WhyReadingEnded());
      return;
    }
    v1::ImportDocumentsRequest part;
    absl::Status status = ReadMessage(request_, part);
    request_.Clear();
    if (status.ok()) status = documents_.Add(part);
    if (!status.ok()) {
      if (Move(Place::kReading, Place::kEnded)) End(status);
    } else if (documents_.complete()) {
      if (Move(Place::kReading, Place::kWorking)) StartWork();
    } else if (StaysReading()) {
      StartRead(&request_);
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      Move(Place::kWriting, Place::kEnded);
      End(WhyBroken());
    } else if (MayReadOn()) {
      StartRead(&request_);
    } else {
      End(ShuttingDown());
    }
  }

  void OnDone() override {
    environment_.streams.Remove(*this);
    delete this;
  }

 private:
  enum class Place { kReading, kWorking, kWriting, kEnded };

  // False when the stream is no longer where it was: Drain() ended it.
  bool Move(Place from, Place to) {
    absl::MutexLock lock(&mutex_);
    if (place_ != from) return false;
    place_ = to;
    return true;
  }

  bool StaysReading() {
    absl::MutexLock lock(&mutex_);
    between_documents_ = false;
    return place_ == Place::kReading;
  }

  bool MayReadOn() {
    absl::MutexLock lock(&mutex_);
    place_ = draining_ ? Place::kEnded : Place::kReading;
    between_documents_ = true;
    return !draining_;
  }

  void StartWork() {
    auto document = std::make_shared<IncomingDocument>(documents_.Take());
    const std::string name = document->full_name;
    const absl::StatusOr<WorkerPool::Ticket> queued =
        environment_.pool.Submit([this, document = std::move(document)] {
          const Call call = {
              [this] { return !environment_.desk.CheckWanted(call_).ok(); },
              environment_.desk.now()};
          Send(environment_.importer.Import(*document, call));
        });
    if (!queued.ok()) Send(Refused(name, queued.status()));
  }

  void Send(const v1::ImportDocumentsResponse& response) {
    Move(Place::kWorking, Place::kWriting);
    response_.Clear();
    const absl::Status status = WriteMessage(response, response_);
    if (status.ok()) {
      StartWrite(&response_);
    } else {
      Move(Place::kWriting, Place::kEnded);
      End(status);
    }
  }

  // The client has said all, or is gone.
  absl::Status WhyReadingEnded() const {
    if (absl::Status status = environment_.desk.CheckWanted(call_);
        !status.ok()) {
      return status;
    }
    if (documents_.idle()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        "the stream ended inside of ", documents_.unfinished(),
        ", finish: true is accepted before the end; nothing of that document "
        "was stored, send it again whole"));
  }

  absl::Status WhyBroken() const {
    const absl::Status status = environment_.desk.CheckWanted(call_);
    if (!status.ok()) return status;
    return absl::CancelledError("the client is gone");
  }

  void End(const absl::Status& status) {
    Finish(ToGrpcStatus(environment_.desk.SignOut(call_, status)));
  }

  const ImportEnvironment environment_;
  const OpenCall call_;
  DocumentAssembler documents_;  // touched by one reaction at a time
  grpc::ByteBuffer request_, response_;

  absl::Mutex mutex_;
  Place place_ ABSL_GUARDED_BY(mutex_) = Place::kReading;
  bool between_documents_ ABSL_GUARDED_BY(mutex_) = true;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
ImportService::ImportDocuments(grpc::CallbackServerContext* context) {
  auto* stream = new ImportStream(environment_, *context);
  stream->Begin();
  return stream;
}

}  // namespace duilian::service
