#ifndef DUILIAN_TESTS_SUPPORT_TEST_SERVER_H_
#define DUILIAN_TESTS_SUPPORT_TEST_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "aligner/model.h"
#include "duilian/v1/alignment_service.grpc.pb.h"
#include "duilian/v1/import_service.grpc.pb.h"
#include "duilian/v1/review_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "service/server.h"
#include "storage/backups.h"
#include "storage/following_store.h"
#include "tests/support/gated_store.h"

namespace duilian::testing_support {

// What a unary call came to.
template <typename Response>
struct Reply {
  absl::Status status;
  Response response;
};
template <typename Response>
const absl::Status& StatusOf(const Reply<Response>& reply) {
  return reply.status;
}

absl::Status FromGrpc(const grpc::Status& status);

// A document to send; chunks are cut every `chunk_bytes` bytes, characters or
// not.
struct SentDocument {
  std::string name;
  std::string source, target;
  bool aligned_lines = true;
  std::string title = "";
  v1::TextFormat format = v1::TEXT_FORMAT_UNSPECIFIED;
  size_t chunk_bytes = 1 << 20;
};

using ImportClientStream =
    grpc::ClientReaderWriter<v1::ImportDocumentsRequest,
                             v1::ImportDocumentsResponse>;

// Writes a document's parts. False when the stream is broken.
bool SendDocument(const SentDocument& document, ImportClientStream& stream);

struct ImportReply {
  std::vector<v1::ImportDocumentsResponse> results;
  absl::Status status;
};

// A real server on a free loopback port, over a store in memory, and stubs
// that speak to it.
class TestServer {
 public:
  struct Options {
    size_t threads = 2;
    size_t queue = 16;
    const aligner::Model* model = nullptr;
    // The server follows it instead of writing a store of its own, and looks
    // at it every millisecond.
    storage::FollowingStore* following = nullptr;
    storage::Backups* backups = nullptr;
  };

  TestServer() : TestServer(Options()) {}
  explicit TestServer(const Options& options);
  ~TestServer();

  // Calls a method of a stub and waits: Call(tm(), &Stub::Lookup, request).
  template <typename Stub, typename Request, typename Response>
  Reply<Response> Call(Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                    const Request&, Response*),
                       const Request& request) {
    grpc::ClientContext context;
    Reply<Response> reply;
    reply.status = FromGrpc((stub.*method)(&context, request, &reply.response));
    return reply;
  }

  // Sends the documents over one stream, in turn.
  ImportReply Import(const std::vector<SentDocument>& documents);

  v1::TranslationMemoryService::Stub& memory() { return *memory_; }
  v1::ReviewService::Stub& review() { return *review_; }
  v1::AlignmentService::Stub& alignment() { return *alignment_; }
  v1::ImportService::Stub& imports() { return *imports_; }

  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }
  service::Server& server() { return *server_; }
  GatedStore& store() { return store_; }

  // The server's clock jumps ahead.
  void Advance(absl::Duration duration) {
    ahead_us_ += absl::ToInt64Microseconds(duration);
  }

  // Waits for a line of the log that holds all the words. False when none
  // comes in a minute.
  [[nodiscard]] bool AwaitLog(const std::vector<std::string>& words);
  std::vector<std::string> log() const;

 private:
  void TakeLine(absl::string_view line);

  GatedStore store_;
  std::atomic<int64_t> ahead_us_ = 0;
  mutable absl::Mutex mutex_;
  std::vector<std::string> log_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<service::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::TranslationMemoryService::Stub> memory_;
  std::unique_ptr<v1::ReviewService::Stub> review_;
  std::unique_ptr<v1::AlignmentService::Stub> alignment_;
  std::unique_ptr<v1::ImportService::Stub> imports_;
};

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_TEST_SERVER_H_
