// Stretches in which two texts do not correspond: a summary in front of one of
// them, a chapter that the other lacks.

#ifndef DUILIAN_ALIGNER_UNRELATED_STRETCHES_H_
#define DUILIAN_ALIGNER_UNRELATED_STRETCHES_H_

#include <vector>

#include "absl/types/span.h"
#include "aligner/align.h"

namespace duilian::aligner {

// `beads` follow each other and cover both texts. `source_alone` and
// `target_alone` hold for each segment the probability that it has no
// counterpart. Returns for each bead whether it is a doubtful pair inside of an
// unrelated stretch, which is better taken apart. O(beads).
std::vector<bool> FindUnrelated(absl::Span<const Bead> beads,
                                absl::Span<const double> source_alone,
                                absl::Span<const double> target_alone);

// For each bead the probability that it is in an unrelated stretch. O(beads).
std::vector<double> UnrelatedProbabilities(
    absl::Span<const Bead> beads, absl::Span<const double> source_alone,
    absl::Span<const double> target_alone);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_UNRELATED_STRETCHES_H_
