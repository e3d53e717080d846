// What is printed: TSV, JSON, the ladder, confidences.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "clients/alignment.h"
#include "clients/pair_output.h"
#include "clients/tsv.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TsvTest, TabsAndLineBreaksInsideAFieldAreEscaped) {
  EXPECT_EQ(EscapeTsv("a\tb\nc\rd\\e"), "a\\tb\\nc\\rd\\\\e");
  EXPECT_EQ(EscapeTsv("「海」 \"x\""), "「海」 \"x\"");
}

TEST(TsvTest, RowIsOneLineWhateverItHolds) {
  EXPECT_EQ(TsvRow({"a\n", "", "海"}, false), "a\\n\t\t海\n");
}

TEST(TsvTest, EscapesOfATextReachAFileButNotATerminal) {
  EXPECT_EQ(TsvRow({"\x1b[2J"}, false), "\x1b[2J\n");
  EXPECT_EQ(TsvRow({"\x1b[2J"}, true), "␛[2J\n");
}

TEST(LadderTest, LineNamesChineseThenEnglishThenConfidence) {
  const struct {
    const char* name;
    AlignedBead bead;
    const char* line;
  } cases[] = {
      {"two_to_one", {{3, 4}, {5}, 0.97}, "[3, 4]:[5]:0.9700"},
      {"insertion", {{}, {0}, 0.5}, "[]:[0]:0.5000"},
      {"deletion", {{12}, {}, 1}, "[12]:[]:1.0000"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(LadderLine(c.bead), c.line);
  }
}

TEST(AlignmentTest, ASpaceStandsBetweenEnglishSentencesAlone) {
  std::vector<AlignedSegment> segments(2);
  segments[0].text = "One.";
  segments[1].text = "Two.";
  EXPECT_EQ(JoinEnglish(segments, {0, 1}), "One. Two.");
  EXPECT_EQ(JoinChinese(segments, {0, 1}), "One.Two.");
  EXPECT_EQ(JoinEnglish(segments, {-1, 1, 7}), "Two.");
}

TEST(PairOutputTest, ConfidenceIsNeverRoundedUpToCertain) {
  EXPECT_EQ(ConfidenceWord(0.999), "0.99");
  EXPECT_EQ(ConfidenceWord(1), "1.00");
  EXPECT_EQ(ConfidenceWord(0.29), "0.29");
}

TEST(PairOutputTest, OnePairIsNotSeveral) {
  EXPECT_EQ(PairCount(0), "0 pairs");
  EXPECT_EQ(PairCount(1), "1 pair");
  EXPECT_EQ(PairCount(21), "21 pairs");
}

TEST(PairOutputTest, IdsBecomeNamesAndNamesStay) {
  EXPECT_EQ(ProjectName("p"), "projects/p");
  EXPECT_EQ(ProjectName("projects/p"), "projects/p");
  EXPECT_EQ(DocumentName("p", "d"), "projects/p/documents/d");
  EXPECT_EQ(DocumentName("p", ""), "");
  EXPECT_EQ(PairName("p", "projects/q/pairs/7"), "projects/q/pairs/7");
  EXPECT_EQ(ShortName("projects/q/pairs/7"), "7");
}

TEST(PairOutputTest, TsvHasAFieldForEachColumn) {
  v1::Pair pair;
  pair.set_name("projects/p/pairs/1");
  pair.mutable_source()->set_text("Tab\there");
  pair.mutable_source()->mutable_timestamp()->set_seconds(73);
  pair.set_status(v1::ACCEPTED);
  const std::vector<std::string> header = PairTsvHeader();
  const std::vector<std::string> fields = PairTsvFields(pair);
  ASSERT_EQ(fields.size(), header.size());
  EXPECT_EQ(fields[0], "projects/p/pairs/1");
  EXPECT_EQ(fields[2], "accepted");
  EXPECT_EQ(header[9], "timestamp_seconds");
  EXPECT_EQ(fields[9], "73");
}

TEST(PairOutputTest, ATimestampOfTsvIsNotRounded) {
  v1::Pair pair;
  pair.mutable_target()->mutable_timestamp()->set_seconds(1'000'073);
  pair.mutable_target()->mutable_timestamp()->set_nanos(125'000'000);
  EXPECT_EQ(PairTsvFields(pair)[9], "1000073.125");
}

TEST(PairOutputTest, JsonKeepsTextAndHidesItsControlCharacters) {
  v1::Pair pair;
  pair.mutable_target()->set_text("海\x1b[2J\x7f\xc2\x9b\n");
  const std::string text = JsonText(PairToJson(pair), 2);
  EXPECT_THAT(text, HasSubstr("海\\u001b[2J\\u007f\\u009b\\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_EQ(nlohmann::json::parse(text)["target"]["text"],
            "海\x1b[2J\x7f\xc2\x9b\n");
}

}  // namespace
}  // namespace duilian::clients
