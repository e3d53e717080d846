#include "aligner/dot.h"

#include "aligner/clones.h"

namespace duilian::aligner {

DUILIAN_CLONES
float Dot(const float* a, const float* b, int dim) {
  constexpr int kLanes = 32;  // independent sums, so that they vectorise
  float sums[kLanes] = {};
  int d = 0;
  for (; d + kLanes <= dim; d += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      sums[lane] += a[d + lane] * b[d + lane];
    }
  }
  float sum = 0;
  for (const float lane : sums) sum += lane;
  for (; d < dim; ++d) sum += a[d] * b[d];
  return sum;
}

DUILIAN_CLONES
void AddScaled(float scale, const int8_t* row, float* sum, int dim) {
  for (int d = 0; d < dim; ++d) sum[d] += scale * static_cast<float>(row[d]);
}

}  // namespace duilian::aligner
