// lookup_benchmark: how fast look-ups are in a memory of real segments, in the
// library and through gRPC, with the mix of queries that other memories were
// measured with: 30 % stored texts, 50 % with 1 to 4 edits, 20 % of texts that
// are not stored. With --check, that nothing is missed. The figures and the
// command are in docs/benchmarks.md.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/corpus_pairs.h"
#include "bench/loopback.h"
#include "storage/lookup_index.h"
#include "storage/translation_memory.h"
#include "tests/support/matrix_distance.h"
#include "tests/support/percentiles.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using text::Language;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kSeed = 20261126;
constexpr std::array<int, 5> kThresholds = {50, 60, 70, 85, 100};
constexpr Language kLanguages[] = {Language::kEnglish, Language::kChinese};

struct Options {
  std::string corpora;
  size_t pairs = 1'000'000;
  size_t queries = 1'000;  // a language
  int clients = 8;
  bool check = false;
  std::string directory = "/tmp";
};

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

std::string Code(Language language) {
  return std::string(text::LanguageCode(language));
}

double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * 4096;
}

// A row, in milliseconds.
void PrintPercentiles(const std::string& what, std::vector<double> seconds) {
  const testing_support::Percentiles times(std::move(seconds));
  absl::PrintF("| %s | %.2f | %.2f | %.2f |\n", what, 1e3 * times.At(0.5),
               1e3 * times.At(0.95), 1e3 * times.At(0.99));
  std::fflush(stdout);
}

// The stored pairs, and behind them as many that are not stored as there are
// queries.
class Material {
 public:
  Material(std::vector<SentencePair> pairs, size_t stored)
      : pairs_(std::move(pairs)), stored_(stored) {}

  size_t stored() const { return stored_; }
  const SentencePair& pair(size_t i) const { return pairs_[i]; }

  std::vector<std::string> Queries(Language language, size_t count) const {
    Random random(kSeed + static_cast<uint64_t>(language));
    std::vector<std::string> queries;
    for (size_t i = 0; i < count; ++i) {
      const std::string& text = pairs_[random.Below(stored_)].Text(language);
      const std::string& other = pairs_[random.Below(stored_)].Text(language);
      const double kind = random.Share();
      if (kind < 0.3) {
        queries.push_back(text);
      } else if (kind < 0.8) {
        queries.push_back(
            WithEdits(text, language, random.Between(1, 4), other, random));
      } else {
        queries.push_back(pairs_[stored_ + i].Text(language));
      }
      if (text::NormalizeForMatching(queries.back()).empty()) {
        queries.back() = text;
      }
    }
    return queries;
  }

  // Of the stored pairs [begin, end); `begin` begins a document.
  std::vector<LinesDocument> Documents(size_t begin, size_t end) const {
    std::vector<LinesDocument> documents;
    for (size_t i = begin; i < end; ++i) {
      if (i % kPairsPerDocument == 0) {
        documents.emplace_back().name =
            absl::StrFormat("%s/documents/from-%09u", kProject, i);
      }
      absl::StrAppend(&documents.back().english, pairs_[i].english, "\n");
      absl::StrAppend(&documents.back().chinese, pairs_[i].chinese, "\n");
    }
    return documents;
  }

 private:
  const std::vector<SentencePair> pairs_;
  const size_t stored_;
};

storage::FuzzyQuery QueryFor(const std::string& text, Language language,
                             int threshold) {
  storage::FuzzyQuery query;
  query.text = text;
  query.language = language;
  query.threshold_percent = threshold;
  return query;
}

// --- In the library ---

absl::Status TimeLibrary(const storage::LookupIndex& index,
                         const std::vector<std::string>& queries,
                         Language language, int threshold) {
  std::vector<double> seconds;
  for (const std::string& text : queries) {
    const storage::FuzzyQuery query = QueryFor(text, language, threshold);
    const Clock::time_point begin = Clock::now();
    const auto matches = index.Lookup("bench", query);
    seconds.push_back(Seconds(begin));
    if (!matches.ok()) return matches.status();
  }
  PrintPercentiles(
      absl::StrFormat("library, %s, %d %%", Code(language), threshold),
      std::move(seconds));
  return absl::OkStatus();
}

