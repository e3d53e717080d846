#include "aligner/quotation_marks.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using testing::ElementsAreArray;

std::vector<std::pair<int, int>> Count(
    const std::vector<std::string>& segments) {
  Transcript transcript;
  for (const std::string& text : segments) {
    Segment segment;
    segment.text = text;
    transcript.segments.push_back(segment);
  }
  std::vector<std::pair<int, int>> counts;
  for (const QuotationMarks& marks : CountQuotationMarks(transcript)) {
    counts.emplace_back(marks.opened, marks.closed);
  }
  return counts;
}

TEST(QuotationMarksTest, AreCountedSegmentBySegment) {
  struct Example {
    const char* why;
    std::vector<std::string> segments;
    std::vector<std::pair<int, int>> counts;  // opened, closed
  };
  const std::vector<Example> examples = {
      {"none", {"船夫收起了桨。", "He put the oars away."}, {{0, 0}, {0, 0}}},
      {"over two segments",
       {"船夫说：“潮水要来了。", "快走！”"},
       {{1, 0}, {0, 1}}},
      {"corner brackets", {"「潮水要來了。」船夫說。"}, {{1, 1}}},
      {"an inner quotation", {"“他说‘快走’，就这样。”"}, {{1, 1}}},
      {"inner corner brackets", {"「他說『快走』，就這樣。」"}, {{1, 1}}},
      {"white corner brackets alone", {"『快走』"}, {{1, 1}}},
      {"straight marks",
       {"\"The tide is coming,\" he said. \"Go!\""},
       {{2, 2}}},
      {"a straight mark over two segments",
       {"\"The tide is coming.", "Go!\""},
       {{1, 0}, {0, 1}}},
      {"a forgotten straight mark",
       {"\"The tide is coming.", "\"Go!", "Now!\""},
       {{1, 0}, {1, 0}, {0, 1}}},
      {"single marks and an apostrophe",
       {"'It isn't the tide,' he said."},
       {{1, 1}}},
      {"curly single marks", {"‘It isn’t the tide,’ he said."}, {{1, 1}}},
      {"a possessive inside a quotation",
       {"'Those are the boys' oars.", "Take them.'"},
       {{1, 0}, {0, 1}}},
      {"a possessive alone", {"The boatmen's oars, the boys' nets."}, {{0, 0}}},
      {"a single one inside a double one",
       {"“He said ‘Go!’ and left.”", "\"He said 'Go!' and left.\""},
       {{1, 1}, {1, 1}}},
      {"Chinese words in single marks",
       {"他叫它‘余烬’，也叫‘灰’的。"},
       {{2, 2}}},
      {"closed, never opened", {"快走！”"}, {{0, 0}}},
  };
  for (const Example& example : examples) {
    EXPECT_THAT(Count(example.segments), ElementsAreArray(example.counts))
        << example.why;
  }
}

TEST(QuotationMarksTest, StopAt255) {
  std::string many;
  for (int k = 0; k < 300; ++k) many += "“快走！”";
  EXPECT_THAT(Count({many}),
              ElementsAreArray(std::vector<std::pair<int, int>>{{255, 255}}));
}

}  // namespace
}  // namespace duilian::aligner
