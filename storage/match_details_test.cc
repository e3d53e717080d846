#include "storage/match_details.h"

#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/matching_form.h"
#include "storage/sample_units.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using text::Language;
using Span = text::CodepointSpan;

FuzzyQuery Ask(absl::string_view text, Language language) {
  FuzzyQuery query;
  query.text = std::string(text);
  query.language = language;
  return query;
}

MatchDetails Describe(absl::string_view query, absl::string_view text,
                      int score = 80, absl::string_view translation = "译") {
  FuzzyMatch match;
  match.unit = MakeUnit(text, translation);
  match.score_percent = score;
  match.identical = query == text;
  return DescribeMatch(Ask(query, Language::kEnglish), match);
}

std::string Part(absl::string_view text, Span span) {
  const std::vector<char32_t> codepoints = text::Codepoints(text);
  std::string part;
  for (size_t i = span.begin; i < span.end; ++i) {
    text::AppendUtf8(codepoints.at(i), part);
  }
  return part;
}

TEST(MatchDetailsTest, ExplainsWhatDiffers) {
  const struct {
    const char* query;
    const char* text;
    int score;
    const char* explanation;
  } cases[] = {
      {"We waited.", "We waited.", 100, "identical"},
      {"we  waited.", "We waited.", 100, "equal but for case, spaces or marks"},
      {"好，走", "好,走", 100, "equal but for width"},
      {"[X1X]好，走", "好,走", 100,
       "equal but for width and placeholders; the translation lacks [X1X]"},
      {"We waited.", "We waited.", 101, "identical; in context"},
      {"We waited.", "We waited.", 102, "identical; in full context"},
      {"We trust GPT-5 now.", "We trust GPT-4 now.", 94,
       "1 difference: 'GPT-4' for 'GPT-5'"},
      {"We do not wait.", "We do wait.", 73, "1 difference: lacks 'not'"},
      {"We do wait.", "We do not wait.", 73, "1 difference: also 'not'"},
      {"larger models", "large models", 92,
       "1 difference: 'large' for 'larger'"},
      {"Wait!", "Wait.", 80, "1 difference: '.' for '!'"},
      {"我们等两天", "我们等三天", 80, "1 difference: '三' for '两'"},
      {"ab", "a b", 66, "1 difference: 'a b' for 'ab'"},
      {"a b c d", "a1 b2 c3 d4", 63,
       "4 differences: 'a1' for 'a', 'b2' for 'b', 'c3' for 'c' and 1 more"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    EXPECT_EQ(Describe(c.query, c.text, c.score).explanation, c.explanation);
  }
}

TEST(MatchDetailsTest, ExplanationEndsWithThePenalties) {
  FuzzyMatch match;
  match.unit = MakeUnit("好。", "好。");
  match.score_percent = 100;
  match.identical = true;
  match.penalties = {
      {PenaltyKind::kUnreviewedAlignment, 1, "unreviewed alignment"},
      {PenaltyKind::kAge, 2, "older than 365 days"}};
  const MatchDetails details =
      DescribeMatch(Ask("好。", Language::kChinese), match);
  EXPECT_EQ(details.explanation,
            "identical; unreviewed alignment: -1; older than 365 days: -2");
}

TEST(MatchDetailsTest, EditsStandInTheTextsAsWritten) {
  const MatchDetails details =
      Describe("[X1X]Ｗe  trust GPT-5。", "We trust [X2X]GPT-4。 Now");
  ASSERT_EQ(details.edits.size(), 2u);
  EXPECT_EQ(details.edits[0], (Edit{{19, 20}, {18, 19}}));
  EXPECT_EQ(Part("[X1X]Ｗe  trust GPT-5。", details.edits[0].query), "5");
  EXPECT_EQ(Part("We trust [X2X]GPT-4。 Now", details.edits[0].text), "4");
  EXPECT_EQ(details.edits[1].query.size(), 0u);
  EXPECT_EQ(Part("We trust [X2X]GPT-4。 Now", details.edits[1].text), " Now");
}

TEST(MatchDetailsTest, AnEditNeverCutsAWrittenCharacter) {
  const MatchDetails details = Describe("ﬁx", "fox");
  EXPECT_THAT(details.edits, ElementsAre(Edit{{0, 1}, {0, 2}}));
}

// White space beside Chinese is no part of the form, so no part of the edits.
std::string WithoutSpaces(const std::string& text) {
  return absl::StrReplaceAll(MatchingForm(text), {{" ", ""}});
}

TEST(MatchDetailsTest, EditsOfTheQueryMakeTheText) {
  static constexpr const char* kPieces[] = {"the ", "cat",   "猫", "。",
                                            "，",   ",",     " ",  "ﬁ",
                                            "É",    "[X3X]", "7",  "ＡＢ"};
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    Random random(seed);
    const auto draw = [&] {
      std::string text;
      for (size_t i = Below(9, random); i > 0; --i) {
        text += kPieces[Below(std::size(kPieces), random)];
      }
      return text;
    };
    const std::string query = draw(), text = draw();
    SCOPED_TRACE(absl::StrCat(seed, ": ", query, " | ", text));
    const MatchDetails details = Describe(query, text);
    std::string made;
    size_t kept = 0;
    for (const Edit& edit : details.edits) {
      ASSERT_LE(kept, edit.query.begin);
      absl::StrAppend(&made, Part(query, {kept, edit.query.begin}),
                      Part(text, edit.text));
      kept = edit.query.end;
    }
    made += Part(query, {kept, text::CountCodepoints(query)});
    ASSERT_EQ(WithoutSpaces(made), WithoutSpaces(text));
  }
}

