#include "aligner/phrase_links.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "aligner/chinese_words.h"
#include "aligner/name_likeness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::Gt;
using testing::Lt;
using text::ByteSpan;
using text::Language;

class PhraseLinksTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto model = Model::Load(DUILIAN_MODEL_PACK);
    ASSERT_THAT(model, testing_support::IsOk());
    model_ = model->release();
  }
  static void TearDownTestSuite() {
    delete model_;
    model_ = nullptr;
  }

  struct Answer {
    std::string text;  // "-": not rendered
    double confidence = 0;
  };

  // The rendering of the first place of `phrase` in its side.
  static Answer Find(const std::string& chinese, const std::string& english,
                     Language language, const std::string& phrase) {
    const bool from_chinese = language == Language::kChinese;
    const size_t at = (from_chinese ? chinese : english).find(phrase);
    EXPECT_NE(at, std::string::npos) << phrase;
    const PhraseLink link = PhraseLinker(*model_, chinese, english)
                                .Link(language, {at, at + phrase.size()});
    if (!link.span.has_value()) return {"-", link.confidence};
    return {(from_chinese ? english : chinese)
                .substr(link.span->begin, link.span->size()),
            link.confidence};
  }

  static const Model* model_;
};

const Model* PhraseLinksTest::model_ = nullptr;

struct LinkCase {
  std::string chinese, english, chinese_phrase, english_phrase;
};

TEST_F(PhraseLinksTest, FindsAPhraseOfEitherSideInTheOther) {
  const std::string met = "我昨天在北京见到了那位新来的工程师。";
  const std::string met_en = "I met the new engineer in Beijing yesterday.";
  const std::string museum = "这座博物馆每年吸引三百万游客,其中一半来自国外。";
  const std::string museum_en =
      "The museum draws three million visitors a year, half of them from "
      "abroad.";
  const LinkCase cases[] = {
      {met, met_en, "北京", "Beijing"},
      {met, met_en, "昨天", "yesterday"},
      {met, met_en, "工程师", "engineer"},
      {museum, museum_en, "博物馆", "museum"},
      {museum, museum_en, "三百万游客", "three million visitors"},
      {"伊莎贝拉把钥匙交给了邻居。", "Isabella gave the neighbour her keys.",
       "伊莎贝拉", "Isabella"},
      {"他们为 Orion-7 重写了调度器。",
       "They rewrote the scheduler for Orion-7.", "Orion-7", "Orion-7"},
      {"如果磁盘坏了,就从备份恢复。",
       "If the disk fails, restore from the backup.", "备份", "backup"},
  };
  for (const LinkCase& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.chinese_phrase, " = ", c.english_phrase));
    const Answer english =
        Find(c.chinese, c.english, Language::kChinese, c.chinese_phrase);
    EXPECT_EQ(english.text, c.english_phrase);
    EXPECT_GT(english.confidence, 0.6);
    const Answer chinese =
        Find(c.chinese, c.english, Language::kEnglish, c.english_phrase);
    EXPECT_EQ(chinese.text, c.chinese_phrase);
    EXPECT_GT(chinese.confidence, 0.6);
  }
}

TEST_F(PhraseLinksTest, IsLessSureOfWhatTheOtherSideDoesNotSay) {
  const std::string english = "The bakery opens at seven on weekdays.";
  const Answer there =
      Find("面包店工作日七点开门。", english, Language::kEnglish, "bakery");
  const Answer gone =
      Find("量子纠缠仍然无法解释。", english, Language::kEnglish, "bakery");
  EXPECT_GT(there.confidence, 0.9);
  EXPECT_THAT(gone.text == "-" ? 0 : gone.confidence, Lt(0.5));
}

TEST_F(PhraseLinksTest, SaysThatAPhraseIsNotRendered) {
  const Answer answer = Find("好。", "Fine, restart the reverse proxy first.",
                             Language::kEnglish, "reverse proxy");
  EXPECT_EQ(answer.text, "-");
  EXPECT_GT(answer.confidence, 0.8);
}

TEST_F(PhraseLinksTest, AnswersATermWithItsGlossInBrackets) {
  const std::string chinese = "大型语言模型(LLM)的成本,大家都在谈论。";
  const std::string english = "Everyone talks about what an LLM costs.";
  EXPECT_EQ(Find(chinese, english, Language::kEnglish, "LLM").text,
            "大型语言模型(LLM)");
  EXPECT_EQ(
      Find(chinese, english, Language::kChinese, "大型语言模型(LLM)").text,
      "LLM");
}

