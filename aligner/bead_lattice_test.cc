#include "aligner/bead_lattice.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

// Every path of a lattice from a node to another, with its score: the slow
// reference.
void Enumerate(const BeadLattice& lattice, int i, int j, LatticeNode to,
               double score, std::vector<LatticeBead>& path,
               const std::function<void(double)>& visit) {
  if (i == to.i && j == to.j) {
    visit(score);
    return;
  }
  for (int type = 0; type < kBeadTypes; ++type) {
    if (!lattice.Fits(i, j, type)) continue;
    const BeadType& bead = kTypes[static_cast<size_t>(type)];
    path.push_back({i, j, type, 0});
    Enumerate(lattice, i + bead.chinese, j + bead.english, to,
              score + lattice.potentials(i, j)[type], path, visit);
    path.pop_back();
  }
}

void Enumerate(const BeadLattice& lattice, std::vector<LatticeBead>& path,
               const std::function<void(double)>& visit) {
  Enumerate(lattice, 0, 0, {lattice.chinese(), lattice.english()}, 0, path,
            visit);
}

BeadLattice RandomLattice(std::mt19937& random) {
  std::uniform_int_distribution<int> size(0, 4);
  const int chinese = size(random), english = std::max(size(random), 1);
  Band band = FullBand(chinese, english);
  BeadLattice lattice(band);
  std::normal_distribution<float> potential(0, 2);
  for (int i = 0; i <= chinese; ++i) {
    for (int j = 0; j <= english; ++j) {
      for (int type = 0; type < kBeadTypes; ++type) {
        if (lattice.Fits(i, j, type)) {
          lattice.potentials(i, j)[type] = potential(random);
        }
      }
    }
  }
  return lattice;
}

TEST(BeadLatticeTest, AgreesWithEveryPathTriedInTurn) {
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    BeadLattice lattice = RandomLattice(random);
    double best = -1e300, sum = 0;
    std::vector<std::vector<LatticeBead>> paths;
    std::vector<double> scores;
    std::vector<LatticeBead> path;
    Enumerate(lattice, path, [&](double score) {
      best = std::max(best, score);
      sum += std::exp(score);
      paths.push_back(path);
      scores.push_back(score);
    });
    const double log_partition = lattice.ForwardBackward();
    ASSERT_NEAR(log_partition, std::log(sum), 1e-6);

    double viterbi = 0;
    const auto beads = lattice.Viterbi();
    for (const LatticeBead& bead : beads) {
      viterbi += lattice.potentials(bead.i, bead.j)[bead.type];
    }
    ASSERT_NEAR(viterbi, best, 1e-4);

    // The posterior of a bead is the share of the paths that hold it.
    for (const LatticeBead& bead : beads) {
      double holding = 0;
      for (size_t p = 0; p < paths.size(); ++p) {
        const bool holds = std::any_of(
            paths[p].begin(), paths[p].end(), [&](const LatticeBead& other) {
              return other.i == bead.i && other.j == bead.j &&
                     other.type == bead.type;
            });
        if (holds) holding += std::exp(scores[p]);
      }
      ASSERT_NEAR(bead.posterior, holding / sum, 1e-6);
    }
  }
}

TEST(BeadLatticeTest, ViterbiBetweenNodesIsTheBestPathOfAllowedBeads) {
  for (uint32_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    const BeadLattice lattice = RandomLattice(random);
    const auto node_behind = [&](LatticeNode node) {
      const auto pick = [&](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random);
      };
      const int i = pick(node.i, lattice.chinese());
      return LatticeNode{i, pick(node.j, lattice.english())};
    };
    const LatticeNode from = node_behind({0, 0}), to = node_behind(from);
    const auto allowed = [&](const LatticeBead& bead) {
      const bool deletion =
          bead.type == kDeleteChinese || bead.type == kDeleteEnglish;
      return deletion || (bead.i + bead.j + bead.type) % 3 != 0;
    };
    double best = -1e300;
    std::vector<LatticeBead> path;
    Enumerate(lattice, from.i, from.j, to, 0, path, [&](double score) {
      if (absl::c_all_of(path, allowed)) best = std::max(best, score);
    });
    double viterbi = 0;
    int i = from.i, j = from.j;
    for (const LatticeBead& bead : lattice.Viterbi(from, to, allowed)) {
      ASSERT_EQ(bead.i, i);
      ASSERT_EQ(bead.j, j);
      ASSERT_TRUE(allowed(bead));
      viterbi += lattice.potentials(i, j)[bead.type];
      i += kTypes[static_cast<size_t>(bead.type)].chinese;
      j += kTypes[static_cast<size_t>(bead.type)].english;
    }
    ASSERT_EQ(i, to.i);
    ASSERT_EQ(j, to.j);
    ASSERT_NEAR(viterbi, best, 1e-4);
  }
}

TEST(BeadLatticeTest, PosteriorDecodingMaximisesExpectedBeads) {
  for (uint32_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    BeadLattice lattice = RandomLattice(random);
    lattice.ForwardBackward();
    const auto value = [&](const std::vector<LatticeBead>& beads) {
      double sum = 0;
      for (const LatticeBead& bead : beads) {
        if (bead.type == kDeleteChinese || bead.type == kDeleteEnglish)
          continue;
        sum += lattice.Posterior(bead.i, bead.j, bead.type) - 0.4;
      }
      return sum;
    };
    double best = -1e300;
    std::vector<LatticeBead> path;
    Enumerate(lattice, path,
              [&](double) { best = std::max(best, value(path)); });
    ASSERT_NEAR(value(lattice.DecodePosterior(0.4)), best, 1e-9);
  }
}

}  // namespace
}  // namespace duilian::aligner
