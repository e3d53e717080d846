#include "aligner/skipped_stretches.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

struct Placed {
  int i, j, chinese, english;
};

// A lattice of so many segments a side in which only some beads are likely, all
// others next to impossible.
class Texts {
 public:
  Texts(int chinese, int english) : lattice_(FullBand(chinese, english)) {
    for (int i = 0; i <= chinese; ++i) {
      for (int j = 0; j <= english; ++j) {
        for (int type = 0; type < kBeadTypes; ++type) {
          if (lattice_.Fits(i, j, type)) lattice_.potentials(i, j)[type] = -20;
        }
      }
    }
  }
  // A path of beads with what it weighs, in nats, given to its first bead. The
  // others weigh nothing, in whichever path.
  void Likely(const std::vector<Placed>& path, float nats) {
    for (const Placed& bead : path) {
      At(bead) = &bead == &path.front() ? nats : 0.0F;
    }
  }
  // The pairs that are decoded, "0-1:0-2" each, and those that Align gives.
  std::string Decoded() { return Ladder(Decode()); }
  std::string Paired() {
    const std::vector<LatticeBead> path = Decode();
    return Ladder(PairSkipped(lattice_, path,
                              lattice_.DeletionProbabilities(kDeleteChinese),
                              lattice_.DeletionProbabilities(kDeleteEnglish)));
  }

 private:
  float& At(const Placed& bead) {
    for (int type = 0; type < kBeadTypes; ++type) {
      const BeadType& shape = kTypes[static_cast<size_t>(type)];
      if (shape.chinese == bead.chinese && shape.english == bead.english) {
        return lattice_.potentials(bead.i, bead.j)[type];
      }
    }
    ADD_FAILURE() << bead.chinese << "-" << bead.english << " is no type";
    return lattice_.potentials(bead.i, bead.j)[0];
  }
  std::vector<LatticeBead> Decode() {
    lattice_.ForwardBackward();
    return lattice_.DecodePosterior(0.4);
  }
  static std::string Ladder(const std::vector<LatticeBead>& beads) {
    std::string out;
    for (const LatticeBead& bead : beads) {
      const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
      if (type.chinese == 0 || type.english == 0) continue;
      absl::StrAppend(&out, bead.i, "-", bead.i + type.chinese, ":", bead.j,
                      "-", bead.j + type.english, " ");
    }
    return out;
  }

  BeadLattice lattice_;
};

// Two Chinese segments and three English that three ways of cutting share.
void AddCuts(int i, int j, Texts& texts) {
  texts.Likely({{i, j, 1, 1}, {i + 1, j + 1, 1, 2}}, 0);
  texts.Likely({{i, j, 1, 2}, {i + 1, j + 2, 1, 1}}, 0.1F);
  texts.Likely({{i, j, 2, 3}}, -0.1F);
}

TEST(PairSkippedTest, AStretchThatNoBeadIsSureOfGetsTheLikeliest) {
  Texts texts(2, 3);
  AddCuts(0, 0, texts);
  EXPECT_EQ(texts.Decoded(), "");
  EXPECT_EQ(texts.Paired(), "0-1:0-2 1-2:2-3 ");
}

TEST(PairSkippedTest, TheBeadsBesideItStay) {
  Texts texts(4, 5);
  texts.Likely({{0, 0, 1, 1}}, 0);
  AddCuts(1, 1, texts);
  texts.Likely({{3, 4, 1, 1}}, 0);
  EXPECT_EQ(texts.Decoded(), "0-1:0-1 3-4:4-5 ");
  EXPECT_EQ(texts.Paired(), "0-1:0-1 1-2:1-3 2-3:3-4 3-4:4-5 ");
}

TEST(PairSkippedTest, WhatMayBeAloneStaysAlone) {
  Texts texts(2, 3);
  AddCuts(0, 0, texts);
  // Alone as likely as cut in any one way: a quarter.
  texts.Likely(
      {{0, 0, 1, 0}, {1, 0, 1, 0}, {2, 0, 0, 1}, {2, 1, 0, 1}, {2, 2, 0, 1}},
      0);
  EXPECT_EQ(texts.Decoded(), "");
  EXPECT_EQ(texts.Paired(), "");
}

TEST(PairSkippedTest, NoBeadHasASegmentThatMayBeAlone) {
  Texts texts(3, 3);
  // The likeliest path has a pair of Chinese 2, which is alone in the others.
  AddCuts(0, 0, texts);
  texts.Likely({{2, 3, 1, 0}}, 0);
  texts.Likely({{0, 0, 2, 2}, {2, 2, 1, 1}}, 0.2F);
  EXPECT_EQ(texts.Decoded(), "");
  EXPECT_EQ(texts.Paired(), "0-1:0-2 1-2:2-3 ");
}

// As a heading may have no counterpart behind a sentence that has one.
TEST(PairSkippedTest, TheOthersOfSuchABeadArePaired) {
  Texts texts(3, 2);
  texts.Likely({{0, 0, 3, 2}}, 0.3F);  // the likeliest
  texts.Likely({{0, 0, 2, 2}, {2, 2, 1, 0}}, 0.1F);
  texts.Likely({{0, 0, 2, 1}, {2, 1, 1, 1}}, 0);
  EXPECT_EQ(texts.Decoded(), "");
  EXPECT_EQ(texts.Paired(), "0-2:0-2 ");
}

TEST(PairSkippedTest, OneSideAloneStaysAlone) {
  Texts texts(1, 2);
  texts.Likely({{0, 0, 1, 1}, {1, 1, 0, 1}}, 0);
  EXPECT_EQ(texts.Paired(), "0-1:0-1 ");
  Texts english(0, 2);
  EXPECT_EQ(english.Paired(), "");
}

}  // namespace
}  // namespace duilian::aligner
