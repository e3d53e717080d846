// The simple version: where many segments in a row have no counterpart, a
// doubtful pair between them is none either. The bead model sees one bead at a
// time and was fitted on texts that correspond, so that in an unrelated stretch
// it still finds the least bad pairs.
//
// So the beads are read as made by a hidden Markov model of two states, texts
// that correspond and texts that do not. The likeliest states (Viterbi 1967)
// say what is taken apart, and their probabilities (forward-backward) how sure
// it is that a segment in a stretch has no counterpart. What is seen of a bead
// is how probably its segments are alone; not its confidence, which is low as
// well where it is clear that the texts correspond and only the borders between
// the beads are not.
#include "aligner/unrelated_stretches.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace duilian::aligner {
namespace {

// The probability of being alone that is as common in either state.
constexpr double kEven = 0.03;
// What a single bead may say at the most, in log-odds.
constexpr double kMost = 2;
// Of entering or leaving an unrelated stretch, in log-odds.
constexpr double kChange = 4;
// A pair that is sure of itself stays one anywhere: summaries quote.
constexpr double kSure = 0.75;

double LogOdds(double probability) {
  return std::log(probability / (1 - probability));
}

bool IsPair(const Bead& bead) {
  return bead.source.size() > 0 && bead.target.size() > 0;
}

// The least of a range; 0 where it is empty.
double Least(absl::Span<const double> values, SegmentRange range) {
  if (range.size() == 0) return 0;
  return *std::min_element(values.begin() + range.begin,
                           values.begin() + range.end);
}

// Of the texts' corresponding here, in log-odds. A short reply that may be
// alone does not make the sentence beside it doubtful: of each side the segment
// counts that is alone least.
double Evidence(const Bead& bead, absl::Span<const double> source_alone,
                absl::Span<const double> target_alone) {
  const double alone = std::max(Least(source_alone, bead.source),
                                Least(target_alone, bead.target));
  return std::clamp(LogOdds(kEven) - LogOdds(std::clamp(alone, 1e-6, 1 - 1e-6)),
                    -kMost, kMost);
}

std::vector<double> AllEvidence(absl::Span<const Bead> beads,
                                absl::Span<const double> source_alone,
                                absl::Span<const double> target_alone) {
  std::vector<double> evidence;
  evidence.reserve(beads.size());
  for (const Bead& bead : beads) {
    evidence.push_back(Evidence(bead, source_alone, target_alone));
  }
  return evidence;
}

double LogAdd(double a, double b) {
  return std::max(a, b) + std::log1p(std::exp(-std::fabs(a - b)));
}

// Sums of exp over all states, as logarithms, that end, or begin, in either.
struct States {
  double related = 0, unrelated = 0;
};

States Changed(const States& from) {
  return {LogAdd(from.related, from.unrelated - kChange),
          LogAdd(from.unrelated, from.related - kChange)};
}

}  // namespace

std::vector<bool> FindUnrelated(absl::Span<const Bead> beads,
                                absl::Span<const double> source_alone,
                                absl::Span<const double> target_alone) {
  const std::vector<double> evidence =
      AllEvidence(beads, source_alone, target_alone);
  // The scores of the likeliest states up to a bead that end in either state,
  // and whether the bead before is in the other.
  double related = 0, unrelated = -kChange;
  std::vector<bool> to_related(beads.size()), to_unrelated(beads.size());
  for (size_t b = 0; b < beads.size(); ++b) {
    const double left = unrelated - kChange, entered = related - kChange;
    to_related[b] = left > related;
    to_unrelated[b] = entered > unrelated;
    related = std::max(related, left) + evidence[b];
    unrelated = std::max(unrelated, entered);
  }
  std::vector<bool> found(beads.size(), false);
  bool in_related = related >= unrelated;
  for (size_t b = beads.size(); b-- > 0;) {
    found[b] = !in_related && IsPair(beads[b]) && beads[b].confidence < kSure;
    if (in_related ? to_related[b] : to_unrelated[b]) in_related = !in_related;
  }
  return found;
}

std::vector<double> UnrelatedProbabilities(
    absl::Span<const Bead> beads, absl::Span<const double> source_alone,
    absl::Span<const double> target_alone) {
  const std::vector<double> evidence =
      AllEvidence(beads, source_alone, target_alone);
  std::vector<States> forward(beads.size());
  for (size_t b = 0; b < beads.size(); ++b) {
    forward[b] = b == 0 ? States{0, -kChange} : Changed(forward[b - 1]);
    forward[b].related += evidence[b];
  }
  std::vector<double> probabilities(beads.size());
  States behind;
  for (size_t b = beads.size(); b-- > 0;) {
    const double log_odds = forward[b].unrelated + behind.unrelated -
                            forward[b].related - behind.related;
    probabilities[b] = 1 / (1 + std::exp(-log_odds));
    behind.related += evidence[b];
    behind = Changed(behind);
  }
  return probabilities;
}

}  // namespace duilian::aligner
