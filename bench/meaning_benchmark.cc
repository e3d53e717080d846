// meaning_benchmark: sentences of test sets, hidden among pairs of corpora, are
// searched for by their meaning: from the Chinese, when the pair's own
// Chinese is hidden from the index, and from the English likewise, so that
// nothing but the translation can be found. How often the best hit is that of
// comparing with every pair's vector, how often it is the translation, how
// fast, how large. The figures and the command are in docs/benchmarks.md.

#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "aligner/model.h"
#include "aligner/sentence_vector.h"
#include "aligner/training/corpus.h"
#include "bench/corpus_pairs.h"
#include "bench/sentence_pairs.h"
#include "storage/dot_products.h"
#include "storage/meaning_index.h"
#include "storage/rocks_store.h"
#include "storage/translation_memory.h"
#include "tests/support/percentiles.h"

namespace duilian::bench {
namespace {

using text::Language;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kSeed = 20261126;
constexpr size_t kBest = 5;  // of each query
constexpr size_t kPairsPerChange = 1'000;
// As a server's follower of the log.
constexpr int64_t kUnitsBetweenLooks = 10'000;
constexpr char kProjectId[] = "bench";
// Begins a text that the index is not to understand.
constexpr char kHidden[] = "[hidden] ";
constexpr const char* kTestSets[] = {"flores200-dev", "tico19", "xquad"};

struct Options {
  std::string corpora, test_sets;
  std::string model = DUILIAN_MODEL_PACK;
  size_t pairs = 200'000;
  size_t queries = 1'000;
  size_t offset = 0;
  bool as_imported = false;
  size_t threads = std::max(std::thread::hardware_concurrency(), 1u) - 1;
  std::string directory = "/tmp";
};

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * 4096;
}

// A snapshot is a head and files beside it whose names begin with its own.
double BytesOfFilesLike(const std::string& path) {
  const std::filesystem::path head(path);
  uintmax_t bytes = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(head.parent_path())) {
    if (absl::StartsWith(entry.path().filename().string(),
                         head.filename().string())) {
      bytes += entry.file_size();
    }
  }
  return static_cast<double>(bytes);
}

// A sentence that is searched for, and the pair that means it.
struct Query {
  size_t test_set = 0;
  std::string text;
  Language language = Language::kEnglish;
  storage::UnitId pair = 0;
  // By comparing with every pair, the best first.
  std::vector<std::pair<float, storage::UnitId>> best;
};

storage::TranslationUnit Unit(const SentencePair& pair) {
  storage::TranslationUnit unit;
  unit.source.language_code = "en";
  unit.source.text = pair.english;
  unit.target.language_code = "zh";
  unit.target.text = pair.chinese;
  return unit;
}

// The pairs of the test sets, and evenly chosen sentences of them in one
// language and the other in turn, hidden in those pairs (a pair's id is its
// place).
absl::StatusOr<std::vector<Query>> ReadQueries(
    const Options& options, std::vector<SentencePair>& stored) {
  std::vector<Query> queries;
  for (size_t set = 0; set < std::size(kTestSets); ++set) {
    aligner::training::Source source;
    const auto read = aligner::training::ReadPairs(
        absl::StrCat(options.test_sets, "/", kTestSets[set], ".tsv.gz"),
        source);
    if (!read.ok()) return read.status();
    const size_t wanted = options.queries / std::size(kTestSets);
    const size_t step = std::max<size_t>(1, read->size() / wanted);
    for (size_t i = 0; i < read->size(); ++i) {
      SentencePair pair = {(*read)[i].english, (*read)[i].chinese};
      if (i % step == options.offset % step) {
        Query query;
        query.test_set = set;
        query.language =
            i / step % 2 == 0 ? Language::kChinese : Language::kEnglish;
        query.text = pair.Text(query.language);
        query.pair = stored.size() + 1;
        queries.push_back(std::move(query));
        std::string& hidden = queries.back().language == Language::kChinese
                                  ? pair.chinese
                                  : pair.english;
        hidden = absl::StrCat(kHidden, hidden);
      }
      stored.push_back(std::move(pair));
    }
  }
  return queries;
}

