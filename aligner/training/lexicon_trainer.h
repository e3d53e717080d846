#ifndef DUILIAN_ALIGNER_TRAINING_LEXICON_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_LEXICON_TRAINER_H_

#include <vector>

#include "aligner/pack.h"
#include "aligner/training/corpus.h"

namespace duilian::aligner::training {

struct LexiconOptions {
  int vocabulary = 32000;
  int rounds = 5;        // of expectation maximisation
  int candidates = 400;  // pieces considered a piece, by association
  int kept = 24;         // pieces kept a piece, by use
  double min_probability = 1e-3;
  double min_gain = 0.7;  // in nats
};

// IBM Model 1 (Brown et al. 1993) on pieces: how much a piece of the one
// language is explained by each of the other. `covers_chinese` gives
// t(chinese | english), else t(english | chinese). One thread, so that both
// directions can run side by side; deterministic.
PackContents::Lexicon TrainLexicon(const std::vector<EncodedSource>& corpus,
                                   bool covers_chinese,
                                   const LexiconOptions& options);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_LEXICON_TRAINER_H_
