#include "clients/table.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string Text(const Cell& cell) {
  std::string text;
  for (const Glyph& glyph : cell) text += glyph.utf8;
  return text;
}

std::vector<std::string> Wrapped(absl::string_view text, size_t width) {
  std::vector<std::string> lines;
  for (const Cell& line : WrapCell(MakeCell(text), width)) {
    lines.push_back(Text(line));
  }
  return lines;
}

TerminalTraits Plain(size_t columns) { return {false, false, columns}; }

TEST(WrapCellTest, EnglishBreaksAtSpaces) {
  EXPECT_THAT(Wrapped("the quick brown fox", 10),
              ElementsAre("the quick", "brown fox"));
}

TEST(WrapCellTest, ChineseBreaksBetweenCharactersOfTwoColumns) {
  EXPECT_THAT(Wrapped("我们一起去看海", 6),
              ElementsAre("我们一", "起去看", "海"));
}

TEST(WrapCellTest, ClosingMarkNeverBeginsALine) {
  EXPECT_THAT(Wrapped("我们走了。你来", 8), ElementsAre("我们走", "了。你来"));
}

TEST(WrapCellTest, OpeningMarkNeverEndsALine) {
  EXPECT_THAT(Wrapped("他们说「好」", 8), ElementsAre("他们说", "「好」"));
}

TEST(WrapCellTest, EnglishInsideChineseStaysWhole) {
  EXPECT_THAT(Wrapped("我用Python写", 8), ElementsAre("我用", "Python写"));
}

TEST(WrapCellTest, WordLongerThanTheLineIsCutWhereTheLineIsFull) {
  EXPECT_THAT(Wrapped("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
}

TEST(WrapCellTest, NoLineIsWiderThanAsked) {
  const std::string text =
      "他说：“GPT-4 的 context window 有多大？”我答：……大约是 128,000 tokens。";
  for (size_t width = 2; width < 60; ++width) {
    SCOPED_TRACE(width);
    for (const Cell& line : WrapCell(MakeCell(text), width)) {
      EXPECT_LE(CellWidth(line), width);
    }
  }
}

TEST(WrapCellTest, JoinedEmojiTakeTwoColumnsAndAreNotCut) {
  const Cell cell = MakeCell("好👨‍👩‍👧👍🏽");
  EXPECT_EQ(CellWidth(cell), 6u);
  EXPECT_THAT(Wrapped("好👨‍👩‍👧👍🏽", 4),
              ElementsAre("好👨‍👩‍👧", "👍🏽"));
}

TEST(WrapCellTest, EmptyTextIsOneEmptyLine) {
  EXPECT_THAT(Wrapped("", 10), ElementsAre(""));
}

TEST(MakeCellTest, CombiningCharactersTakeNoColumn) {
  const Cell cell = MakeCell("e\u0301a");
  EXPECT_EQ(CellWidth(cell), 2u);
  ASSERT_EQ(cell.size(), 2u);  // so that no line break comes between
  EXPECT_EQ(cell[0].utf8, "e\u0301");
}

TEST(MakeMarkedCellTest, BracketsStandForColour) {
  EXPECT_EQ(Text(MakeMarkedCell("去看海吧", {{6, 9}, {0, 3}}, false)),
            "[去]看[海]吧");
}

TEST(MakeMarkedCellTest, OverlappingAndOutlyingRangesAreHarmless) {
  EXPECT_EQ(Text(MakeMarkedCell("abcdef", {{0, 3}, {2, 4}, {5, 99}}, false)),
            "[abc][d]e[f]");
}

TEST(TableTest, WideCharactersLineUp) {
  Table table({{"conf", false, true}, {"zh", true}, {"en", true}}, Plain(36));
  table.Add({MakeCell("0.97"), MakeCell("我们去看海。"),
             MakeCell("We went to see the sea.")});
  table.Add({MakeCell("1"), MakeCell("好"), MakeCell("Fine.")});
  EXPECT_EQ(table.Flush(),
            "conf | zh           | en\n"
            "-----+--------------+---------------\n"
            "0.97 | 我们去看海。 | We went to see\n"
            "     |              | the sea.\n"
            "   1 | 好           | Fine.\n");
}

TEST(TableTest, LaterPagesKeepTheWidthsAndHaveNoHeader) {
  Table table({{"a"}, {"b", true}}, Plain(20));
  table.Add({MakeCell("xx"), MakeCell("one")});
  EXPECT_EQ(table.Flush(), "a  | b\n---+----\nxx | one\n");
  table.Add({MakeCell("y"), MakeCell("four five")});
  EXPECT_EQ(table.Flush(), "y  | fou\n   | r\n   | fiv\n   | e\n");
  EXPECT_EQ(table.Flush(), "");
}

TEST(TableTest, EmptyTablePrintsNothing) {
  Table table({{"a"}}, Plain(20));
  EXPECT_EQ(table.Flush(), "");
}

TEST(TableTest, ColoursAppearOnlyWhenAskedFor) {
  for (const bool colour : {false, true}) {
    SCOPED_TRACE(colour);
    Table table({{"a"}}, {colour, colour, 20});
    table.Add({MakeCell("x", Style::kGreen)});
    if (colour) {
      EXPECT_THAT(table.Flush(), HasSubstr("\x1b[32mx\x1b[0m"));
    } else {
      EXPECT_THAT(table.Flush(), Not(HasSubstr("\x1b")));
    }
  }
}

TEST(TableTest, ControlSequencesOfATextDoNotReachTheTerminal) {
  Table table({{"a", true}}, {true, false, 40});
  table.Add({MakeCell("\x1b]0;gotcha\x07\x1b[2J\xc2\x9b")});
  const std::string out = table.Flush();
  EXPECT_THAT(out, HasSubstr("␛]0;gotcha␇␛[2J"));
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(out, Not(HasSubstr("\xc2\x9b")));
}

}  // namespace
}  // namespace duilian::clients
