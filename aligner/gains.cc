#include "aligner/gains.h"

#include <algorithm>

#include "aligner/clones.h"

namespace duilian::aligner {

DUILIAN_CLONES
void RaiseTo(const uint8_t* other, uint8_t* best, int size) {
  for (int p = 0; p < size; ++p) best[p] = std::max(best[p], other[p]);
}

DUILIAN_CLONES
GainSums SumGains(const uint8_t* best, const uint8_t* beyond, int size,
                  uint8_t strong_gain) {
  int sum = 0, strong = 0, leak = 0;
  for (int p = 0; p < size; ++p) {
    sum += best[p];
    strong += best[p] > strong_gain;
    leak += std::max(best[p], beyond[p]) - best[p];
  }
  return {sum, strong, leak};
}

DUILIAN_CLONES
int SumGains(const uint8_t* gains, int size) {
  int sum = 0;
  for (int p = 0; p < size; ++p) sum += gains[p];
  return sum;
}

}  // namespace duilian::aligner
