#include "service/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "service/alignment_service.h"
#include "service/backup_service.h"
#include "service/call_desk.h"
#include "service/checks.h"
#include "service/consistency_service.h"
#include "service/document_importer.h"
#include "service/import_service.h"
#include "service/incoming_document.h"
#include "service/index_saver.h"
#include "service/limits.h"
#include "service/listen_address.h"
#include "service/load_progress.h"
#include "service/meaning_follower.h"
#include "service/open_streams.h"
#include "service/quote_service.h"
#include "service/report_service.h"
#include "service/review_service.h"
#include "service/sentence_meaning.h"
#include "service/settings_service.h"
#include "service/status_service.h"
#include "service/store_follower.h"
#include "service/stores.h"
#include "service/translation_memory_service.h"
#include "service/unary_calls.h"
#include "service/worker_pool.h"
#include "storage/lookup_index.h"
#include "storage/translation_memory.h"

namespace duilian::service {
namespace {

constexpr const char* kServiceNames[] = {"",
                                         "duilian.v1.AlignmentService",
                                         "duilian.v1.TranslationMemoryService",
                                         "duilian.v1.ImportService",
                                         "duilian.v1.ReviewService",
                                         "duilian.v1.ReportService",
                                         "duilian.v1.SettingsService",
                                         "duilian.v1.QuoteService",
                                         "duilian.v1.ConsistencyService",
                                         "duilian.v1.StatusService",
                                         "duilian.v1.BackupService"};

// Request ids of two runs should differ; that is all.
std::string RunId(absl::Time now) {
  return absl::StrCat(absl::Hex(absl::ToUnixMicros(now)));
}

absl::Status CheckSafeToListen(const ServerOptions& options) {
  absl::StatusOr<ListenAddress> address = ParseListenAddress(options.listen);
  if (!address.ok()) return address.status();
  if (options.tls.has_value() || options.insecure ||
      IsLoopback(address->host)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--listen: '", options.listen,
      "' given without TLS, loopback addresses "
      "alone accepted then; add --tls-cert and --tls-key, or --insecure if the "
      "network is trusted"));
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(
    const ServerOptions& options) {
  if (!options.tls.has_value()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions ssl;
  ssl.pem_key_cert_pairs.push_back(
      {options.tls->key, options.tls->certificate});
  return grpc::SslServerCredentials(ssl);
}

// A line of the log so often, while the server loads.
constexpr absl::Duration kBetweenLoadingLines = absl::Seconds(1);

std::string LoadingMessage(const storage::LoadProgress& progress) {
  return absl::StrCat(
      "the server is loading: ", PairsOf(progress),
      " are read; calls are answered when all are; call again in a few "
      "seconds");
}

std::string NoWritesMessage(const std::string& directory) {
  return absl::StrCat(
      "this server only reads: it follows ", directory,
      ", which another duiliand writes; send the call to that server, the one "
      "with --data ",
      directory);
}

}  // namespace

// Everything between the store and the wire, in the order in which it is made.
class Server::Services {
 public:
  Services(const ServerOptions& options,
           std::unique_ptr<storage::TranslationMemory> memory,
           const aligner::Model* model)
      : clock_(options.clock),
        log_(options.clock, options.sink),
        desk_(options.clock, log_, RunId(options.clock())),
        memory_(std::move(memory)),
        index_(*memory_, {options.lookup_threads}),
        saver_(index_, clock_, log_),
        meaning_(model == nullptr
                     ? nullptr
                     : std::make_unique<MeaningFollower>(
                           *memory_, SentenceMeaning(*model), clock_, log_,
                           storage::MeaningIndexOptions{
                               .threads = options.lookup_threads})),
        follower_(MakeFollower(options)),
        stores_{*memory_, index_, log_, meaning_.get()},
        importer_(stores_, model),
        short_work_({options.threads, options.queue}),
        long_work_({options.threads, options.queue}),
        direct_(options.direct_calls),
        translation_memory_(stores_, model,
                            UnaryCalls(short_work_, desk_, &direct_)),
        review_(stores_, UnaryCalls(short_work_, desk_)),
        alignment_(model, UnaryCalls(long_work_, desk_)),
        report_(stores_, UnaryCalls(long_work_, desk_)),
        settings_(stores_, UnaryCalls(short_work_, desk_)),
        quote_(stores_, model, UnaryCalls(short_work_, desk_)),
        consistency_(stores_, model, UnaryCalls(short_work_, desk_),
                     UnaryCalls(long_work_, desk_)),
        status_({index_, follower_.get()}, UnaryCalls(short_work_, desk_)),
        backup_({options.backups, log_}, UnaryCalls(long_work_, desk_)),
        import_({importer_, long_work_, desk_, streams_, budget_}) {}

