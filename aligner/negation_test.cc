#include "aligner/negation.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> SureIn(const std::string& text,
                                text::Language language) {
  std::vector<std::string> seen;
  for (const text::ByteSpan& span : ReadNegations(text, language).sure) {
    seen.push_back(text.substr(span.begin, span.size()));
  }
  return seen;
}

TEST(NegationTest, ReadsWhatDenies) {
  EXPECT_THAT(
      SureIn("We don’t know, and nobody can't.", text::Language::kEnglish),
      ElementsAre("don’t", "nobody", "can't"));
  EXPECT_THAT(
      SureIn("Not today. I cannot, ever; never.", text::Language::kEnglish),
      ElementsAre("Not", "cannot", "never"));
  EXPECT_THAT(SureIn("我不知道，他们也没有说。", text::Language::kChinese),
              ElementsAre("不知", "没有"));
  EXPECT_THAT(SureIn("我們沒有船。", text::Language::kChinese),
              ElementsAre("沒有"));
}

TEST(NegationTest, LeavesOutWhatDeniesNothing) {
  for (const char* english :
       {"Isn't it lovely?", "You came, didn't you?", "Not only boats.",
        "No doubt it floats.", "No, it floats.", "I can't help laughing.",
        "It is noted in the notebook.", "Whether or not it floats."}) {
    SCOPED_TRACE(english);
    EXPECT_THAT(SureIn(english, text::Language::kEnglish), IsEmpty());
  }
  for (const char* chinese :
       {"是不是这样？", "你有没有船？", "能不能快些？", "不过船来了。",
        "差不多到了。", "非常特别。", "别人的船。", "除非下雨。",
        "无论如何都去。", "船到了没有？", "难道不是船吗？", "他不得不去。"}) {
    SCOPED_TRACE(chinese);
    EXPECT_THAT(SureIn(chinese, text::Language::kChinese), IsEmpty());
  }
}

TEST(NegationTest, SaysWhatMayHoldOne) {
  const struct {
    const char* text;
    text::Language language;
    bool possible;
  } cases[] = {
      {"We have hardly any boats.", text::Language::kEnglish, true},
      {"He is unable to row.", text::Language::kEnglish, true},
      {"The harmless fish.", text::Language::kEnglish, true},
      {"Nothing but boats.", text::Language::kEnglish, true},
      {"We discuss the distance under the sun.", text::Language::kEnglish,
       false},
      {"船不同了。", text::Language::kChinese, true},
      {"这很难。", text::Language::kChinese, true},
      {"他打不过我。", text::Language::kChinese, true},
      {"不过船很特别，差不多到了。", text::Language::kChinese, false},
      {"", text::Language::kChinese, false},
      {"", text::Language::kEnglish, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(ReadNegations(c.text, c.language).possible, c.possible);
  }
}

TEST(NegationTest, ComparesOnlyWhetherASideDenies) {
  const struct {
    const char* name;
    const char* english;
    const char* chinese;
    const char* seen;  // nullptr: nothing speaks against the pair
  } cases[] = {
      {"both", "We do not sail.", "我们不出海。", nullptr},
      {"neither", "We sail.", "我们出海。", nullptr},
      {"lost", "We do not sail.", "我们出海。", "not"},
      {"added", "We sail.", "我们不会出海。", "不会"},
      {"said otherwise", "We failed to sail.", "我们没能出海。", nullptr},
      {"unless", "Sail unless it rains.", "别出海，除非没有雨。", nullptr},
      {"until", "We sail until dusk.", "天黑了我们也不会停。", nullptr},
      {"until, in English", "We don't sail until dusk.", "天黑我们出海。",
       nullptr},
      {"only but", "It's not only big.", "它又大又好。", nullptr},
      {"but and not", "But we sail.", "不过我们没有船。", "没有"},
      {"twice and once", "No, we never, never sail.", "我们从不出海。",
       nullptr},
      {"traditional", "We sail.", "我們不會出海。", "不會"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto mismatch = CompareNegations(c.english, c.chinese);
    ASSERT_EQ(mismatch.has_value(), c.seen != nullptr);
    if (!mismatch.has_value()) continue;
    const bool in_english = mismatch->side == text::Language::kEnglish;
    EXPECT_EQ(std::string(in_english ? c.english : c.chinese)
                  .substr(mismatch->span.begin, mismatch->span.size()),
              c.seen);
  }
}

}  // namespace
}  // namespace duilian::aligner
