#include <cstddef>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "text/language.h"
#include "text/normalize.h"
#include "text/numbers.h"
#include "text/placeholders.h"
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

std::string Utf8(const std::vector<char32_t>& codepoints) {
  std::string text;
  for (const char32_t c : codepoints) AppendUtf8(c, text);
  return text;
}

// What needs the general way, and the rest of the text with it, wherever it
// stands.
TEST(NormalizeTest, FoldsTheFirstCharacterAndTheLast) {
  EXPECT_EQ(NormalizeForMatching("ﬁne"), "fine");
  EXPECT_EQ(NormalizeForMatching("A ﬁg"), "a fig");
  EXPECT_EQ(NormalizeForMatching("Half a kﬁ"), "half a kfi");
  EXPECT_EQ(NormalizeForMatching("下雨了｡"), "下雨了。");
  EXPECT_EQ(NormalizeForMatching("Cafe\u0301"), "café");
  EXPECT_EQ(NormalizeForMatching("㎏"), "kg");
}

TEST(NormalizeTest, TellsWhereEachCodePointStood) {
  using testing::ElementsAre;
  const PlacedText placed = NormalizeWithPlaces(" Ｅe\u0301  ok。 好 ﬁ");
  EXPECT_EQ(Utf8(placed.codepoints), "eé ok。好fi");
  using Span = CodepointSpan;
  EXPECT_THAT(
      placed.places,
      ElementsAre(Span{1, 2}, Span{2, 4}, Span{4, 5}, Span{6, 7}, Span{7, 8},
                  Span{8, 9}, Span{10, 11}, Span{12, 13}, Span{12, 13}));
}

TEST(NormalizeTest, WithPlacesGivesTheSameForm) {
  static constexpr const char* kPieces[] = {"a",
                                            "Ｂ",
                                            " ",
                                            "　",
                                            "中",
                                            "。",
                                            "\u0301",
                                            "ﬁ",
                                            "é",
                                            "´",
                                            "👨‍👩‍👧",
                                            "\u1100",
                                            "\u1161",
                                            "1",
                                            "「",
                                            "\u00AD"};
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (size_t i = random() % 8; i > 0; --i) {
      text += kPieces[random() % std::size(kPieces)];
    }
    SCOPED_TRACE(text);
    const PlacedText placed = NormalizeWithPlaces(text);
    ASSERT_EQ(Utf8(placed.codepoints), NormalizeForMatching(text));
    ASSERT_EQ(placed.places.size(), placed.codepoints.size());
    for (const CodepointSpan& place : placed.places) {
      ASSERT_LT(place.begin, place.end);
      ASSERT_LE(place.end, CountCodepoints(text));
    }
  }
}

