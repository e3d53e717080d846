#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "text/language.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::text {
namespace {

TEST(Utf8Test, NamesTheFirstBadByte) {
  const struct {
    const char* name;
    std::string text;
    std::optional<size_t> offset;
  } cases[] = {
      {"empty", "", std::nullopt},
      {"chinese", "对联 duilian", std::nullopt},
      {"four_bytes", "𠀋", std::nullopt},
      {"lone_continuation", "ab\x80", 2},
      {"truncated", "对\xE5\xAF", 3},
      {"overlong", "\xC0\xAF", 0},
      {"surrogate", "a\xED\xA0\x80", 1},
      {"gbk", "\xB6\xD4\xC1\xAA", 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(FindInvalidUtf8(c.text), c.offset);
  }
}

TEST(Utf8Test, CodepointsGoThereAndBack) {
  const std::string text = "GPT-5 和 é、𠀋";
  std::string again;
  for (const char32_t c : Codepoints(text)) AppendUtf8(c, again);
  EXPECT_EQ(again, text);
  EXPECT_EQ(CountCodepoints(text), Codepoints(text).size());
}

TEST(Utf8Test, AbbreviatesByCodepointsNotBytes) {
  EXPECT_EQ(Abbreviate("上下文窗口", 3), "上下文…");
  EXPECT_EQ(Abbreviate("上下文", 3), "上下文");
}

TEST(Utf8Test, ChineseTakesTwoColumns) {
  EXPECT_EQ(DisplayWidth("对联 ab"), 7u);
  EXPECT_EQ(DisplayWidth("ＡＢ"), 4u);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1u);
}

TEST(Utf8Test, EmojiIsOneSignOfTwoColumnsHoweverItIsMade) {
  const struct {
    const char* text;
    size_t width;
    size_t signs;
  } cases[] = {
      {"👍", 2, 1},
      {"👍🏽", 2, 1},
      {"👨‍👩‍👧‍👦", 2, 1},
      {"❤️", 2, 1},
      {"❤", 1, 1},
      {"👍👍", 4, 2},
      {"好👩🏽‍💻。", 6, 3},
      {"e\u0301", 1, 1},
      {"a\u200D👍", 3, 2},
      {"", 0, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const absl::string_view text = c.text;
    EXPECT_EQ(DisplayWidth(text), c.width);
    size_t signs = 0;
    for (size_t i = 0; i < text.size(); i = EndOfSign(text, i)) ++signs;
    EXPECT_EQ(signs, c.signs);
  }
}

TEST(LanguageTest, TellsByScript) {
  const struct {
    const char* text;
    std::optional<Language> language;
  } cases[] = {
      {"我觉得 GPT-5 会更好。", Language::kChinese},
      {"AGI 并不是终点", Language::kChinese},
      {"The road to AGI is long.", Language::kEnglish},
      {"12345 …", std::nullopt},
      {"", std::nullopt},
      {"これは日本語のテキストです", std::nullopt},
      {"Это русский текст", std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(DetectLanguage(c.text), c.language);
  }
}

TEST(LanguageTest, ReadsCodesInAnyWriting) {
  EXPECT_EQ(ParseLanguageCode("zh_CN"), Language::kChinese);
  EXPECT_EQ(ParseLanguageCode("ZH-Hant-TW"), Language::kChinese);
  EXPECT_EQ(ParseLanguageCode("en-US"), Language::kEnglish);
  EXPECT_EQ(ParseLanguageCode("enx"), std::nullopt);
  EXPECT_EQ(ParseLanguageCode("de"), std::nullopt);
}

TEST(NormalizeTest, MakesWritingVariantsEqual) {
  const struct {
    const char* a;
    const char* b;
  } cases[] = {
      {"ＧＰＴ－４ 很好", "gpt-4很好"},
      {"“你好”", "「你好」"},
      {"It’s  fine ", "it's fine"},
      {"我 用 Sora", "我用sora"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(NormalizeForMatching(c.a), NormalizeForMatching(c.b));
  }
}

TEST(NormalizeTest, KeepsSimplifiedAndTraditionalApart) {
  EXPECT_NE(NormalizeForMatching("对联"), NormalizeForMatching("對聯"));
}

}  // namespace
}  // namespace duilian::text
