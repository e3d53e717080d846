// alignment_quality: how good the aligner is on gold that it was not fitted
// on. Prints a table; exits non-zero when a floor is not reached.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/align.h"
#include "aligner/bead_lattice.h"
#include "aligner/model.h"
#include "aligner/quotes.h"
#include "aligner/training/bead_trainer.h"
#include "aligner/training/gold.h"
#include "aligner/training/held_out.h"
#include "bench/ablation.h"
#include "bench/alignment_errors.h"
#include "bench/fragment_quality.h"
#include "bench/gold_set.h"
#include "bench/negation_quality.h"
#include "bench/noise_report.h"
#include "bench/phrase_quality.h"
#include "bench/quote_quality.h"

namespace duilian::bench {
namespace {

using aligner::Bead;
using aligner::Model;
using aligner::training::AlignmentQuality;
using aligner::training::AlignmentScore;
using aligner::training::BeadOptions;
using aligner::training::GoldDocument;
using aligner::training::WithWeights;

struct Options {
  std::string data, model;
  double cost = aligner::kDecodingCost;
  BeadOptions fitting;
  bool quotes = false, noise = false, ablation = false;
  bool phrases = false, fit_phrases = false, negations = false;
  bool errors = false;
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

// Prints how many of the summary's quotes are found where they stand, and
// where the others are looked for in vain.
absl::Status PrintSummaryQuotes(const std::string& what, const Model& model,
                                const SummaryQuotes& summary) {
  std::vector<std::string> quotes;
  for (const QuoteCase& quote : summary.cases) quotes.push_back(quote.quote);
  const auto found = aligner::AlignQuotes(model, summary.text, quotes,
                                          aligner::QuoteOptions());
  if (!found.ok()) return found.status();
  int right = 0;
  for (size_t q = 0; q < quotes.size(); ++q) {
    const auto& answer = (*found)[q];
    const aligner::SegmentRange& place = summary.cases[q].places[0];
    const bool exact = !answer.empty() && answer[0].segments == place;
    right += exact;
    if (exact) continue;
    std::printf("  quote %zu: stands at %d-%d, found", q, place.begin,
                place.end);
    for (const auto& other : answer) {
      std::printf(" %d-%d (%.2f)", other.segments.begin, other.segments.end,
                  other.confidence);
    }
    std::printf("\n");
  }
  std::printf("the summary's quotes, %s: %d of %zu found exactly\n",
              what.c_str(), right, quotes.size());
  return absl::OkStatus();
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

absl::StatusOr<std::vector<Bead>> AlignGold(const Model& model,
                                            const GoldDocument& gold) {
  return aligner::Align(model, gold.chinese, gold.english,
                        aligner::AlignOptions());
}

// Prints a row a document and the totals; whether the floors are reached.
// `models` holds for each document one that is not fitted on it.
absl::StatusOr<bool> PrintQuality(const Options& options, const GoldSet& set,
                                  const Models& models) {
  std::printf("model %s\n", std::string(set.model->version()).c_str());
  std::printf("%-24s %8s %8s %8s %8s %7s %7s\n", "set", "strict P", "strict R",
              "strict F", "lax F", "beads", "gold");
  AlignmentScore mac, interview;
  AlignmentQuality all;
  for (size_t d = 0; d < models.size(); ++d) {
    const GoldDocument& gold = *set.gold[d];
    const auto beads = AlignGold(*models[d], gold);
    if (!beads.ok()) return beads.status();
    AlignmentQuality document;
    document.Add(gold, *beads);
    all.Add(gold, *beads);
    PrintRow(gold.name, document.score);
    (IsInterview(set, d) ? interview : mac).Add(document.score);
  }
  PrintRow("mac-dev, all", mac);
  PrintRow("interview", interview);
  std::printf("calibration error %.4f of pairs, %.4f of sentences alone\n",
              all.pairs.Error(), all.alone.Error());
  std::printf("of the surest 80 %% of the pairs %.4f are right\n",
              all.pairs.PrecisionAt(0.8));
  return mac.StrictF1() >= options.mac_floor &&
         interview.StrictF1() >= options.interview_floor;
}

// For each quarter of the interview a model with weights fitted on the novels
// and the other quarters: what a pack fitted on an interview does on the next
// one. Of `documents`, the last is the interview.
absl::StatusOr<Models> QuarterModels(
    const Options& options, const GoldSet& set,
    const std::vector<std::unique_ptr<GoldDocument>>& quarters,
    FittingDocuments documents) {
  documents.pop_back();
  const size_t novels = documents.size();
  for (const auto& quarter : quarters) {
    documents.push_back(std::make_unique<aligner::training::FittingDocument>(
        *set.model, *quarter));
  }
  Models models;
  for (size_t q = 0; q < quarters.size(); ++q) {
    auto model = WithWeights(
        *set.model, AllWeightsWithout(documents, novels + q, options.fitting),
        {});
    if (!model.ok()) return model.status();
    models.push_back(*std::move(model));
  }
  return models;
}

absl::Status PrintInterviewQuarters(const Options& options, const GoldSet& set,
                                    FittingDocuments documents) {
  const auto quarters = CutInParts(*set.gold.back(), 4);
  const auto models =
      QuarterModels(options, set, quarters, std::move(documents));
  if (!models.ok()) return models.status();
  AlignmentQuality all;
  for (size_t q = 0; q < quarters.size(); ++q) {
    const auto beads = AlignGold(*(*models)[q], *quarters[q]);
    if (!beads.ok()) return beads.status();
    all.Add(*quarters[q], *beads);
  }
  PrintRow("interview, by quarters", all.score);
  return absl::OkStatus();
}

// What is wrong by kind, of the novels and of the interview's quarters; then
// each error.
class ErrorReport {
 public:
  absl::Status Add(const Model& model, const GoldDocument& gold,
                   bool interview) {
    const auto beads = AlignGold(model, gold);
    if (!beads.ok()) return beads.status();
    Entry entry = {&gold,
                   FindErrors(gold, aligner::training::ToGoldBeads(
                                        *beads, /*source_is_chinese=*/true))};
    (interview ? interview_ : novels_).Add(gold, entry.errors);
    entries_.push_back(std::move(entry));
    return absl::OkStatus();
  }
  void Print() const {
    PrintErrorCounts("novels", novels_);
    PrintErrorCounts("interview, by quarters", interview_);
    for (const Entry& entry : entries_) PrintErrors(*entry.gold, entry.errors);
  }

 private:
  struct Entry {
    const GoldDocument* gold;
    std::vector<ErrorStretch> errors;
  };
  ErrorCounts novels_, interview_;
  std::vector<Entry> entries_;
};

// Each document, the interview a quarter, with weights fitted on the others.
absl::Status PrintErrorReport(const Options& options, const GoldSet& set,
                              FittingDocuments documents) {
  ErrorReport report;
  for (size_t d = 0; !IsInterview(set, d); ++d) {
    const auto model = WithWeights(
        *set.model, AllWeightsWithout(documents, d, options.fitting), {});
    if (!model.ok()) return model.status();
    const absl::Status added = report.Add(**model, *set.gold[d], false);
    if (!added.ok()) return added;
  }
  const auto quarters = CutInParts(*set.gold.back(), 4);
  const auto models =
      QuarterModels(options, set, quarters, std::move(documents));
  if (!models.ok()) return models.status();
  for (size_t q = 0; q < quarters.size(); ++q) {
    const absl::Status added = report.Add(*(*models)[q], *quarters[q], true);
    if (!added.ok()) return added;
  }
  report.Print();
  return absl::OkStatus();
}

absl::Status PrintFragments(const Options& options, const Model& model) {
  const auto scores = ScoreFragments(model, options.data);
  if (!scores.ok()) return scores.status();
  for (const auto& [what, score] :
       {std::pair("in beads", &scores->paired),
        std::pair("in lines alone, by quotes", &scores->alone)}) {
    std::printf(
        "the interview's fragments %s, the pack's weights: %.3f of %d at their "
        "place, or rightly nowhere\n",
        what, score->Share(), score->fragments);
    for (const std::string& wrong : score->wrong) {
      std::printf("  %s\n", wrong.c_str());
    }
  }
  return absl::OkStatus();
}

int PrintQuotes(const Options& options, const GoldSet& set) {
  const absl::StatusOr<SummaryQuotes> summary = ReadSummaryQuotes(options.data);
  if (!summary.ok()) return Fail(summary.status());
  const absl::StatusOr<Models> models =
      QuoteModelsWithout(set, aligner::training::QuoteFitOptions());
  if (!models.ok()) return Fail(models.status());
  for (const auto& [what, model] :
       {std::pair("weights of the pack", set.model.get()),
        std::pair("weights of the novels", models->back().get())}) {
    const absl::Status printed = PrintSummaryQuotes(what, *model, *summary);
    if (!printed.ok()) return Fail(printed);
  }
  const absl::Status table = PrintQuoteTable(set, *models);
  return table.ok() ? 0 : Fail(table);
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
  if (options.quotes) return PrintQuotes(options, *set);
  FittingDocuments documents = FeaturesOf(*set);
  if (options.ablation) {
    PrintAblations(*set, documents, options.fitting, options.more_rounds,
                   options.cost);
    return 0;
  }
  if (options.errors) {
    const absl::Status printed =
        PrintErrorReport(options, *set, std::move(documents));
    return printed.ok() ? 0 : Fail(printed);
  }
  const auto models = ModelsWithout(*set, documents, options.fitting);
  if (!models.ok()) return Fail(models.status());
  if (options.noise) {
    const absl::Status printed =
        PrintNoise(*set, *models, options.seed, options.seeds);
    return printed.ok() ? 0 : Fail(printed);
  }
  const absl::StatusOr<bool> good = PrintQuality(options, *set, *models);
  if (!good.ok()) return Fail(good.status());
  const absl::Status quarters =
      PrintInterviewQuarters(options, *set, std::move(documents));
  if (!quarters.ok()) return Fail(quarters);
  const absl::StatusOr<SummaryQuotes> summary = ReadSummaryQuotes(options.data);
  if (!summary.ok()) return Fail(summary.status());
  const absl::Status quotes =
      PrintSummaryQuotes("the pack's weights", *set->model, *summary);
  if (!quotes.ok()) return Fail(quotes);
  const absl::Status fragments = PrintFragments(options, *set->model);
  if (!fragments.ok()) return Fail(fragments);
  return PrintPhrases(options, *set->model) == 0 && *good ? 0 : 1;
}

}  // namespace
}  // namespace duilian::bench

int main(int argc, char** argv) {
  duilian::bench::Options options;
  CLI::App app("Measures the aligner on gold alignments.");
  app.add_option("--data", options.data, "folder of interview/ and mac-dev/")
      ->required();
  app.add_option("--model", options.model, "the model pack")->required();
  app.add_option("--cost", options.cost,
                 "of a bead, in decoding for --ablation");
  app.add_option("--rounds", options.fitting.rounds, "of fitting");
  app.add_option("--decay", options.fitting.decay, "of fitting");
  app.add_flag("--quotes", options.quotes, "a table of quotes of every kind");
  app.add_flag("--phrases", options.phrases, "the phrase links alone");
  app.add_flag("--fit-phrases", options.fit_phrases,
               "prints weights of phrase links fitted on all of them");
  app.add_option("--overlap-floor", options.overlap_floor, "of phrase links");
  app.add_option("--exact-floor", options.exact_floor, "of phrase links");
  app.add_flag("--negations", options.negations,
               "how often a missing or added negation is told of");
  app.add_flag("--errors", options.errors,
               "what is wrong, by kind and bead by bead");
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
