#include "bench/gold_set.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/pack.h"
#include "aligner/training/held_out.h"
#include "aligner/training/quote_trainer.h"

namespace duilian::bench {
namespace {

using aligner::Model;
using aligner::PackView;
using aligner::training::FittingDocument;
using aligner::training::GoldBead;
using aligner::training::GoldDocument;
using aligner::training::GoldFiles;
using aligner::training::QuoteExamples;
using aligner::training::WithWeights;

absl::StatusOr<std::vector<GoldFiles>> Files(const std::string& data) {
  std::vector<GoldFiles> files;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(data + "/mac-dev/zh", error)) {
    const std::string name = entry.path().filename();
    files.push_back({"mac-dev " + name, data + "/mac-dev/zh/" + name,
                     data + "/mac-dev/en/" + name,
                     data + "/mac-dev/gold/" + name + ".align"});
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat(data, "/mac-dev/zh: ", error.message(),
                     "; give the folder that holds interview/ and mac-dev/"));
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  files.push_back({"interview", data + "/interview/zh.lines.txt",
                   data + "/interview/en.lines.txt",
                   data + "/interview/dev.align"});
  return files;
}

// A place between beads, and the first segments behind it.
struct Cut {
  size_t bead = 0, chinese = 0, english = 0;
};

// Where all that stands before a bead stands in the beads before it. The first
// place, before everything, is left out.
std::vector<Cut> CutsOf(const GoldDocument& document) {
  const size_t count = document.beads.size();
  std::vector<Cut> first_behind(count + 1,
                                {count, document.chinese.segments.size(),
                                 document.english.segments.size()});
  for (size_t b = count; b-- > 0;) {
    Cut& cut = first_behind[b];
    cut = first_behind[b + 1];
    cut.bead = b;
    for (const int i : document.beads[b].chinese) {
      cut.chinese = std::min(cut.chinese, static_cast<size_t>(i));
    }
    for (const int j : document.beads[b].english) {
      cut.english = std::min(cut.english, static_cast<size_t>(j));
    }
  }
  std::vector<Cut> cuts;
  int last_chinese = -1, last_english = -1;
  for (size_t b = 0; b + 1 < count; ++b) {
    for (const int i : document.beads[b].chinese) {
      last_chinese = std::max(last_chinese, i);
    }
    for (const int j : document.beads[b].english) {
      last_english = std::max(last_english, j);
    }
    const Cut& cut = first_behind[b + 1];
    if (last_chinese < static_cast<int>(cut.chinese) &&
        last_english < static_cast<int>(cut.english)) {
      cuts.push_back(cut);
    }
  }
  return cuts;
}

aligner::Transcript Between(const aligner::Transcript& all, size_t begin,
                            size_t end) {
  aligner::Transcript part = all;
  part.segments.assign(
      all.segments.begin() + static_cast<std::ptrdiff_t>(begin),
      all.segments.begin() + static_cast<std::ptrdiff_t>(end));
  return part;
}

GoldDocument Between(const GoldDocument& all, const Cut& begin,
                     const Cut& end) {
  GoldDocument part;
  part.name = absl::StrCat(all.name, " beads ", begin.bead, "-", end.bead);
  part.chinese = Between(all.chinese, begin.chinese, end.chinese);
  part.english = Between(all.english, begin.english, end.english);
  for (size_t b = begin.bead; b < end.bead; ++b) {
    GoldBead bead = all.beads[b];
    for (int& i : bead.chinese) i -= static_cast<int>(begin.chinese);
    for (int& j : bead.english) j -= static_cast<int>(begin.english);
    part.beads.push_back(std::move(bead));
  }
  return part;
}

}  // namespace

