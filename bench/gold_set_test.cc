#include "bench/gold_set.h"

#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace duilian::bench {
namespace {

using aligner::training::GoldDocument;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// Segments named by their places, so that a part shows which it has.
GoldDocument Document(int chinese, int english) {
  GoldDocument document;
  document.name = "talk";
  for (int i = 0; i < chinese; ++i) {
    document.chinese.segments.emplace_back().text = absl::StrCat("zh", i);
  }
  for (int j = 0; j < english; ++j) {
    document.english.segments.emplace_back().text = absl::StrCat("en", j);
  }
  return document;
}

TEST(CutInPartsTest, PartsHaveTheirSegmentsAndBeadsFromNought) {
  GoldDocument document = Document(5, 5);
  // zh2 is in no bead: it goes with what stands before it.
  document.beads = {{{0}, {0}}, {{1}, {1, 2}}, {{3}, {3}}, {{4}, {4}}};
  const auto parts = CutInParts(document, 2);
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_EQ(parts[0]->name, "talk beads 0-2");
  EXPECT_THAT(parts[0]->chinese.segments, SizeIs(3));
  EXPECT_THAT(parts[0]->english.segments, SizeIs(3));
  EXPECT_EQ(parts[1]->chinese.segments[0].text, "zh3");
  EXPECT_EQ(parts[1]->english.segments[0].text, "en3");
  ASSERT_THAT(parts[1]->beads, SizeIs(2));
  EXPECT_THAT(parts[1]->beads[0].chinese, ElementsAre(0));
  EXPECT_THAT(parts[1]->beads[1].english, ElementsAre(1));
}

TEST(CutInPartsTest, NothingIsCutWhereTheOrderCrosses) {
  GoldDocument document = Document(4, 4);
  document.beads = {{{0}, {2}}, {{1}, {1}}, {{2}, {0}}, {{3}, {3}}};
  const auto parts = CutInParts(document, 4);
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_THAT(parts[0]->beads, SizeIs(3));
  EXPECT_THAT(parts[1]->beads, SizeIs(1));
}

TEST(CutInPartsTest, OnePartIsTheDocument) {
  GoldDocument document = Document(2, 1);
  document.beads = {{{0}, {0}}, {{1}, {}}};
  const auto parts = CutInParts(document, 1);
  ASSERT_THAT(parts, SizeIs(1));
  EXPECT_EQ(parts[0]->beads, document.beads);
  EXPECT_THAT(parts[0]->chinese.segments, SizeIs(2));
}

}  // namespace
}  // namespace duilian::bench
