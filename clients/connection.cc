#include "clients/connection.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/files.h"
#include "clients/server_words.h"

namespace duilian::clients {
namespace {

// A page of a thousand of the longest pairs fits.
constexpr int kMaxReplyBytes = 256 << 20;

// Longer than anyone waits, and no overflow of the clock's numbers.
constexpr double kMostSeconds = 366.0 * 24 * 60 * 60;

// All that read, and nothing that writes: after a lost answer a change may have
// happened.
constexpr char kServiceConfig[] = R"({"methodConfig": [{
  "name": [
    {"service": "duilian.v1.AlignmentService"},
    {"service": "duilian.v1.BackupService", "method": "ListBackups"},
    {"service": "duilian.v1.TranslationMemoryService", "method": "Lookup"},
    {"service": "duilian.v1.TranslationMemoryService", "method": "BatchLookup"},
    {"service": "duilian.v1.TranslationMemoryService",
     "method": "SearchConcordance"},
    {"service": "duilian.v1.TranslationMemoryService",
     "method": "SearchMeaning"},
    {"service": "duilian.v1.TranslationMemoryService", "method": "GetPair"},
    {"service": "duilian.v1.TranslationMemoryService", "method": "ListPairs"},
    {"service": "duilian.v1.TranslationMemoryService",
     "method": "ListProjects"},
    {"service": "duilian.v1.ReviewService", "method": "ListReviewQueue"},
    {"service": "duilian.v1.ReviewService", "method": "ListPairHistory"},
    {"service": "duilian.v1.QuoteService"},
    {"service": "duilian.v1.ReportService"},
    {"service": "duilian.v1.StatusService"},
    {"service": "duilian.v1.SettingsService", "method": "GetProjectSettings"},
    {"service": "duilian.v1.ConsistencyService",
     "method": "ReportConsistency"},
    {"service": "duilian.v1.ConsistencyService",
     "method": "ListPreferredRenderings"}
  ],
  "retryPolicy": {
    "maxAttempts": 4, "initialBackoff": "0.2s", "maxBackoff": "1s",
    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]
  }
}]})";

bool IsLoopback(const std::string& server) {
  return absl::StartsWith(server, "127.") ||
         absl::StartsWith(server, "localhost:") ||
         absl::StartsWith(server, "[::1]:");
}

grpc::ChannelArguments ChannelArguments(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(kMaxReplyBytes);
  // A proxy named in the environment cannot reach this machine's loopback.
  if (IsLoopback(server)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace

absl::StatusOr<Connection> Connection::Open(const ConnectionOptions& options) {
  std::shared_ptr<grpc::ChannelCredentials> credentials =
      grpc::InsecureChannelCredentials();
  if (options.tls || !options.ca_path.empty()) {
    grpc::SslCredentialsOptions ssl;
    if (!options.ca_path.empty()) {
      std::istringstream no_input;
      absl::StatusOr<std::string> pem = ReadFile(options.ca_path, no_input);
      if (!pem.ok()) return pem.status();
      ssl.pem_root_certs = *std::move(pem);
    }
    credentials = grpc::SslCredentials(ssl);
  }
  return Connection(
      options, grpc::CreateCustomChannel(options.server, credentials,
                                         ChannelArguments(options.server)));
}

void Connection::SetDeadline(grpc::ClientContext& context,
                             std::optional<double> default_seconds) const {
  const std::optional<double> seconds = options_.timeout_seconds.has_value()
                                            ? options_.timeout_seconds
                                            : default_seconds;
  if (!seconds.has_value()) return;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(std::llround(
                           std::min(*seconds, kMostSeconds) * 1000)));
}

absl::Status Connection::ToStatus(const grpc::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  const std::string& message = status.error_message();
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      // The connection stands, so the server itself said so: it is loading,
      // busy or ending, and its words tell which.
      if (channel_->GetState(/*try_to_connect=*/false) == GRPC_CHANNEL_READY) {
        return absl::Status(code, InFlagWords(message));
      }
      return absl::Status(
          code, absl::StrCat("no answer from a server at ", options_.server,
                             " (", message,
                             "); start duiliand, or name another with "
                             "--server HOST:PORT"));
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::Status(
          code, absl::StrCat("the server at ", options_.server,
                             " did not answer in time (", message,
                             "); give it more with --timeout SECONDS"));
    case grpc::StatusCode::UNIMPLEMENTED:
      return absl::Status(code,
                          absl::StrCat("the server at ", options_.server,
                                       " does not know this call (", message,
                                       "); use a server of this release"));
    default:
      if (const std::optional<std::string> words = OversizeInWords(message)) {
        return absl::Status(code, *words);
      }
      if (!message.empty()) return absl::Status(code, InFlagWords(message));
      return absl::Status(
          code, absl::StrCat("the server at ", options_.server, " answered ",
                             absl::StatusCodeToString(code),
                             " and gave no reason; its log has it"));
  }
}

}  // namespace duilian::clients