std::u32string Normalized(const std::string& text) {
  const std::vector<char32_t> codepoints =
      text::Codepoints(text::NormalizeForMatching(text));
  return {codepoints.begin(), codepoints.end()};
}

// The scores of all stored texts that reach 50 %, best first, by the matrix.
std::vector<int> ScoresByMatrix(const std::u32string& query,
                                const std::vector<std::u32string>& texts) {
  std::vector<int> scores;
  for (const std::u32string& text : texts) {
    const size_t longer = std::max(query.size(), text.size());
    const size_t shorter = std::min(query.size(), text.size());
    if (2 * shorter < longer) continue;
    const size_t distance = testing_support::MatrixDistance(query, text);
    const auto score = static_cast<int>(100 * (longer - distance) / longer);
    if (score >= 50) scores.push_back(score);
  }
  std::sort(scores.rbegin(), scores.rend());
  return scores;
}

// Nothing is taken off, and numbers count: the order is that of the scores.
storage::FuzzyQuery QueryByScore(const std::string& text, Language language,
                                 int threshold) {
  storage::FuzzyQuery query = QueryFor(text, language, threshold);
  query.penalties.unreviewed_alignment = 0;
  query.penalties.doubtful_alignment = 0;
  query.penalties.several_translations = 0;
  query.penalties.width_difference = 0;
  query.penalties.numbers_substituted = 100;
  return query;
}

