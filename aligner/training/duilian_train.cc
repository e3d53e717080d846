// duilian-train: makes model packs. See docs/model.md.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "aligner/model.h"
#include "aligner/pack.h"
#include "aligner/training/base_trainer.h"
#include "aligner/training/bead_trainer.h"
#include "aligner/training/gold.h"
#include "aligner/training/held_out.h"
#include "aligner/training/provenance.h"
#include "aligner/training/quote_trainer.h"

namespace duilian::aligner::training {
namespace {

int Fail(const absl::Status& status) {
  std::cerr << "duilian-train: " << status.message() << '\n';
  return 1;
}

int WritePack(const PackContents& pack, const std::string& path) {
  const std::string bytes = SerializePack(pack);
  const std::string partial = path + ".partial";
  std::ofstream out(partial, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out || std::rename(partial.c_str(), path.c_str()) != 0) {
    return Fail(absl::UnavailableError(
        path + ": cannot be written; check the folder and the space left"));
  }
  std::cerr << path << ": " << bytes.size() << " bytes\n";
  return 0;
}

// Measures retrieval on each file, prints it and writes it into the pack.
absl::Status Evaluate(const std::vector<std::string>& files,
                      PackContents& pack) {
  if (files.empty()) return absl::OkStatus();
  std::vector<Retrieval> scores;
  for (const std::string& file : files) {
    const absl::StatusOr<Retrieval> score = MeasureRetrieval(pack, file);
    if (!score.ok()) return score.status();
    std::printf("%s: nearest is its own %.4f\n", file.c_str(),
                score->own_nearest);
    scores.push_back(*score);
  }
  const absl::StatusOr<std::string> meta = WithRetrieval(pack.meta, scores);
  if (!meta.ok()) return meta.status();
  pack.meta = *meta;
  return absl::OkStatus();
}

int RunBase(BaseOptions options, const std::vector<std::string>& evaluation,
            const std::string& out) {
  options.report = [](const std::string& line) { std::cerr << line << '\n'; };
  absl::StatusOr<PackContents> pack = TrainBase(options);
  if (!pack.ok()) return Fail(pack.status());
  const absl::Status evaluated = Evaluate(evaluation, *pack);
  return evaluated.ok() ? WritePack(*pack, out) : Fail(evaluated);
}

struct FitOptions {
  std::string base, out;
  // Chinese, English and ladder of each document.
  std::vector<std::string> gold;
  std::vector<std::string> evaluation;
  bool scores = true;  // fit again without each document, and align it
  BeadOptions beads;
};

// Gold documents, ready to be fitted on.
struct FittingSet {
  std::vector<std::unique_ptr<GoldDocument>> gold;
  std::vector<std::unique_ptr<FittingDocument>> documents;

