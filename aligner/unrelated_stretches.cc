// The simple version: where many segments in a row have no counterpart, a
// doubtful pair between them is none either. The bead model sees one bead at a
// time and was fitted on texts that correspond, so that in an unrelated stretch
// it still finds the least bad pairs.
//
// So the beads are read as made by a hidden Markov model of two states, texts
// that correspond and texts that do not, and the likeliest states are found
// (Viterbi 1967). What is seen of a bead is how probably its segments are
// alone; not its confidence, which is low as well where it is clear that the
// texts correspond and only the borders between the beads are not.
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
constexpr double kChange = 3;
// A pair that is sure of itself stays one anywhere: summaries quote.
constexpr double kSure = 0.75;

double LogOdds(double probability) {
  return std::log(probability / (1 - probability));
}

bool IsPair(const Bead& bead) {
  return bead.source.size() > 0 && bead.target.size() > 0;
}

double Sum(absl::Span<const double> values, SegmentRange range) {
  double sum = 0;
  for (int k = range.begin; k < range.end; ++k) {
    sum += values[static_cast<size_t>(k)];
  }
  return sum;
}

// Of the texts' corresponding here, in log-odds.
double Evidence(const Bead& bead, absl::Span<const double> source_alone,
                absl::Span<const double> target_alone) {
  const double alone =
      (Sum(source_alone, bead.source) + Sum(target_alone, bead.target)) /
      (bead.source.size() + bead.target.size());
  return std::clamp(LogOdds(kEven) - LogOdds(std::clamp(alone, 1e-6, 1 - 1e-6)),
                    -kMost, kMost);
}

}  // namespace

std::vector<bool> FindUnrelated(absl::Span<const Bead> beads,
                                absl::Span<const double> source_alone,
                                absl::Span<const double> target_alone) {
  // The scores of the likeliest states up to a bead that end in either state,
  // and whether the bead before is in the other.
  double related = 0, unrelated = -kChange;
  std::vector<bool> to_related(beads.size()), to_unrelated(beads.size());
  for (size_t b = 0; b < beads.size(); ++b) {
    const double evidence = Evidence(beads[b], source_alone, target_alone);
    const double left = unrelated - kChange, entered = related - kChange;
    to_related[b] = left > related;
    to_unrelated[b] = entered > unrelated;
    related = std::max(related, left) + evidence;
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

}  // namespace duilian::aligner
