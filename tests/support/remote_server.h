#ifndef DUILIAN_TESTS_SUPPORT_REMOTE_SERVER_H_
#define DUILIAN_TESTS_SUPPORT_REMOTE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "duilian/v1/backup_service.grpc.pb.h"
#include "duilian/v1/import_service.grpc.pb.h"
#include "duilian/v1/quote_service.grpc.pb.h"
#include "duilian/v1/review_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "tests/support/test_server.h"

namespace duilian::testing_support {

// Stubs that speak to a server of another process. Each call ends within a
// minute. Thread-safe.
class RemoteServer {
 public:
  // "127.0.0.1:PORT". A channel of its own.
  explicit RemoteServer(const std::string& address);

  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::minutes(1));
  }

  // Calls a method of a stub and waits: Call(memory(), &Stub::Lookup, request).
  template <typename Stub, typename Request, typename Response>
  Reply<Response> Call(Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                    const Request&, Response*),
                       const Request& request) {
    grpc::ClientContext context;
    SetDeadline(context);
    Reply<Response> reply;
    reply.status = FromGrpc((stub.*method)(&context, request, &reply.response));
    return reply;
  }

  // Sends the documents over one stream, each after the last one's result;
  // stops at a broken stream.
  ImportReply Import(const std::vector<SentDocument>& documents);

  // Every pair of a project, or of a document of it, over all pages.
  Reply<std::vector<v1::Pair>> ListAll(const std::string& project,
                                       const std::string& document = "");

  v1::TranslationMemoryService::Stub& memory() { return *memory_; }
  v1::ReviewService::Stub& review() { return *review_; }
  v1::ImportService::Stub& imports() { return *imports_; }
  v1::BackupService::Stub& backups() { return *backups_; }
  v1::QuoteService::Stub& quotes() { return *quotes_; }

 private:
  const std::unique_ptr<v1::TranslationMemoryService::Stub> memory_;
  const std::unique_ptr<v1::ReviewService::Stub> review_;
  const std::unique_ptr<v1::ImportService::Stub> imports_;
  const std::unique_ptr<v1::BackupService::Stub> backups_;
  const std::unique_ptr<v1::QuoteService::Stub> quotes_;
};

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_REMOTE_SERVER_H_
