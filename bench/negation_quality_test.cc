#include "bench/negation_quality.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "aligner/training/gold.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::bench {
namespace {

using aligner::Segment;
using aligner::training::GoldDocument;
using testing::Optional;
using testing_support::IsOk;

TEST(NegationQualityTest, TakesOutTheFirstNegation) {
  EXPECT_THAT(WithoutNegation("We don't row, and can't sail."),
              Optional(std::string("We do row, and can't sail.")));
  EXPECT_THAT(WithoutNegation("We can't sail."),
              Optional(std::string("We can sail.")));
  EXPECT_THAT(WithoutNegation("It was not late."),
              Optional(std::string("It was late.")));
  EXPECT_EQ(WithoutNegation("A knot in another notebook."), std::nullopt);
  EXPECT_THAT(WithoutChineseNegation("不过我们没有船。"),
              Optional(std::string("不过我们有船。")));
  EXPECT_EQ(WithoutChineseNegation("差不多到了，是不是？"), std::nullopt);
}

TEST(NegationQualityTest, PutsOneInAtTheFirstVerb) {
  EXPECT_THAT(WithNegation("The boat is late."),
              Optional(std::string("The boat is not late.")));
  EXPECT_EQ(WithNegation("Boats came."), std::nullopt);
  EXPECT_THAT(WithChineseNegation("但是他会来。"),
              Optional(std::string("但是他不会来。")));
  EXPECT_EQ(WithChineseNegation("船来了。"), std::nullopt);
}

TEST(NegationQualityTest, CountsPairsAsTheyAreAndChanged) {
  GoldDocument document;
  const char* const texts[][2] = {{"We never sail.", "我们从不出海。"},
                                  {"He is here.", "他会在这里。"},
                                  {"We sail.", "我们没有船。"}};
  for (int i = 0; i < 3; ++i) {
    Segment segment;
    segment.text = texts[i][0];
    document.english.segments.push_back(segment);
    segment.text = texts[i][1];
    document.chinese.segments.push_back(segment);
    document.beads.push_back({{i}, {i}});
  }
  const GoldDocument* const documents[] = {&document};
  const NegationQuality quality = MeasureNegation(documents);
  EXPECT_EQ(quality.right.cases, 3);
  EXPECT_EQ(quality.right.found, 1);
  EXPECT_EQ(quality.lost_in_chinese.cases, 1);
  EXPECT_EQ(quality.lost_in_chinese.found, 1);
  EXPECT_EQ(quality.lost_in_english.cases, 1);
  EXPECT_EQ(quality.lost_in_english.found, 1);
  EXPECT_EQ(quality.added_in_chinese.cases, 1);
  EXPECT_EQ(quality.added_in_chinese.found, 1);
  EXPECT_EQ(quality.added_in_english.cases, 1);
  EXPECT_EQ(quality.added_in_english.found, 1);
}

// What docs/benchmarks.md says, less a little.
TEST(NegationQualityTest, FewRightPairsAreToldOfAndManyWrongOnes) {
  const std::string data = std::string(DUILIAN_SHARED_DIR) + "/data/";
  if (!std::filesystem::exists(data + "interview/dev.align")) {
    GTEST_SKIP() << "no gold: ../shared/data is absent";
  }
  std::vector<GoldDocument> gold;
  for (const char* const chapter : {"001", "002", "003", "004", "005", "006"}) {
    auto read = aligner::training::ReadGold(
        {chapter, data + "mac-dev/zh/" + chapter,
         data + "mac-dev/en/" + chapter,
         data + "mac-dev/gold/" + chapter + ".align"});
    ASSERT_THAT(read, IsOk());
    gold.push_back(*std::move(read));
  }
  auto interview = aligner::training::ReadGold(
      {"interview", data + "interview/zh.lines.txt",
       data + "interview/en.lines.txt", data + "interview/dev.align"});
  ASSERT_THAT(interview, IsOk());
  gold.push_back(*std::move(interview));
  std::vector<const GoldDocument*> documents;
  for (const GoldDocument& document : gold) documents.push_back(&document);

  const NegationQuality all = MeasureNegation(documents);
  EXPECT_LE(all.right.Share(), 0.02);
  EXPECT_GE(all.lost_in_chinese.Share(), 0.44);
  EXPECT_GE(all.added_in_chinese.Share(), 0.60);
  EXPECT_GE(all.lost_in_english.Share(), 0.20);
  EXPECT_GE(all.added_in_english.Share(), 0.75);
  const NegationQuality talk = MeasureNegation({&documents.back(), 1});
  EXPECT_LE(talk.right.Share(), 0.01);
  EXPECT_GE(talk.lost_in_chinese.Share(), 0.55);
  EXPECT_GE(talk.lost_in_english.Share(), 0.30);
}

}  // namespace
}  // namespace duilian::bench
