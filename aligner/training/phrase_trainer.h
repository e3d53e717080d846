// Fits what the features of a phrase link are worth.

#ifndef DUILIAN_ALIGNER_TRAINING_PHRASE_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_PHRASE_TRAINER_H_

#include <cstddef>
#include <vector>

#include "aligner/phrase_candidates.h"

namespace duilian::aligner::training {

struct PhraseExample {
  std::vector<PhraseCandidate> candidates;
  size_t right = 0;  // index of the one that is right
  double weight = 1;
};

struct PhraseFitting {
  int rounds = 300;
  double decay = 3e-4;  // of the squares of the weights
};

// The weights under which the right candidates are likeliest: maximum
// likelihood of a softmax over the candidates, by Adam, from zero. The same
// examples in the same order give the same weights.
PhraseFeatures FitPhraseWeights(
    const std::vector<const PhraseExample*>& examples,
    const PhraseFitting& fitting);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_PHRASE_TRAINER_H_
