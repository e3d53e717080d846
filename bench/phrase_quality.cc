#include "bench/phrase_quality.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/training/calibration.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using aligner::PhraseLinker;
using aligner::PhraseWeights;
using aligner::training::Calibration;
using aligner::training::PhraseExample;
using text::ByteSpan;
using text::Language;

constexpr int kFolds = 8;
constexpr int kLinesTogether = 12;
// Phrases without a rendering are rarer than these, which share their context.
constexpr double kCutWeight = 0.1;
constexpr size_t kLeastLeft = 7;  // code points of a side that was cut

absl::StatusOr<std::vector<std::string>> ReadLinesOf(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// A line of terms.dev.tsv with the texts that it speaks of.
struct GoldLink {
  int line = 0;
  std::string kind, chinese, english;
  ByteSpan chinese_span, english_span;
};

std::optional<GoldLink> ReadLink(const std::string& line,
                                 const std::vector<std::string>& chinese,
                                 const std::vector<std::string>& english) {
  const std::vector<std::string> fields = absl::StrSplit(line, '\t');
  GoldLink link;
  size_t zh = 0, en = 0;
  if (fields.size() != 5 || !absl::SimpleAtoi(fields[0], &zh) ||
      !absl::SimpleAtoi(fields[2], &en) || zh >= chinese.size() ||
      en >= english.size()) {
    return std::nullopt;
  }
  link.line = static_cast<int>(zh);
  link.kind = fields[4];
  link.chinese = chinese[zh];
  link.english = english[en];
  const size_t zh_at = link.chinese.find(fields[1]);
  const size_t en_at = link.english.find(fields[3]);
  if (zh_at == std::string::npos || en_at == std::string::npos) {
    return std::nullopt;
  }
  link.chinese_span = {zh_at, zh_at + fields[1].size()};
  link.english_span = {en_at, en_at + fields[3].size()};
  return link;
}

// The cases of one direction: as it stands, and with the rendering cut out.
void AddCases(const aligner::Model& model, const GoldLink& link,
              Language language, std::shared_ptr<const PhraseLinker> linker,
              std::vector<PhraseCase>& cases) {
  const bool chinese = language == Language::kChinese;
  PhraseCase whole = {link.kind,
                      link.line,
                      language,
                      std::move(linker),
                      chinese ? link.chinese_span : link.english_span,
                      chinese ? link.english_span : link.chinese_span};
  cases.push_back(whole);
  GoldLink cut = link;
  std::string& text = chinese ? cut.english : cut.chinese;
  const std::string gone =
      text.substr(whole.rendering->begin, whole.rendering->size());
  text.erase(whole.rendering->begin, whole.rendering->size());
  if (text::CountCodepoints(text) < kLeastLeft ||
      text.find(gone) != std::string::npos) {
    return;
  }
  whole.linker =
      std::make_shared<const PhraseLinker>(model, cut.chinese, cut.english);
  whole.rendering.reset();
  cases.push_back(std::move(whole));
}

Language Other(Language language) {
  return language == Language::kChinese ? Language::kEnglish
                                        : Language::kChinese;
}

// nullopt where the rendering is none of the candidates.
std::optional<PhraseExample> MakeExample(const PhraseCase& item) {
  PhraseExample example;
  example.candidates = item.linker->Candidates(item.language, item.phrase);
  if (example.candidates.empty()) return std::nullopt;
  if (!item.rendering.has_value()) {
    example.right = example.candidates.size() - 1;
    example.weight = kCutWeight;
    return example;
  }
  const aligner::PhraseRange right =
      item.linker->RangeOf(Other(item.language), *item.rendering);
  for (size_t c = 0; c + 1 < example.candidates.size(); ++c) {
    if (example.candidates[c].begin != right.begin ||
        example.candidates[c].end != right.end) {
      continue;
    }
    example.right = c;
    return example;
  }
  return std::nullopt;
}

int FoldOf(const PhraseCase& item) {
  return item.line / kLinesTogether % kFolds;
}

// Weights that have not seen a fold, for each.
std::vector<PhraseWeights> FitFolds(const std::vector<PhraseCase>& cases) {
  std::vector<std::pair<int, PhraseExample>> examples;
  for (const PhraseCase& item : cases) {
    std::optional<PhraseExample> example = MakeExample(item);
    if (example.has_value()) {
      examples.emplace_back(FoldOf(item), *std::move(example));
    }
  }
  std::vector<PhraseWeights> weights;
  for (int fold = 0; fold < kFolds; ++fold) {
    std::vector<const PhraseExample*> others;
    for (const auto& [its, example] : examples) {
      if (its != fold) others.push_back(&example);
    }
    weights.push_back(aligner::training::FitPhraseWeights(others, {}));
  }
  return weights;
}

struct Tally {
  PhraseScores scores;
  std::map<std::string, PhraseScore> rows;  // by direction and kind
  Calibration calibration;                  // where there is a rendering
  Calibration mixed;                        // and with those that were cut out

  void Add(const PhraseCase& item, const aligner::PhraseLink& link) {
    if (!item.rendering.has_value()) {
      ++scores.cut;
      scores.refused += !link.span.has_value();
      if (link.span.has_value()) mixed.Add(link.confidence, false, kCutWeight);
      return;
    }
    const ByteSpan right = *item.rendering;
    const ByteSpan got = link.span.value_or(ByteSpan());
    const bool overlapping = got.begin < right.end && right.begin < got.end;
    const bool to_english = item.language == Language::kChinese;
    const std::string direction = to_english ? "zh -> en" : "en -> zh";
    for (PhraseScore* score :
         {to_english ? &scores.to_english : &scores.to_chinese,
          &rows[direction], &rows[absl::StrCat(direction, " ", item.kind)]}) {
      ++score->cases;
      score->overlapping += overlapping;
      score->exact += got == right;
    }
    if (!link.span.has_value()) return;
    calibration.Add(link.confidence, overlapping);
    mixed.Add(link.confidence, overlapping);
  }
};

}  // namespace

