#include "bench/matrix_scores.h"

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matrix_distance.h"

namespace duilian::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MatrixScoresTest, Table) {
  const MatrixScores scores({U"合同已经签了", U"合同还没签", U"sunset", U""});
  EXPECT_THAT(scores.FromHalf(U"合同已经签了"), ElementsAre(100, 50));
  EXPECT_THAT(scores.FromHalf(U"合同已经签"), ElementsAre(83, 60));
  EXPECT_THAT(scores.FromHalf(U"sun"), ElementsAre(50));
  EXPECT_THAT(scores.FromHalf(U"su"), IsEmpty());
  EXPECT_THAT(scores.FromHalf(U"日出"), IsEmpty());
  EXPECT_THAT(scores.FromHalf(U""), IsEmpty());
}

std::u32string RandomText(std::mt19937_64& random) {
  const std::u32string alphabet = U"abc人山\U0001F600";
  std::u32string text(1 + random() % 24, U'a');
  for (char32_t& codepoint : text) {
    codepoint = alphabet[random() % alphabet.size()];
  }
  return text;
}

TEST(MatrixScoresTest, AreThoseOfOneTextAfterTheOther) {
  std::mt19937_64 random(20261127);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    std::vector<std::u32string> texts(random() % 70);
    for (std::u32string& text : texts) text = RandomText(random);
    const MatrixScores scores(texts);
    for (int i = 0; i < 10; ++i) {
      const std::u32string query = RandomText(random) + (i == 0 ? U"水" : U"");
      std::vector<int> expected;
      for (const std::u32string& text : texts) {
        const size_t longer = std::max(query.size(), text.size());
        const size_t distance = testing_support::MatrixDistance(query, text);
        const auto score = static_cast<int>(100 * (longer - distance) / longer);
        if (score >= 50) expected.push_back(score);
      }
      std::sort(expected.begin(), expected.end(), std::greater<>());
      EXPECT_EQ(scores.FromHalf(query), expected);
    }
  }
}

}  // namespace
}  // namespace duilian::bench