  void Register(grpc::ServerBuilder& builder) {
    builder.RegisterService(&translation_memory_);
    builder.RegisterService(&review_);
    builder.RegisterService(&alignment_);
    builder.RegisterService(&import_);
    builder.RegisterService(&report_);
    builder.RegisterService(&settings_);
    builder.RegisterService(&quote_);
    builder.RegisterService(&consistency_);
    builder.RegisterService(&status_);
    builder.RegisterService(&backup_);
  }

  void StopWork() {
    short_work_.Stop();
    long_work_.Stop();
  }

  size_t waiting_calls() const {
    return short_work_.waiting() + long_work_.waiting();
  }

  JsonLog& log() { return log_; }
  CallDesk& desk() { return desk_; }
  storage::LookupIndex& index() { return index_; }
  MeaningFollower* meaning() { return meaning_.get(); }
  IndexSaver& saver() { return saver_; }
  StoreFollower* follower() { return follower_.get(); }
  OpenStreams& streams() { return streams_; }

 private:
  std::unique_ptr<StoreFollower> MakeFollower(const ServerOptions& options) {
    if (!options.following.has_value()) return nullptr;
    return std::make_unique<StoreFollower>(
        FollowerParts{.store = *options.following->store,
                      .memory = *memory_,
                      .index = index_,
                      .meaning = meaning_.get(),
                      .clock = clock_,
                      .log = log_},
        options.following->directory);
  }

  const Clock clock_;
  JsonLog log_;
  CallDesk desk_;
  const std::unique_ptr<storage::TranslationMemory> memory_;
  storage::LookupIndex index_;
  IndexSaver saver_;
  const std::unique_ptr<MeaningFollower> meaning_;  // null without a model
  // Null: this server writes the store.
  const std::unique_ptr<StoreFollower> follower_;
  const Stores stores_;
  const DocumentImporter importer_;
  OpenStreams streams_;
  ByteBudget budget_{kMaxBufferedImportBytes};
  WorkerPool short_work_;
  WorkerPool long_work_;
  DirectPlaces direct_;
  TranslationMemoryService translation_memory_;
  ReviewService review_;
  AlignmentService alignment_;
  ReportService report_;
  SettingsService settings_;
  QuoteService quote_;
  ConsistencyService consistency_;
  StatusService status_;
  BackupService backup_;
  ImportService import_;
};

// The port, and gRPC's server behind it.
class Server::Endpoint {
 public:
  static absl::StatusOr<std::unique_ptr<Endpoint>> Listen(
      const ServerOptions& options, Services& services) {
    // Process-wide, and the same for every server.
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(kMaxReceiveMessageBytes);
    // Otherwise a second server shares the port without a word.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    int port = 0;
    builder.AddListeningPort(options.listen, CredentialsOf(options), &port);
    services.Register(builder);
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (server == nullptr || port == 0) {
      return WhyNotListening(options.listen);
    }
    auto endpoint =
        std::unique_ptr<Endpoint>(new Endpoint(std::move(server), port));
    endpoint->SayServing(false);
    return endpoint;
  }

  int port() const { return port_; }

  void SayServing(bool serving) {
    grpc::HealthCheckServiceInterface& health =
        *server_->GetHealthCheckService();
    for (const char* name : kServiceNames) {
      health.SetServingStatus(name, serving);
    }
  }

