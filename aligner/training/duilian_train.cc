// duilian-train: makes model packs. See docs/model.md.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "aligner/training/base_trainer.h"

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

int Main(int argc, char** argv) {
  CLI::App app("Trains the model pack of duilian's aligner.");
  app.require_subcommand(1);
  CLI::App* base = app.add_subcommand(
      "base", "subwords, vectors and lexicon from parallel text");
  BaseOptions options;
  std::string out;
  std::vector<std::string> evaluation;
  base->add_option("--sources", options.sources, "list of sources")->required();
  base->add_option("--folder", options.folder, "where their files lie")
      ->required();
  base->add_option("--out", out, "the pack to write")->required();
  base->add_option("--vocabulary", options.vocabulary, "pieces");
  base->add_option("--dim", options.dim, "of the vectors");
  base->add_option("--epochs", options.epochs, "of their training");
  base->add_option("--seed", options.seed);
  base->add_option("--evaluate", evaluation, "zh<TAB>en files, for retrieval");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return RunBase(options, evaluation, out);
}

}  // namespace
}  // namespace duilian::aligner::training

int main(int argc, char** argv) {
  return duilian::aligner::training::Main(argc, argv);
}
