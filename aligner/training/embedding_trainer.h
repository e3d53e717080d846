#ifndef DUILIAN_ALIGNER_TRAINING_EMBEDDING_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_EMBEDDING_TRAINER_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "aligner/training/corpus.h"

namespace duilian::aligner::training {

struct EmbeddingOptions {
  int dim = 256;
  int epochs = 8;
  int runs_per_batch = 192;  // each gives run_length singles and one merge
  int run_length = 4;        // neighbouring lines that meet in a batch
  float temperature = 0.05F;
  float step = 0.3F;  // Adagrad's, falling linearly to 0
  uint64_t seed = 1;
  int vocabulary = 32000;
  // Told (share done, mean loss) now and then. May be empty.
  std::function<void(double, double)> progress;
};

// Row-major [vocabulary, dim].
struct Embeddings {
  int dim = 0;
  std::vector<float> values;
};

// Trains one vector a piece so that the plain sum over a sentence is near, by
// cosine, to the sum over its translation: softmax over the batch, both
// directions. Neighbouring lines and their concatenations stand in one batch,
// since those are what an aligner confuses. Two threads; the same input,
// options and machine give the same bytes.
Embeddings TrainEmbeddings(const std::vector<EncodedSource>& corpus,
                           const EmbeddingOptions& options);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_EMBEDDING_TRAINER_H_