  void Shutdown(absl::Duration patience) {
    // Far enough, and no overflow of the clock's numbers.
    constexpr absl::Duration kLongest = absl::Hours(24 * 365);
    server_->Shutdown(std::chrono::system_clock::now() +
                      absl::ToChronoMicroseconds(std::min(patience, kLongest)));
  }

 private:
  Endpoint(std::unique_ptr<grpc::Server> server, int port)
      : server_(std::move(server)), port_(port) {}

  const std::unique_ptr<grpc::Server> server_;
  const int port_;
};

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, storage::OrderedStore& store,
    const aligner::Model* model) {
  if (absl::Status status = CheckSafeToListen(options); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::unique_ptr<storage::TranslationMemory>> memory =
      storage::TranslationMemory::Open(store);
  if (!memory.ok()) return memory.status();
  auto server = std::unique_ptr<Server>(new Server(
      std::make_unique<Services>(options, *std::move(memory), model)));
  server->services_->desk().Close(LoadingMessage({}));
  if (options.following.has_value()) {
    server->services_->desk().RefuseWrites(
        NoWritesMessage(options.following->directory));
  }
  absl::StatusOr<std::unique_ptr<Endpoint>> endpoint =
      Endpoint::Listen(options, *server->services_);
  if (!endpoint.ok()) return endpoint.status();
  server->endpoint_ = *std::move(endpoint);
  server->services_->log().Event("listening",
                                 absl::StrCat("port ", server->port()));
  if (absl::Status status = server->Load(options); !status.ok()) return status;
  return server;
}

absl::Status Server::Load(const ServerOptions& options) {
  CallDesk& desk = services_->desk();
  JsonLog& log = services_->log();
  const absl::Time begun = desk.now();
  absl::Time told = begun;
  log.Event("loading", "the look-up index");
  storage::LoadOptions load;
  load.snapshot = options.index_snapshot;
  load.listener = [&](const storage::LoadProgress& progress) {
    desk.Close(LoadingMessage(progress));
    if (desk.now() - told >= kBetweenLoadingLines) {
      told = desk.now();
      log.Event("loading", PairsOf(progress));
    }
    return !options.stop_loading || !options.stop_loading();
  };
  load.on_refused = [&log](const absl::Status& why) {
    log.Event("index_not_used", why.message());
  };
  const absl::StatusOr<storage::LoadSummary> loaded =
      services_->index().Load(load);
  if (!loaded.ok()) return loaded.status();
  services_->saver().Start(options.index_snapshot, options.index_saving,
                           *loaded);
  if (services_->meaning() != nullptr) {
    services_->meaning()->Start(options.meaning_snapshot,
                                options.meaning_saving);
  }
  desk.Open();
  endpoint_->SayServing(true);
  if (services_->follower() != nullptr) {
    services_->follower()->Start(
        options.following->period, [this](const absl::Status& why) {
          services_->desk().Close(std::string(why.message()));
          endpoint_->SayServing(false);
        });
  }
  log.Event("serving",
            absl::StrCat(Grouped(static_cast<uint64_t>(loaded->units)),
                         " pairs, loaded in ",
                         absl::FormatDuration(desk.now() - begun)));
  return absl::OkStatus();
}

void TakeLocksUnchecked() {
#ifdef NDEBUG
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
}

Server::Server(std::unique_ptr<Services> services)
    : services_(std::move(services)) {}

Server::~Server() { Drain(absl::ZeroDuration()); }

int Server::port() const { return endpoint_->port(); }

size_t Server::waiting_calls() const { return services_->waiting_calls(); }

void Server::Drain(absl::Duration patience) {
  if (endpoint_ == nullptr) return;
  services_->log().Event("draining", absl::FormatDuration(patience));
  endpoint_->SayServing(false);
  services_->streams().DrainAll();
  endpoint_->Shutdown(patience);
  services_->StopWork();
  if (services_->follower() != nullptr) services_->follower()->Stop();
  endpoint_.reset();
  services_->saver().Stop();
  if (services_->meaning() != nullptr) services_->meaning()->Stop();
  services_->log().Event("stopped", "");
}

}  // namespace duilian::service
