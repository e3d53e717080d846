// Nearest-rank percentiles, of times above all.

#ifndef DUILIAN_TESTS_SUPPORT_PERCENTILES_H_
#define DUILIAN_TESTS_SUPPORT_PERCENTILES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace duilian::testing_support {

class Percentiles {
 public:
  explicit Percentiles(std::vector<double> values)
      : sorted_(std::move(values)) {
    std::sort(sorted_.begin(), sorted_.end());
  }

  // The least of the values that a share, in [0, 1], of them does not exceed;
  // 0 when there are none.
  double At(double share) const {
    if (sorted_.empty()) return 0;
    const double rank = std::ceil(share * static_cast<double>(sorted_.size()));
    return sorted_[static_cast<size_t>(std::max(rank, 1.0)) - 1];
  }

 private:
  std::vector<double> sorted_;
};

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_PERCENTILES_H_
