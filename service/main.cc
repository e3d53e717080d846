// duiliand: reads its flags, opens what they name, and serves until a signal.

#include <grpc/support/log.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "aligner/model.h"
#include "google/protobuf/stubs/logging.h"
#include "service/command_line.h"
#include "service/line_sink.h"
#include "service/port_file.h"
#include "service/server.h"
#include "service/store_follower.h"
#include "storage/backups.h"
#include "storage/copyable_store.h"
#include "storage/following_store.h"
#include "storage/ordered_store.h"
#include "storage/rocks_store.h"
#include "storage/snapshot_file.h"
#include "storage/snapshot_head.h"

namespace duilian::service {
namespace {

// In a data directory.
constexpr char kLookupSnapshot[] = "/lookup_index.snapshot";
constexpr char kMeaningSnapshot[] = "/meaning_index.snapshot";

// Once, when nobody reads the log any more, all calls wait so long.
constexpr absl::Duration kLogPatience = absl::Seconds(1);

// The log is one JSON object a line; the libraries' own lines stay out of it
// unless GRPC_VERBOSITY asks for them.
void QuietLibraries() {
  google::protobuf::SetLogHandler(nullptr);
  if (std::getenv("GRPC_VERBOSITY") == nullptr) {
    gpr_set_log_function([](gpr_log_func_args*) {});
  }
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Whether one of the signals came and nobody took it yet.
bool IsPending(const sigset_t& signals) {
  sigset_t pending;
  sigpending(&pending);
  for (const int signal : {SIGTERM, SIGINT}) {
    if (sigismember(&signals, signal) == 1 &&
        sigismember(&pending, signal) == 1) {
      return true;
    }
  }
  return false;
}

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string pem((std::istreambuf_iterator<char>(file)), {});
  if (file.good() || (file.eof() && !pem.empty())) return pem;
  return absl::NotFoundError(
      absl::StrCat(path,
                   ": cannot be read or is empty, a PEM file is "
                   "accepted; see to its path and permissions"));
}

absl::StatusOr<ServerOptions> OptionsOf(const CommandLine& flags) {
  ServerOptions options;
  options.listen = flags.listen;
  options.insecure = flags.insecure;
  options.threads = flags.threads;
  options.queue = flags.queue;
  // 0: nobody knows how many there are.
  const unsigned processors = std::max(std::thread::hardware_concurrency(), 1u);
  options.lookup_threads = processors - 1;
  // One less than gRPC's threads for callbacks.
  options.direct_calls = std::clamp(processors / 2, 2u, 16u) - 1;
  options.clock = absl::Now;
  options.sink = LinesTo(stderr, kLogPatience);
  if (!flags.tls_cert.empty()) {
    absl::StatusOr<std::string> certificate = ReadPem(flags.tls_cert);
    if (!certificate.ok()) return certificate.status();
    absl::StatusOr<std::string> key = ReadPem(flags.tls_key);
    if (!key.ok()) return key.status();
    options.tls = TlsIdentity{*certificate, *key};
  }
  return options;
}

// A start without indexes of its own begins with those of the other server,
// which are whole whenever they are there. They need not be there at all.
void BorrowSnapshots(const CommandLine& flags, const ServerOptions& options) {
  for (const char* name : {kLookupSnapshot, kMeaningSnapshot}) {
    const absl::Status copied =
        storage::CopySnapshot(flags.follow + name, flags.data + name);
    if (copied.ok() || absl::IsNotFound(copied) ||
        absl::IsAlreadyExists(copied)) {
      continue;
    }
    JsonLog(options.clock, options.sink)
        .Event("snapshot_not_copied", copied.message());
  }
}

// They are made of the store when there are none.
void RemoveSnapshots(const CommandLine& flags, const ServerOptions& options) {
  for (const char* name : {kLookupSnapshot, kMeaningSnapshot}) {
    storage::RemoveSnapshot(flags.data + name);
  }
  JsonLog(options.clock, options.sink)
      .Event("indexes_removed", "they are made of the store");
}

struct OpenedStore {
  std::unique_ptr<storage::OrderedStore> store;
  std::unique_ptr<storage::Backups> backups;  // null: none are kept
};

absl::StatusOr<OpenedStore> OpenOwnStore(const CommandLine& flags) {
  storage::RocksOptions rocks;
  rocks.directory = flags.data;
  rocks.block_cache_bytes = flags.cache_megabytes << 20;
  absl::StatusOr<std::unique_ptr<storage::CopyableStore>> store =
      storage::OpenRocksStore(rocks);
  if (!store.ok()) return store.status();
  OpenedStore opened;
  if (!flags.backups.empty()) {
    // Who makes one is told where it is, and need not know where we stand.
    std::error_code error;
    const std::string absolute =
        std::filesystem::absolute(flags.backups, error).string();
    opened.backups = std::make_unique<storage::Backups>(
        **store, error ? flags.backups : absolute);
  }
  opened.store = *std::move(store);
  return opened;
}

absl::StatusOr<OpenedStore> OpenFollowedStore(
    const CommandLine& flags, const std::function<bool()>& stopped,
    ServerOptions& options) {
  const absl::Duration period = absl::Seconds(flags.follow_seconds);
  AwaitedStore awaited;
  awaited.options.directory = flags.follow;
  awaited.options.own_directory = flags.data;
  awaited.options.block_cache_bytes = flags.cache_megabytes << 20;
  awaited.period = period;
  awaited.stopped = stopped;
  awaited.waiting = [&] {
    JsonLog(options.clock, options.sink)
        .Event("waiting", flags.follow + " holds no translation memory yet");
  };
  absl::StatusOr<std::unique_ptr<storage::FollowingStore>> store =
      AwaitStore(awaited);
  if (!store.ok()) return store.status();
  BorrowSnapshots(flags, options);
  // Their indexes may be newer than what was opened before.
  if (absl::Status status = (*store)->CatchUp(); !status.ok()) return status;
  options.following = {store->get(), flags.follow, period};
  return OpenedStore{*std::move(store), nullptr};
}

absl::Status Serve(const CommandLine& flags, const sigset_t& stop_signals) {
  absl::StatusOr<ServerOptions> options = OptionsOf(flags);
  if (!options.ok()) return options.status();
  std::unique_ptr<const aligner::Model> model;
  if (!flags.model.empty()) {
    absl::StatusOr<std::unique_ptr<const aligner::Model>> loaded =
        aligner::Model::Load(flags.model);
    if (!loaded.ok()) return loaded.status();
    model = *std::move(loaded);
  }
  options->index_snapshot = flags.data + kLookupSnapshot;
  options->meaning_snapshot = flags.data + kMeaningSnapshot;
  options->stop_loading = [&stop_signals] { return IsPending(stop_signals); };
  const absl::StatusOr<OpenedStore> opened =
      flags.follow.empty()
          ? OpenOwnStore(flags)
          : OpenFollowedStore(flags, options->stop_loading, *options);
  if (absl::IsCancelled(opened.status())) return absl::OkStatus();
  if (!opened.ok()) return opened.status();
  options->backups = opened->backups.get();
  if (flags.rebuild_indexes) RemoveSnapshots(flags, *options);
  absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Start(*options, *opened->store, model.get());
  if (absl::IsCancelled(server.status())) return absl::OkStatus();
  if (!server.ok()) return server.status();
  if (!flags.port_file.empty()) {
    if (absl::Status status = WritePortFile(flags.port_file, (*server)->port());
        !status.ok()) {
      return status;
    }
  }
  std::printf("listening on port %d\n", (*server)->port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop_signals, &signal);
  // From here on a second signal ends the process at once, as it would any.
  pthread_sigmask(SIG_UNBLOCK, &stop_signals, nullptr);
  (*server)->Drain(absl::Seconds(flags.drain_seconds));
  return absl::OkStatus();
}

int Main(int argc, const char* const* argv) {
  const ParsedCommandLine parsed = ParseCommandLine(argc, argv);
  if (parsed.exit_code.has_value()) return *parsed.exit_code;
  QuietLibraries();
  TakeLocksUnchecked();
  // The reader of the log may go; calls are served on.
  signal(SIGPIPE, SIG_IGN);
  // Before any thread is made, so that all of them leave the signals to us.
  const sigset_t stop_signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  const absl::Status status = Serve(parsed.flags, stop_signals);
  if (status.ok()) return 0;
  std::fprintf(stderr, "duiliand: %s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace duilian::service

int main(int argc, char** argv) { return duilian::service::Main(argc, argv); }
