#include "storage/matching_units.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/matching_form.h"
#include "text/normalize.h"

namespace duilian::storage {
namespace {

using testing::ElementsAreArray;

std::vector<std::string> UnitsOf(absl::string_view original) {
  const std::string normalized = MatchingForm(original);
  std::vector<std::string> units;
  for (const text::ByteSpan& unit : SplitUnits(normalized)) {
    units.push_back(normalized.substr(unit.begin, unit.size()));
  }
  return units;
}

struct Case {
  const char* name;
  const char* original;
  std::vector<std::string> units;
  std::vector<std::string> as_written;
};

const std::vector<Case>& Cases() {
  static const std::vector<Case>& cases = *new std::vector<Case>{
      {"english", "Hello, World!", {"hello", "world"}, {"Hello", "World"}},
      {"apostrophe",
       "Don’t ‘quote’ dogs'",
       {"don't", "quote", "dogs"},
       {"Don’t", "quote", "dogs"}},
      {"numbers",
       "3.5 or 10,000, v1. 2",
       {"3.5", "or", "10,000", "v1", "2"},
       {"3.5", "or", "10,000", "v1", "2"}},
      {"hyphen", "twenty-three", {"twenty", "three"}, {"twenty", "three"}},
      {"chinese",
       "「你好」，世界。",
       {"你", "好", "世", "界"},
       {"你", "好", "世", "界"}},
      {"latin_in_chinese",
       "用GPT-4模型训练Transformer",
       {"用", "gpt", "4", "模", "型", "训", "练", "transformer"},
       {"用", "GPT", "4", "模", "型", "训", "练", "Transformer"}},
      {"full_width", "ＡＧＩ１２　ｘ", {"agi12", "x"}, {"ＡＧＩ１２", "ｘ"}},
      {"composed_from_two",
       "Cafe\u0301 ok",
       {"caf\u00E9", "ok"},
       {"Cafe\u0301", "ok"}},
      {"ligature_and_square", "ﬁne ㎏", {"fine", "kg"}, {"ﬁne", "㎏"}},
      {"sharp_s", "Straße", {"strasse"}, {"Straße"}},
      {"soft_hyphen", "co\u00ADop", {"coop"}, {"co\u00ADop"}},
      {"nothing", "…… 「」 !? ©", {}, {}},
      {"emoji",
       "Bees🐝🐝, 好👍🏽!",
       {"bees", "🐝", "🐝", "好", "👍"},
       {"Bees", "🐝", "🐝", "好", "👍"}},
      {"sign_that_can_be_an_emoji",
       "爱❤️你 ❤️❤ ★5, call ☎ ®",
       {"爱", "❤", "你", "❤", "❤", "★", "5", "call", "☎"},
       {"爱", "❤️", "你", "❤️", "❤", "★", "5", "call", "☎"}},
      {"beyond_the_basic_plane",
       "𠮷野家",
       {"𠮷", "野", "家"},
       {"𠮷", "野", "家"}},
      {"placeholders",
       "{{a_b}}{0} Press [X1X]OK[X2X] of 10 %s, 按%d次na{x}me",
       {"press", "ok", "of", "10", "按", "次", "name"},
       {"Press", "OK", "of", "10", "按", "次", "na{x}me"}},
  };
  return cases;
}

// The common characters are folded one by one; a soft hyphen, which goes, sends
// a text the general way.
TEST(MatchingUnitsTest, CommonCharactersAreFoldedAsTheGeneralWayDoes) {
  std::vector<char32_t> characters = {0x3001, 0x3002, 0x2014, 0x2018, 0x2019,
                                      0x201C, 0x201D, 0x300A, 0x300B, 0x300C,
                                      0x300D, 0x300E, 0x300F};
  for (char32_t c = 1; c < 0x80; ++c) characters.push_back(c);
  for (char32_t c = 0xFF01; c <= 0xFF5E; ++c) characters.push_back(c);
  for (char32_t c = 0x4E00; c <= 0x9FFF; ++c) characters.push_back(c);
  for (const char32_t c : characters) {
    std::string text = "x";
    text::AppendUtf8(c, text);
    text += "y";
    ASSERT_EQ(text::NormalizeForMatching(text),
              text::NormalizeForMatching(text + "\xC2\xAD"))
        << std::hex << static_cast<uint32_t>(c);
  }
}

TEST(MatchingUnitsTest, WordsAndHanCharactersAreUnits) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(UnitsOf(c.original), ElementsAreArray(c.units));
  }
}

TEST(MatchingUnitsTest, PlacedUnitsAreTheSameAndStandWhereTheyWereWritten) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    const std::string original = c.original;
    std::vector<std::string> units;
    std::vector<std::string> as_written;
    for (const PlacedUnit& unit : PlaceUnits(original)) {
      units.push_back(unit.text);
      as_written.push_back(original.substr(unit.span.begin, unit.span.size()));
    }
    EXPECT_THAT(units, ElementsAreArray(c.units));
    EXPECT_THAT(as_written, ElementsAreArray(c.as_written));
  }
}

}  // namespace
}  // namespace duilian::storage
