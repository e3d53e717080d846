#include "aligner/bead_lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace duilian::aligner {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

// log of the sum of exp over a few numbers, kept as they come.
class LogSum {
 public:
  void Add(double x) {
    if (x == kNone) return;
    if (x <= top_) {
      sum_ += std::exp(x - top_);
    } else {
      sum_ = sum_ * std::exp(top_ - x) + 1;
      top_ = x;
    }
  }
  double value() const { return top_ == kNone ? kNone : top_ + std::log(sum_); }

 private:
  double top_ = kNone, sum_ = 0;
};

}  // namespace

BeadLattice::BeadLattice(Band band)
    : band_(std::move(band)),
      potentials_(band_.nodes() * kBeadTypes,
                  -std::numeric_limits<float>::infinity()) {}

double BeadLattice::ForwardBackward() {
  std::vector<LogSum> sums(band_.nodes());
  sums[0].Add(0);
  forward_.assign(band_.nodes(), kNone);
  backward_.assign(band_.nodes(), kNone);
  for (int i = 0; i < band_.rows(); ++i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = band_.begin[row]; j < band_.end[row]; ++j) {
      const double here = sums[band_.Index(i, j)].value();
      forward_[band_.Index(i, j)] = here;
      const float* scores = potentials(i, j);
      for (int type = 0; type < kBeadTypes; ++type) {
        if (!Fits(i, j, type)) continue;
        const BeadType& bead = kTypes[static_cast<size_t>(type)];
        sums[band_.Index(i + bead.chinese, j + bead.english)].Add(here +
                                                                  scores[type]);
      }
    }
  }
  backward_.back() = 0;
  for (int i = band_.rows() - 1; i >= 0; --i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = band_.end[row] - 1; j >= band_.begin[row]; --j) {
      LogSum sum;
      sum.Add(backward_[band_.Index(i, j)]);
      const float* scores = potentials(i, j);
      for (int type = 0; type < kBeadTypes; ++type) {
        if (!Fits(i, j, type)) continue;
        const BeadType& bead = kTypes[static_cast<size_t>(type)];
        sum.Add(scores[type] +
                backward_[band_.Index(i + bead.chinese, j + bead.english)]);
      }
      backward_[band_.Index(i, j)] = sum.value();
    }
  }
  log_partition_ = forward_.back();
  return log_partition_;
}

double BeadLattice::Posterior(int i, int j, int type) const {
  if (!Fits(i, j, type)) return 0;
  const BeadType& bead = kTypes[static_cast<size_t>(type)];
  const double log =
      forward_[band_.Index(i, j)] + potentials(i, j)[type] +
      backward_[band_.Index(i + bead.chinese, j + bead.english)] -
      log_partition_;
  return std::min(1.0, std::exp(log));
}

std::vector<double> BeadLattice::DeletionProbabilities(int type) const {
  const bool of_chinese = type == kDeleteChinese;
  std::vector<double> sums(
      static_cast<size_t>(of_chinese ? chinese() : english()), 0.0);
  for (int i = 0; i < band_.rows(); ++i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = band_.begin[row]; j < band_.end[row]; ++j) {
      const double posterior = Posterior(i, j, type);
      if (posterior > 0)
        sums[static_cast<size_t>(of_chinese ? i : j)] += posterior;
    }
  }
  for (double& sum : sums) sum = std::min(sum, 1.0);
  return sums;
}

template <typename Score>
std::vector<LatticeBead> BeadLattice::BestPath(LatticeNode from, LatticeNode to,
                                               const Score& score) const {
  const size_t first = band_.Index(from.i, from.j);
  const size_t nodes = band_.Index(to.i, to.j) + 1 - first;
  std::vector<double> best(nodes, kNone);
  std::vector<int8_t> types(nodes, -1);
  best[0] = 0;
  for (int i = from.i; i <= to.i; ++i) {
    const size_t row = static_cast<size_t>(i);
    const int end_j = std::min(band_.end[row], to.j + 1);
    for (int j = std::max(band_.begin[row], from.j); j < end_j; ++j) {
      const double here = best[band_.Index(i, j) - first];
      if (here == kNone) continue;
      for (int type = 0; type < kBeadTypes; ++type) {
        const BeadType& bead = kTypes[static_cast<size_t>(type)];
        if (i + bead.chinese > to.i || j + bead.english > to.j) continue;
        if (!Fits(i, j, type)) continue;
        const size_t end =
            band_.Index(i + bead.chinese, j + bead.english) - first;
        const double value = here + score(i, j, type);
        const bool tie_won = value == best[end] && type < types[end];
        if (value > best[end] || tie_won) {
          best[end] = value;
          types[end] = static_cast<int8_t>(type);
        }
      }
    }
  }
  std::vector<LatticeBead> beads;
  int i = to.i, j = to.j;
  while (i > from.i || j > from.j) {
    const int type = types[band_.Index(i, j) - first];
    i -= kTypes[static_cast<size_t>(type)].chinese;
    j -= kTypes[static_cast<size_t>(type)].english;
    beads.push_back({i, j, type, 0});
  }
  std::reverse(beads.begin(), beads.end());
  if (!forward_.empty()) {
    for (LatticeBead& bead : beads) {
      bead.posterior = Posterior(bead.i, bead.j, bead.type);
    }
  }
  return beads;
}

