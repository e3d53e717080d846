// service_benchmark: what duilian does in a second, and how long a look-up
// takes, each beside the least that the machine needs for it. The figures and
// the command are in docs/benchmarks.md.

#include <benchmark/benchmark.h>
#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aligner/align.h"
#include "aligner/model.h"
#include "bench/interview_copies.h"
#include "bench/loopback.h"
#include "bench/sentence_pairs.h"
#include "storage/rocks_store.h"
#include "tests/support/percentiles.h"

namespace duilian::bench {
namespace {

using text::Language;

constexpr uint64_t kSeed = 20261125;
// Numbers of pairs that are never stored begin here.
constexpr uint64_t kUnseen = 1'000'000'000;
constexpr int kImports = 10;

struct Options {
  uint64_t pairs = 100'000;
  int sentences = 10'000;  // a side, of the long alignment
  int queries = 2'000;     // of each kind and language
  std::string directory = "/tmp";
  std::string model = DUILIAN_MODEL_PACK;
  std::string interview = DUILIAN_INTERVIEW;
};

enum class QueryKind { kExact, kFuzzy, kMiss };

// What the benchmarks share. Made before them; the loaded server with the
// first that asks for it, so that a filter that leaves it out does not wait.
class Workshop {
 public:
  explicit Workshop(const Options& options)
      : options_(options), pairs_(kSeed) {}

  const Options& options() const { return options_; }
  const SentencePairs& pairs() const { return pairs_; }

  // A server that holds options().pairs pairs; null when it cannot be had, and
  // then the benchmark has been told.
  LoopbackServer* Loaded(benchmark::State& state);

  // True when all went well; otherwise ends the benchmark, and Main returns 1.
  bool Check(const absl::Status& status, benchmark::State& state);
  bool failed() const { return failed_; }

 private:
  const Options options_;
  const SentencePairs pairs_;
  std::unique_ptr<LoopbackServer> loaded_;
  bool failed_ = false;
};

bool Workshop::Check(const absl::Status& status, benchmark::State& state) {
  if (status.ok()) return true;
  failed_ = true;
  state.SkipWithError(std::string(status.message()).c_str());
  return false;
}

LoopbackServer* Workshop::Loaded(benchmark::State& state) {
  if (loaded_ != nullptr) return loaded_.get();
  absl::StatusOr<std::unique_ptr<LoopbackServer>> started =
      LoopbackServer::Start(options_.directory);
  if (!Check(started.status(), state)) return nullptr;
  if (!Check((*started)->Import(Documents(pairs_, 0, options_.pairs)), state)) {
    return nullptr;
  }
  loaded_ = *std::move(started);
  return loaded_.get();
}

// How long each call took.
class Latencies {
 public:
  template <typename Call>
  void Time(const Call& call) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - begin;
    micros_.push_back(taken.count());
  }

  void Report(benchmark::State& state) {
    const testing_support::Percentiles times(std::exchange(micros_, {}));
    for (const auto& [name, share] :
         {std::pair("p50_us", 0.5), {"p95_us", 0.95}, {"p99_us", 0.99}}) {
      state.counters[name] = times.At(share);
    }
  }

