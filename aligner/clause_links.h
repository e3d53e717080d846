// What the clauses of two texts say about their segments: the texts cut into
// clauses are aligned, too, and a bead whose clauses have their counterparts
// outside of it is hardly one.

#ifndef DUILIAN_ALIGNER_CLAUSE_LINKS_H_
#define DUILIAN_ALIGNER_CLAUSE_LINKS_H_

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "aligner/bead_lattice.h"
#include "aligner/model.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// A pack's weights of beads: of the features, then of BeadLeaks.
inline constexpr size_t kLeakWeight = kBeadFeatures;
inline constexpr size_t kBeadWeights = kBeadFeatures + 1;

// By bead type; 0 for deletions.
using BeadLeaks = std::array<float, kBeadTypes>;

// How much of a Chinese segment's clauses and of an English one's translate
// each other: expected code points of both (an English one is a third), in
// tens.
class ClauseLinks {
 public:
  ClauseLinks(int chinese, int english);

  void Add(int chinese, int english, float mass);

  // Of the beads that begin at node (i, j): log(0.1 + what links their segments
  // with others'). Types that leave the texts have 0. Linear in the links of
  // five Chinese segments.
  BeadLeaks LeaksOf(int i, int j) const;

 private:
  struct Link {
    int english = 0;
    float mass = 0;
  };
  std::vector<std::vector<Link>> links_;  // by Chinese segment
  std::vector<float> chinese_, english_;  // of each, with all others
};

// A first pass over the segments, whose ForwardBackward has run.
struct FirstPass {
  const BeadLattice& lattice;
  absl::Span<const LatticeBead> beads;  // a path of it
  absl::Span<const float> weights;      // [kBeadFeatures] or more
  // Clauses are aligned in parts of about so many segments of both sides, cut
  // between beads of the path, to bound the memory. Tests lower it.
  int part_segments = 4000;
};

// Aligns the clauses of the texts that the first pass was over, where it holds
// beads likely. nullopt when `stop` said so, which is asked every few rows of
// the lattice. Linear in the clauses.
std::optional<ClauseLinks> LinkClauses(
    const Model& model, const Transcript& chinese, const Transcript& english,
    const FirstPass& first, const std::function<bool(int row)>& stop);

// Adds `weight` times the leak to the potential of every bead of two sides.
void AddLeaks(const ClauseLinks& links, float weight, BeadLattice& lattice);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_CLAUSE_LINKS_H_
