// Arithmetic on rows of lexical gains, in steps (pack.h): one byte a piece.

#ifndef DUILIAN_ALIGNER_GAINS_H_
#define DUILIAN_ALIGNER_GAINS_H_

#include <cstdint>

namespace duilian::aligner {

// best[p] = max(best[p], other[p]) for p in [0, size).
void RaiseTo(const uint8_t* other, uint8_t* best, int size);

// What a row of best gains says about its pieces.
struct GainSums {
  int sum = 0;     // of the gains
  int strong = 0;  // pieces above `strong_gain`
  int leak = 0;    // sum of what `beyond` has above the best
  // The sum and the leak, each piece by its weight.
  int weighted_sum = 0, weighted_leak = 0;
};
GainSums SumGains(const uint8_t* best, const uint8_t* beyond,
                  const uint8_t* weights, int size, uint8_t strong_gain);

// Sum of the gains alone.
int SumGains(const uint8_t* gains, int size);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_GAINS_H_