absl::StatusOr<std::vector<PhraseCase>> ReadPhraseCases(
    const std::string& data, const aligner::Model& model) {
  const std::string folder = data + "/interview/";
  const auto chinese = ReadLinesOf(folder + "zh.lines.txt");
  if (!chinese.ok()) return chinese.status();
  const auto english = ReadLinesOf(folder + "en.lines.txt");
  if (!english.ok()) return english.status();
  const auto terms = ReadLinesOf(folder + "terms.dev.tsv");
  if (!terms.ok()) return terms.status();
  std::vector<PhraseCase> cases;
  for (size_t i = 0; i < terms->size(); ++i) {
    const std::optional<GoldLink> link =
        ReadLink((*terms)[i], *chinese, *english);
    if (!link.has_value()) {
      return absl::DataLossError(
          absl::StrCat(folder, "terms.dev.tsv line ", i + 1, ": '", (*terms)[i],
                       "' given, a Chinese line with a phrase of "
                       "it, an English one likewise and a kind accepted; "
                       "check the texts beside it"));
    }
    const auto linker = std::make_shared<const PhraseLinker>(
        model, link->chinese, link->english);
    AddCases(model, *link, Language::kChinese, linker, cases);
    AddCases(model, *link, Language::kEnglish, linker, cases);
  }
  return cases;
}

PhraseScores ScorePhrases(const std::vector<PhraseCase>& cases,
                          const PhraseWeights& weights) {
  Tally tally;
  for (const PhraseCase& item : cases) {
    tally.Add(item, item.linker->Link(item.language, item.phrase, weights));
  }
  return tally.scores;
}

PhraseScores PrintPhraseQuality(const std::vector<PhraseCase>& cases) {
  const std::vector<PhraseWeights> weights = FitFolds(cases);
  Tally tally;
  const auto start = std::chrono::steady_clock::now();
  for (const PhraseCase& item : cases) {
    tally.Add(item,
              item.linker->Link(item.language, item.phrase,
                                weights[static_cast<size_t>(FoldOf(item))]));
  }
  const std::chrono::duration<double, std::milli> spent =
      std::chrono::steady_clock::now() - start;
  std::printf("%-24s %8s %12s %8s\n", "phrase links", "cases", "overlapping",
              "exact");
  for (const auto& [name, score] : tally.rows) {
    std::printf("%-24s %8d %12.3f %8.3f\n", name.c_str(), score.cases,
                score.Overlapping(), score.Exact());
  }
  std::printf(
      "renderings cut out: %d of %d found to be missing; calibration error "
      "%.3f, %.3f with these; %.2f ms a link\n",
      tally.scores.refused, tally.scores.cut, tally.calibration.Error(),
      tally.mixed.Error(), spent.count() / static_cast<double>(cases.size()));
  return tally.scores;
}

void PrintPhraseWeights(const std::vector<PhraseCase>& cases) {
  std::vector<PhraseExample> examples;
  for (const PhraseCase& item : cases) {
    std::optional<PhraseExample> example = MakeExample(item);
    if (example.has_value()) examples.push_back(*std::move(example));
  }
  std::vector<const PhraseExample*> all;
  for (const PhraseExample& example : examples) all.push_back(&example);
  for (const float weight : aligner::training::FitPhraseWeights(all, {})) {
    std::printf("    %.3fF,\n", static_cast<double>(weight));
  }
}

}  // namespace duilian::bench
