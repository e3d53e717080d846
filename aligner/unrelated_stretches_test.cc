#include "aligner/unrelated_stretches.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
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
  // One source segment and two target ones, of which the first is a reply.
  void PairWithReply(double confidence, double alone, double reply_alone) {
    beads_.push_back(
        {{source(), source() + 1}, {target(), target() + 2}, confidence});
    source_alone_.push_back(alone);
    target_alone_.push_back(reply_alone);
    target_alone_.push_back(alone);
  }
  void SourceAlone(int count) {
    for (int k = 0; k < count; ++k) {
      beads_.push_back({{source(), source() + 1}, {target(), target()}, 0.9});
      source_alone_.push_back(0.9);
    }
  }
  std::vector<double> Probabilities() const {
    return UnrelatedProbabilities(beads_, source_alone_, target_alone_);
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

// A reply that may be alone, in a bead with a sentence that cannot be.
TEST(FindUnrelatedTest, AReplyTakesNoSentenceAlongThatHasACounterpart) {
  Texts texts;
  texts.SourceAlone(8);
  texts.PairWithReply(0.6, 0.0001, 0.4);
  texts.Pairs(10, 0.97, 0.001);
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

// The slow reference: every sequence of states, with its weight as the file
// explains it.
std::vector<double> ByEverySequence(const std::vector<double>& evidence) {
  std::vector<double> unrelated(evidence.size(), 0.0);
  double all = 0;
  for (uint32_t states = 0; states < 1U << evidence.size(); ++states) {
    double weight = 0;
    bool before = false;  // they begin outside of a stretch
    for (size_t b = 0; b < evidence.size(); ++b) {
      const bool in_stretch = (states >> b & 1U) != 0;
      weight += in_stretch ? 0 : evidence[b];
      weight -= in_stretch != before ? 4 : 0;
      before = in_stretch;
    }
    all += std::exp(weight);
    for (size_t b = 0; b < evidence.size(); ++b) {
      if ((states >> b & 1U) != 0) unrelated[b] += std::exp(weight);
    }
  }
  for (double& sum : unrelated) sum /= all;
  return unrelated;
}

TEST(UnrelatedProbabilitiesTest, AreThoseOfAllSequencesOfStates) {
  Texts texts;
  texts.Pairs(2, 0.9, 0.001);  // 2 each at the most
  texts.SourceAlone(4);
  texts.Pairs(2, 0.7, 0.03);  // says nothing
  texts.SourceAlone(2);
  const std::vector<double> expected =
      ByEverySequence({2, 2, -2, -2, -2, -2, 0, 0, -2, -2});
  const std::vector<double> found = texts.Probabilities();
  ASSERT_EQ(found.size(), expected.size());
  for (size_t b = 0; b < found.size(); ++b) {
    EXPECT_NEAR(found[b], expected[b], 1e-9) << b;
  }
  EXPECT_LT(found[0], 0.1);
  EXPECT_GT(found[6], 0.9);
}

TEST(UnrelatedProbabilitiesTest, LongTextsOverflowNothing) {
  Texts texts;
  texts.Pairs(3000, 0.97, 0.001);
  texts.SourceAlone(3000);
  const std::vector<double> found = texts.Probabilities();
  EXPECT_LT(found[0], 1e-3);
  EXPECT_GT(found[5999], 0.99);
  EXPECT_THAT(Texts().Probabilities(), ::testing::IsEmpty());
}

TEST(FindUnrelatedTest, NoBeadsAreNoStretch) {
  EXPECT_EQ(Texts().Find().count, 0);
}

}  // namespace
}  // namespace duilian::aligner