absl::Status StoreAll(const std::vector<SentencePair>& pairs, size_t begin,
                      storage::TranslationMemory& memory) {
  while (begin < pairs.size()) {
    const size_t end = std::min(pairs.size(), begin + kPairsPerChange);
    std::vector<storage::UnitChange> changes;
    for (; begin < end; ++begin) {
      changes.emplace_back().unit = Unit(pairs[begin]);
    }
    const auto stored = memory.Apply(kProjectId, changes,
                                     {storage::Action::kImport, "", 1}, "");
    if (!stored.ok()) return stored.status();
  }
  return absl::OkStatus();
}

std::vector<float> MiddleOf(const storage::MeaningModel& model,
                            const SentencePair& pair) {
  std::vector<float> middle = model.vector(pair.english, Language::kEnglish);
  const std::vector<float> other =
      model.vector(pair.chinese, Language::kChinese);
  double square = 0;
  for (size_t d = 0; d < middle.size(); ++d) {
    middle[d] += other[d];
    square += double{middle[d]} * middle[d];
  }
  const auto scale = static_cast<float>(1 / std::sqrt(std::max(square, 1e-12)));
  for (float& value : middle) value *= scale;
  return middle;
}

// Keeps the kBest nearest ones, the best first.
void KeepBest(std::pair<float, storage::UnitId> one,
              std::vector<std::pair<float, storage::UnitId>>& best) {
  if (best.size() == kBest && one.first <= best.back().first) return;
  if (best.size() == kBest) best.pop_back();
  best.push_back(one);
  std::sort(best.begin(), best.end(), std::greater<>());
}

// By comparing with some pairs, of each query; the best first.
using Best = std::vector<std::vector<std::pair<float, storage::UnitId>>>;

// Of the pairs [begin, end).
Best CompareWith(const storage::MeaningModel& model,
                 const std::vector<SentencePair>& pairs, size_t begin,
                 size_t end, const std::vector<std::vector<float>>& vectors) {
  constexpr size_t kBlock = 256;  // stay in the cache while all queries pass
  Best best(vectors.size());
  std::vector<float> block, products(kBlock);
  for (size_t first = begin; first < end; first += kBlock) {
    const size_t last = std::min(end, first + kBlock);
    block.clear();
    for (size_t i = first; i < last; ++i) {
      const std::vector<float> middle = MiddleOf(model, pairs[i]);
      block.insert(block.end(), middle.begin(), middle.end());
    }
    for (size_t q = 0; q < vectors.size(); ++q) {
      storage::DotProducts(vectors[q].data(), block.data(), last - first,
                           model.dimension, products.data());
      for (size_t i = first; i < last; ++i) {
        KeepBest({products[i - first], i + 1}, best[q]);
      }
    }
  }
  return best;
}

