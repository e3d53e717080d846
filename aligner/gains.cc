#include "aligner/gains.h"

#include <algorithm>

#include "aligner/clones.h"

namespace duilian::aligner {

DUILIAN_CLONES
void RaiseTo(const uint8_t* other, uint8_t* best, int size) {
  for (int p = 0; p < size; ++p) best[p] = std::max(best[p], other[p]);
}

DUILIAN_CLONES
GainSums SumGains(const uint8_t* best, const uint8_t* beyond,
                  const uint8_t* weights, int size, uint8_t strong_gain) {
  int sum = 0, strong = 0, leak = 0, weighted_sum = 0, weighted_leak = 0;
  for (int p = 0; p < size; ++p) {
    const int more = std::max(best[p], beyond[p]) - best[p];
    sum += best[p];
    strong += best[p] > strong_gain;
    leak += more;
    weighted_sum += weights[p] * best[p];
    weighted_leak += weights[p] * more;
  }
  return {sum, strong, leak, weighted_sum, weighted_leak};
}

DUILIAN_CLONES
int SumGains(const uint8_t* gains, int size) {
  int sum = 0;
  for (int p = 0; p < size; ++p) sum += gains[p];
  return sum;
}

}  // namespace duilian::aligner
