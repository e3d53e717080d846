#include "aligner/training/phrase_trainer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace duilian::aligner::training {
namespace {

using Vector = std::array<double, PhraseFeature::kCount>;

constexpr double kStep = 0.3;
constexpr double kNegligible = 1e-5;  // chances that move no weight

// Adds the gradient of the log-likelihood of an example.
void AddGradient(const PhraseExample& example, const Vector& weights,
                 Vector& gradient) {
  std::vector<double> chances;
  for (const PhraseCandidate& candidate : example.candidates) {
    chances.push_back(std::inner_product(weights.begin(), weights.end(),
                                         candidate.features.begin(), 0.0));
  }
  const double most = *std::max_element(chances.begin(), chances.end());
  double sum = 0;
  for (double& chance : chances) sum += chance = std::exp(chance - most);
  for (size_t c = 0; c < chances.size(); ++c) {
    const double chance = chances[c] / sum;
    if (chance < kNegligible && c != example.right) continue;
    const double push = example.weight * ((c == example.right) - chance);
    const PhraseFeatures& features = example.candidates[c].features;
    for (size_t k = 0; k < PhraseFeature::kCount; ++k) {
      gradient[k] += push * features[k];
    }
  }
}

}  // namespace

PhraseFeatures FitPhraseWeights(
    const std::vector<const PhraseExample*>& examples,
    const PhraseFitting& fitting) {
  Vector weights = {}, mean = {}, square = {};
  double count = 0;
  for (const PhraseExample* example : examples) count += example->weight;
  for (int round = 1; round <= fitting.rounds; ++round) {
    Vector gradient = {};
    for (const PhraseExample* example : examples) {
      AddGradient(*example, weights, gradient);
    }
    const int left = fitting.rounds - round;
    const double step = kStep * std::min(1.0, 2.0 * left / fitting.rounds);
    for (size_t k = 0; k < PhraseFeature::kCount; ++k) {
      const double slope = gradient[k] / count - fitting.decay * weights[k];
      mean[k] += 0.1 * (slope - mean[k]);
      square[k] += 0.01 * (slope * slope - square[k]);
      const double first = mean[k] / (1 - std::pow(0.9, round));
      const double second = square[k] / (1 - std::pow(0.99, round));
      weights[k] += step * first / (std::sqrt(second) + 1e-8);
    }
  }
  PhraseFeatures fitted;
  std::transform(weights.begin(), weights.end(), fitted.begin(),
                 [](double weight) { return static_cast<float>(weight); });
  return fitted;
}

}  // namespace duilian::aligner::training