// Fills what comparing with every pair finds, on all processors.
void CompareWithAll(const storage::MeaningModel& model,
                    const std::vector<SentencePair>& pairs,
                    std::vector<Query>& queries) {
  std::vector<std::vector<float>> vectors;
  for (const Query& query : queries) {
    vectors.push_back(model.vector(query.text, query.language));
  }
  std::vector<Best> parts(std::max(std::thread::hardware_concurrency(), 1u));
  std::vector<std::thread> threads;
  for (size_t part = 0; part < parts.size(); ++part) {
    threads.emplace_back([&, part] {
      parts[part] =
          CompareWith(model, pairs, pairs.size() * part / parts.size(),
                      pairs.size() * (part + 1) / parts.size(), vectors);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Best& part : parts) {
    for (size_t q = 0; q < queries.size(); ++q) {
      for (const auto& one : part[q]) KeepBest(one, queries[q].best);
    }
  }
}

// Of a test set, or of all.
struct Tally {
  size_t queries = 0;
  size_t as_comparing = 0;        // the best hit is, or is as near as, the best
  size_t best_five = 0;           // hits that are as near as the fifth best
  size_t translation = 0;         // the best hit is the translation
  size_t translation_of_all = 0;  // and by comparing with every pair
};

absl::Status Search(const storage::MeaningIndex& index,
                    const std::vector<Query>& queries) {
  std::array<Tally, std::size(kTestSets) + 1> tallies;
  std::vector<double> seconds;
  for (const Query& query : queries) {
    storage::MeaningQuery asked;
    asked.text = query.text;
    asked.language = query.language;
    const Clock::time_point begin = Clock::now();
    const auto answer = index.Search(kProjectId, asked);
    seconds.push_back(Seconds(begin));
    if (!answer.ok()) return answer.status();
    if (answer->hits.empty()) return absl::InternalError("nothing was found");
    const storage::MeaningHit& hit = answer->hits.front();
    for (Tally* tally : {&tallies[query.test_set], &tallies.back()}) {
      ++tally->queries;
      tally->as_comparing += hit.similarity > query.best[0].first - 1e-5;
      for (const storage::MeaningHit& one : answer->hits) {
        tally->best_five += one.similarity > query.best.back().first - 1e-5;
      }
      tally->translation += hit.unit.id == query.pair;
      tally->translation_of_all += query.best[0].second == query.pair;
    }
  }
  const testing_support::Percentiles times(std::move(seconds));
  absl::PrintF("| search, p50 ms | %.2f |\n| search, p99 ms | %.2f |\n",
               1e3 * times.At(0.5), 1e3 * times.At(0.99));
  absl::PrintF(
      "\n| test set | queries | best hit as comparing with all | of the best "
      "five | it is the translation | the same, comparing with all "
      "|\n|---|---|---|---|---|---|\n");
  for (size_t set = 0; set < tallies.size(); ++set) {
    const Tally& tally = tallies[set];
    const auto share = [&](size_t count) {
      return static_cast<double>(count) / static_cast<double>(tally.queries);
    };
    absl::PrintF("| %s | %d | %.3f | %.3f | %.3f | %.3f |\n",
                 set < std::size(kTestSets) ? kTestSets[set] : "all",
                 tally.queries, share(tally.as_comparing),
                 share(tally.best_five) / kBest, share(tally.translation),
                 share(tally.translation_of_all));
  }
  return absl::OkStatus();
}

// As a server does that is given all of it by imports.
absl::Status Follow(storage::MeaningIndex& index) {
  while (true) {
    const int64_t units = index.units_taken();
    const absl::Status status = index.CatchUp(
        [&] { return index.units_taken() - units >= kUnitsBetweenLooks; });
    if (!status.ok() && !absl::IsCancelled(status)) return status;
    index.Compact();
    const auto remade =
        status.ok() ? index.RemakeOutgrown({}) : index.RemakeLarge({});
    if (!remade.ok() || status.ok()) return remade.status();
  }
}

absl::Status Measure(const Options& options, storage::MeaningModel model,
                     std::vector<SentencePair> pairs,
                     std::vector<Query> queries,
                     storage::TranslationMemory& memory,
                     const std::string& snapshot) {
  // What is followed from the log, behind what the index is made of.
  const size_t followed = std::min<size_t>(10'000, options.pairs / 10);
  std::vector<SentencePair> later(
      pairs.end() - static_cast<std::ptrdiff_t>(followed), pairs.end());
  const size_t first = pairs.size() - followed;
  std::vector<SentencePair> earlier = pairs;
  earlier.resize(first);
  storage::MeaningIndex index(memory, model, {.threads = options.threads});
  if (options.as_imported) {
    if (const auto loaded = index.Load({}); !loaded.ok()) {
      return loaded.status();
    }
  }
  if (absl::Status status = StoreAll(earlier, 0, memory); !status.ok()) {
    return status;
  }
  earlier.clear();
  earlier.shrink_to_fit();
  absl::PrintF("| %d pairs | |\n|---|---|\n", pairs.size());
  const double resident = ResidentBytes();
  Clock::time_point begin = Clock::now();
  const absl::Status made =
      options.as_imported ? Follow(index) : index.Load({}).status();
  if (!made.ok()) return made;
  const auto count = static_cast<double>(first);
  absl::PrintF("| made anew: s | %.1f |\n", Seconds(begin));
  absl::PrintF("| resident bytes a pair | %.0f |\n",
               (ResidentBytes() - resident) / count);
  absl::PrintF("| bytes a pair by its own count | %.0f |\n",
               static_cast<double>(index.Memory()) / count);
  if (absl::Status status = StoreAll(later, 0, memory); !status.ok()) {
    return status;
  }
  begin = Clock::now();
  if (absl::Status status = index.CatchUp({}); !status.ok()) return status;
  absl::PrintF("| change log followed, pairs/s | %.0f |\n",
               static_cast<double>(followed) / Seconds(begin));
  begin = Clock::now();
  if (absl::Status status = index.Save(snapshot); !status.ok()) return status;
  absl::PrintF("| saved: s | %.2f |\n", Seconds(begin));
  absl::PrintF("| snapshot bytes a pair | %.0f |\n",
               BytesOfFilesLike(snapshot) / static_cast<double>(pairs.size()));
  storage::MeaningIndex again(memory, model, {.threads = options.threads});
  begin = Clock::now();
  storage::LoadOptions from_snapshot;
  from_snapshot.snapshot = snapshot;
  const auto reloaded = again.Load(from_snapshot);
  if (!reloaded.ok()) return reloaded.status();
  if (!reloaded->snapshot.ok()) return reloaded->snapshot;
  absl::PrintF("| loaded from the snapshot: s | %.2f |\n", Seconds(begin));
  CompareWithAll(model, pairs, queries);
  return Search(again, queries);
}

absl::Status Run(const Options& options) {
  absl::StatusOr<std::unique_ptr<const aligner::Model>> model =
      aligner::Model::Load(options.model);
  if (!model.ok()) return model.status();
  std::vector<SentencePair> pairs;
  auto queries = ReadQueries(options, pairs);
  if (!queries.ok()) return queries.status();
  auto corpus = ReadCorpusPairs(options.corpora, options.pairs, kSeed);
  if (!corpus.ok()) return corpus.status();
  std::move(corpus->begin(), corpus->end(), std::back_inserter(pairs));
  std::string scratch = absl::StrCat(options.directory, "/meaning.XXXXXX");
  if (mkdtemp(scratch.data()) == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("--directory: nothing can be made in ", options.directory,
                     "; name one that can be written to"));
  }
  const auto remove = absl::MakeCleanup([&scratch] {
    std::error_code ignored;
    std::filesystem::remove_all(scratch, ignored);
  });
  storage::RocksOptions rocks;
  rocks.directory = scratch + "/store";
  auto store = storage::OpenRocksStore(rocks);
  if (!store.ok()) return store.status();
  auto memory = storage::TranslationMemory::Open(**store);
  if (!memory.ok()) return memory.status();
  storage::MeaningModel meaning;
  meaning.version = std::string((*model)->version());
  meaning.dimension = aligner::SentenceVectorSize(**model);
  meaning.vector = [&model, size = meaning.dimension](absl::string_view text,
                                                      Language language) {
    if (absl::StartsWith(text, kHidden)) return std::vector<float>(size);
    return aligner::SentenceVector(**model, text, language);
  };
  return Measure(options, std::move(meaning), std::move(pairs),
                 *std::move(queries), **memory, scratch + "/meaning.snapshot");
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures searches by meaning among real segments.");
  app.add_option("--corpora", options.corpora,
                 "The folder of *.tsv.gz files with zh<TAB>en lines")
      ->required();
  app.add_option("--test-sets", options.test_sets,
                 "The folder of flores200-dev, tico19 and xquad, likewise")
      ->required();
  app.add_option("--model", options.model, "The model pack")
      ->capture_default_str();
  app.add_option("--pairs", options.pairs, "Pairs of the corpora")
      ->check(CLI::Range(size_t{1'000}, size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--queries", options.queries, "Sentences searched for")
      ->check(CLI::Range(size_t{3}, size_t{7'000}))
      ->capture_default_str();
  app.add_option("--offset", options.offset,
                 "Takes others of the test sets' sentences, so that parameters "
                 "need not be chosen by those that are reported")
      ->capture_default_str();
  app.add_flag("--as-imported", options.as_imported,
               "The index follows the imports; otherwise it is made of the "
               "store");
  app.add_option("--threads", options.threads,
                 "Threads beside the caller's, as a server has them")
      ->check(CLI::Range(size_t{0}, size_t{64}))
      ->capture_default_str();
  app.add_option("--directory", options.directory,
                 "Where RocksDB's files are made, and removed again");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "meaning_benchmark: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace duilian::bench

int main(int argc, char** argv) { return duilian::bench::Main(argc, argv); }
