#include "tests/support/test_server.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace duilian::testing_support {
namespace {

bool HoldsAll(const std::string& line, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return absl::StrContains(line, word);
  });
}

enum class SideOf { kSource, kTarget };

bool SendChunks(SideOf side, const std::string& text, size_t chunk_bytes,
                ImportClientStream& stream) {
  for (size_t at = 0; at < text.size(); at += chunk_bytes) {
    v1::ImportDocumentsRequest part;
    if (side == SideOf::kSource) {
      part.set_source_chunk(text.substr(at, chunk_bytes));
    } else {
      part.set_target_chunk(text.substr(at, chunk_bytes));
    }
    if (!stream.Write(part)) return false;
  }
  return true;
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

bool SendDocument(const SentDocument& document, ImportClientStream& stream) {
  v1::ImportDocumentsRequest part;
  v1::DocumentHeader& header = *part.mutable_header();
  header.set_name(document.name);
  header.set_title(document.title);
  header.set_format(document.format);
  header.set_aligned_lines(document.aligned_lines);
  if (!stream.Write(part)) return false;
  if (!SendChunks(SideOf::kSource, document.source, document.chunk_bytes,
                  stream) ||
      !SendChunks(SideOf::kTarget, document.target, document.chunk_bytes,
                  stream)) {
    return false;
  }
  part.set_finish(true);
  return stream.Write(part);
}

TestServer::TestServer(const Options& options) {
  service::ServerOptions server;
  server.listen = "127.0.0.1:0";
  server.threads = options.threads;
  server.queue = options.queue;
  server.backups = options.backups;
  server.clock = [this] {
    return absl::Now() + absl::Microseconds(ahead_us_.load());
  };
  server.sink = [this](absl::string_view line) {
    TakeLine(line);
    return true;
  };
  storage::OrderedStore* store = &store_;
  if (options.following != nullptr) {
    store = options.following;
    server.following = {options.following, "/srv/memory",
                        absl::Milliseconds(1)};
  }
  absl::StatusOr<std::unique_ptr<service::Server>> started =
      service::Server::Start(server, *store, options.model);
  if (!started.ok()) {
    std::fprintf(stderr, "the test's server cannot start: %s\n",
                 started.status().ToString().c_str());
    std::abort();
  }
  server_ = *std::move(started);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(-1);
  // Not the channel of another test's server that had the same port.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel_ =
      grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                grpc::InsecureChannelCredentials(), arguments);
  memory_ = v1::TranslationMemoryService::NewStub(channel_);
  review_ = v1::ReviewService::NewStub(channel_);
  alignment_ = v1::AlignmentService::NewStub(channel_);
  imports_ = v1::ImportService::NewStub(channel_);
}

TestServer::~TestServer() {
  store_.Open();
  server_.reset();
}

ImportReply TestServer::Import(const std::vector<SentDocument>& documents) {
  grpc::ClientContext context;
  std::unique_ptr<ImportClientStream> stream =
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

void TestServer::TakeLine(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  log_.emplace_back(line);
}

bool TestServer::AwaitLog(const std::vector<std::string>& words) {
  absl::MutexLock lock(&mutex_);
  const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return std::any_of(log_.begin(), log_.end(), [&](const std::string& line) {
      return HoldsAll(line, words);
    });
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Minutes(1));
}

std::vector<std::string> TestServer::log() const {
  absl::MutexLock lock(&mutex_);
  return log_;
}

}  // namespace duilian::testing_support
