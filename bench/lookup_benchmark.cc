// lookup_benchmark: how fast look-ups are in a memory of real segments, in the
// library and through gRPC, with the mix of queries that other memories were
// measured with: 30 % stored texts, 50 % with 1 to 4 edits, 20 % of texts that
// are not stored. With --check, that nothing is missed. The figures and the
// command are in docs/benchmarks.md.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/corpus_pairs.h"
#include "bench/library_lookups.h"
#include "bench/lookup_material.h"
#include "bench/lookup_profile.h"
#include "bench/loopback.h"
#include "bench/served_lookups.h"
#include "bench/times.h"
#include "storage/lookup_index.h"
#include "storage/translation_memory.h"

namespace duilian::bench {
namespace {

using text::Language;

constexpr Language kLanguages[] = {Language::kEnglish, Language::kChinese};

struct Options {
  std::string corpora;
  size_t pairs = 1'000'000;
  size_t queries = 1'000;  // a language
  size_t projects = 1;
  int clients = 8;
  bool check = false;
  bool quotes = false;
  bool profile = false;
  std::string directory = "/tmp";
};

double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * 4096;
}

absl::Status ImportAll(const Options& options, const LookupMaterial& material,
                       LoopbackServer& server) {
  constexpr size_t kPairsACall = 200 * kPairsPerDocument;
  const double resident = ResidentBytes();
  double seconds = 0;
  for (size_t first = 0; first < options.pairs; first += kPairsACall) {
    const std::vector<LinesDocument> documents =
        material.Documents(first, std::min(first + kPairsACall, options.pairs));
    const SteadyClock::time_point begin = SteadyClock::now();
    if (absl::Status status = server.Import(documents); !status.ok()) {
      return status;
    }
    seconds += Seconds(begin);
  }
  const auto pairs = static_cast<double>(options.pairs);
  PrintFigure("import, pairs/s", pairs / seconds);
  PrintFigure("resident bytes a pair, store and index",
              (ResidentBytes() - resident) / pairs);
  PrintFigure("disk bytes a pair",
              static_cast<double>(server.DiskBytes()) / pairs);
  return absl::OkStatus();
}

// How long it takes to save an index and to read it again. The index is then
// the one that was read.
absl::Status MeasureSnapshot(const Options& options, storage::Packing packing,
                             const storage::TranslationMemory& memory,
                             std::unique_ptr<storage::LookupIndex>& index) {
  const auto print = [&](const char* what, double value, int digits) {
    const bool small = packing == storage::Packing::kSmall;
    PrintFigure(absl::StrCat(what, small ? ", small" : ", quick"), value,
                digits);
  };
  auto scratch = ScratchDirectory::Make(options.directory);
  if (!scratch.ok()) return scratch.status();
  storage::LoadOptions load;
  load.snapshot = (*scratch)->path() + "/snapshot";
  SteadyClock::time_point begin = SteadyClock::now();
  if (absl::Status saved = index->Save(load.snapshot, packing); !saved.ok()) {
    return saved;
  }
  print("index saved: s", Seconds(begin), 2);
  index = std::make_unique<storage::LookupIndex>(memory);  // one at a time
  begin = SteadyClock::now();
  const auto summary = index->Load(load);
  if (!summary.ok()) return summary.status();
  if (!summary->snapshot.ok()) return summary->snapshot;
  print("index loaded: s", Seconds(begin), 2);
  print("snapshot bytes a pair",
        static_cast<double>((*scratch)->Bytes()) /
            static_cast<double>(options.pairs),
        0);
  return absl::OkStatus();
}

// The bytes a pair of each part of an index, and of its snapshots.
absl::Status MeasureIndex(const Options& options,
                          const storage::TranslationMemory& memory,
                          std::unique_ptr<storage::LookupIndex>& index) {
  const auto pairs = static_cast<double>(options.pairs);
  const auto print = [&](const char* what, size_t bytes) {
    PrintFigure(absl::StrCat("index bytes a pair, ", what),
                static_cast<double>(bytes) / pairs);
  };
  const storage::IndexMemory use = index->Memory();
  print("all", use.total());
  print("texts as tokens", use.texts);
  print("vocabularies", use.vocabularies);
  print("lists of slots", use.lists);
  print("letters", use.letters);
  print("units", use.units);
  for (const storage::Packing packing :
       {storage::Packing::kSmall, storage::Packing::kQuick}) {
    absl::Status status = MeasureSnapshot(options, packing, memory, index);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Where the time goes, in the library and through gRPC.
absl::Status RunProfile(const Options& options, const LookupMaterial& material,
                        LoopbackServer& server,
                        const storage::LookupIndex& index, Language language) {
  const std::vector<std::string> queries =
      material.Queries(language, options.queries);
  absl::Status status;
  for (const int threshold : {70, 50, 100}) {
    status.Update(PrintStages(index, material, queries, language, threshold));
  }
  status.Update(PrintUse("above", queries.size(), [&] {
    return TimeOneClient(server, material, queries, language, 100);
  }));
  status.Update(PrintUse(
      "above, the echo and what it sends back", 2 * queries.size(),
      [&] { return TimeEcho(server, material, queries, language, 100); }));
  status.Update(PrintUse("above", queries.size(), [&] {
    return TimeManyClients(server, material, queries, language,
                           options.clients);
  }));
  return status;
}

absl::Status RunLanguage(const Options& options, const LookupMaterial& material,
                         LoopbackServer& server,
                         const storage::LookupIndex& index, Language language) {
  const std::vector<std::string> queries =
      material.Queries(language, options.queries);
  if (options.check) {
    return CheckAgainstMatrix(index, material, queries, language);
  }
  if (options.quotes) {
    return TimeQuotes(server, material, options.queries, language);
  }
  if (options.profile) {
    return RunProfile(options, material, server, index, language);
  }
  absl::Status status;
  for (const int threshold : {70, 50, 100}) {
    status.Update(TimeLibrary(index, material, queries, language, threshold));
  }
  for (const int threshold : {70, 50, 100}) {
    status.Update(
        TimeOneClient(server, material, queries, language, threshold));
  }
  for (const int threshold : {70, 100}) {
    status.Update(TimeEcho(server, material, queries, language, threshold));
  }
  status.Update(
      TimeManyClients(server, material, queries, language, options.clients));
  status.Update(TimeBatch(server, material, queries, language));
  if (options.projects > 1) return status;  // the others search one
  status.Update(TimeConcordance(server, material, options.queries, language));
  if (language == Language::kEnglish) {
    status.Update(TimeParts(server, material, options.queries));
  }
  status.Update(TimeQuotes(server, material, options.queries, language));
  return status;
}

absl::Status Run(const Options& options) {
  auto pairs = ReadCorpusPairs(options.corpora, options.pairs + options.queries,
                               kLookupSeed);
  if (!pairs.ok()) return pairs.status();
  const LookupMaterial material(*std::move(pairs), options.pairs,
                                options.projects);
  auto server = LoopbackServer::Start(options.directory);
  if (!server.ok()) return server.status();
  absl::PrintF("| %d pairs | p50 ms | p95 | p99 |\n|---|---|---|---|\n",
               options.pairs);
  if (absl::Status imported = ImportAll(options, material, **server);
      !imported.ok()) {
    return imported;
  }
  auto memory = storage::TranslationMemory::Open((*server)->store());
  if (!memory.ok()) return memory.status();
  const double resident = ResidentBytes();
  const SteadyClock::time_point begin = SteadyClock::now();
  auto built = storage::LookupIndex::Build(**memory);
  if (!built.ok()) return built.status();
  std::unique_ptr<storage::LookupIndex> index = *std::move(built);
  PrintFigure("index built anew: s", Seconds(begin), 1);
  PrintFigure(
      "resident bytes a pair, that index",
      (ResidentBytes() - resident) / static_cast<double>(options.pairs));
  if (absl::Status status = MeasureIndex(options, **memory, index);
      !status.ok()) {
    return status;
  }
  if (options.profile) PrintReadingSpeed();
  for (const Language language : kLanguages) {
    const absl::Status status =
        RunLanguage(options, material, **server, *index, language);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures look-ups in a memory of real segments.");
  app.add_option("--corpora", options.corpora,
                 "The folder of *.tsv.gz files with zh<TAB>en lines")
      ->required();
  app.add_option("--pairs", options.pairs, "Pairs in the memory")
      ->check(CLI::Range(size_t{10}, size_t{100'000'000}));
  app.add_option("--queries", options.queries, "Look-ups a language")
      ->check(CLI::Range(size_t{1}, size_t{1'000'000}));
  app.add_option("--projects", options.projects,
                 "The documents are dealt out to them; look-ups search all")
      ->check(CLI::Range(1, 8));
  app.add_option("--clients", options.clients, "At the same time")
      ->check(CLI::Range(1, 1'000));
  app.add_flag("--check", options.check,
               "Compare the scores with those of comparing with every segment, "
               "instead of taking times");
  app.add_flag("--quotes", options.quotes, "Quotes alone");
  app.add_flag("--profile", options.profile,
               "Where the time of look-ups goes, stage by stage");
  app.add_option("--directory", options.directory,
                 "Where RocksDB's files are made, and removed again");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "lookup_benchmark: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace duilian::bench

int main(int argc, char** argv) { return duilian::bench::Main(argc, argv); }
