#ifndef DUILIAN_ALIGNER_DOT_H_
#define DUILIAN_ALIGNER_DOT_H_

#include <cstdint>

namespace duilian::aligner {

// Sum of a[d] * b[d] over [0, dim). In float: dim is a few hundred.
float Dot(const float* a, const float* b, int dim);

// sum[d] += scale * row[d].
void AddScaled(float scale, const int8_t* row, float* sum, int dim);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_DOT_H_
