#include "bench/ablation.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "absl/strings/str_cat.h"
#include "aligner/bead_features.h"

namespace duilian::bench {
namespace {

using aligner::training::AlignmentScore;
using aligner::training::BeadOptions;

struct TwoScores {
  AlignmentScore novels, interview;
};

TwoScores Measure(const GoldSet& set, const FittingDocuments& documents,
                  const std::vector<std::vector<double>>& starts,
                  BeadOptions fitting, double cost) {
  TwoScores scores;
  for (size_t d = 0; d < documents.size(); ++d) {
    fitting.start = starts[d];
    const std::vector<double> weights = WeightsWithout(documents, d, fitting);
    const AlignmentScore score = aligner::training::Score(
        set.gold[d]->beads, ToBeads(documents[d]->Decode(weights, cost)));
    (IsInterview(set, d) ? scores.interview : scores.novels).Add(score);
  }
  return scores;
}

// The row of that name, made when there is none.
Ablation& RowOf(const std::string& name, std::vector<Ablation>& rows) {
  const auto it =
      std::find_if(rows.begin(), rows.end(),
                   [&](const Ablation& row) { return row.name == name; });
  if (it != rows.end()) return *it;
  rows.push_back({name, {}});
  return rows.back();
}

}  // namespace

std::vector<Ablation> Ablations() {
  std::vector<Ablation> rows = {{"none", {}}};
  std::vector<Ablation> kinds;
  for (const aligner::FeatureRun& run : aligner::kFeatureGroups) {
    const std::string group = run.group;
    const size_t colon = group.find(':');
    std::vector<Ablation*> into = {&RowOf(group, rows)};
    if (colon != group.npos) {
      into.push_back(
          &RowOf(absl::StrCat(group.substr(0, colon), ": all"), kinds));
    }
    for (Ablation* row : into) {
      for (int f = run.first; f <= run.last; ++f) row->features.push_back(f);
    }
  }
  rows.insert(rows.end(), kinds.begin(), kinds.end());
  return rows;
}

void PrintAblations(const GoldSet& set, const FittingDocuments& documents,
                    const BeadOptions& fitting, int more_rounds, double cost) {
  std::vector<std::vector<double>> starts;
  for (size_t d = 0; d < documents.size(); ++d) {
    starts.push_back(WeightsWithout(documents, d, fitting));
  }
  BeadOptions more = fitting;
  more.rounds = more_rounds;
  std::printf("%-36s %8s %8s %9s %8s\n", "left out", "novels", "change",
              "interview", "change");
  double novels = 0, interview = 0;
  for (const Ablation& ablation : Ablations()) {
    more.left_out = ablation.features;
    const TwoScores scores = Measure(set, documents, starts, more, cost);
    if (ablation.features.empty()) {
      novels = scores.novels.StrictF1();
      interview = scores.interview.StrictF1();
    }
    std::printf("%-36s %8.3f %+8.3f %9.3f %+8.3f\n", ablation.name.c_str(),
                scores.novels.StrictF1(), scores.novels.StrictF1() - novels,
                scores.interview.StrictF1(),
                scores.interview.StrictF1() - interview);
    std::fflush(stdout);
  }
}

}  // namespace duilian::bench