 private:
  std::vector<double> micros_;
};

benchmark::Counter PerSecond(double count) {
  return benchmark::Counter(count, benchmark::Counter::kIsRate);
}

// --- Alignment ---

void Align(Workshop& workshop, const aligner::Model& model,
           const Bilingual& texts, benchmark::State& state) {
  for (auto _ : state) {
    auto beads = aligner::Align(model, texts.english, texts.chinese, {});
    if (!workshop.Check(beads.status(), state)) return;
    benchmark::DoNotOptimize(beads);
  }
  state.counters["sentences_per_s"] =
      PerSecond(static_cast<double>(state.iterations()) * texts.sentences());
  state.counters["en"] = static_cast<double>(texts.english.segments.size());
  state.counters["zh"] = static_cast<double>(texts.chinese.segments.size());
}

// --- Import ---

// Fills an empty memory up to `--pairs`, a tenth with each iteration.
void Import(Workshop& workshop, benchmark::State& state) {
  absl::StatusOr<std::unique_ptr<LoopbackServer>> server =
      LoopbackServer::Start(workshop.options().directory);
  if (!workshop.Check(server.status(), state)) return;
  const uint64_t tenth =
      std::max<uint64_t>(1, workshop.options().pairs / kImports);
  std::vector<std::vector<LinesDocument>> imports;
  for (uint64_t i = 0; i < kImports; ++i) {
    imports.push_back(Documents(workshop.pairs(), i * tenth, (i + 1) * tenth));
  }
  size_t done = 0;
  for (auto _ : state) {
    if (!workshop.Check((*server)->Import(imports[done++]), state)) return;
  }
  const double pairs = static_cast<double>(done * tenth);
  state.counters["pairs_per_s"] = PerSecond(pairs);
  state.counters["disk_bytes_per_pair"] =
      static_cast<double>((*server)->DiskBytes()) / pairs;
}

// The floor: the same texts as keys and values without an index or a history,
// so many of them a synced write.
void WriteSynced(Workshop& workshop, uint64_t pairs_a_write,
                 benchmark::State& state) {
  auto directory = ScratchDirectory::Make(workshop.options().directory);
  if (!workshop.Check(directory.status(), state)) return;
  storage::RocksOptions rocks;
  rocks.directory = (*directory)->path() + "/store";
  auto store = storage::OpenRocksStore(rocks);
  if (!workshop.Check(store.status(), state)) return;
  std::vector<SentencePair> texts;
  for (uint64_t i = 0; i < kPairsPerDocument; ++i) {
    texts.push_back(workshop.pairs().At(i));
  }
  uint64_t written = 0;
  Latencies latencies;
  for (auto _ : state) {
    latencies.Time([&] {
      storage::WriteBatch batch;
      for (uint64_t i = 0; i < pairs_a_write; ++i, ++written) {
        const SentencePair& pair = texts[written % texts.size()];
        batch.Put(absl::StrCat("pair", absl::Hex(written, absl::kZeroPad16)),
                  absl::StrCat(pair.english, pair.chinese));
      }
      workshop.Check((*store)->Write(batch), state);
    });
  }
  state.counters["pairs_per_s"] = PerSecond(static_cast<double>(written));
  latencies.Report(state);
}

// --- Look-up ---

std::string QueryText(const SentencePairs& pairs, uint64_t stored,
                      QueryKind kind, Language language, uint64_t number) {
  Random random(kSeed + number);
  if (kind == QueryKind::kMiss) {
    return pairs.Fresh(kUnseen + number).Text(language);
  }
  const SentencePair pair = pairs.At(random.Below(stored));
  if (kind == QueryKind::kExact) return pair.Text(language);
  return pairs.Edited(pair.Text(language), language, random.Between(1, 4),
                      random);
}

std::vector<v1::LookupRequest> Queries(const Workshop& workshop, QueryKind kind,
                                       Language language) {
  std::vector<v1::LookupRequest> requests;
  for (int i = 0; i < workshop.options().queries; ++i) {
    v1::LookupRequest& request = requests.emplace_back();
    request.set_parent(kProject);
    request.set_query(QueryText(workshop.pairs(), workshop.options().pairs,
                                kind, language, static_cast<uint64_t>(i)));
    const absl::string_view code = text::LanguageCode(language);
    request.set_query_language_code(code.data(), code.size());
    request.set_threshold_percent(70);
  }
  return requests;
}

absl::Status Ask(v1::TranslationMemoryService::Stub& memory,
                 const v1::LookupRequest& request,
                 v1::LookupResponse& response) {
  grpc::ClientContext context;
  return FromGrpc(memory.Lookup(&context, request, &response));
}

// kInternal: an exact look-up did not find its pair.
absl::Status CheckReply(QueryKind kind, const v1::LookupRequest& request,
                        const v1::LookupResponse& response) {
  if (kind != QueryKind::kExact) return absl::OkStatus();
  if (response.matches_size() > 0 &&
      response.matches(0).score_percent() == 100) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat(
      "a stored segment was not found, its first match should be of 100 %; "
      "look it up by hand: ",
      request.query()));
}

// Asks the requests in turn and reports how long the answers took, how many
// bytes they had and for what share of them there was a match.
void AskAll(Workshop& workshop, v1::TranslationMemoryService::Stub& memory,
            QueryKind kind, const std::vector<v1::LookupRequest>& requests,
            benchmark::State& state) {
  v1::LookupResponse response;
  // The first calls of a channel pay for its connection.
  for (int i = 0; i < 50; ++i) {
    if (!workshop.Check(Ask(memory, requests[0], response), state)) return;
  }
  Latencies latencies;
  size_t asked = 0, found = 0, bytes = 0;
  for (auto _ : state) {
    const v1::LookupRequest& request = requests[asked++ % requests.size()];
    absl::Status status;
    latencies.Time([&] { status = Ask(memory, request, response); });
    if (status.ok()) status = CheckReply(kind, request, response);
    if (!workshop.Check(status, state)) return;
    found += response.matches_size() > 0;
    bytes += response.ByteSizeLong();
  }
  latencies.Report(state);
  const auto calls = static_cast<double>(asked);
  state.counters["found"] = static_cast<double>(found) / calls;
  state.counters["reply_bytes"] = static_cast<double>(bytes) / calls;
}

