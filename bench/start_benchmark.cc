// start_benchmark: how soon a duiliand of a large memory answers after a start,
// and how its look-ups fare while documents are imported or backups are made.
// With a model the server keeps the index of meanings, too. It is a process of
// its own: it is killed, too.

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/corpus_pairs.h"
#include "tests/support/percentiles.h"
#include "tests/support/program.h"
#include "tests/support/remote_server.h"

namespace duilian::bench {
namespace {

using testing_support::RemoteServer;
using testing_support::SentDocument;
using testing_support::ServerProgram;
using text::Language;
using Result = v1::ImportDocumentsResponse;

constexpr uint64_t kSeed = 20261126;
constexpr size_t kPairsADocument = 1'000;
constexpr size_t kDocumentsACall = 20;
constexpr char kProject[] = "projects/bench";

// A server that takes so little of each second, for so long, has nothing left
// to do; one that never does is waited for no longer than that.
constexpr absl::Duration kIdle = absl::Milliseconds(20);
constexpr absl::Duration kRest = absl::Seconds(30);
constexpr absl::Duration kMostWork = absl::Hours(1);

// How a server is started after another.
struct Restart {
  absl::string_view what;
  // How long none runs. At once, memory that the one before left is there to be
  // taken; a virtual machine's host takes it back before long.
  absl::Duration gone;
  bool from_disk = false;  // the system has none of its files in memory
};
constexpr Restart kRestarts[] = {
    {"a stop, at once", absl::ZeroDuration()},
    {"a stop and a minute", absl::Minutes(1)},
    {"a stop, at once again", absl::ZeroDuration()},
    {"a stop, at once, from the disk", absl::ZeroDuration(), true},
};

struct Options {
  std::string corpora;
  std::string server;
  std::string model;  // empty: none
  std::string data;   // empty: a directory that is removed in the end
  size_t pairs = 1'000'000;
  size_t queries = 1'000;  // a language
};

// Prints a row, in milliseconds.
void PrintPercentiles(absl::string_view what, std::vector<double> ms) {
  const testing_support::Percentiles times(std::move(ms));
  absl::PrintF("| %s | %.2f | %.2f | %.2f |\n", what, times.At(0.5),
               times.At(0.99), times.At(1));
  std::fflush(stdout);
}

SentDocument DocumentOf(const std::vector<SentencePair>& pairs, size_t begin,
                        absl::string_view name) {
  SentDocument document;
  document.name = absl::StrCat(kProject, "/documents/", name);
  const size_t end = std::min(begin + kPairsADocument, pairs.size());
  for (size_t i = begin; i < end; ++i) {
    absl::StrAppend(&document.source, pairs[i].english, "\n");
    absl::StrAppend(&document.target, pairs[i].chinese, "\n");
  }
  return document;
}

absl::Status Import(RemoteServer& server,
                    const std::vector<SentDocument>& documents) {
  const testing_support::ImportReply reply = server.Import(documents);
  if (!reply.status.ok()) return reply.status;
  for (const Result& result : reply.results) {
    if (result.outcome() != Result::STORED) {
      return absl::InternalError(result.ShortDebugString());
    }
  }
  return absl::OkStatus();
}

class Benchmark {
 public:
  Benchmark(const Options& options, std::vector<SentencePair> pairs)
      : options_(options),
        pairs_(std::move(pairs)),
        data_(options.data.empty() ? folder_.path("data") : options.data) {}

  absl::Status Run() {
    if (absl::Status status = MakeMemory(); !status.ok()) return status;
    return StartAgainAndAgain();
  }

  // Of a memory that is there: its starts, and nothing else.
  absl::Status RunStarts() {
    absl::PrintF("| %s | s | | |\n|---|---|---|---|\n", data_);
    absl::Status status = Start("no other");
    if (status.ok()) status = AwaitMeanings();
    return status.ok() ? StartAgainAndAgain() : status;
  }

 private:
  absl::Status MakeMemory() {
    absl::PrintF("| %d pairs | p50 ms | p99 | most |\n|---|---|---|---|\n",
                 options_.pairs);
    absl::Status status = Start("an empty directory");
    const double empty = ResidentBytes();
    if (status.ok()) status = ImportAll();
    if (status.ok()) status = AwaitMeanings();
    PrintResident("the import", empty);
    absl::SleepFor(absl::Seconds(4));
    PrintResident("it, 4 s later", empty);
    if (status.ok()) status = KillAndStart("a kill after the import");
    absl::SleepFor(absl::Seconds(15));
    PrintDisk();
    if (status.ok()) status = KillAndStart("a kill 15 s later");
    if (status.ok()) status = AwaitMeanings();
    if (status.ok()) status = LookUp("alone");
    if (status.ok()) status = LookUpBesideBackups();
    if (status.ok()) status = LookUpBesideImports();
    if (status.ok()) status = AwaitMeanings();
    if (!status.ok()) return status;
    AwaitRest();
    PrintResident("that rest", empty);
    Stop();
    status = Start("a stop");
    if (status.ok()) status = AwaitMeanings();
    PrintResident("that start", empty);
    return status;
  }

