#include "bench/loopback.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "storage/rocks_store.h"

namespace duilian::bench {
namespace {

using ImportStream = grpc::ClientReaderWriter<v1::ImportDocumentsRequest,
                                              v1::ImportDocumentsResponse>;

std::shared_ptr<grpc::Channel> Connect(int port) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Not the channel of a server that had the same port before.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                   grpc::InsecureChannelCredentials(),
                                   arguments);
}

// False when the stream is broken; Finish says why.
bool Send(const LinesDocument& document, ImportStream& stream) {
  v1::ImportDocumentsRequest part;
  part.mutable_header()->set_name(document.name);
  part.mutable_header()->set_aligned_lines(true);
  part.mutable_header()->set_format(v1::LINES);
  if (!stream.Write(part)) return false;
  part.set_source_chunk(document.english);
  if (!stream.Write(part)) return false;
  part.set_target_chunk(document.chinese);
  if (!stream.Write(part)) return false;
  part.set_finish(true);
  return stream.Write(part);
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

absl::StatusOr<std::unique_ptr<ScratchDirectory>> ScratchDirectory::Make(
    const std::string& parent) {
  std::string path = parent + "/duilian-bench-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("no directory can be made in ", parent, ": ",
                     std::strerror(errno), "; name another with --directory"));
  }
  return std::unique_ptr<ScratchDirectory>(
      new ScratchDirectory(std::move(path)));
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

uint64_t ScratchDirectory::Bytes() const {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(path_, error)) {
    // RocksDB may delete a file between its being listed and being measured.
    const uintmax_t size = entry.file_size(error);
    if (!error) bytes += size;
  }
  return bytes;
}

std::vector<LinesDocument> Documents(const SentencePairs& pairs, uint64_t begin,
                                     uint64_t end) {
  std::vector<LinesDocument> documents;
  for (uint64_t first = begin; first < end; first += kPairsPerDocument) {
    LinesDocument& document = documents.emplace_back();
    document.name = absl::StrFormat("%s/documents/from-%09u", kProject, first);
    const uint64_t past = std::min(end, first + kPairsPerDocument);
    for (uint64_t number = first; number < past; ++number) {
      const SentencePair pair = pairs.At(number);
      absl::StrAppend(&document.english, pair.english, "\n");
      absl::StrAppend(&document.chinese, pair.chinese, "\n");
    }
  }
  return documents;
}

absl::StatusOr<std::unique_ptr<LoopbackServer>> LoopbackServer::Start(
    const std::string& scratch_parent) {
  service::TakeLocksUnchecked();
  std::unique_ptr<LoopbackServer> loopback(new LoopbackServer);
  absl::StatusOr<std::unique_ptr<ScratchDirectory>> directory =
      ScratchDirectory::Make(scratch_parent);
  if (!directory.ok()) return directory.status();
  loopback->directory_ = *std::move(directory);
  storage::RocksOptions rocks;
  rocks.directory = loopback->directory_->path() + "/store";
  absl::StatusOr<std::unique_ptr<storage::OrderedStore>> store =
      storage::OpenRocksStore(rocks);
  if (!store.ok()) return store.status();
  loopback->store_ = *std::move(store);
  service::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.lookup_threads =
      std::max(std::thread::hardware_concurrency(), 1u) - 1;
  options.clock = absl::Now;
  options.sink = [](absl::string_view) { return true; };
  // Pairs that come aligned need no model.
  absl::StatusOr<std::unique_ptr<service::Server>> server =
      service::Server::Start(options, *loopback->store_, /*model=*/nullptr);
  if (!server.ok()) return server.status();
  loopback->server_ = *std::move(server);
  loopback->channel_ = Connect(loopback->server_->port());
  loopback->memory_ = v1::TranslationMemoryService::NewStub(loopback->channel_);
  loopback->imports_ = v1::ImportService::NewStub(loopback->channel_);
  return loopback;
}

absl::Status LoopbackServer::Import(
    const std::vector<LinesDocument>& documents) {
  absl::Status second;
  std::thread other([&] { second = ImportHalf(documents, 1); });
  absl::Status status = ImportHalf(documents, 0);
  other.join();
  status.Update(second);
  return status;
}

absl::Status LoopbackServer::ImportHalf(
    const std::vector<LinesDocument>& documents, size_t first) {
  grpc::ClientContext context;
  const std::unique_ptr<ImportStream> stream =
      imports_->ImportDocuments(&context);
  std::thread sender([&] {
    for (size_t i = first; i < documents.size(); i += 2) {
      if (!Send(documents[i], *stream)) break;
    }
    stream->WritesDone();
  });
  size_t stored = 0;
  absl::Status refused;
  v1::ImportDocumentsResponse result;
  while (stream->Read(&result)) {
    if (result.outcome() == v1::ImportDocumentsResponse::STORED) {
      ++stored;
    } else {
      refused = absl::InternalError(absl::StrCat(
          result.name(), " was not stored: ", result.ShortDebugString()));
    }
  }
  sender.join();
  if (absl::Status end = FromGrpc(stream->Finish()); !end.ok()) return end;
  const size_t sent = (documents.size() + 1 - first) / 2;
  if (!refused.ok() || stored == sent) return refused;
  return absl::InternalError(
      absl::StrCat(stored, " documents were stored of ", sent, " sent"));
}

class EchoServer::Service final
    : public v1::TranslationMemoryService::CallbackService {
 public:
  explicit Service(std::vector<v1::LookupResponse> replies)
      : replies_(std::move(replies)) {}

  grpc::ServerUnaryReactor* Lookup(grpc::CallbackServerContext* context,
                                   const v1::LookupRequest*,
                                   v1::LookupResponse* response) override {
    *response = replies_[next_++ % replies_.size()];
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const std::vector<v1::LookupResponse> replies_;
  std::atomic<size_t> next_ = 0;
};

EchoServer::EchoServer() = default;
EchoServer::~EchoServer() = default;

absl::StatusOr<std::unique_ptr<EchoServer>> EchoServer::Start(
    std::vector<v1::LookupResponse> replies) {
  std::unique_ptr<EchoServer> echo(new EchoServer);
  echo->service_ = std::make_unique<Service>(std::move(replies));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(echo->service_.get());
  echo->server_ = builder.BuildAndStart();
  if (echo->server_ == nullptr) {
    return absl::UnavailableError(
        "no loopback port can be listened on; see to the network and start "
        "again");
  }
  echo->memory_ = v1::TranslationMemoryService::NewStub(Connect(port));
  return echo;
}

}  // namespace duilian::bench
