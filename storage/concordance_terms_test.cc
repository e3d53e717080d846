#include "storage/concordance_terms.h"

#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using ::duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ConcordanceTermsTest, AStarThatStandsForNothingIsTold) {
  for (const std::string term :
       {"GPT-*",     "*",         "**",        "＊",         "mo*l",
        "ｍｏ＊ｌ",  "模*型",     "**mode**",  "(mode**)",   "3.*",
        "*-mode*",   "*-模型",    "模型**",    "mode*mode*", "A*算*法",
        "GPT-*模型", "GPT**模型", "模型*-GPT", "😀*",         "GPT*😀",
        "Q*",        "*é*",       "(t*)"}) {
    EXPECT_THAT(TermsWithIdleStars(term), ElementsAre(term));
  }
  for (const char* const term :
       {"mode", "mode*", "*mode", "(*odel*)", "mode*,", "mode*-A", "GPT*模型",
        "GPT* 模型", "模型*GPT", "模型*", "*模型", "模型*，", "「*模型*」",
        "A*算法", "\"*el of mode*\"", "“＊ｄｅｌ”", ""}) {
    EXPECT_THAT(TermsWithIdleStars(term), IsEmpty()) << term;
  }
}

TEST(ConcordanceTermsTest, IdleStarsAreToldByTheTermAsWritten) {
  EXPECT_THAT(
      TermsWithIdleStars("the mode* “GPT-* of ＡＧＩ” * large 「模*型」 mo＊l"),
      ElementsAre("GPT-* of ＡＧＩ", "*", "模*型", "mo＊l"));
  EXPECT_THAT(TermsWithIdleStars("an \"open mo*l"), ElementsAre("open mo*l"));
  EXPECT_THAT(TermsWithIdleStars("\"模型 * GPT\""), ElementsAre("模型 * GPT"));
  EXPECT_THAT(TermsWithIdleStars("“the A* search”"),
              ElementsAre("the A* search"));
  EXPECT_THAT(TermsWithIdleStars("* mode * ＊ *"), ElementsAre("*", "＊"));
}

TEST(ConcordanceTermsTest, EveryStarOfWordsIsAWildcardUnlessItsTermIsTold) {
  static constexpr const char* kPieces[] = {"ab", "cd", "*", "*", "-",
                                            " ",  "“",  "”", "(", "＊"};
  Random random(14);
  int parsed = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string query;
    size_t stars = 0;
    for (size_t piece = 1 + Below(8, random); piece > 0; --piece) {
      const absl::string_view added =
          kPieces[Below(std::size(kPieces), random)];
      if (added == "*" || added == "＊") ++stars;
      absl::StrAppend(&query, added);
    }
    const auto terms = ParseConcordanceQuery(query);
    if (!terms.ok()) continue;
    ++parsed;
    size_t wildcards = 0;
    for (const Term& term : *terms) {
      for (const TermUnit& unit : term) {
        wildcards += unit.more_before ? 1 : 0;
        wildcards += unit.more_behind ? 1 : 0;
      }
    }
    EXPECT_EQ(TermsWithIdleStars(query).empty(), wildcards == stars) << query;
  }
  EXPECT_GT(parsed, 10'000);
}

TEST(ConcordanceTermsTest, AQueryOfNothingButStarsIsRefused) {
  EXPECT_THAT(ParseConcordanceQuery("* “＊”"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("nothing but white space, punctuation")));
  EXPECT_THAT(TermsWithIdleStars("* “＊”"), ElementsAre("*", "＊"));
}

}  // namespace
}  // namespace duilian::storage