  absl::Status StartAgainAndAgain() {
    for (const Restart& restart : kRestarts) {
      Stop();
      if (restart.from_disk) ForgetFiles();
      absl::SleepFor(restart.gone);
      absl::Status status = Start(restart.what);
      if (status.ok()) status = AwaitMeanings();
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Has the system drop what it holds of the data's files in memory.
  void ForgetFiles() const {
    namespace fs = std::filesystem;
    std::error_code gone;
    for (const auto& entry : fs::recursive_directory_iterator(data_, gone)) {
      const int file = open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
      if (file < 0) continue;
      posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
      close(file);
    }
  }

  void Stop() {
    remote_.reset();
    const absl::Time begin = absl::Now();
    server_->Stop();
    absl::PrintF("| stop, with its snapshot: s | %.2f | – | – |\n",
                 absl::ToDoubleSeconds(absl::Now() - begin));
  }

  absl::Status Start(absl::string_view after) {
    const absl::Time begin = absl::Now();
    std::vector<std::string> flags = {"--data", data_, "--backups",
                                      folder_.path("backups")};
    if (!options_.model.empty()) {
      flags.insert(flags.end(), {"--model", options_.model});
    }
    server_ =
        std::make_unique<ServerProgram>(options_.server, std::move(flags));
    if (absl::Status status = server_->AwaitListening(absl::Minutes(10));
        !status.ok()) {
      return status;
    }
    absl::PrintF("| start to ready after %s: s | %.2f | – | – |\n", after,
                 absl::ToDoubleSeconds(absl::Now() - begin));
    PrintProcessorTime();
    std::fflush(stdout);
    remote_ = std::make_unique<RemoteServer>(server_->address());
    return absl::OkStatus();
  }

  absl::Status KillAndStart(absl::string_view after) {
    PrintSavings();
    remote_.reset();
    server_->Kill();
    return Start(after);
  }

  // Until the index of meanings has all that is stored.
  absl::Status AwaitMeanings() {
    if (options_.model.empty()) return absl::OkStatus();
    using Memory = v1::TranslationMemoryService::Stub;
    const absl::Time begin = absl::Now();
    v1::SearchMeaningRequest request;
    request.set_parent(kProject);
    request.set_query("It rains.");
    while (true) {
      const auto reply =
          remote_->Call(remote_->memory(), &Memory::SearchMeaning, request);
      if (!reply.status.ok() && !absl::IsUnavailable(reply.status)) {
        return reply.status;
      }
      if (reply.status.ok() && reply.response.pending_pairs() == 0) break;
      absl::SleepFor(absl::Milliseconds(20));
    }
    absl::PrintF("| meanings of all, after that: s | %.2f | – | – |\n",
                 absl::ToDoubleSeconds(absl::Now() - begin));
    std::fflush(stdout);
    return absl::OkStatus();
  }

  // Until the server has nothing left to do, lists and snapshots among it.
  void AwaitRest() {
    const absl::Time begin = absl::Now();
    absl::Time working = begin;  // at the last look when it was
    absl::Duration time = ProcessorTime();
    while (absl::Now() - working < kRest && absl::Now() - begin < kMostWork) {
      absl::SleepFor(absl::Seconds(1));
      const absl::Duration before = std::exchange(time, ProcessorTime());
      if (time - before > kIdle) working = absl::Now();
    }
    absl::PrintF("| at rest, after that: s | %.0f | – | – |\n",
                 absl::ToDoubleSeconds(working - begin));
    PrintDisk();
  }

  // Of the server's process, since it was started.
  absl::Duration ProcessorTime() const {
    clockid_t clock;
    timespec time = {};
    if (clock_getcpuclockid(server_->process(), &clock) != 0 ||
        clock_gettime(clock, &time) != 0) {
      return absl::ZeroDuration();
    }
    return absl::DurationFromTimespec(time);
  }

  // The server's own, and what the system took for it: such as to find memory
  // for it, and to clear that.
  void PrintProcessorTime() const {
    const std::string stat = testing_support::ReadWholeFile(
        absl::StrCat("/proc/", server_->process(), "/stat"));
    // Behind the program's name, which may hold anything.
    const std::vector<std::string> fields =
        absl::StrSplit(stat.substr(stat.rfind(')') + 1), ' ');
    constexpr size_t kOwn = 12, kSystems = 13;  // fields 14 and 15 of all
    double ticks[2] = {};
    if (fields.size() <= kSystems ||
        !absl::SimpleAtod(fields[kOwn], &ticks[0]) ||
        !absl::SimpleAtod(fields[kSystems], &ticks[1])) {
      return;
    }
    const auto second = static_cast<double>(sysconf(_SC_CLK_TCK));
    absl::PrintF(
        "| processor time of that, its own; the system's: s | "
        "%.2f; %.2f | – | – |\n",
        ticks[0] / second, ticks[1] / second);
  }

  // Of the server's process.
  double ResidentBytes() const {
    std::ifstream statm(absl::StrCat("/proc/", server_->process(), "/statm"));
    double pages = 0;
    statm >> pages >> pages;
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
  }
  // `empty`: what it was before anything was imported.
  void PrintResident(absl::string_view after, double empty) const {
    absl::PrintF("| resident bytes a pair after %s | %.0f | – | – |\n", after,
                 (ResidentBytes() - empty) / static_cast<double>(stored_));
    std::fflush(stdout);
  }

  // The whole of its directory, and the snapshots in it.
  void PrintDisk() const {
    namespace fs = std::filesystem;
    double bytes = 0, of_snapshot = 0;
    std::error_code gone;  // files come and go while it is looked at
    for (const auto& entry : fs::recursive_directory_iterator(data_, gone)) {
      if (!entry.is_regular_file(gone)) continue;
      const auto size = static_cast<double>(entry.file_size(gone));
      if (gone) continue;
      bytes += size;
      const std::string name = entry.path().filename().string();
      if (absl::StrContains(name, ".snapshot")) of_snapshot += size;
    }
    const auto pairs = static_cast<double>(stored_);
    absl::PrintF(
        "| disk bytes a pair; of it snapshots | %.0f; %.0f | – | – |\n",
        bytes / pairs, of_snapshot / pairs);
  }

  // What the server's log says of its snapshots.
  void PrintSavings() const {
    std::vector<double> ms;
    const std::string log = server_->log();
    const std::string mark = "index_saved";
    for (size_t at = 0; (at = log.find(mark, at)) != std::string::npos;) {
      at += mark.size();
      const size_t begin = log.find_first_of("0123456789", at);
      const size_t end = log.find('"', begin);
      absl::Duration took;
      if (absl::ParseDuration(log.substr(begin, end - begin), &took)) {
        ms.push_back(absl::ToDoubleMilliseconds(took));
      }
    }
    const std::string what =
        absl::StrCat("snapshots saved meanwhile: ", ms.size());
    PrintPercentiles(what, std::move(ms));
  }

  // Every second document, from `first` on, on one stream.
  absl::Status ImportHalf(size_t first) {
    constexpr size_t kStep = 2 * kPairsADocument;
    std::vector<SentDocument> documents;
    for (size_t at = first * kPairsADocument; at < options_.pairs;
         at += kStep) {
      documents.push_back(DocumentOf(pairs_, at, absl::StrCat("from-", at)));
      if (documents.size() < kDocumentsACall && at + kStep < options_.pairs) {
        continue;
      }
      if (absl::Status status = Import(*remote_, documents); !status.ok()) {
        return status;
      }
      documents.clear();
    }
    return absl::OkStatus();
  }

  // On two streams, as duilian import does.
  absl::Status ImportAll() {
    const absl::Time begin = absl::Now();
    absl::Status second;
    std::thread other([&] { second = ImportHalf(1); });
    absl::Status status = ImportHalf(0);
    other.join();
    status.Update(second);
    if (!status.ok()) return status;
    stored_ = options_.pairs;
    absl::PrintF("| import, pairs/s | %.0f | – | – |\n",
                 static_cast<double>(options_.pairs) /
                     absl::ToDoubleSeconds(absl::Now() - begin));
    return absl::OkStatus();
  }

  // Stored texts, half of them with 1 to 4 edits.
  std::vector<std::string> Queries(Language language) const {
    Random random(kSeed + static_cast<uint64_t>(language));
    std::vector<std::string> queries;
    for (size_t i = 0; i < options_.queries; ++i) {
      const std::string& text =
          pairs_[random.Below(options_.pairs)].Text(language);
      const std::string& other =
          pairs_[random.Below(options_.pairs)].Text(language);
      queries.push_back(
          i % 2 == 0
              ? text
              : WithEdits(text, language, random.Between(1, 4), other, random));
      if (queries.back().empty()) queries.back() = text;  // of one word
    }
    return queries;
  }

  absl::Status LookUp(absl::string_view what) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      std::vector<double> ms;
      for (const std::string& query : Queries(language)) {
        v1::LookupRequest request;
        request.set_parent(kProject);
        request.set_query(query);
        request.set_query_language_code(
            std::string(text::LanguageCode(language)));
        request.set_threshold_percent(70);
        const absl::Time begin = absl::Now();
        const auto reply =
            remote_->Call(remote_->memory(),
                          &v1::TranslationMemoryService::Stub::Lookup, request);
        ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - begin));
        if (!reply.status.ok()) return reply.status;
      }
      PrintPercentiles(absl::StrCat("look-up at 70 %, ",
                                    text::LanguageCode(language), ", ", what),
                       std::move(ms));
    }
    return absl::OkStatus();
  }