  std::vector<const GoldDocument*> borrowed_gold() const {
    std::vector<const GoldDocument*> borrowed;
    for (const auto& document : gold) borrowed.push_back(document.get());
    return borrowed;
  }
  std::vector<FittingDocument*> borrowed_documents() const {
    std::vector<FittingDocument*> borrowed;
    for (const auto& document : documents) borrowed.push_back(document.get());
    return borrowed;
  }
};

absl::StatusOr<FittingSet> ReadFittingSet(
    const Model& model, const std::vector<std::string>& files) {
  FittingSet set;
  for (size_t g = 0; g + 2 < files.size(); g += 3) {
    auto document =
        ReadGold({files[g + 2], files[g], files[g + 1], files[g + 2]});
    if (!document.ok()) return document.status();
    set.gold.push_back(std::make_unique<GoldDocument>(*std::move(document)));
    set.documents.push_back(
        std::make_unique<FittingDocument>(model, *set.gold.back()));
  }
  return set;
}

std::vector<double> FitQuotes(const Model& model, const FittingSet& set) {
  std::vector<QuoteExamples> quotes;
  for (const auto& document : set.gold) {
    quotes.push_back(QuoteExamplesOf(model, *document));
  }
  std::vector<const QuoteExamples*> quoted;
  for (const QuoteExamples& examples : quotes) quoted.push_back(&examples);
  return FitQuoteWeights(quoted, QuoteFitOptions());
}

// Writes the gold into the pack, and how good its alignment is when left out.
absl::Status AddGold(const Model& model, const FittingSet& set,
                     const FitOptions& options, PackContents& pack) {
  std::vector<AlignmentQuality> scores;
  if (options.scores) {
    auto measured =
        MeasureHeldOut(model, set.borrowed_documents(), options.beads);
    if (!measured.ok()) return measured.status();
    scores = *std::move(measured);
  }
  for (size_t d = 0; d < scores.size(); ++d) {
    std::printf("%s, left out: strict F1 %.4f, lax %.4f\n",
                set.gold[d]->name.c_str(), scores[d].score.StrictF1(),
                scores[d].score.LaxF1());
  }
  const absl::StatusOr<std::string> meta =
      WithGold(pack.meta, set.borrowed_gold(), scores);
  if (!meta.ok()) return meta.status();
  pack.meta = *meta;
  return absl::OkStatus();
}

// Fits the bead weights of a base pack on gold documents.
int RunBeads(const FitOptions& options) {
  auto pack = PackView::Map(options.base);
  if (!pack.ok()) return Fail(pack.status());
  PackContents contents = CopyPack(**pack);
  const auto model = Model::FromPack(*std::move(pack), options.base);
  if (!model.ok()) return Fail(model.status());
  const auto set = ReadFittingSet(**model, options.gold);
  if (!set.ok()) return Fail(set.status());
  const std::vector<double> weights =
      FitAllBeadWeights(set->borrowed_documents(), options.beads);
  contents.bead_weights.assign(weights.begin(), weights.end());
  const std::vector<double> quote_weights = FitQuotes(**model, *set);
  contents.quote_weights.assign(quote_weights.begin(), quote_weights.end());
  for (const absl::Status& done : {Evaluate(options.evaluation, contents),
                                   AddGold(**model, *set, options, contents)}) {
    if (!done.ok()) return Fail(done);
  }
  return WritePack(contents, options.out);
}

int RunDescribe(const std::string& path) {
  const auto pack = PackView::Map(path);
  if (!pack.ok()) return Fail(pack.status());
  std::cout << (*pack)->meta() << '\n';
  return std::cout.flush() ? 0 : 1;
}

CLI::App* AddBase(CLI::App& app, BaseOptions& options, std::string& out,
                  std::vector<std::string>& evaluation) {
  CLI::App* base = app.add_subcommand(
      "base", "subwords, vectors and lexicon from parallel text");
  base->add_option("--sources", options.sources, "list of sources")->required();
  base->add_option("--folder", options.folder, "where their files lie")
      ->required();
  base->add_option("--out", out, "the pack to write")->required();
  base->add_option("--vocabulary", options.vocabulary, "pieces");
  base->add_option("--dim", options.dim, "of the vectors");
  base->add_option("--epochs", options.epochs, "of their training");
  base->add_option("--seed", options.seed);
  base->add_option("--evaluate", evaluation,
                   "zh<TAB>en files: how well each is found goes into the "
                   "pack");
  return base;
}

void AddBeads(CLI::App& app, FitOptions& options) {
  CLI::App* beads =
      app.add_subcommand("beads", "the bead weights, from gold alignments");
  beads->add_option("--base", options.base, "a pack")->required();
  beads->add_option("--out", options.out, "the pack to write")->required();
  beads
      ->add_option("--gold", options.gold,
                   "three files a document: Chinese and English, a segment a "
                   "line, and the ladder")
      ->required()
      ->type_size(3);
  beads->add_option("--rounds", options.beads.rounds, "of fitting");
  beads->add_option("--decay", options.beads.decay, "of the weights");
  beads->add_option("--evaluate", options.evaluation,
                    "zh<TAB>en files: how well each is found goes into the "
                    "pack");
  beads->add_flag("!--no-scores", options.scores,
                  "no fits without each document, and no scores in the pack");
}

int Main(int argc, char** argv) {
  CLI::App app("Trains the model pack of duilian's aligner.");
  app.require_subcommand(1);
  BaseOptions base_options;
  std::string out;
  std::vector<std::string> evaluation;
  const CLI::App* base = AddBase(app, base_options, out, evaluation);
  FitOptions fit_options;
  AddBeads(app, fit_options);
  std::string described;
  CLI::App* describe = app.add_subcommand(
      "describe", "prints a pack's provenance: sources, gold, scores, as JSON");
  describe->add_option("PACK", described, "a pack")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (describe->parsed()) return RunDescribe(described);
  return base->parsed() ? RunBase(base_options, evaluation, out)
                        : RunBeads(fit_options);
}

}  // namespace
}  // namespace duilian::aligner::training

int main(int argc, char** argv) {
  return duilian::aligner::training::Main(argc, argv);
}
