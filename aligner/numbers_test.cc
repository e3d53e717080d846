#include "aligner/numbers.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using text::Language;

std::vector<double> Values(absl::string_view text, Language language) {
  std::vector<double> values;
  for (const NumberMention& n : FindNumbers(text, language)) {
    values.push_back(n.value);
  }
  return values;
}

struct Case {
  const char* text;
  std::vector<double> values;
};

TEST(NumbersTest, ReadsDigitsInEitherWidth) {
  const Case cases[] = {
      {"共 1,000.5 元", {1000.5}},
      {"１２，３４５ 人和 ６．５ 吨", {12345, 6.5}},
      {"第 3，400 页", {3, 400}},
      {"1,2,3", {1, 2, 3}},
      {"2024.3.18", {2024, 3, 18}},
      {"11 月 16 日，下午 3:45", {11, 16, 3, 45}},
      {"[听不清 00:09:22] 5", {5}},
      {"90 年代", {90}},
      {"0.5", {0.5}},
      {"价格是 7.", {7}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Values(c.text, Language::kChinese), ElementsAreArray(c.values));
  }
}

TEST(NumbersTest, TakesTheMagnitudeBehind) {
  const Case cases[] = {
      {"7 万亿美元", {7e12}},
      {"3 亿", {3e8}},
      {"3千万", {3e7}},
      {"20 多万人", {2e5}},
      {"1 亿 2000 万", {1.2e8}},
      {"5 千克和 10 千米", {5, 10}},
      {"$7 trillion", {7e12}},
      {"2.5 billion", {2.5e9}},
      {"10k 和 7B", {1e4, 7e9}},
      {"200 hundred thousand", {2e7}},
      {"a 5-million-year", {5e6}},
      {"10 thousands-year", {10}},
      {"3 万 5 千", {35000}},
      {"3 million 2 千", {3002000}},
      {"3 km 外，20km 远", {3, 20}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Values(c.text, Language::kChinese), ElementsAreArray(c.values));
  }
}

TEST(NumbersTest, PercentagesAreTheirNumber) {
  const Case chinese[] = {
      {"80%", {80}},           {"８０％", {80}},     {"百分之八十", {80}},
      {"百分之 12.5", {12.5}}, {"百分之百", {100}},  {"千分之三", {0.3}},
      {"万分之 5", {0.05}},    {"萬分之五", {0.05}}, {"千分之万分之", {}},
  };
  for (const auto& c : chinese) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Values(c.text, Language::kChinese), ElementsAreArray(c.values));
  }
  const Case english[] = {
      {"80 percent", {80}},
      {"80 per cent of it", {80}},
      {"eighty percent", {80}},
      {"80 percentages", {80}},
  };
  for (const auto& c : english) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Values(c.text, Language::kEnglish), ElementsAreArray(c.values));
  }
}

TEST(NumbersTest, ReadsChineseNumerals) {
  const Case cases[] = {
      {"二十三", {23}},     {"三百零五", {305}},     {"一百二", {120}},
      {"三万五", {35000}},  {"三万零五", {30005}},   {"十亿", {1e9}},
      {"五千万亿", {5e15}}, {"三亿五千万", {3.5e8}}, {"二〇二四年", {2024}},
      {"一九八四", {1984}}, {"三四个人", {3, 4}},    {"三四十人", {30, 40}},
      {"三点五倍", {3.5}},  {"三点十分", {3, 10}},   {"数百万人", {1e6}},
      {"两位", {2}},        {"壹仟贰佰", {1200}},    {"三分之一", {3, 1}},
      {"星期四", {4}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Values(c.text, Language::kChinese), ElementsAreArray(c.values));
  }
}

TEST(NumbersTest, ReadsTraditionalChineseAsItReadsSimplified) {
  const Case cases[] = {
      {"7 萬億美元", {7e12}},  {"20 餘萬人", {2e5}},  {"十億", {1e9}},
      {"三點五倍", {3.5}},     {"三點十分", {3, 10}}, {"數百萬人", {1e6}},
      {"三點五個", {3, 5}},    {"兩位", {2}},         {"壹仟貳佰", {1200}},
      {"三億五千萬", {3.5e8}}, {"20 幾億", {2e9}},    {"三萬零五", {30005}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Values(c.text, Language::kChinese), ElementsAreArray(c.values));
  }
  for (const char* text : {"一樣", "統一", "這一", "千萬別去", "萬一下雨",
                           "一會就來", "單一", "一時"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(Values(text, Language::kChinese), ElementsAre());
  }
}

TEST(NumbersTest, ChineseWordsThatHoldANumeralAreNotNumbers) {
  for (const char* text : {"十分重要", "一样", "统一", "一直一起", "千万别去",
                           "百度", "万一下雨", "四处看看", "再三"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(Values(text, Language::kChinese), ElementsAre());
  }
}

TEST(NumbersTest, ReadsEnglishWords) {
  const Case cases[] = {
      {"twenty-three years", {23}},
      {"a hundred and five", {105}},
      {"three hundred thousand", {3e5}},
      {"two million five hundred", {2000500}},
      {"nineteen eighty-four", {1984}},
      {"twenty twenty", {2020}},
      {"one, two and three", {1, 2, 3}},
      {"one two three", {1, 2, 3}},
      {"the twenty-first", {21}},
      {"millions of people", {1e6}},
      {"Thursday, November 16th", {4, 11, 16}},
      {"it may march", {}},
      {"on May 3", {5, 3}},
      {"anyone, someone's often", {}},
      {"a thousand and a half", {1000}},
      {"hundred and then some", {100}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Values(c.text, Language::kEnglish), ElementsAreArray(c.values));
  }
}

TEST(NumbersTest, DigitsOfNamesAreNotNumbers) {
  for (const char* text : {"GPT-4", "GPT-3.5-turbo", "Q3", "gpt4o", "4o",
                           "a 3D print", "node.js", "F-16s", "the o1 model"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(Values(text, Language::kEnglish), ElementsAre());
  }
}

TEST(NumbersTest, TellsWordsFromDigits) {
  const auto numbers = FindNumbers("三个人用 3 万元", Language::kChinese);
  ASSERT_EQ(numbers.size(), 2u);
  EXPECT_TRUE(numbers[0].spelled);
  EXPECT_FALSE(numbers[1].spelled);
}

TEST(NumbersTest, SpansHoldTheMagnitudeAndTheSign) {
  const std::string text = "约 7 万亿，占 80 %，百分之九。";
  const auto numbers = FindNumbers(text, Language::kChinese);
  ASSERT_EQ(numbers.size(), 3u);
  const auto at = [&](int i) {
    const text::ByteSpan span = numbers[static_cast<size_t>(i)].span;
    return text.substr(span.begin, span.size());
  };
  EXPECT_EQ(at(0), "7 万亿");
  EXPECT_EQ(at(1), "80 %");
  EXPECT_EQ(at(2), "百分之九");
}

TEST(NumbersTest, RunsTooLongForANumberAreNone) {
  EXPECT_THAT(Values(std::string(400, '9'), Language::kEnglish), ElementsAre());
  std::string percents;
  for (int i = 0; i < 100'000; ++i) percents += "百分之";
  EXPECT_THAT(Values(percents + "三", Language::kChinese), ElementsAre(3));
  std::string units;
  for (int i = 0; i < 400; ++i) units += "亿";
  EXPECT_THAT(Values("三" + units, Language::kChinese), ElementsAre());
  EXPECT_THAT(Values("3" + units, Language::kChinese), ElementsAre(3e16));
}

}  // namespace
}  // namespace duilian::aligner