TEST(PlaceholdersTest, AreFoundAndLeftOut) {
  const struct {
    const char* text;
    const char* without;
    size_t found;
  } cases[] = {
      {"Press [X1X]Save[X22X] now", "Press Save now", 2},
      {"[X5X]", "", 1},
      {"[X5X][X6X]按这里", "按这里", 2},
      {"[X5] [XX] [X 5X] [x5x] X5X]", "[X5] [XX] [X 5X] [x5x] X5X]", 0},
      {"[X[X7X]", "[X", 1},
      {"[X1234567890X]", "[X1234567890X]", 0},
      {"[X5", "[X5", 0},
      {"{0} of {12}", " of ", 2},
      {"Hi {{user.name}}, {count} new", "Hi ,  new", 2},
      {"{{0}", "{", 1},
      {"{} { 0 } {a b} {名} {", "{} { 0 } {a b} {名} {", 0},
      {"%1$s has %d, %@!", " has , !", 3},
      {"%2$@按%s这里", "按这里", 2},
      {"100%d, %so, 5% set, %1$x, %1s, %", "100%d, %so, 5% set, %1$x, %1s, %",
       0},
      {"", "", 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(WithoutPlaceholders(c.text), c.without);
    EXPECT_THAT(FindPlaceholders(c.text), testing::SizeIs(c.found));
  }
}

TEST(NumbersTest, AreRunsOfDigitsThatAreNoPartOfAName) {
  const struct {
    const char* text;
    std::vector<std::string> numbers;
  } cases[] = {
      {"5 apples, 3.5 and 10,000.", {"5", "3.5", "10,000"}},
      {"from h100 to gpt-4o", {"4"}},
      {"2024年3月", {"2024", "3"}},
      {"1,2,", {"1,2"}},
      {"v1.5", {}},
      {"none", {}},
      {"", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const std::vector<char32_t> text = Codepoints(c.text);
    std::vector<std::string> numbers;
    for (const CodepointSpan& span : FindNumbers(text)) {
      numbers.push_back(
          Utf8({text.begin() + static_cast<ptrdiff_t>(span.begin),
                text.begin() + static_cast<ptrdiff_t>(span.end)}));
    }
    EXPECT_EQ(numbers, c.numbers);
    EXPECT_EQ(NumberlessForm(text).empty(), c.numbers.empty());
  }
  EXPECT_EQ(NumberlessForm(Codepoints("5 of 10")),
            NumberlessForm(Codepoints("1,200 of 3")));
  EXPECT_NE(NumberlessForm(Codepoints("5 of 10")),
            NumberlessForm(Codepoints("5 for 10")));
}

TEST(NumbersTest, ChangeInATranslationWhereTheyStandInBoth) {
  const struct {
    const char* name;
    const char* query;
    const char* text;
    const char* translation;
    std::optional<std::string> changed;
  } cases[] = {
      {"one", "7 apples", "5 apples", "5个苹果", "7个苹果"},
      {"crossed", "9 of 12", "5 of 10", "10个里的5个", "12个里的9个"},
      {"only_the_changed", "5 of 12", "5 of 10", "10个里的五个",
       "12个里的五个"},
      {"both_standings", "7 and 7", "5 and 5", "5和5", "7和7"},
      {"commas_as_there", "2,500 users", "1,200 users", "1200位用户",
       "2500位用户"},
      {"commas_kept", "2,500 users", "1,200 users", "1,200位用户",
       "2,500位用户"},
      {"longer", "1,000 apples", "5 apples", "5个苹果", "1,000个苹果"},
      {"in_other_units", "7 million", "5 million", "500万", std::nullopt},
      {"in_words", "3 apples", "2 apples", "两个苹果", std::nullopt},
      {"once_more_there", "7 apples", "5 apples", "5个，5个", std::nullopt},
      {"one_becomes_two", "6 to 7", "5 to 5", "5到5", std::nullopt},
      {"more_than_numbers", "7 pears", "5 apples", "5个苹果", std::nullopt},
      {"nothing", "5 apples", "5 apples", "5个苹果", std::nullopt},
      {"no_number", "apples", "apples", "苹果", std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::vector<char32_t> translation = Codepoints(c.translation);
    const auto changes =
        ChangeNumbers(Codepoints(c.query), Codepoints(c.text), translation);
    ASSERT_EQ(changes.has_value(), c.changed.has_value());
    if (!changes.has_value()) continue;
    std::string changed;
    size_t kept = 0;
    const auto keep = [&](size_t end) {
      for (; kept < end; ++kept) AppendUtf8(translation[kept], changed);
    };
    for (const NumberChange& change : *changes) {
      keep(change.span.begin);
      changed += change.digits;
      kept = change.span.end;
    }
    keep(translation.size());
    EXPECT_EQ(changed, *c.changed);
  }
}

TEST(NormalizeTest, KeepsSimplifiedAndTraditionalApart) {
  EXPECT_NE(NormalizeForMatching("对联"), NormalizeForMatching("對聯"));
}

}  // namespace
}  // namespace duilian::text
