#include "aligner/prepared_text.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using testing_support::IsOk;

TEST(PreparedTextTest, CountsTheClausesOfASegment) {
  const auto model = Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const auto chinese = ReadLines(
      "雨停了。\n雨停了，我们就上路，一直走到天黑。\n好，走吧，天快黑了。",
      text::Language::kChinese, ReadLimits());
  const auto english = ReadLines(
      "The rain stopped.\nWhen the rain had stopped, we set out; we walked "
      "until dark.\nNo, the bridge cost a fortune in all.",
      text::Language::kEnglish, ReadLimits());
  ASSERT_THAT(chinese, IsOk());
  ASSERT_THAT(english, IsOk());
  const PreparedPair texts = Prepare(**model, *chinese, *english);
  // A mark behind fewer than two pieces ends no clause.
  EXPECT_THAT(texts.chinese.clauses, ElementsAre(1, 3, 2));
  EXPECT_THAT(texts.english.clauses, ElementsAre(1, 3, 1));
}

}  // namespace
}  // namespace duilian::aligner
