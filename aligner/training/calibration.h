#ifndef DUILIAN_ALIGNER_TRAINING_CALIBRATION_H_
#define DUILIAN_ALIGNER_TRAINING_CALIBRATION_H_

#include <algorithm>
#include <cmath>
#include <vector>

namespace duilian::aligner::training {

// Whether confidences are honest, and whether they tell right from wrong.
class Calibration {
 public:
  void Add(double confidence, bool right, double weight = 1) {
    answers_.push_back({confidence, right, weight});
    weight_ += weight;
  }
  void Add(const Calibration& other) {
    answers_.insert(answers_.end(), other.answers_.begin(),
                    other.answers_.end());
    weight_ += other.weight_;
  }

  // The expected calibration error over ten bins: how far confidences are from
  // the share that is right. 0 of none.
  double Error() const {
    double right[10] = {}, sum[10] = {};
    for (const Answer& answer : answers_) {
      const int bin =
          std::clamp(static_cast<int>(answer.confidence * 10), 0, 9);
      right[bin] += answer.right ? answer.weight : 0;
      sum[bin] += answer.weight * answer.confidence;
    }
    double error = 0;
    for (int bin = 0; bin < 10; ++bin) error += std::abs(right[bin] - sum[bin]);
    return weight_ > 0 ? error / weight_ : 0;
  }

  // The share that is right of the surest ones, `coverage` of all. 0 of none.
  double PrecisionAt(double coverage) const {
    std::vector<Answer> surest = answers_;
    std::stable_sort(surest.begin(), surest.end(),
                     [](const Answer& a, const Answer& b) {
                       return a.confidence > b.confidence;
                     });
    double right = 0, taken = 0;
    for (const Answer& answer : surest) {
      if (taken >= coverage * weight_) break;
      taken += answer.weight;
      right += answer.right ? answer.weight : 0;
    }
    return taken > 0 ? right / taken : 0;
  }

 private:
  struct Answer {
    double confidence = 0;
    bool right = false;
    double weight = 1;
  };
  std::vector<Answer> answers_;
  double weight_ = 0;
};

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_CALIBRATION_H_
