// How much of the aligner's quality is left on texts that are not clean.

#ifndef DUILIAN_BENCH_NOISE_REPORT_H_
#define DUILIAN_BENCH_NOISE_REPORT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aligner/model.h"
#include "aligner/training/gold.h"
#include "bench/gold_set.h"

namespace duilian::bench {

// How an alignment fares, with what it makes of the segments of either side
// that have no counterpart in the gold.
struct NoiseScore {
  aligner::training::AlignmentScore beads;
  int alone = 0;          // segments without a counterpart
  int paired = 0;         // of them, in a bead with two sides
  int paired_half = 0;    // at a confidence of 0.5 or more
  int paired_sure = 0;    // of 0.9 or more
  double confidence = 0;  // sum over the paired

  void Add(const NoiseScore& other);
};

// Aligns with the model's own weights.
absl::StatusOr<NoiseScore> MeasureNoise(
    const aligner::Model& model, const aligner::training::GoldDocument& gold);

// One way to make a document worse. `other` is another document, for text that
// does not belong.
struct Noise {
  std::string name;
  std::function<absl::StatusOr<aligner::training::GoldDocument>(
      const aligner::training::GoldDocument& document,
      const aligner::training::GoldDocument& other, uint32_t seed)>
      make;
  bool random = true;  // differs by seed
};

// Clean text, and every kind of noise that is measured by its F1.
std::vector<Noise> AllNoise();
// Text without a counterpart: halves, and whole texts.
std::vector<Noise> AllForeignText();

// Prints both tables, over the novels and the interview. `models` holds for
// each document one that is not fitted on it.
absl::Status PrintNoise(const GoldSet& set, const Models& models,
                        uint32_t first_seed, int seeds);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_NOISE_REPORT_H_
