#include "tests/support/remote_server.h"

#include <utility>

namespace duilian::testing_support {
namespace {

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Not the channel of an earlier server that had the same port.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace

// A stub keeps its channel; each is a connection, as a client of its own would
// have.
RemoteServer::RemoteServer(const std::string& address)
    : memory_(v1::TranslationMemoryService::NewStub(Connect(address))),
      review_(v1::ReviewService::NewStub(Connect(address))),
      imports_(v1::ImportService::NewStub(Connect(address))),
      backups_(v1::BackupService::NewStub(Connect(address))),
      quotes_(v1::QuoteService::NewStub(Connect(address))) {}

ImportReply RemoteServer::Import(const std::vector<SentDocument>& documents) {
  grpc::ClientContext context;
  SetDeadline(context);
  const std::unique_ptr<ImportClientStream> stream =
      imports_->ImportDocuments(&context);
  ImportReply reply;
  for (const SentDocument& document : documents) {
    v1::ImportDocumentsResponse result;
    if (!SendDocument(document, *stream) || !stream->Read(&result)) break;
    reply.results.push_back(std::move(result));
  }
  stream->WritesDone();
  reply.status = FromGrpc(stream->Finish());
  return reply;
}

Reply<std::vector<v1::Pair>> RemoteServer::ListAll(
    const std::string& project, const std::string& document) {
  Reply<std::vector<v1::Pair>> all;
  v1::ListPairsRequest request;
  request.set_parent(project);
  request.set_document(document);
  request.set_page_size(1'000);
  do {
    Reply<v1::ListPairsResponse> page =
        Call(memory(), &v1::TranslationMemoryService::Stub::ListPairs, request);
    all.status = page.status;
    if (!page.status.ok()) return all;
    for (v1::Pair& pair : *page.response.mutable_pairs()) {
      all.response.push_back(std::move(pair));
    }
    request.set_page_token(page.response.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

}  // namespace duilian::testing_support