TEST(MatchDetailsTest, ScoresByTokensAndWithoutNumbers) {
  const struct {
    const char* query;
    const char* text;
    int score, tokens, number_blind;
  } cases[] = {
      {"We train large models.", "We train small models.", 77, 75, 77},
      {"We wait!", "We wait.", 87, 100, 87},
      {"我们训练GPT模型", "我们训练大模型", 66, 85, 66},
      {"5 apples", "1,200 apples", 58, 50, 100},
      {"5 apples", "1,200 pears", 33, 0, 50},
      {"12345 a", "12345 b", 85, 50, 85},
      {"?", "!", 0, 100, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const MatchDetails details = Describe(c.query, c.text, c.score);
    EXPECT_EQ(details.token_percent, c.tokens);
    EXPECT_EQ(details.number_blind_percent, c.number_blind);
    EXPECT_EQ(details.similarity_percent, c.score);
  }
}

TEST(MatchDetailsTest, QualityIsTheReviewersWordOrTheConfidence) {
  FuzzyMatch match;
  match.unit = MakeUnit("a", "一");
  const auto quality = [&](ReviewStatus status, double confidence) {
    match.unit.status = status;
    match.unit.confidence = confidence;
    return DescribeMatch(Ask("a", Language::kEnglish), match).quality_percent;
  };
  EXPECT_EQ(quality(ReviewStatus::kAccepted, 0.2), 100);
  EXPECT_EQ(quality(ReviewStatus::kRejected, 0.9), 0);
  EXPECT_EQ(quality(ReviewStatus::kUnreviewed, 0.29), 29);
  EXPECT_EQ(quality(ReviewStatus::kUnreviewed, 0.999), 99);
  EXPECT_EQ(quality(ReviewStatus::kUnreviewed, 1), 100);
}

TEST(MatchDetailsTest, SuggestsTheTranslationWithTheQuerysNumbers) {
  MatchDetails details =
      Describe("Press [X1X]120 keys in 7 days.", "Press 5 keys in 3 days.", 70,
               "３天内按［５］个键[X5X]。");
  EXPECT_EQ(details.suggested_text, "7天内按［120］个键[X5X]。");
  EXPECT_THAT(details.substituted, ElementsAre(Span{0, 1}, Span{5, 8}));
  EXPECT_THAT(details.missing_placeholders, ElementsAre("[X1X]"));
  EXPECT_THAT(details.explanation, EndsWith("; the translation lacks [X1X]"));
  EXPECT_THAT(details.explanation, HasSubstr("; numbers substituted;"));
  details = Describe("2 days.", "3 days.", 80, "三天。");
  EXPECT_THAT(details.explanation, Not(HasSubstr("substituted")));
  EXPECT_EQ(details.suggested_text, "");
  EXPECT_THAT(details.substituted, IsEmpty());
  EXPECT_THAT(Describe("[X1X][X1X]a[X2X]", "a", 100, "[X1X]甲[X2X]")
                  .missing_placeholders,
              ElementsAre("[X1X]"));
  details = Describe("{0} keys on %1$s", "{1} keys on %1$s", 100, "%1$s键");
  EXPECT_THAT(details.missing_placeholders, ElementsAre("{0}"));
  // The digits of a placeholder are no number.
  EXPECT_EQ(details.suggested_text, "");
}

}  // namespace
}  // namespace duilian::storage
