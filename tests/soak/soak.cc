// soak: a real duiliand under the load of several clients at once, each of
// which knows what must come back. Fails on the first wrong answer or
// unexpected status, and when the server's memory is not flat at the end
// (IsFlat in meter.h). What is kept is bounded: documents are deleted as often
// as they are imported. Meanwhile a backup is made every few seconds. At the
// end the server is killed, then stopped, and each time a new one must have
// everything; and so must one that is started on the last backup.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/soak/client.h"
#include "tests/soak/meter.h"
#include "tests/support/program.h"
#include "tests/support/remote_server.h"

namespace duilian::soak {
namespace {

using testing_support::RemoteServer;
using testing_support::ServerProgram;

struct Options {
  std::string server;
  std::string model;
  double minutes = 30;
  int64_t steps = 0;  // of each client; 0 for no end but the minutes
  int clients = 8;
  uint32_t seed = 20261126;
};

int64_t ResidentBytes(pid_t process) {
  std::ifstream statm(absl::StrCat("/proc/", process, "/statm"));
  int64_t pages = 0;
  statm >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

// Files come and go while they are counted.
int64_t BytesIn(const std::string& directory) {
  std::error_code error;
  int64_t bytes = 0;
  auto entry = std::filesystem::recursive_directory_iterator(directory, error);
  while (!error && entry != std::filesystem::recursive_directory_iterator()) {
    std::error_code gone;
    const uintmax_t size = entry->file_size(gone);
    if (!gone) bytes += static_cast<int64_t>(size);
    entry.increment(error);
  }
  return bytes;
}

// The store grows, since the history of pairs is kept, and as much of it as may
// stay in memory fills the cache. With little room there the server's memory
// tells of the server.
constexpr char kCacheMegabytes[] = "8";

constexpr int kSecondsABackup = 5;

double Megabytes(int64_t bytes) { return static_cast<double>(bytes) / 1e6; }

// Steps of all clients, each in a thread, until the time or the steps are over
// or one of them fails.
class Load {
 public:
  Load(const Options& options, std::vector<std::unique_ptr<Client>>& clients)
      : options_(options), running_(static_cast<int>(clients.size())) {
    for (const std::unique_ptr<Client>& client : clients) {
      threads_.emplace_back([this, &client] { Run(*client); });
    }
  }
  ~Load() { End().IgnoreError(); }

  // Waits so long, or until all threads have ended: then true.
  bool AwaitEnd(absl::Duration patience) {
    absl::MutexLock lock(&mutex_);
    const auto ended = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return running_ == 0;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&ended), patience);
  }

