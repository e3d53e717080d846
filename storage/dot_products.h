#ifndef DUILIAN_STORAGE_DOT_PRODUCTS_H_
#define DUILIAN_STORAGE_DOT_PRODUCTS_H_

#include <cstddef>
#include <cstdint>

namespace duilian::storage {

// products[r] = sum over d of vector[d] * rows[r * dimension + d], in float: a
// dimension is a few hundred. About 12 ns a row of 256 with AVX2.
void DotProducts(const float* vector, const float* rows, size_t count,
                 size_t dimension, float* products);
void DotProducts(const float* vector, const int8_t* rows, size_t count,
                 size_t dimension, float* products);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_DOT_PRODUCTS_H_
