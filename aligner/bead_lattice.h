// The semi-Markov conditional random field over beads, as plain arithmetic on
// potentials: Viterbi, forward-backward, posterior decoding.

#ifndef DUILIAN_ALIGNER_BEAD_LATTICE_H_
#define DUILIAN_ALIGNER_BEAD_LATTICE_H_

#include <functional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "aligner/band.h"
#include "aligner/bead_features.h"

namespace duilian::aligner {

// A bead of the lattice: `type` beginning at node (i, j).
struct LatticeBead {
  int i = 0, j = 0;
  int type = 0;
  double posterior = 0;
  bool operator==(const LatticeBead&) const = default;
};

// Where beads begin and end: before Chinese segment i and English segment j.
struct LatticeNode {
  int i = 0, j = 0;
};

// What a bead costs where posteriors decide: half the F1 to be expected, as a
// bead less likely than this lowers F1.
inline constexpr double kDecodingCost = 0.4;

// The beads that begin at every node of a band. A potential of -infinity
// marks a bead that leaves the band or the texts.
class BeadLattice {
 public:
  explicit BeadLattice(Band band);

  const Band& band() const { return band_; }
  int chinese() const { return band_.rows() - 1; }
  int english() const { return band_.end.back() - 1; }

  // True when both nodes of the bead are in the band.
  bool Fits(int i, int j, int type) const {
    const BeadType& bead = kTypes[static_cast<size_t>(type)];
    const int end_i = i + bead.chinese, end_j = j + bead.english;
    return end_i < band_.rows() && band_.Contains(end_i, end_j);
  }

  // [kBeadTypes] potentials of the beads that begin at node (i, j).
  float* potentials(int i, int j) {
    return potentials_.data() + band_.Index(i, j) * kBeadTypes;
  }
  const float* potentials(int i, int j) const {
    return potentials_.data() + band_.Index(i, j) * kBeadTypes;
  }

  // Fills the forward and backward sums; returns the log of the partition
  // function. Linear in nodes times types; sums in double.
  double ForwardBackward();

  // After ForwardBackward: the probability of a bead.
  double Posterior(int i, int j, int type) const;

  // After ForwardBackward: for each segment of a side, the probability that it
  // has no counterpart, whatever stands beside it. `type` is kDeleteChinese or
  // kDeleteEnglish. Linear in nodes.
  std::vector<double> DeletionProbabilities(int type) const;

  // The beads of the best path, in order. Viterbi: of the greatest potential,
  // through all, or between two nodes that a path of `allowed` beads joins.
  // Posterior (after ForwardBackward): of the greatest sum of posteriors,
  // each less `cost`, deletions at 0: what maximises expected strict F1.
  // Ties go to the type that stands first in kTypes.
  std::vector<LatticeBead> Viterbi() const;
  std::vector<LatticeBead> Viterbi(
      LatticeNode from, LatticeNode to,
      absl::FunctionRef<bool(const LatticeBead&)> allowed) const;
  std::vector<LatticeBead> DecodePosterior(double cost) const;

 private:
  template <typename Score>
  std::vector<LatticeBead> BestPath(LatticeNode from, LatticeNode to,
                                    const Score& score) const;
  LatticeNode last() const { return {chinese(), english()}; }

  Band band_;
  std::vector<float> potentials_;
  std::vector<double> forward_, backward_;  // per node, logarithms
  double log_partition_ = 0;
};

// Fills the potentials of all beads from a pack's weights. `stop` is asked
// every few rows; true leaves the rest unfilled and returns false.
bool FillPotentials(const PackView& pack, const PreparedPair& texts,
                    absl::Span<const float> weights,
                    const std::function<bool(int row)>& stop,
                    BeadLattice& lattice);

// Fills the potentials of two-sided beads again, with other lexicons, where the
// lattice holds them likely; ForwardBackward must have run, and must run again.
// `stop` as above.
bool RefillPotentials(const Lexicons& lexicons, const PreparedPair& texts,
                      absl::Span<const float> weights,
                      const std::function<bool(int row)>& stop,
                      BeadLattice& lattice);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_BEAD_LATTICE_H_
