// The edit distance as it is defined, to hold faster ones against.

#ifndef DUILIAN_TESTS_SUPPORT_MATRIX_DISTANCE_H_
#define DUILIAN_TESTS_SUPPORT_MATRIX_DISTANCE_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace duilian::testing_support {

// Levenshtein's distance of two sequences, by the matrix, a row at a time.
template <typename Sequence, typename Equal = std::equal_to<>>
size_t MatrixDistance(const Sequence& a, const Sequence& b, Equal equal = {}) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (equal(a[i - 1], b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_MATRIX_DISTANCE_H_