  // Does something over and over while look-ups are measured; it returns how
  // long it took.
  absl::Status LookUpBeside(
      absl::string_view what,
      const std::function<absl::StatusOr<absl::Duration>(size_t)>& once) {
    std::atomic<bool> stop{false};
    absl::Status done;
    std::vector<double> ms;
    std::thread other([&] {
      for (size_t i = 0; done.ok() && !stop; ++i) {
        const absl::StatusOr<absl::Duration> took = once(i);
        done = took.status();
        if (took.ok()) ms.push_back(absl::ToDoubleMilliseconds(*took));
      }
    });
    absl::Status status = LookUp(absl::StrCat("beside ", what));
    stop = true;
    other.join();
    PrintPercentiles(absl::StrCat(ms.size(), " ", what, ", each, beside them"),
                     std::move(ms));
    status.Update(done);
    return status;
  }

  // The same texts again, as documents of other names.
  absl::Status LookUpBesideImports() {
    RemoteServer own(server_->address());
    return LookUpBeside("imports of 1,000 pairs",
                        [&](size_t i) -> absl::StatusOr<absl::Duration> {
                          const SentDocument document = DocumentOf(
                              pairs_, i * kPairsADocument % options_.pairs,
                              absl::StrCat("beside-", i));
                          stored_ += kPairsADocument;
                          const absl::Time begin = absl::Now();
                          absl::Status status = Import(own, {document});
                          if (!status.ok()) return status;
                          return absl::Now() - begin;
                        });
  }

