#ifndef DUILIAN_ALIGNER_TRAINING_QUOTE_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_QUOTE_TRAINER_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "aligner/model.h"
#include "aligner/quote_runs.h"
#include "aligner/training/gold.h"

namespace duilian::aligner::training {

struct ModelFitOptions {
  int rounds = 0;  // of Adam, full batch
  double step = 0.05;
  // L2 of a weight times its feature's standard deviation (0.1 at least).
  double decay = 0;
};

struct QuoteFitOptions {
  ModelFitOptions choice = {.rounds = 80, .decay = 3e-3};
  ModelFitOptions place = {.rounds = 250, .decay = 1e-3};
  // Of a run that is not the place, one that is having 1.
  double negative_weight = 0.1;
};

// The longer part of a sentence cut at the comma nearest to its middle, as a
// quote of a part has it; empty without one.
std::string LongerPart(const std::string& text);

// A quote of a gold document, with the runs that compete for it: those that
// overlap its place, and the likeliest elsewhere.
struct QuoteExample {
  std::vector<QuoteRun> runs;
  int overlapping = 0;  // the first of the runs; 0: the text does not hold it
  int right = 0;        // of them, the place itself
};

// What a document has to teach, for quotes in English and in Chinese.
struct QuoteExamples {
  std::vector<QuoteExample> in_english, in_chinese;
};

// Every side of a bead is a quote of the other, and so are two beads, one
// behind the other, and a part of a sentence. A segment without a counterpart
// is one that the text does not hold.
QuoteExamples QuoteExamplesOf(const Model& model, const GoldDocument& document);

// Fits the quote models (quote_runs.h): which run it is, by a softmax over the
// runs; whether the best run is the place, by the best ones with the place and
// without it. Returns kQuoteWeights weights. Deterministic.
std::vector<double> FitQuoteWeights(
    absl::Span<const QuoteExamples* const> examples,
    const QuoteFitOptions& options);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_QUOTE_TRAINER_H_
