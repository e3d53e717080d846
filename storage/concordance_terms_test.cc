#include "storage/concordance_terms.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using ::duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ConcordanceTermsTest, AStarThatStandsForNothingIsTold) {
  for (const std::string term :
       {"GPT-*", "*", "**", "＊", "mo*l", "ｍｏ＊ｌ", "模*型", "**mode**",
        "(mode**)", "3.*", "*-mode*", "*-模型", "模型**", "mode*mode*",
        "A*算*法"}) {
    EXPECT_THAT(TermsWithIdleStars(term), ElementsAre(term));
  }
  for (const char* const term :
       {"mode", "mode*", "*mode", "(*odel*)", "mode*,", "mode*-A", "GPT*模型",
        "GPT* 模型", "模型*GPT", "模型*", "*模型", "模型*，", "A*算法",
        "\"*el of mode*\"", "“＊ｄｅｌ”", "*a*", ""}) {
    EXPECT_THAT(TermsWithIdleStars(term), IsEmpty()) << term;
  }
}

TEST(ConcordanceTermsTest, TermsWithIdleStarsAreTellingWhatWasWritten) {
  EXPECT_THAT(
      TermsWithIdleStars("the mode* “GPT-* of ＡＧＩ” * large 「模*型」 mo＊l"),
      ElementsAre("GPT-* of ＡＧＩ", "*", "模*型", "mo＊l"));
  EXPECT_THAT(TermsWithIdleStars("an \"open mo*l"), ElementsAre("open mo*l"));
}

TEST(ConcordanceTermsTest, AQueryOfNothingButStarsIsRefused) {
  EXPECT_THAT(ParseConcordanceQuery("* “＊”"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("nothing but white space, punctuation")));
  EXPECT_THAT(TermsWithIdleStars("* “＊”"), ElementsAre("*", "＊"));
}

}  // namespace
}  // namespace duilian::storage