absl::StatusOr<GoldSet> ReadGoldSet(const std::string& data,
                                    const std::string& model) {
  GoldSet set;
  // Its own weights are not asked for: a base pack has none.
  auto pack = PackView::Map(model);
  if (!pack.ok()) return pack.status();
  auto loaded = Model::FromPack(*std::move(pack), model);
  if (!loaded.ok()) return loaded.status();
  set.model = *std::move(loaded);
  const auto all = Files(data);
  if (!all.ok()) return all.status();
  for (const GoldFiles& files : *all) {
    auto document = aligner::training::ReadGold(files);
    if (!document.ok()) return document.status();
    set.gold.push_back(std::make_unique<GoldDocument>(*std::move(document)));
  }
  return set;
}

absl::StatusOr<aligner::Transcript> ReadInterviewLines(
    const std::string& data, text::Language language) {
  const std::string path = absl::StrCat(
      data, "/interview/", text::LanguageCode(language), ".lines.txt");
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(path + ": no such file");
  std::stringstream all;
  all << in.rdbuf();
  return aligner::ReadLines(all.str(), language, aligner::ReadLimits());
}

std::vector<std::unique_ptr<GoldDocument>> CutInParts(
    const GoldDocument& document, int parts) {
  std::vector<Cut> cuts = {{0, 0, 0}};
  for (const Cut& cut : CutsOf(document)) {
    const size_t due =
        document.beads.size() * cuts.size() / static_cast<size_t>(parts);
    if (cut.bead >= due && cuts.size() < static_cast<size_t>(parts)) {
      cuts.push_back(cut);
    }
  }
  cuts.push_back({document.beads.size(), document.chinese.segments.size(),
                  document.english.segments.size()});
  std::vector<std::unique_ptr<GoldDocument>> cut_up;
  for (size_t c = 0; c + 1 < cuts.size(); ++c) {
    cut_up.push_back(std::make_unique<GoldDocument>(
        Between(document, cuts[c], cuts[c + 1])));
  }
  return cut_up;
}

FittingDocuments FeaturesOf(const GoldSet& set) {
  FittingDocuments documents;
  for (const auto& gold : set.gold) {
    documents.push_back(std::make_unique<FittingDocument>(*set.model, *gold));
  }
  return documents;
}

namespace {

std::vector<FittingDocument*> Others(const FittingDocuments& documents,
                                     size_t left_out) {
  std::vector<FittingDocument*> others;
  for (size_t d = 0; d < documents.size(); ++d) {
    if (d != left_out) others.push_back(documents[d].get());
  }
  return others;
}

}  // namespace

std::vector<double> WeightsWithout(
    const FittingDocuments& documents, size_t left_out,
    const aligner::training::BeadOptions& options) {
  return aligner::training::FitBeadWeights(Others(documents, left_out),
                                           options);
}

std::vector<double> AllWeightsWithout(
    const FittingDocuments& documents, size_t left_out,
    const aligner::training::BeadOptions& options) {
  return aligner::training::FitAllBeadWeights(Others(documents, left_out),
                                              options);
}

absl::StatusOr<Models> ModelsWithout(
    const GoldSet& set, const FittingDocuments& documents,
    const aligner::training::BeadOptions& options) {
  Models models;
  for (size_t d = 0; d < documents.size(); ++d) {
    auto model =
        WithWeights(*set.model, AllWeightsWithout(documents, d, options), {});
    if (!model.ok()) return model.status();
    models.push_back(*std::move(model));
  }
  return models;
}

absl::StatusOr<Models> QuoteModelsWithout(
    const GoldSet& set, const aligner::training::QuoteFitOptions& options) {
  std::vector<QuoteExamples> examples;
  for (const auto& gold : set.gold) {
    examples.push_back(aligner::training::QuoteExamplesOf(*set.model, *gold));
  }
  Models models;
  for (size_t d = 0; d < examples.size(); ++d) {
    std::vector<const QuoteExamples*> others;
    for (size_t other = 0; other < examples.size(); ++other) {
      if (other != d) others.push_back(&examples[other]);
    }
    auto model = WithWeights(
        *set.model, {}, aligner::training::FitQuoteWeights(others, options));
    if (!model.ok()) return model.status();
    models.push_back(*std::move(model));
  }
  return models;
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

}  // namespace duilian::bench
