// alignment_quality: how good the aligner is on gold that it was not fitted
// on. Prints a table; exits non-zero when a floor is not reached.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/align.h"
#include "aligner/model.h"
#include "aligner/quotes.h"
#include "aligner/training/bead_trainer.h"
#include "aligner/training/gold.h"
#include "bench/ablation.h"
#include "bench/gold_set.h"
#include "bench/negation_quality.h"
#include "bench/noise_report.h"
#include "bench/phrase_quality.h"

namespace duilian::bench {
namespace {

using aligner::Model;
using aligner::training::AlignmentScore;
using aligner::training::BeadOptions;
using aligner::training::GoldBead;
using aligner::training::GoldDocument;

struct Options {
  std::string data, model;
  double cost = 0.4;
  BeadOptions fitting;
  bool quotes_only = false, noise = false, ablation = false;
  bool phrases = false, fit_phrases = false, negations = false;
  double overlap_floor = 0, exact_floor = 0;  // of phrase links
  uint32_t seed = 1;
  int seeds = 3;
  int more_rounds = 80;
  double interview_floor = 0, mac_floor = 0;
};

void PrintRow(const std::string& name, const AlignmentScore& score) {
  const double precision =
      score.system > 0 ? static_cast<double>(score.strict) / score.system : 0;
  const double recall =
      score.gold > 0 ? static_cast<double>(score.strict) / score.gold : 0;
  std::printf("%-24s %8.4f %8.4f %8.4f %8.4f %7d %7d\n", name.c_str(),
              precision, recall, score.StrictF1(), score.LaxF1(), score.system,
              score.gold);
}

// Expected calibration error over ten bins, and the beads that it is over.
struct Calibration {
  double right[10] = {}, sum[10] = {}, count[10] = {};
  void Add(double confidence, bool correct) {
    const int bin = std::min(9, static_cast<int>(confidence * 10));
    right[bin] += correct;
    sum[bin] += confidence;
    count[bin] += 1;
  }
  double Error() const {
    double error = 0, all = 0;
    for (int bin = 0; bin < 10; ++bin) {
      error += std::abs(right[bin] - sum[bin]);
      all += count[bin];
    }
    return all > 0 ? error / all : 0;
  }
};

// Prints how many of the summary's quotes are found where they stand, and
// returns the share. The pack's own quote weights are used.
double PrintQuotes(const Options& options, const Model& model) {
  const std::string folder = options.data + "/interview/";
  const auto read = [&](const std::string& name, text::Language language) {
    std::ifstream in(folder + name);
    std::stringstream all;
    all << in.rdbuf();
    return aligner::ReadLines(all.str(), language, aligner::ReadLimits());
  };
  const auto zh = read("zh.lines.txt", text::Language::kChinese);
  const auto en = read("en.lines.txt", text::Language::kEnglish);
  if (!zh.ok() || !en.ok()) return 0;
  std::vector<std::string> quotes;
  std::vector<aligner::SegmentRange> places;
  std::ifstream gold(folder + "quotes.dev.tsv");
  for (std::string line; std::getline(gold, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    const std::vector<std::string> ids = absl::StrSplit(fields[1], ',');
    quotes.push_back(zh->segments[std::stoul(fields[0])].text);
    places.push_back({std::stoi(ids.front()), std::stoi(ids.back()) + 1});
  }
  const auto found =
      aligner::AlignQuotes(model, *en, quotes, aligner::QuoteOptions());
  if (!found.ok()) return 0;
  int right = 0;
  for (size_t q = 0; q < quotes.size(); ++q) {
    const auto& answer = (*found)[q];
    const bool exact = !answer.empty() && answer[0].segments == places[q];
    right += exact;
    if (exact) continue;
    std::printf("  quote %zu: stands at %d-%d, found", q, places[q].begin,
                places[q].end);
    for (const auto& place : answer) {
      std::printf(" %d-%d (%.2f)", place.segments.begin, place.segments.end,
                  place.confidence);
    }
    std::printf("\n");
  }
  std::printf("quotes: %d of %zu found exactly\n", right, quotes.size());
  return static_cast<double>(right) / static_cast<double>(quotes.size());
}

int Fail(const absl::Status& status) {
  std::cerr << status.message() << '\n';
  return 1;
}

// 0 when both directions reach the floors.
int PrintPhrases(const Options& options, const Model& model) {
  const auto cases = ReadPhraseCases(options.data, model);
  if (!cases.ok()) return Fail(cases.status());
  if (options.fit_phrases) {
    PrintPhraseWeights(*cases);
    return 0;
  }
  const PhraseScores scores = PrintPhraseQuality(*cases);
  const bool good =
      std::min(scores.to_english.Overlapping(),
               scores.to_chinese.Overlapping()) >= options.overlap_floor &&
      std::min(scores.to_english.Exact(), scores.to_chinese.Exact()) >=
          options.exact_floor;
  return good ? 0 : 1;
}

// Prints a row a document and the totals; false below a floor.
bool PrintQuality(const Options& options, const GoldSet& set,
                  const FittingDocuments& documents) {
  std::printf("model %s; each row with weights fitted on the other rows\n",
              std::string(set.model->version()).c_str());
  std::printf("%-24s %8s %8s %8s %8s %7s %7s\n", "set", "strict P", "strict R",
              "strict F", "lax F", "beads", "gold");
  AlignmentScore mac, interview;
  Calibration calibration;
  for (size_t d = 0; d < documents.size(); ++d) {
    const std::vector<double> weights =
        WeightsWithout(documents, d, options.fitting);
    const auto decoded = documents[d]->Decode(weights, options.cost);
    const std::vector<GoldBead> beads = ToBeads(decoded);
    const GoldDocument& gold = *set.gold[d];
    const AlignmentScore score = aligner::training::Score(gold.beads, beads);
    PrintRow(gold.name, score);
    for (size_t b = 0; b < beads.size(); ++b) {
      if (beads[b].chinese.empty() || beads[b].english.empty()) continue;
      calibration.Add(
          decoded[b].posterior,
          std::count(gold.beads.begin(), gold.beads.end(), beads[b]) > 0);
    }
    (IsInterview(set, d) ? interview : mac).Add(score);
  }
  PrintRow("mac-dev, all", mac);
  PrintRow("interview", interview);
  std::printf("calibration error %.4f\n", calibration.Error());
  return mac.StrictF1() >= options.mac_floor &&
         interview.StrictF1() >= options.interview_floor;
}

// The interview in quarters, each with weights fitted on the novels and the
// other quarters: what a pack fitted on an interview does on the next one. The
// last document is the interview.
void PrintInterviewQuarters(const Options& options, const GoldSet& set,
                            FittingDocuments documents) {
  const auto quarters = CutInParts(*set.gold.back(), 4);
  documents.pop_back();
  const size_t novels = documents.size();
  for (const auto& quarter : quarters) {
    documents.push_back(std::make_unique<aligner::training::FittingDocument>(
        *set.model, *quarter));
  }
  AlignmentScore all;
  for (size_t q = 0; q < quarters.size(); ++q) {
    const auto decoded = documents[novels + q]->Decode(
        WeightsWithout(documents, novels + q, options.fitting), options.cost);
    all.Add(aligner::training::Score(quarters[q]->beads, ToBeads(decoded)));
  }
  PrintRow("interview, by quarters", all);
}

absl::Status PrintNoiseTables(const Options& options, const GoldSet& set,
                              const FittingDocuments& documents) {
  std::vector<std::unique_ptr<const Model>> models;
  for (size_t d = 0; d < documents.size(); ++d) {
    auto model =
        WithWeights(*set.model, WeightsWithout(documents, d, options.fitting));
    if (!model.ok()) return model.status();
    models.push_back(*std::move(model));
  }
  return PrintNoise(set, models, options.seed, options.seeds);
}

int Run(const Options& options) {
  const absl::StatusOr<GoldSet> set = ReadGoldSet(options.data, options.model);
  if (!set.ok()) return Fail(set.status());
  if (options.phrases || options.fit_phrases)
    return PrintPhrases(options, *set->model);
  if (options.negations) {
    std::vector<const GoldDocument*> documents;
    for (const auto& document : set->gold) documents.push_back(document.get());
    PrintNegationQuality(documents);
    return 0;
  }
  if (options.quotes_only) return PrintQuotes(options, *set->model) < 1;
  FittingDocuments documents = FeaturesOf(*set);
  if (options.noise) {
    const absl::Status printed = PrintNoiseTables(options, *set, documents);
    return printed.ok() ? 0 : Fail(printed);
  }
  if (options.ablation) {
    PrintAblations(*set, documents, options.fitting, options.more_rounds,
                   options.cost);
    return 0;
  }
  const bool good = PrintQuality(options, *set, documents);
  PrintInterviewQuarters(options, *set, std::move(documents));
  PrintQuotes(options, *set->model);
  return PrintPhrases(options, *set->model) == 0 && good ? 0 : 1;
}

}  // namespace
}  // namespace duilian::bench

int main(int argc, char** argv) {
  duilian::bench::Options options;
  CLI::App app("Measures the aligner on gold alignments.");
  app.add_option("--data", options.data, "folder of interview/ and mac-dev/")
      ->required();
  app.add_option("--model", options.model, "the model pack")->required();
  app.add_option("--cost", options.cost, "of a bead, in decoding");
  app.add_option("--rounds", options.fitting.rounds, "of fitting");
  app.add_option("--decay", options.fitting.decay, "of fitting");
  app.add_flag("--quotes-only", options.quotes_only);
  app.add_flag("--phrases", options.phrases, "the phrase links alone");
  app.add_flag("--fit-phrases", options.fit_phrases,
               "prints weights of phrase links fitted on all of them");
  app.add_option("--overlap-floor", options.overlap_floor, "of phrase links");
  app.add_option("--exact-floor", options.exact_floor, "of phrase links");
  app.add_flag("--negations", options.negations,
               "how often a missing or added negation is told of");
  app.add_flag("--noise", options.noise, "tables of noisy and foreign text");
  app.add_option("--seed", options.seed, "the first of the noise");
  app.add_option("--seeds", options.seeds, "how many; their scores add up");
  app.add_flag("--ablation", options.ablation,
               "a table of what each group of features is worth");
  app.add_option("--more-rounds", options.more_rounds,
                 "of fitting without a group");
  app.add_option("--interview-floor", options.interview_floor, "strict F1");
  app.add_option("--mac-floor", options.mac_floor, "strict F1");
  CLI11_PARSE(app, argc, argv);
  return duilian::bench::Run(options);
}