void LookUp(Workshop& workshop, QueryKind kind, Language language,
            benchmark::State& state) {
  LoopbackServer* server = workshop.Loaded(state);
  if (server == nullptr) return;
  AskAll(workshop, server->memory(), kind, Queries(workshop, kind, language),
         state);
}

// The floor: the same requests and the same replies, from a server that has
// nothing to look for.
void Echo(Workshop& workshop, QueryKind kind, Language language,
          benchmark::State& state) {
  LoopbackServer* server = workshop.Loaded(state);
  if (server == nullptr) return;
  const std::vector<v1::LookupRequest> requests =
      Queries(workshop, kind, language);
  std::vector<v1::LookupResponse> replies(requests.size());
  for (size_t i = 0; i < requests.size(); ++i) {
    if (!workshop.Check(Ask(server->memory(), requests[i], replies[i]),
                        state)) {
      return;
    }
  }
  auto echo = EchoServer::Start(std::move(replies));
  if (!workshop.Check(echo.status(), state)) return;
  AskAll(workshop, (*echo)->memory(), kind, requests, state);
}

// --- Which there are ---

void Add(const std::string& name,
         const std::function<void(benchmark::State&)>& run,
         int64_t iterations = 0) {
  benchmark::internal::Benchmark* added =
      benchmark::RegisterBenchmark(name.c_str(), run);
  added->UseRealTime()->Unit(benchmark::kMillisecond);
  if (iterations > 0) added->Iterations(iterations);
}

void AddLookUps(Workshop& workshop) {
  const std::pair<const char*, Language> languages[] = {
      {"en", Language::kEnglish}, {"zh", Language::kChinese}};
  const std::pair<const char*, QueryKind> kinds[] = {
      {"exact", QueryKind::kExact},
      {"fuzzy", QueryKind::kFuzzy},
      {"miss", QueryKind::kMiss}};
  for (const auto& [code, language] : languages) {
    for (const auto& [kind_name, kind] : kinds) {
      const std::string tail = absl::StrCat("/", code, "/", kind_name);
      const int64_t each_once = workshop.options().queries;
      Add(
          "LookUp" + tail,
          [&workshop, kind = kind, language = language](auto& state) {
            LookUp(workshop, kind, language, state);
          },
          each_once);
      Add(
          "Echo" + tail,
          [&workshop, kind = kind, language = language](auto& state) {
            Echo(workshop, kind, language, state);
          },
          each_once);
    }
  }
}

absl::Status Run(const Options& options) {
  const auto model = aligner::Model::Load(options.model);
  if (!model.ok()) return model.status();
  const auto interview = ReadInterview(options.interview);
  if (!interview.ok()) return interview.status();
  const auto copies = RepeatInterview(*interview, options.sentences);
  if (!copies.ok()) return copies.status();
  Workshop workshop(options);
  Add("Align/interview",
      [&](auto& state) { Align(workshop, **model, *interview, state); });
  Add("Align/copies",
      [&](auto& state) { Align(workshop, **model, *copies, state); });
  Add(
      "Import", [&](auto& state) { Import(workshop, state); }, kImports);
  for (const uint64_t pairs : {uint64_t{1}, kPairsPerDocument}) {
    Add(absl::StrCat("SyncedWrite/", pairs), [&workshop, pairs](auto& state) {
      WriteSynced(workshop, pairs, state);
    });
  }
  AddLookUps(workshop);
  benchmark::RunSpecifiedBenchmarks();
  return workshop.failed() ? absl::InternalError(
                                 "a benchmark failed; its "
                                 "line above says why")
                           : absl::OkStatus();
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  Options options;
  CLI::App app("Measures duilian; --benchmark_* are Google Benchmark's flags.");
  app.add_option("--pairs", options.pairs, "Pairs in the memory")
      ->check(CLI::Range(uint64_t{10}, uint64_t{100'000'000}));
  app.add_option("--sentences", options.sentences,
                 "Sentences a side of the long alignment")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--queries", options.queries,
                 "Look-ups of each kind and language")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--directory", options.directory,
                 "Where RocksDB's files are made, and removed again");
  app.add_option("--model", options.model, "The model pack");
  app.add_option("--interview", options.interview,
                 "The folder of the sample interview");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  benchmark::Shutdown();
  if (status.ok()) return 0;
  std::fprintf(stderr, "service_benchmark: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace duilian::bench

int main(int argc, char** argv) { return duilian::bench::Main(argc, argv); }
