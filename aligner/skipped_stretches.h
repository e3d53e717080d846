// Stretches that posterior decoding skips though their segments have
// counterparts: no single bead is likely enough, all beads together are.

#ifndef DUILIAN_ALIGNER_SKIPPED_STRETCHES_H_
#define DUILIAN_ALIGNER_SKIPPED_STRETCHES_H_

#include <vector>

#include "absl/types/span.h"
#include "aligner/bead_lattice.h"

namespace duilian::aligner {

// `beads` are a path of the lattice, ForwardBackward has run, and
// `chinese_alone` and `english_alone` are its DeletionProbabilities. Returns
// the path with every stretch in which segments of both sides are left alone
// given to its likeliest beads, as far as none of their segments is alone
// itself with a probability of 0.2 or more. Linear in the nodes of those
// stretches.
std::vector<LatticeBead> PairSkipped(const BeadLattice& lattice,
                                     absl::Span<const LatticeBead> beads,
                                     absl::Span<const double> chinese_alone,
                                     absl::Span<const double> english_alone);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SKIPPED_STRETCHES_H_
