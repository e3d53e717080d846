#include "storage/passage_places.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using text::Language;

// A document's units, one a segment on either side.
std::vector<TranslationUnit> Talk(
    const std::vector<std::pair<std::string, std::string>>& texts,
    const std::string& document = "talk") {
  std::vector<TranslationUnit> units;
  for (const auto& [english, chinese] : texts) {
    TranslationUnit unit = MakeUnit(english, chinese);
    unit.id = units.size() + 1;
    unit.document = document;
    const auto segment = static_cast<int32_t>(units.size());
    unit.source.spans = unit.target.spans = {{segment, 0, 1}};
    units.push_back(unit);
  }
  return units;
}

std::vector<TranslationUnit> Boats() {
  return Talk({{"The boats come home at noon.", "船中午回来。"},
               {"Yes.", "对。"},
               {"“Nobody”, he said, “sells the harbour.”",
                "他说：「没有人卖掉港口。」"},
               {"It never rains here in spring.", "这里春天从不下雨。"},
               {"Every morning before dawn, while the fog still hides the bay "
                "and nobody else is up, they count the boats and write the "
                "number on the wall of the old harbour office.",
                "每天天亮前，他们都数船。"}});
}

PassageQuery Ask(const std::string& text,
                 Language language = Language::kEnglish) {
  PassageQuery query;
  query.text = text;
  query.language = language;
  return query;
}

std::vector<Passage> Place(const PassageQuery& query,
                           std::vector<TranslationUnit> units) {
  absl::StatusOr<std::vector<Passage>> passages =
      PlacePassages(query, std::move(units));
  EXPECT_THAT(passages, IsOk());
  return passages.ok() ? *std::move(passages) : std::vector<Passage>();
}

std::string Cut(const std::string& text, text::ByteSpan span) {
  return text.substr(span.begin, span.size());
}

// "id: words of the text <- words of the query", a line a part.
std::vector<std::string> PartsOf(const PassageQuery& query,
                                 const Passage& passage) {
  std::vector<std::string> parts;
  for (const PassagePart& part : passage.parts) {
    const UnitSide& side = query.language == Language::kEnglish
                               ? part.unit.source
                               : part.unit.target;
    parts.push_back(absl::StrCat(part.unit.id, part.is_whole ? "*: " : ": ",
                                 Cut(side.text, part.in_text), " <- ",
                                 Cut(query.text, part.in_query)));
  }
  return parts;
}