  // The first failure, if any.
  absl::Status End() {
    stop_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
    absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  void Run(Client& client) {
    absl::Status status;
    while (status.ok() && !stop_ &&
           (options_.steps == 0 || client.steps() < options_.steps)) {
      status = client.Step();
    }
    if (!status.ok()) stop_ = true;
    absl::MutexLock lock(&mutex_);
    status_.Update(status);
    --running_;
  }

  const Options& options_;
  std::atomic<bool> stop_{false};
  absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

class Soak {
 public:
  explicit Soak(const Options& options) : options_(options) {
    for (int number = 0; number < options.clients; ++number) {
      clients_.push_back(
          std::make_unique<Client>(number, options.seed, meter_));
    }
  }

  absl::Status Run() {
    absl::Status status = Start(data(), "an empty directory");
    if (status.ok()) status = RunLoad();
    if (status.ok()) status = CheckMemory();
    if (status.ok()) status = MakeBackup();
    if (!status.ok()) return status;
    server_->Kill();
    status = StartAndCheck(data(), "a kill");
    if (status.ok()) status = Stop();
    if (status.ok()) status = StartAndCheck(data(), "a stop");
    if (status.ok()) status = Stop();
    if (status.ok()) status = StartAndCheck(backup_.directory(), "a backup");
    return status;
  }

 private:
  std::string data() const { return folder_.path("data"); }

  absl::Status Start(const std::string& directory, absl::string_view after) {
    const absl::Time begin = absl::Now();
    server_ = std::make_unique<ServerProgram>(
        options_.server,
        std::vector<std::string>{
            "--data", directory, "--backups", folder_.path("backups"),
            "--model", options_.model, "--cache-megabytes", kCacheMegabytes});
    if (absl::Status status = server_->AwaitListening(); !status.ok()) {
      return status;
    }
    absl::PrintF("start to ready after %s: %.2f s\n", after,
                 absl::ToDoubleSeconds(absl::Now() - begin));
    for (const std::unique_ptr<Client>& client : clients_) {
      client->Connect(server_->address());
    }
    return absl::OkStatus();
  }

  absl::Status Stop() {
    for (const std::unique_ptr<Client>& client : clients_) client->Disconnect();
    const int code = server_->Stop();
    if (code == 0) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("the server ended with ", code,
                                            "; its log: ", server_->log()));
  }

  // In place of the last one.
  absl::Status MakeBackup() {
    using Backups = v1::BackupService::Stub;
    RemoteServer remote(server_->address());
    const auto made = remote.Call(remote.backups(), &Backups::CreateBackup,
                                  v1::CreateBackupRequest());
    if (!made.status.ok()) return made.status;
    v1::DeleteBackupRequest request;
    request.set_name(std::exchange(backup_, made.response).name());
    if (request.name().empty()) return absl::OkStatus();
    return remote.Call(remote.backups(), &Backups::DeleteBackup, request)
        .status;
  }

  absl::Status StartAndCheck(const std::string& directory,
                             absl::string_view after) {
    absl::Status status = Start(directory, after);
    for (const std::unique_ptr<Client>& client : clients_) {
      if (status.ok()) status = client->CheckEverything();
    }
    return absl::Status(
        status.code(),
        status.ok() ? ""
                    : absl::StrCat("after ", after, ": ", status.message()));
  }

  absl::Status RunLoad() {
    const absl::Time begin = absl::Now();
    const absl::Time end = begin + absl::Minutes(options_.minutes);
    absl::Time next_line = begin + absl::Minutes(1);
    absl::Status backups;
    Load load(options_, clients_);
    for (int second = 1;
         !load.AwaitEnd(absl::Seconds(1)) && backups.ok() && absl::Now() < end;
         ++second) {
      resident_bytes_.push_back(ResidentBytes(server_->process()));
      if (second % kSecondsABackup == 0) backups = MakeBackup();
      if (absl::Now() < next_line) continue;
      PrintLine(absl::Now() - begin);
      next_line += absl::Minutes(1);
    }
    absl::Status status = load.End();
    status.Update(backups);
    PrintLine(absl::Now() - begin);
    // Two of one second would have one name.
    absl::SleepFor(absl::Seconds(1));
    return status;
  }

  void PrintLine(absl::Duration since) {
    absl::PrintF("%.1f min, server %.0f MB, disk %.0f MB: %s\n",
                 absl::ToDoubleMinutes(since),
                 Megabytes(ResidentBytes(server_->process())),
                 Megabytes(BytesIn(data())), meter_.TakeLine());
    std::fflush(stdout);
  }

  absl::Status CheckMemory() const {
    const double middle = Megabytes(MedianOfThird(resident_bytes_, 1));
    const double last = Megabytes(MedianOfThird(resident_bytes_, 2));
    absl::PrintF("%d calls; memory by thirds: %.0f, %.0f, %.0f MB\n",
                 meter_.calls(), Megabytes(MedianOfThird(resident_bytes_, 0)),
                 middle, last);
    if (options_.steps > 0 || IsFlat(resident_bytes_)) return absl::OkStatus();
    return absl::InternalError(absl::StrFormat(
        "the server's memory grows: %.0f MB in the middle third of the run, "
        "%.0f MB in the last",
        middle, last));
  }

  const Options& options_;
  const testing_support::TemporaryFolder folder_;
  Meter meter_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::unique_ptr<ServerProgram> server_;
  v1::Backup backup_;                    // the last one
  std::vector<int64_t> resident_bytes_;  // every second
};

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Loads a duiliand with clients that know the answers.");
  app.add_option("--server", options.server, "The duiliand to start")
      ->required();
  app.add_option("--model", options.model,
                 "Its model pack, for the searches by meaning")
      ->required();
  app.add_option("--minutes", options.minutes, "How long")
      ->check(CLI::Range(0.01, 10'000.0))
      ->capture_default_str();
  app.add_option("--steps", options.steps,
                 "End when each client did so many things; memory is not "
                 "judged then")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}));
  app.add_option("--clients", options.clients, "At the same time")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of what the clients do")
      ->capture_default_str();
  app.footer(
      "\nExit codes: 0 all answers were right, 1 something was not, 2 bad "
      "usage.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status status = Soak(options).Run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "soak --seed %u: %s\n", options.seed,
               status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace duilian::soak

int main(int argc, char** argv) { return duilian::soak::Main(argc, argv); }
