// A bead whose probability is below the decoder's cost is not worth its risk
// for strict F1, so that a stretch whose mass is spread over many beads, say
// over four ways of cutting it, ends as segments left alone. To a reader that
// is wrong whichever of the beads is right. The beads beside the stretch are
// settled by then; what is likeliest between them is Viterbi's path, of beads
// whose segments all have counterparts.
#include "aligner/skipped_stretches.h"

#include <algorithm>
#include <cstddef>

namespace duilian::aligner {
namespace {

// A segment that is alone with at least this probability is left alone.
constexpr double kPerhapsAlone = 0.2;

bool IsDeletion(const LatticeBead& bead) {
  return bead.type == kDeleteChinese || bead.type == kDeleteEnglish;
}

class Pairing {
 public:
  Pairing(const BeadLattice& lattice, absl::Span<const double> chinese_alone,
          absl::Span<const double> english_alone)
      : lattice_(lattice),
        chinese_alone_(chinese_alone),
        english_alone_(english_alone) {}

  // Appends the stretch's beads as they are, or what is likelier.
  void Append(absl::Span<const LatticeBead> stretch,
              std::vector<LatticeBead>& out) const {
    const LatticeBead& last = stretch.back();
    const BeadType& type = kTypes[static_cast<size_t>(last.type)];
    const LatticeNode from = {stretch.front().i, stretch.front().j};
    const LatticeNode to = {last.i + type.chinese, last.j + type.english};
    if (!AnyPaired(chinese_alone_, from.i, to.i) ||
        !AnyPaired(english_alone_, from.j, to.j)) {
      out.insert(out.end(), stretch.begin(), stretch.end());
      return;
    }
    const std::vector<LatticeBead> likeliest =
        lattice_.Viterbi(from, to, [&](const LatticeBead& bead) {
          return IsDeletion(bead) || AllPaired(bead);
        });
    out.insert(out.end(), likeliest.begin(), likeliest.end());
  }

 private:
  static bool AnyPaired(absl::Span<const double> alone, int begin, int end) {
    return std::any_of(alone.begin() + begin, alone.begin() + end,
                       [](double p) { return p < kPerhapsAlone; });
  }
  static bool AllPaired(absl::Span<const double> alone, int begin, int end) {
    return std::all_of(alone.begin() + begin, alone.begin() + end,
                       [](double p) { return p < kPerhapsAlone; });
  }
  bool AllPaired(const LatticeBead& bead) const {
    const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
    return AllPaired(chinese_alone_, bead.i, bead.i + type.chinese) &&
           AllPaired(english_alone_, bead.j, bead.j + type.english);
  }

  const BeadLattice& lattice_;
  absl::Span<const double> chinese_alone_, english_alone_;
};

}  // namespace

std::vector<LatticeBead> PairSkipped(const BeadLattice& lattice,
                                     absl::Span<const LatticeBead> beads,
                                     absl::Span<const double> chinese_alone,
                                     absl::Span<const double> english_alone) {
  const Pairing pairing(lattice, chinese_alone, english_alone);
  std::vector<LatticeBead> all;
  all.reserve(beads.size());
  for (size_t begin = 0; begin < beads.size();) {
    size_t end = begin;
    while (end < beads.size() && IsDeletion(beads[end])) ++end;
    if (end == begin) {
      all.push_back(beads[begin++]);
      continue;
    }
    pairing.Append(beads.subspan(begin, end - begin), all);
    begin = end;
  }
  return all;
}

}  // namespace duilian::aligner
