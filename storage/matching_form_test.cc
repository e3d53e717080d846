#include "storage/matching_form.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using testing::ElementsAre;
using Span = text::CodepointSpan;

TEST(MatchingFormTest, LeavesPlaceholdersOut) {
  EXPECT_EQ(MatchingForm("Press [X1X]SAVE[X2X]  now"), "press save now");
  EXPECT_EQ(MatchingForm("请按 [X5X] 保存"), "请按保存");
  EXPECT_EQ(MatchingForm("[X5X]"), "");
}

TEST(MatchingFormTest, TellsPlacesInTheTextAsWritten) {
  const text::PlacedText placed = PlaceMatchingForm("[X1X]Ａ [X22X]b。[X3X]");
  std::string form;
  for (const char32_t c : placed.codepoints) text::AppendUtf8(c, form);
  EXPECT_EQ(form, "a b。");
  EXPECT_THAT(placed.places,
              ElementsAre(Span{5, 6}, Span{6, 7}, Span{13, 14}, Span{14, 15}));
  EXPECT_THAT(PlaceMatchingForm("[X1X]").places, testing::IsEmpty());
}

TEST(MatchingFormTest, WidthMarksDifferWhereWidthsDo) {
  const struct {
    const char* a;
    const char* b;
    bool same;
  } cases[] = {
      {"好，走吧", "好,走吧", false}, {"ＧＰＴ", "GPT", false},
      {"Ｇpt", "gＰt", false},        {"好，走吧", "好，走吧", true},
      {"GPT 很好", "gpt很好", true},  {"好 ， 走", "好，走", true},
      {"你　好", "你好", true},       {"", "", true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.a);
    EXPECT_EQ(MatchingForm(c.a), MatchingForm(c.b));
    EXPECT_EQ(WidthMark(c.a) == WidthMark(c.b), c.same);
  }
}

}  // namespace
}  // namespace duilian::storage
