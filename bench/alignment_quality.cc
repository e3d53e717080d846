// alignment_quality: how good the aligner is on gold that it was not fitted
// on. Prints a table; exits non-zero when a floor is not reached.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/align.h"
#include "aligner/model.h"
#include "aligner/pack.h"
#include "aligner/quotes.h"
#include "aligner/training/bead_trainer.h"
#include "aligner/training/gold.h"

namespace duilian::bench {
namespace {

using aligner::Model;
using aligner::training::AlignmentScore;
using aligner::training::BeadOptions;
using aligner::training::FittingDocument;
using aligner::training::GoldBead;
using aligner::training::GoldDocument;
using aligner::training::GoldFiles;

struct Options {
  std::string data, model;
  double cost = 0.4;
  int rounds = 250;
  double decay = 2e-3;
  bool quotes_only = false;
  double interview_floor = 0, mac_floor = 0;
};

std::vector<GoldFiles> Files(const std::string& data) {
  std::vector<GoldFiles> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(data + "/mac-dev/zh")) {
    const std::string name = entry.path().filename();
    files.push_back({"mac-dev " + name, data + "/mac-dev/zh/" + name,
                     data + "/mac-dev/en/" + name,
                     data + "/mac-dev/gold/" + name + ".align"});
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  files.push_back({"interview", data + "/interview/zh.lines.txt",
                   data + "/interview/en.lines.txt",
                   data + "/interview/dev.align"});
  return files;
}

std::vector<GoldBead> ToBeads(
    const std::vector<aligner::LatticeBead>& decoded) {
  std::vector<GoldBead> beads;
  for (const aligner::LatticeBead& bead : decoded) {
    GoldBead gold;
    const auto& type = aligner::kTypes[static_cast<size_t>(bead.type)];
    for (int k = 0; k < type.chinese; ++k) gold.chinese.push_back(bead.i + k);
    for (int k = 0; k < type.english; ++k) gold.english.push_back(bead.j + k);
    beads.push_back(gold);
  }
  return beads;
}

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

int Run(const Options& options) {
  auto pack = aligner::PackView::Map(options.model);
  if (!pack.ok()) {
    std::cerr << pack.status().message() << '\n';
    return 1;
  }
  const auto model = Model::FromPack(*std::move(pack), options.model);
  if (!model.ok()) {
    std::cerr << model.status().message() << '\n';
    return 1;
  }
  std::vector<std::unique_ptr<GoldDocument>> gold;
  std::vector<std::unique_ptr<FittingDocument>> documents;
  for (const GoldFiles& files : Files(options.data)) {
    auto document = aligner::training::ReadGold(files);
    if (!document.ok()) {
      std::cerr << document.status().message() << '\n';
      return 1;
    }
    gold.push_back(std::make_unique<GoldDocument>(*std::move(document)));
    documents.push_back(
        std::make_unique<FittingDocument>(**model, *gold.back()));
  }
  if (options.quotes_only) return PrintQuotes(options, **model) < 1;
  std::printf("model %s; each row with weights fitted on the other rows\n",
              std::string((*model)->version()).c_str());
  std::printf("%-24s %8s %8s %8s %8s %7s %7s\n", "set", "strict P", "strict R",
              "strict F", "lax F", "beads", "gold");
  AlignmentScore mac, interview;
  Calibration calibration;
  for (size_t d = 0; d < documents.size(); ++d) {
    std::vector<FittingDocument*> others;
    for (size_t o = 0; o < documents.size(); ++o) {
      if (o != d) others.push_back(documents[o].get());
    }
    BeadOptions fitting;
    fitting.rounds = options.rounds;
    fitting.decay = options.decay;
    const std::vector<double> weights =
        aligner::training::FitBeadWeights(others, fitting);
    const auto decoded = documents[d]->Decode(weights, options.cost);
    const std::vector<GoldBead> beads = ToBeads(decoded);
    const AlignmentScore score =
        aligner::training::Score(gold[d]->beads, beads);
    PrintRow(gold[d]->name, score);
    for (size_t b = 0; b < beads.size(); ++b) {
      if (beads[b].chinese.empty() || beads[b].english.empty()) continue;
      calibration.Add(decoded[b].posterior,
                      std::count(gold[d]->beads.begin(), gold[d]->beads.end(),
                                 beads[b]) > 0);
    }
    (d + 1 < documents.size() ? mac : interview).Add(score);
  }
  PrintRow("mac-dev, all", mac);
  PrintRow("interview", interview);
  std::printf("calibration error %.4f\n", calibration.Error());
  PrintQuotes(options, **model);
  return mac.StrictF1() >= options.mac_floor &&
                 interview.StrictF1() >= options.interview_floor
             ? 0
             : 1;
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
  app.add_option("--rounds", options.rounds, "of fitting");
  app.add_option("--decay", options.decay, "of fitting");
  app.add_flag("--quotes-only", options.quotes_only);
  app.add_option("--interview-floor", options.interview_floor, "strict F1");
  app.add_option("--mac-floor", options.mac_floor, "strict F1");
  CLI11_PARSE(app, argc, argv);
  return duilian::bench::Run(options);
}