  // One a second, and the one before it deleted.
  absl::Status LookUpBesideBackups() {
    using Backups = v1::BackupService::Stub;
    RemoteServer own(server_->address());
    std::string last;
    return LookUpBeside(
        "backups", [&](size_t) -> absl::StatusOr<absl::Duration> {
          const absl::Time begin = absl::Now();
          const auto made = own.Call(own.backups(), &Backups::CreateBackup,
                                     v1::CreateBackupRequest());
          const absl::Duration took = absl::Now() - begin;
          if (!made.status.ok()) return made.status;
          v1::DeleteBackupRequest before;
          before.set_name(std::exchange(last, made.response.name()));
          absl::Status deleted;
          if (!before.name().empty()) {
            deleted =
                own.Call(own.backups(), &Backups::DeleteBackup, before).status;
          }
          if (!deleted.ok()) return deleted;
          // Two of one second would have one name.
          absl::SleepFor(absl::Milliseconds(1'010) - took);
          return took;
        });
  }

  const Options& options_;
  const std::vector<SentencePair> pairs_;
  const testing_support::TemporaryFolder folder_;
  const std::string data_;
  std::unique_ptr<ServerProgram> server_;
  std::unique_ptr<RemoteServer> remote_;
  size_t stored_ = 0;  // pairs, those imported beside look-ups among them
};

bool HoldsMemory(const std::string& data) {
  std::error_code error;
  return !data.empty() && std::filesystem::exists(
                              std::filesystem::path(data) / "CURRENT", error);
}

absl::Status MakeAndMeasure(const Options& options) {
  auto pairs = ReadCorpusPairs(options.corpora, options.pairs, kSeed);
  if (!pairs.ok()) return pairs.status();
  return Benchmark(options, *std::move(pairs)).Run();
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Measures starts of a duiliand of a large memory, and its look-ups "
      "beside imports and backups.");
  app.add_option("--corpora", options.corpora,
                 "The folder of *.tsv.gz files with zh<TAB>en lines")
      ->required();
  app.add_option("--server", options.server, "The duiliand to start")
      ->required();
  app.add_option("--model", options.model,
                 "The model pack that the server is to have");
  app.add_option("--data", options.data,
                 "The data directory, which is kept; of a memory that is "
                 "there, starts alone are measured")
      ->check(!CLI::ExistingFile);
  app.add_option("--pairs", options.pairs, "Pairs in the memory")
      ->check(CLI::Range(size_t{1'000}, size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--queries", options.queries, "Look-ups a language")
      ->check(CLI::Range(size_t{1}, size_t{1'000'000}))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = HoldsMemory(options.data)
                                  ? Benchmark(options, {}).RunStarts()
                                  : MakeAndMeasure(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "start_benchmark: %s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace duilian::bench

int main(int argc, char** argv) { return duilian::bench::Main(argc, argv); }
