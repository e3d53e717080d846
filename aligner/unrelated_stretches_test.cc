#include "aligner/unrelated_stretches.h"

#include <algorithm>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

// Beads of one segment a side, with how probably their segments are alone.
class Texts {
 public:
  void Pairs(int count, double confidence, double alone) {
    for (int k = 0; k < count; ++k) {
      beads_.push_back(
          {{source(), source() + 1}, {target(), target() + 1}, confidence});
      source_alone_.push_back(alone);
      target_alone_.push_back(alone);
    }
  }
  void SourceAlone(int count) {
    for (int k = 0; k < count; ++k) {
      beads_.push_back({{source(), source() + 1}, {target(), target()}, 0.9});
      source_alone_.push_back(0.9);
    }
  }
  // How many pairs are found, and the first bead that is.
  struct Found {
    long count, first;
    bool operator==(const Found&) const = default;
  };
  Found Find() const {
    const auto found = FindUnrelated(beads_, source_alone_, target_alone_);
    return {std::count(found.begin(), found.end(), true),
            std::find(found.begin(), found.end(), true) - found.begin()};
  }

 private:
  int source() const { return static_cast<int>(source_alone_.size()); }
  int target() const { return static_cast<int>(target_alone_.size()); }

  std::vector<Bead> beads_;
  std::vector<double> source_alone_, target_alone_;
};

TEST(FindUnrelatedTest, DoubtfulPairsAmongSegmentsThatStandAloneAreFound) {
  Texts texts;
  texts.SourceAlone(4);
  texts.Pairs(2, 0.7, 0.2);
  texts.SourceAlone(4);
  texts.Pairs(20, 0.97, 0.001);
  EXPECT_EQ(texts.Find(), (Texts::Found{2, 4}));
}

TEST(FindUnrelatedTest, ASurePairStaysAnywhere) {
  Texts texts;
  texts.SourceAlone(6);
  texts.Pairs(1, 0.8, 0.2);
  texts.SourceAlone(6);
  EXPECT_EQ(texts.Find().count, 0);
}

TEST(FindUnrelatedTest, UnclearBordersAreNoStretch) {
  Texts texts;
  texts.Pairs(20, 0.4, 0.001);
  EXPECT_EQ(texts.Find().count, 0);
}

TEST(FindUnrelatedTest, AFewSegmentsAloneDoNotTakeTheirNeighboursAlong) {
  Texts texts;
  texts.Pairs(10, 0.97, 0.001);
  texts.SourceAlone(2);
  texts.Pairs(1, 0.6, 0.1);
  texts.Pairs(10, 0.97, 0.001);
  EXPECT_EQ(texts.Find().count, 0);
}

TEST(FindUnrelatedTest, TextsThatNowhereCorrespondLoseAllTheirPairs) {
  Texts texts;
  texts.Pairs(12, 0.6, 0.3);
  EXPECT_EQ(texts.Find(), (Texts::Found{12, 0}));
}

TEST(FindUnrelatedTest, NoBeadsAreNoStretch) {
  EXPECT_EQ(Texts().Find().count, 0);
}

}  // namespace
}  // namespace duilian::aligner
