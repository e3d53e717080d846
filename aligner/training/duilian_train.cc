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

int RunBase(BaseOptions options, const std::vector<std::string>& evaluation,
            const std::string& out) {
  options.report = [](const std::string& line) { std::cerr << line << '\n'; };
  const absl::StatusOr<PackContents> pack = TrainBase(options);
  if (!pack.ok()) return Fail(pack.status());
  for (const std::string& file : evaluation) {
    const absl::StatusOr<double> accuracy = RetrievalAccuracy(*pack, file);
    if (!accuracy.ok()) return Fail(accuracy.status());
    std::printf("%s: nearest is its own %.4f\n", file.c_str(), *accuracy);
  }
  return WritePack(*pack, out);
}

struct FitOptions {
  std::string base, out;
  // name, Chinese, English and ladder of each document.
  std::vector<std::string> gold;
  BeadOptions beads;
};

// Fits the bead weights of a base pack on gold documents.
int RunBeads(const FitOptions& options) {
  auto pack = PackView::Map(options.base);
  if (!pack.ok()) return Fail(pack.status());
  PackContents contents = CopyPack(**pack);
  const auto model = Model::FromPack(*std::move(pack), options.base);
  if (!model.ok()) return Fail(model.status());
  std::vector<std::unique_ptr<GoldDocument>> gold;
  std::vector<std::unique_ptr<FittingDocument>> documents;
  std::vector<FittingDocument*> borrowed;
  for (size_t g = 0; g + 2 < options.gold.size(); g += 3) {
    auto document = ReadGold({options.gold[g + 2], options.gold[g],
                              options.gold[g + 1], options.gold[g + 2]});
    if (!document.ok()) return Fail(document.status());
    gold.push_back(std::make_unique<GoldDocument>(*std::move(document)));
    documents.push_back(
        std::make_unique<FittingDocument>(**model, *gold.back()));
    borrowed.push_back(documents.back().get());
  }
  const std::vector<double> weights =
      FitAllBeadWeights(borrowed, options.beads);
  contents.bead_weights.assign(weights.begin(), weights.end());
  std::vector<QuoteExamples> quotes;
  for (const auto& document : gold) {
    quotes.push_back(QuoteExamplesOf(**model, *document));
  }
  std::vector<const QuoteExamples*> quoted;
  for (const QuoteExamples& examples : quotes) quoted.push_back(&examples);
  const std::vector<double> quote_weights =
      FitQuoteWeights(quoted, QuoteFitOptions());
  contents.quote_weights.assign(quote_weights.begin(), quote_weights.end());
  return WritePack(contents, options.out);
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
  base->add_option("--evaluate", evaluation, "zh<TAB>en files, for retrieval");
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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return base->parsed() ? RunBase(base_options, evaluation, out)
                        : RunBeads(fit_options);
}

}  // namespace
}  // namespace duilian::aligner::training

int main(int argc, char** argv) {
  return duilian::aligner::training::Main(argc, argv);
}
