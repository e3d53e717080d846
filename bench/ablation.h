// What each group of features is worth: the F1 without it.

#ifndef DUILIAN_BENCH_ABLATION_H_
#define DUILIAN_BENCH_ABLATION_H_

#include <string>
#include <vector>

#include "aligner/training/bead_trainer.h"
#include "bench/gold_set.h"

namespace duilian::bench {

// Features that are left out together.
struct Ablation {
  std::string name;
  std::vector<int> features;
};

// None, each group of kFeatureGroups, and each kind of several groups as a
// whole ("lexicon: all").
std::vector<Ablation> Ablations();

// Leaving a document out, fits the weights with all features, then, for each
// ablation, without its features from there on, for `more_rounds`; prints the
// strict F1.
void PrintAblations(const GoldSet& set, const FittingDocuments& documents,
                    const aligner::training::BeadOptions& fitting,
                    int more_rounds, double cost);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_ABLATION_H_
