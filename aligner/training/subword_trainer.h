#ifndef DUILIAN_ALIGNER_TRAINING_SUBWORD_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_SUBWORD_TRAINER_H_

#include <string>
#include <vector>

namespace duilian::aligner::training {

struct SubwordOptions {
  int vocabulary = 32000;              // pieces, the 256 bytes among them
  double character_coverage = 0.9998;  // share of characters not left to bytes
  int max_lines = 400'000;             // a deterministic sample of the input
};

// Trains one unigram model (Kudo 2018) for both languages: NFKC, case folded,
// digits apart, unknown characters as bytes. Returns the serialized model, or
// an empty string with SentencePiece's reason in `error`. Standard types only:
// see aligner/subword_model.h.
std::string TrainSubwords(const std::vector<std::string>& lines,
                          const SubwordOptions& options, std::string& error);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_SUBWORD_TRAINER_H_