TEST_F(PhraseLinksTest, ReadsTraditionalAsItReadsSimplified) {
  const std::string english = "I met the new engineer in Beijing yesterday.";
  EXPECT_EQ(Find("我昨天在北京見到了那位新來的工程師。", english,
                 Language::kEnglish, "engineer")
                .text,
            "工程師");
}

TEST_F(PhraseLinksTest, KeepsWordsAndCharactersWhole) {
  const std::string chinese =
      "当然,“开源”(open source)模型还有很多路要走:2023 年约有 1,200 个。";
  const std::string english =
      "Sure, \"open-source\" models have a way to go: in 2023 there were "
      "about 1,200 of them.";
  const PhraseLinker linker(*model_, chinese, english);
  int rendered = 0;
  for (size_t begin = 0; begin < chinese.size(); ++begin) {
    for (size_t end = begin; end <= chinese.size(); end += 5) {
      const PhraseLink link = linker.Link(Language::kChinese, {begin, end});
      ASSERT_THAT(link.confidence, AnyOf(0, Gt(0)));
      ASSERT_LE(link.confidence, 1 + 1e-9);
      if (!link.span.has_value()) continue;
      ++rendered;
      const ByteSpan span = *link.span;
      ASSERT_LT(span.begin, span.end);
      ASSERT_LE(span.end, english.size());
      const auto letter = [&](size_t at) {
        return at < english.size() &&
               absl::ascii_isalnum(static_cast<unsigned char>(english[at]));
      };
      EXPECT_FALSE(letter(span.begin) && span.begin > 0 &&
                   letter(span.begin - 1))
          << english.substr(span.begin, span.size());
      EXPECT_FALSE(letter(span.end - 1) && letter(span.end))
          << english.substr(span.begin, span.size());
    }
  }
  EXPECT_GT(rendered, 100);
}

TEST_F(PhraseLinksTest, HasNoAnswerWithoutAPhraseOrASide) {
  const std::string chinese = "好,走吧。", english = "OK, let's go.";
  const PhraseLinker linker(*model_, chinese, english);
  const ByteSpan comma = {3, 4}, nothing = {3, 3}, outside = {900, 905};
  for (const ByteSpan span : {comma, nothing, outside}) {
    const PhraseLink link = linker.Link(Language::kChinese, span);
    EXPECT_FALSE(link.span.has_value());
    EXPECT_EQ(link.confidence, 0);
  }
  std::string text;
  for (size_t i = 0; i <= kMaxLinkedCodepoints; ++i)
    absl::StrAppend(&text, "好");
  for (const std::string& other : {text, std::string()}) {
    const PhraseLink link =
        PhraseLinker(*model_, other, english).Link(Language::kEnglish, {0, 2});
    EXPECT_FALSE(link.span.has_value());
    EXPECT_EQ(link.confidence, 0);
  }
}

TEST(ChineseWordsTest, KnowsWhereWordsBeginAndEnd) {
  EXPECT_THAT(FindWordEdges("亚马逊雨林"), ElementsAre(0, 9, 15));
  EXPECT_THAT(FindWordEdges(""), ElementsAre(0));
}

TEST(NameLikenessTest, HearsNamesInTheCharactersThatSpellThem) {
  struct Case {
    std::u32string chinese;
    std::string latin;
  };
  const Case alike[] = {{U"伊莎贝拉", "Isabella"},
                        {U"娜塔莉亚", "Natalia"},
                        {U"马丁", "Martin"},
                        {U"温斯顿", "Winston"},
                        {U"卡罗琳", "Caroline"}};
  for (const Case& a : alike) {
    SCOPED_TRACE(a.latin);
    const std::string sounds = SoundsOfChinese(a.chinese);
    EXPECT_GT(SoundLikeness(sounds, SoundsOfLatin(a.latin)), 0.68);
    for (const Case& b : alike) {
      if (b.latin == a.latin) continue;
      EXPECT_LT(SoundLikeness(sounds, SoundsOfLatin(b.latin)), 0.68) << b.latin;
    }
  }
  EXPECT_FALSE(SpellsNames(U'的'));
  EXPECT_TRUE(SpellsNames(U'斯'));
}

TEST(NameLikenessTest, MeasuresSpellingBySharesOfLetters) {
  EXPECT_EQ(SpellingLikeness("Lama", "llama"), 0.8);
  EXPECT_EQ(SpellingLikeness("Sora", "SORA"), 1);
  EXPECT_EQ(SpellingLikeness("cat", "dog"), 0);
  EXPECT_EQ(SpellingLikeness("", ""), 0);
}

}  // namespace
}  // namespace duilian::aligner