std::vector<LatticeBead> BeadLattice::Viterbi() const {
  return Viterbi({0, 0}, last(), [](const LatticeBead&) { return true; });
}

std::vector<LatticeBead> BeadLattice::Viterbi(
    LatticeNode from, LatticeNode to,
    absl::FunctionRef<bool(const LatticeBead&)> allowed) const {
  return BestPath(from, to, [&](int i, int j, int type) {
    return allowed({i, j, type, 0})
               ? static_cast<double>(potentials(i, j)[type])
               : kNone;
  });
}

std::vector<LatticeBead> BeadLattice::DecodePosterior(double cost) const {
  return BestPath({0, 0}, last(), [&](int i, int j, int type) {
    const bool deletion = type == kDeleteChinese || type == kDeleteEnglish;
    return deletion ? 0.0 : Posterior(i, j, type) - cost;
  });
}

namespace {

// What the weights say of a bead. The gold that they are fitted on has no
// headings; that a title is no part of the text before or behind it, unless the
// other side's heading is in the bead, too, is said here, in nats.
constexpr float kHeadingBesideText = -3;

float Potential(absl::Span<const float> weights,
                const FeatureVector& features) {
  float sum = 0;
  for (size_t f = 0; f < kBeadFeatures; ++f) sum += weights[f] * features[f];
  if (features[kSpansTurn] != 0 && features[kHeadingOne] != 0) {
    sum += kHeadingBesideText;
  }
  return sum;
}

}  // namespace

bool FillPotentials(const PackView& pack, const PreparedPair& texts,
                    absl::Span<const float> weights,
                    const std::function<bool(int row)>& stop,
                    BeadLattice& lattice) {
  const Band& band = lattice.band();
  BeadFeaturizer featurizer(pack.lexicons(), texts, band);
  FeatureVector features;
  for (int i = 0; i < band.rows(); ++i) {
    if (stop && i % 64 == 0 && stop(i)) return false;
    featurizer.MoveTo(i);
    const size_t row = static_cast<size_t>(i);
    for (int j = band.begin[row]; j < band.end[row]; ++j) {
      float* potentials = lattice.potentials(i, j);
      for (int type = 0; type < kBeadTypes; ++type) {
        if (!lattice.Fits(i, j, type)) continue;
        featurizer.Compute(i, j, type, features);
        potentials[type] = Potential(weights, features);
      }
    }
  }
  return true;
}

namespace {

// Beads that are less likely than this after a first pass stay as they were.
constexpr double kLeastPosterior = 1e-3;

// The columns that likely beads begin at, with room for their neighbours; rows
// without any take those of the row before.
Band BandOf(absl::Span<const LatticeBead> likely, const Band& wide) {
  constexpr int kRoom = kMaxSide + 1;
  Band band = wide;
  std::vector<int> begin(band.begin.size(), -1), end(band.begin.size(), -1);
  for (const LatticeBead& bead : likely) {
    const size_t row = static_cast<size_t>(bead.i);
    if (begin[row] < 0 || bead.j < begin[row]) begin[row] = bead.j;
    end[row] = std::max(end[row], bead.j + 1);
  }
  for (size_t row = 0; row < begin.size(); ++row) {
    const size_t before = row == 0 ? 0 : row - 1;
    if (begin[row] < 0) begin[row] = std::max(begin[before], wide.begin[row]);
    end[row] = std::max({end[row], end[before], begin[row] + 1});
    band.begin[row] = std::max(wide.begin[row], begin[row] - kRoom);
    band.end[row] = std::min(wide.end[row], end[row] + kRoom);
  }
  for (size_t row = band.begin.size() - 1; row > 0; --row) {
    band.begin[row - 1] = std::min(band.begin[row - 1], band.begin[row]);
  }
  return band;
}

}  // namespace

bool RefillPotentials(const Lexicons& lexicons, const PreparedPair& texts,
                      absl::Span<const float> weights,
                      const std::function<bool(int row)>& stop,
                      BeadLattice& lattice) {
  std::vector<LatticeBead> likely;
  for (int i = 0; i < lattice.band().rows(); ++i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = lattice.band().begin[row]; j < lattice.band().end[row]; ++j) {
      for (int type = kDeleteEnglish + 1; type < kBeadTypes; ++type) {
        if (!lattice.Fits(i, j, type)) continue;
        const double posterior = lattice.Posterior(i, j, type);
        if (posterior >= kLeastPosterior) likely.push_back({i, j, type, 0});
      }
    }
  }
  const Band band = BandOf(likely, lattice.band());
  BeadFeaturizer featurizer(lexicons, texts, band);
  FeatureVector features;
  int row = -1;
  for (const LatticeBead& bead : likely) {
    if (bead.i != row) {
      row = bead.i;
      if (stop && stop(row)) return false;
      featurizer.MoveTo(row);
    }
    featurizer.Compute(bead.i, bead.j, bead.type, features);
    lattice.potentials(bead.i, bead.j)[bead.type] =
        Potential(weights, features);
  }
  return true;
}

}  // namespace duilian::aligner
