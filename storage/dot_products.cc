#include "storage/dot_products.h"

#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

// Independent sums, so that the compiler makes vectors of them.
constexpr size_t kLanes = 32;

template <typename Row>
inline __attribute__((always_inline)) float Product(const float* vector,
                                                    const Row* row,
                                                    size_t dimension) {
  float sums[kLanes] = {};
  size_t d = 0;
  for (; d + kLanes <= dimension; d += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += vector[d + lane] * static_cast<float>(row[d + lane]);
    }
  }
  float sum = 0;
  for (const float lane : sums) sum += lane;
  for (; d < dimension; ++d) sum += vector[d] * static_cast<float>(row[d]);
  return sum;
}

}  // namespace

DUILIAN_PROCESSOR_CLONES
void DotProducts(const float* vector, const float* rows, size_t count,
                 size_t dimension, float* products) {
  for (size_t r = 0; r < count; ++r) {
    products[r] = Product(vector, rows + r * dimension, dimension);
  }
}

DUILIAN_PROCESSOR_CLONES
void DotProducts(const float* vector, const int8_t* rows, size_t count,
                 size_t dimension, float* products) {
  for (size_t r = 0; r < count; ++r) {
    products[r] = Product(vector, rows + r * dimension, dimension);
  }
}

}  // namespace duilian::storage