// kInternal: a threshold's scores are not those of the matrix.
absl::Status CheckQuery(const storage::LookupIndex& index,
                        const std::string& text, Language language,
                        const std::vector<int>& scores) {
  for (const int threshold : kThresholds) {
    const auto matches =
        index.Lookup("bench", QueryByScore(text, language, threshold));
    if (!matches.ok()) return matches.status();
    std::vector<int> expected = scores;
    std::erase_if(expected, [&](int score) { return score < threshold; });
    expected.resize(std::min<size_t>(expected.size(), 5));
    std::vector<int> found;
    for (const storage::FuzzyMatch& match : *matches) {
      found.push_back(match.score_percent);
    }
    if (found != expected) {
      return absl::InternalError(absl::StrCat(
          "at ", threshold, " % the look-up of \"", text, "\" found ",
          found.size(), " matches, comparing with every segment ",
          expected.size(), ", or other scores; look it up by hand"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAgainstMatrix(const storage::LookupIndex& index,
                                const Material& material,
                                const std::vector<std::string>& queries,
                                Language language) {
  std::vector<std::u32string> texts;
  for (size_t i = 0; i < material.stored(); ++i) {
    texts.push_back(Normalized(material.pair(i).Text(language)));
  }
  size_t checked = 0;
  for (const std::string& query : queries) {
    const absl::Status status = CheckQuery(
        index, query, language, ScoresByMatrix(Normalized(query), texts));
    if (!status.ok()) return status;
    ++checked;
  }
  absl::PrintF(
      "%s: the top 5 of %d queries at 50, 60, 70, 85 and 100 %% are "
      "those of comparing with every segment\n",
      Code(language), checked);
  return absl::OkStatus();
}

// --- Through gRPC ---

v1::LookupRequest RequestFor(const std::string& text, Language language,
                             int threshold) {
  v1::LookupRequest request;
  request.set_parent(kProject);
  request.set_query(text);
  request.set_query_language_code(Code(language));
  request.set_threshold_percent(threshold);
  return request;
}

absl::Status Ask(v1::TranslationMemoryService::Stub& memory,
                 const v1::LookupRequest& request) {
  grpc::ClientContext context;
  v1::LookupResponse response;
  return FromGrpc(memory.Lookup(&context, request, &response));
}

absl::Status TimeOneClient(v1::TranslationMemoryService::Stub& memory,
                           const std::vector<std::string>& queries,
                           Language language, int threshold) {
  std::vector<double> seconds;
  for (const std::string& query : queries) {
    const v1::LookupRequest request = RequestFor(query, language, threshold);
    const Clock::time_point begin = Clock::now();
    if (absl::Status asked = Ask(memory, request); !asked.ok()) return asked;
    seconds.push_back(Seconds(begin));
  }
  PrintPercentiles(
      absl::StrFormat("gRPC, %s, %d %%", Code(language), threshold),
      std::move(seconds));
  return absl::OkStatus();
}

absl::Status TimeManyClients(v1::TranslationMemoryService::Stub& memory,
                             const std::vector<std::string>& queries,
                             Language language, int clients) {
  std::vector<std::thread> threads;
  std::vector<absl::Status> outcomes(static_cast<size_t>(clients));
  const Clock::time_point begin = Clock::now();
  for (size_t client = 0; client < outcomes.size(); ++client) {
    threads.emplace_back([&, client] {
      for (size_t i = client; i < queries.size(); i += outcomes.size()) {
        outcomes[client].Update(
            Ask(memory, RequestFor(queries[i], language, 70)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) {
    if (!outcome.ok()) return outcome;
  }
  absl::PrintF("| queries/s, %d clients, %s, 70 %% | %.0f | – | – |\n", clients,
               Code(language),
               static_cast<double>(queries.size()) / Seconds(begin));
  return absl::OkStatus();
}

// A document of 1,000 segments, in requests of 100.
absl::Status TimeBatch(v1::TranslationMemoryService::Stub& memory,
                       const std::vector<std::string>& queries,
                       Language language) {
  constexpr size_t kSegments = 1'000;
  constexpr size_t kRequests = 100;
  const Clock::time_point begin = Clock::now();
  for (size_t first = 0; first < kSegments; first += kRequests) {
    v1::BatchLookupRequest request;
    request.set_parent(kProject);
    for (size_t i = first; i < first + kRequests; ++i) {
      *request.add_requests() =
          RequestFor(queries[i % queries.size()], language, 70);
    }
    grpc::ClientContext context;
    v1::BatchLookupResponse response;
    if (absl::Status asked =
            FromGrpc(memory.BatchLookup(&context, request, &response));
        !asked.ok()) {
      return asked;
    }
  }
  absl::PrintF("| BatchLookup of 1,000 segments, %s: ms | %.0f | – | – |\n",
               Code(language), 1e3 * Seconds(begin));
  return absl::OkStatus();
}

// Two characters, or one word, of a stored text.
std::string ConcordanceQuery(const std::string& text, Language language,
                             Random& random) {
  if (language == Language::kChinese) {
    const std::vector<char32_t> codepoints = text::Codepoints(text);
    std::vector<size_t> places;
    for (size_t i = 0; i + 1 < codepoints.size(); ++i) {
      if (text::IsHan(codepoints[i]) && text::IsHan(codepoints[i + 1])) {
        places.push_back(i);
      }
    }
    if (places.empty()) return "模型";
    const size_t place = places[random.Below(places.size())];
    std::string two;
    text::AppendUtf8(codepoints[place], two);
    text::AppendUtf8(codepoints[place + 1], two);
    return two;
  }
  std::vector<std::string> words(1);
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase(words, "");
  return words.empty() ? "model" : words[random.Below(words.size())];
}

absl::Status TimeConcordance(v1::TranslationMemoryService::Stub& memory,
                             const Material& material, size_t queries,
                             Language language) {
  Random random(kSeed);
  std::vector<double> seconds;
  for (size_t i = 0; i < queries; ++i) {
    v1::SearchConcordanceRequest request;
    request.set_parent(kProject);
    request.set_query(ConcordanceQuery(
        material.pair(random.Below(material.stored())).Text(language), language,
        random));
    request.set_query_language_code(Code(language));
    grpc::ClientContext context;
    v1::SearchConcordanceResponse response;
    const Clock::time_point begin = Clock::now();
    if (absl::Status asked =
            FromGrpc(memory.SearchConcordance(&context, request, &response));
        !asked.ok()) {
      return asked;
    }
    seconds.push_back(Seconds(begin));
  }
  PrintPercentiles(absl::StrCat("concordance, first page, ", Code(language)),
                   std::move(seconds));
  return absl::OkStatus();
}

// --- All of it ---

absl::Status ImportAll(const Options& options, const Material& material,
                       LoopbackServer& server) {
  constexpr size_t kPairsACall = 200 * kPairsPerDocument;
  const double resident = ResidentBytes();
  double seconds = 0;
  for (size_t first = 0; first < options.pairs; first += kPairsACall) {
    const std::vector<LinesDocument> documents =
        material.Documents(first, std::min(first + kPairsACall, options.pairs));
    const Clock::time_point begin = Clock::now();
    if (absl::Status status = server.Import(documents); !status.ok()) {
      return status;
    }
    seconds += Seconds(begin);
  }
  const auto pairs = static_cast<double>(options.pairs);
  absl::PrintF("| import, pairs/s | %.0f | – | – |\n", pairs / seconds);
  absl::PrintF("| resident bytes a pair, store and index | %.0f | – | – |\n",
               (ResidentBytes() - resident) / pairs);
  absl::PrintF("| disk bytes a pair | %.0f | – | – |\n",
               static_cast<double>(server.DiskBytes()) / pairs);
  return absl::OkStatus();
}

// The bytes a pair of each part of an index, and how long it takes to save it
// and to read it again. The index is then the one that was read.
absl::Status MeasureIndex(const Options& options,
                          const storage::TranslationMemory& memory,
                          std::unique_ptr<storage::LookupIndex>& index) {
  const auto pairs = static_cast<double>(options.pairs);
  const auto print = [&](const char* what, size_t bytes) {
    absl::PrintF("| index bytes a pair, %s | %.0f | – | – |\n", what,
                 static_cast<double>(bytes) / pairs);
  };
  const storage::IndexMemory use = index->Memory();
  print("all", use.total());
  print("texts as tokens", use.texts);
  print("vocabularies", use.vocabularies);
  print("lists of slots", use.lists);
  print("letters", use.letters);
  print("units", use.units);
  auto scratch = ScratchDirectory::Make(options.directory);
  if (!scratch.ok()) return scratch.status();
  storage::LoadOptions load;
  load.snapshot = (*scratch)->path() + "/snapshot";
  Clock::time_point begin = Clock::now();
  if (absl::Status saved = index->Save(load.snapshot); !saved.ok()) {
    return saved;
  }
  absl::PrintF("| index saved: s | %.2f | – | – |\n", Seconds(begin));
  index = std::make_unique<storage::LookupIndex>(memory);  // one at a time
  begin = Clock::now();
  const auto summary = index->Load(load);
  if (!summary.ok()) return summary.status();
  if (!summary->snapshot.ok()) return summary->snapshot;
  absl::PrintF("| index loaded: s | %.2f | – | – |\n", Seconds(begin));
  absl::PrintF("| snapshot bytes a pair | %.0f | – | – |\n",
               static_cast<double>((*scratch)->Bytes()) / pairs);
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::Status RunLanguage(const Options& options, const Material& material,
                         LoopbackServer& server,
                         const storage::LookupIndex& index, Language language) {
  const std::vector<std::string> queries =
      material.Queries(language, options.queries);
  absl::Status status;
  if (options.check) {
    return CheckAgainstMatrix(index, material, queries, language);
  }
  for (const int threshold : {70, 50, 100}) {
    status.Update(TimeLibrary(index, queries, language, threshold));
  }
  for (const int threshold : {70, 50, 100}) {
    status.Update(TimeOneClient(server.memory(), queries, language, threshold));
  }
  status.Update(
      TimeManyClients(server.memory(), queries, language, options.clients));
  status.Update(TimeBatch(server.memory(), queries, language));
  status.Update(
      TimeConcordance(server.memory(), material, options.queries, language));
  return status;
}

absl::Status Run(const Options& options) {
  auto pairs =
      ReadCorpusPairs(options.corpora, options.pairs + options.queries, kSeed);
  if (!pairs.ok()) return pairs.status();
  const Material material(*std::move(pairs), options.pairs);
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
  const Clock::time_point begin = Clock::now();
  auto built = storage::LookupIndex::Build(**memory);
  if (!built.ok()) return built.status();
  std::unique_ptr<storage::LookupIndex> index = *std::move(built);
  absl::PrintF("| index built anew: s | %.1f | – | – |\n", Seconds(begin));
  absl::PrintF(
      "| resident bytes a pair, that index | %.0f | – | – |\n",
      (ResidentBytes() - resident) / static_cast<double>(options.pairs));
  if (absl::Status status = MeasureIndex(options, **memory, index);
      !status.ok()) {
    return status;
  }
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
  app.add_option("--clients", options.clients, "At the same time")
      ->check(CLI::Range(1, 1'000));
  app.add_flag("--check", options.check,
               "Compare the scores with those of comparing with every segment, "
               "instead of taking times");
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