TEST(PassagePlacesTest, FindsWholeSentencesPartsAndRuns) {
  const struct {
    const char* name;
    const char* query;
    Language language;
    int score;
    std::vector<std::string> parts;
  } cases[] = {
      {"whole",
       "It never rains here in spring.",
       Language::kEnglish,
       100,
       {"4*: It never rains here in spring. <- It never rains here in "
        "spring."}},
      {"part",
       "rains here",
       Language::kEnglish,
       100,
       {"4: rains here <- rains here"}},
      {"a_word_changed",
       "it never SNOWS here in spring",
       Language::kEnglish,
       83,
       {"4*: It never rains here in spring. <- it never SNOWS here in "
        "spring"}},
      {"other_marks",
       "『没有人卖掉港口』",
       Language::kChinese,
       100,
       {"3: 没有人卖掉港口。」 <- 『没有人卖掉港口』"}},
      {"full_width",
       "ＳＥＬＬＳ　ＴＨＥ　ＨＡＲＢＯＵＲ",
       Language::kEnglish,
       100,
       {"3: sells the harbour.” <- ＳＥＬＬＳ　ＴＨＥ　ＨＡＲＢＯＵＲ"}},
      {"a_paragraph_begun_inside",
       "回来。对！他说：“没有人卖掉港口。” 这里春天",
       Language::kChinese,
       100,
       {"1: 回来。 <- 回来", "2*: 对。 <- 对",
        "3*: 他说：「没有人卖掉港口。」 <- 他说：“没有人卖掉港口",
        "4: 这里春天 <- 这里春天"}},
      {"a_sentence_that_no_unit_holds",
       "Nobody, he said, sells the harbour. Why? It never rains here in "
       "spring.",
       Language::kEnglish,
       92,
       {"3*: “Nobody”, he said, “sells the harbour.” <- Nobody, he said, sells "
        "the harbour",
        "4*: It never rains here in spring. <- It never rains here in "
        "spring."}},
      {"a_gap_inside_a_text",
       "Every morning before dawn, while the fog still hides the bay, they "
       "count the boats and write the number on the wall of the old harbour "
       "office.",
       Language::kEnglish,
       85,
       {"5*: Every morning before dawn, while the fog still hides the bay and "
        "nobody else is up, they count the boats and write the number on the "
        "wall of the old harbour office. <- Every morning before dawn, while "
        "the fog still hides the bay, they count the boats and write the "
        "number on the wall of the old harbour office."}},
      {"a_gap_that_shows",
       "every morning before dawn … they count the boats",
       Language::kEnglish,
       87,
       {"5: Every morning before dawn, while the fog still hides the bay and "
        "nobody else is up, they count the boats <- every morning before dawn "
        "… they count the boats"}},
      {"a_gap_over_units",
       "The boats come home at noon. [...] It never rains here in spring.",
       Language::kEnglish,
       91,
       {"1*: The boats come home at noon. <- The boats come home at noon",
        "4*: It never rains here in spring. <- It never rains here in "
        "spring."}},
      {"the_text_s_own_first_word_is_not_claimed",
       "he never rains here",
       Language::kEnglish,
       75,
       {"4: never rains here <- never rains here"}},
      {"the_text_s_own_last_word_is_not_claimed",
       "rains here in winter",
       Language::kEnglish,
       75,
       {"4: rains here in <- rains here in"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const PassageQuery query = Ask(c.query, c.language);
    const std::vector<Passage> passages = Place(query, Boats());
    ASSERT_THAT(passages, SizeIs(1));
    EXPECT_EQ(passages[0].score_percent, c.score);
    EXPECT_EQ(PartsOf(query, passages[0]), c.parts);
  }
}

TEST(PassagePlacesTest, WhatStandsTwiceIsFoundTwiceTheAcceptedFirst) {
  std::vector<TranslationUnit> units =
      Talk({{"So they say.", "他们这么说。"},
            {"The boats come home.", "船回来了。"},
            {"So they say, again and again.", "他们一再这么说。"}});
  units[2].status = ReviewStatus::kAccepted;
  PassageQuery query = Ask("so they say");
  const std::vector<Passage> passages = Place(query, units);
  ASSERT_THAT(passages, SizeIs(2));
  EXPECT_THAT(PartsOf(query, passages[0]),
              ElementsAre("3: So they say <- so they say"));
  EXPECT_THAT(PartsOf(query, passages[1]),
              ElementsAre("1*: So they say. <- so they say"));
  query.limit = 1;
  EXPECT_THAT(Place(query, units), SizeIs(1));
}

TEST(PassagePlacesTest, PassagesDoNotLeaveTheirDocumentNorLeapOverIt) {
  const PassageQuery query = Ask("The boats come home. Nobody sells it.");
  std::vector<TranslationUnit> units =
      Talk({{"The boats come home.", "船回来了。"},
            {"Nobody sells it.", "没人卖它。"}});
  EXPECT_THAT(Place(query, units), SizeIs(1));
  std::vector<TranslationUnit> apart = units;
  apart[1].source.spans[0].segment = 1 + kMostSegmentsBetween + 1;
  EXPECT_THAT(Place(query, apart), IsEmpty());
  std::vector<TranslationUnit> elsewhere = units;
  elsewhere[1].document = "another";
  EXPECT_THAT(Place(query, elsewhere), IsEmpty());
  std::vector<TranslationUnit> by_hand = units;
  for (TranslationUnit& unit : by_hand) {
    unit.document.clear();
    unit.source.spans.clear();
  }
  EXPECT_THAT(Place(query, by_hand), IsEmpty());
}

TEST(PassagePlacesTest, BelowTheThresholdIsNotThere) {
  PassageQuery query = Ask("it never snows there in spring");
  query.threshold_percent = 67;
  EXPECT_THAT(Place(query, Boats()), IsEmpty());
  query.threshold_percent = 66;
  EXPECT_THAT(Place(query, Boats()), SizeIs(1));
}

TEST(PassagePlacesTest, EndsWhenNobodyWaits) {
  PassageQuery query = Ask("never");
  query.cancelled = [] { return true; };
  EXPECT_THAT(
      PlacePassages(query, Boats()),
      StatusIs(absl::StatusCode::kCancelled, testing::HasSubstr("passage")));
}

}  // namespace
}  // namespace duilian::storage
