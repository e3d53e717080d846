#ifndef DUILIAN_ALIGNER_TRAINING_QUOTE_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_QUOTE_TRAINER_H_

#include <vector>

#include "absl/types/span.h"
#include "aligner/model.h"
#include "aligner/training/gold.h"

namespace duilian::aligner::training {

struct QuoteFitOptions {
  int rounds = 250;  // of Adam, full batch
  double step = 0.05;
  double decay = 1e-4;           // L2
  int negatives = 12;            // likest wrong runs a quote
  double negative_weight = 0.2;  // of each, a right run having 1
};

// Fits the quote model: every segment that is one side of a gold bead alone is
// a quote, and so is a part of it; its bead is right, the likest runs apart
// from it are wrong, and a deleted segment has none that is right.
// `bead_weights` say what is like. Returns the weights of two models, one
// behind the other: of a run being the place, and of which overlapping run.
std::vector<double> FitQuoteWeights(
    const Model& model, absl::Span<const double> bead_weights,
    absl::Span<const GoldDocument* const> documents,
    const QuoteFitOptions& options);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_QUOTE_TRAINER_H_
