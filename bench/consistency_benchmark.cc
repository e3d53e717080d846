// consistency_benchmark: the consistency report on a memory of real segments:
// how long it takes, what it holds in memory, and how long it goes on after its
// caller has gone. The figures and the command are in docs/benchmarks.md.

#include <malloc.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "aligner/model.h"
#include "bench/corpus_pairs.h"
#include "bench/loopback.h"
#include "bench/sentence_pairs.h"
#include "bench/times.h"
#include "service/consistency_service.h"
#include "storage/lookup_index.h"
#include "storage/rocks_store.h"
#include "storage/translation_memory.h"

namespace duilian::bench {
namespace {

constexpr uint64_t kSeed = 20261126;
constexpr size_t kPairsPerChange = 1'000;
constexpr char kProjectId[] = "bench";

struct Options {
  std::string corpora;
  std::string model = DUILIAN_MODEL_PACK;
  size_t pairs = 1'000'000;
  std::string directory = "/tmp";
};

// A figure of the process's memory, as the system names it ("VmRSS:").
double Megabytes(absl::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    absl::string_view rest = line;
    uint64_t kilobytes = 0;
    if (absl::ConsumePrefix(&rest, name) && absl::ConsumeSuffix(&rest, " kB") &&
        absl::SimpleAtoi(rest, &kilobytes)) {
      return static_cast<double>(kilobytes) / 1e3;
    }
  }
  return 0;
}

// Gives free memory back, and lets the system forget what was the most.
void BeginPeak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

absl::Status StoreCorpus(const Options& options,
                         storage::TranslationMemory& memory) {
  const auto pairs = ReadCorpusPairs(options.corpora, options.pairs, kSeed);
  if (!pairs.ok()) return pairs.status();
  for (size_t begin = 0; begin < pairs->size(); begin += kPairsPerChange) {
    const size_t end = std::min(pairs->size(), begin + kPairsPerChange);
    std::vector<storage::UnitChange> changes;
    for (size_t i = begin; i < end; ++i) {
      storage::TranslationUnit& unit = changes.emplace_back().unit;
      unit.source.language_code = "en";
      unit.source.text = (*pairs)[i].english;
      unit.target.language_code = "zh";
      unit.target.text = (*pairs)[i].chinese;
    }
    const auto stored = memory.Apply(kProjectId, changes,
                                     {storage::Action::kImport, "", 1}, "");
    if (!stored.ok()) return stored.status();
  }
  return absl::OkStatus();
}

absl::Status MeasureReport(const char* what, const service::Stores& stores,
                           const aligner::Model* model) {
  const service::ConsistencyMethods methods(stores, model);
  v1::ReportConsistencyRequest request;
  request.set_parent(absl::StrCat("projects/", kProjectId));
  BeginPeak();
  const double before = Megabytes("VmRSS:");
  const SteadyClock::time_point begin = SteadyClock::now();
  SteadyClock::time_point asked = begin;
  double longest = 0;
  service::Call call;
  call.now = absl::Now();
  call.cancelled = [&] {
    longest = std::max(longest, Seconds(asked));
    asked = SteadyClock::now();
    return false;
  };
  const auto report = methods.ReportConsistency(request, call);
  if (!report.ok()) return report.status();
  const double seconds = Seconds(begin);
  absl::PrintF("| %s | %d | %.1f | %.0f | %.0f | %.2f | %d | %d |\n", what,
               report->pairs(), seconds, Megabytes("VmHWM:") - before,
               Megabytes("VmRSS:") - before, longest,
               report->sources_size() + report->omitted_sources(),
               report->terms_size() + report->omitted_terms());
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  const auto model = aligner::Model::Load(options.model);
  if (!model.ok()) return model.status();
  const auto scratch = ScratchDirectory::Make(options.directory);
  if (!scratch.ok()) return scratch.status();
  storage::RocksOptions rocks;
  rocks.directory = (*scratch)->path() + "/store";
  const auto store = storage::OpenRocksStore(rocks);
  if (!store.ok()) return store.status();
  const auto memory = storage::TranslationMemory::Open(**store);
  if (!memory.ok()) return memory.status();
  if (absl::Status stored = StoreCorpus(options, **memory); !stored.ok()) {
    return stored;
  }
  storage::LookupIndex index(**memory);  // stays empty: nothing is looked up
  service::JsonLog log([] { return absl::Now(); },
                       [](absl::string_view) { return true; });
  const service::Stores stores{**memory, index, log};
  absl::PrintF(
      "| report | pairs | s | most memory, MB | kept, MB | goes on at most, s "
      "| sources | terms |\n|---|---|---|---|---|---|---|---|\n");
  absl::Status status = MeasureReport("without a model", stores, nullptr);
  if (status.ok()) {
    status = MeasureReport("with the model", stores, model->get());
  }
  return status;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures the consistency report on real segments.");
  app.add_option("--corpora", options.corpora,
                 "The folder of *.tsv.gz files with zh<TAB>en lines")
      ->required();
  app.add_option("--model", options.model, "The model pack")
      ->capture_default_str();
  app.add_option("--pairs", options.pairs, "Pairs in the memory")
      ->check(CLI::Range(size_t{1'000}, size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--directory", options.directory,
                 "Where RocksDB's files are made, and removed again");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "consistency_benchmark: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace duilian::bench

int main(int argc, char** argv) { return duilian::bench::Main(argc, argv); }
