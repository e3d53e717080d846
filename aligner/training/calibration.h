#ifndef DUILIAN_ALIGNER_TRAINING_CALIBRATION_H_
#define DUILIAN_ALIGNER_TRAINING_CALIBRATION_H_

#include <algorithm>
#include <cmath>

namespace duilian::aligner::training {

// The expected calibration error, over ten bins, of the confidences that it is
// told of: how far they are from the share that is right.
class Calibration {
 public:
  void Add(double confidence, bool right) {
    const int bin = std::clamp(static_cast<int>(confidence * 10), 0, 9);
    right_[bin] += right;
    sum_[bin] += confidence;
    count_ += 1;
  }
  void Add(const Calibration& other) {
    for (int bin = 0; bin < 10; ++bin) {
      right_[bin] += other.right_[bin];
      sum_[bin] += other.sum_[bin];
    }
    count_ += other.count_;
  }
  // 0 where it was told of none.
  double Error() const {
    double error = 0;
    for (int bin = 0; bin < 10; ++bin) {
      error += std::abs(right_[bin] - sum_[bin]);
    }
    return count_ > 0 ? error / count_ : 0;
  }

 private:
  double right_[10] = {}, sum_[10] = {};
  double count_ = 0;
};

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_CALIBRATION_H_
