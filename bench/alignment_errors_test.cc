#include "bench/alignment_errors.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::bench {
namespace {

using aligner::SegmentRange;
using aligner::training::GoldBead;
using aligner::training::GoldDocument;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// So many segments a side, and the gold's beads.
GoldDocument DocumentOf(int chinese, int english, std::vector<GoldBead> beads) {
  GoldDocument document;
  document.chinese.segments.resize(static_cast<size_t>(chinese));
  document.english.segments.resize(static_cast<size_t>(english));
  document.beads = std::move(beads);
  return document;
}

TEST(AlignmentErrorsTest, ToldByKind) {
  const struct {
    std::vector<GoldBead> gold, system;
    ErrorKind kind;
    std::string shapes;
  } examples[] = {
      {{{{0, 1}, {0, 1}}},
       {{{0}, {0}}, {{1}, {1}}},
       ErrorKind::kCutFiner,
       "2-2 for 1-1 1-1"},
      {{{{0}, {0}}, {{1}, {1}}},
       {{{0, 1}, {0, 1}}},
       ErrorKind::kJoined,
       "1-1 1-1 for 2-2"},
      {{{{0}, {0}}, {{1}, {1, 2}}},
       {{{0}, {0, 1}}, {{1}, {2}}},
       ErrorKind::kBorderMoved,
       "1-1 1-2 for 1-2 1-1"},
      {{{{0}, {0, 1}}}, {{{0}, {0}}}, ErrorKind::kLeftAlone, "1-2 for 1-1"},
      {{{{0}, {0}}}, {}, ErrorKind::kLeftAlone, "1-1 for -"},
      {{{{0}, {1}}}, {{{0}, {0, 1}}}, ErrorKind::kPaired, "1-1 for 1-2"},
      {{{{0}, {0}}}, {{{0}, {1}}}, ErrorKind::kOther, "1-1 for 1-1"},
  };
  for (const auto& example : examples) {
    SCOPED_TRACE(example.shapes);
    const GoldDocument document = DocumentOf(2, 3, example.gold);
    const auto errors = FindErrors(document, example.system);
    ASSERT_THAT(errors, SizeIs(1));
    EXPECT_EQ(ErrorName(errors[0].kind), ErrorName(example.kind));
    EXPECT_EQ(errors[0].Shapes(), example.shapes);
    EXPECT_THAT(FindErrors(document, example.gold), IsEmpty());
  }
}

TEST(AlignmentErrorsTest, AStretchEndsWhereNeitherSideCrosses) {
  const GoldDocument document = DocumentOf(
      5, 5, {{{0}, {0}}, {{1, 2}, {1, 2}}, {{3}, {3}}, {{4}, {}}, {{}, {4}}});
  const auto errors = FindErrors(
      document, {{{0}, {0}}, {{1}, {1}}, {{2}, {2}}, {{3}, {3}}, {{4}, {4}}});
  ASSERT_THAT(errors, SizeIs(2));
  EXPECT_EQ(errors[0].chinese, (SegmentRange{1, 3}));
  EXPECT_EQ(errors[0].english, (SegmentRange{1, 3}));
  EXPECT_EQ(errors[1].Shapes(), "- for 1-1");
  EXPECT_EQ(errors[1].chinese, (SegmentRange{4, 5}));
}

TEST(AlignmentErrorsTest, CrossingBeadsAreOfOneStretch) {
  const GoldDocument document =
      DocumentOf(4, 4, {{{0}, {1}}, {{1}, {0}}, {{2}, {2}}, {{3}, {3}}});
  const auto errors =
      FindErrors(document, {{{0}, {0}}, {{1}, {1}}, {{2}, {2}}, {{3}, {3}}});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].chinese, (SegmentRange{0, 2}));
  EXPECT_EQ(errors[0].Shapes(), "1-1 1-1 for 1-1 1-1");
  const auto missed = FindErrors(document, {{{2}, {2}}, {{3}, {3}}});
  ASSERT_THAT(missed, SizeIs(1));
  EXPECT_EQ(missed[0].chinese, (SegmentRange{0, 2}));
  EXPECT_EQ(missed[0].english, (SegmentRange{0, 2}));
}

TEST(AlignmentErrorsTest, CountsStretchesBeadsAndThoseWithSpeech) {
  GoldDocument document = DocumentOf(3, 3, {{{0, 1}, {0, 1}}, {{2}, {2}}});
  document.chinese.segments[1].text = "“来吧。”";
  ErrorCounts counts;
  counts.Add(document,
             FindErrors(document, {{{0}, {0}}, {{1}, {1}}, {{2}, {}}}));
  EXPECT_EQ(counts.stretches[static_cast<int>(ErrorKind::kCutFiner)], 1);
  EXPECT_EQ(counts.with_speech[static_cast<int>(ErrorKind::kCutFiner)], 1);
  EXPECT_EQ(counts.gold_beads[static_cast<int>(ErrorKind::kCutFiner)], 1);
  EXPECT_EQ(counts.stretches[static_cast<int>(ErrorKind::kLeftAlone)], 1);
  EXPECT_EQ(counts.with_speech[static_cast<int>(ErrorKind::kLeftAlone)], 0);
}

}  // namespace
}  // namespace duilian::bench
