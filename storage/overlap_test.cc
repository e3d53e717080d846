#include "storage/overlap.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"

namespace duilian::storage {
namespace {

using testing::ElementsAre;

// Letters for tokens.
std::vector<QuoteToken> Quote(absl::string_view letters) {
  std::vector<QuoteToken> tokens;
  for (const char letter : letters) {
    tokens.push_back(static_cast<QuoteToken>(letters.find(letter) + 1));
  }
  return tokens;
}

std::vector<QuoteToken> Text(absl::string_view quote,
                             absl::string_view letters) {
  std::vector<QuoteToken> tokens;
  for (const char letter : letters) {
    const size_t place = quote.find(letter);
    tokens.push_back(place == absl::string_view::npos
                         ? QuoteToken{0}
                         : static_cast<QuoteToken>(place + 1));
  }
  return tokens;
}

TEST(OverlapTest, BeginsAndEndsWhereOneOfTheTwoDoes) {
  const struct {
    absl::string_view name, quote, text;
    int score;
    size_t begin, end;
  } kCases[] = {
      {"equal", "abcd", "abcd", 8, 0, 4},
      {"the quote in the text", "abcd", "xxabcdyy", 8, 0, 4},
      {"the text in the quote", "abcdefg", "cde", 6, 2, 5},
      {"the end of the text", "abcd", "xyab", 4, 0, 2},
      {"the beginning of the text", "abcd", "cdxy", 4, 2, 4},
      {"one is another", "abcde", "abxde", 7, 0, 5},
      {"one is left out", "abcde", "abde", 7, 0, 5},
      {"one too many", "abcde", "abxcde", 9, 0, 5},
      {"a long gap", "abcdefgh", "abcdxxxxxxxxxxxxefgh", 12, 0, 8},
      {"nothing", "abcd", "xyz", 0, 0, 0},
      {"no text", "abcd", "", 0, 0, 0},
  };
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.name);
    const auto quote = Quote(one.quote);
    const Overlap overlap = BestOverlap(quote, Text(one.quote, one.text));
    EXPECT_EQ(overlap.score, one.score);
    EXPECT_EQ(overlap.begin, one.begin);
    EXPECT_EQ(overlap.end, one.end);
  }
}

TEST(OverlapTest, ManyAtATimeScoreAsOneByOne) {
  Random random(11);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const size_t letters = 2 + Below(20, random);
    const size_t longest = 1 + Below(60, random);
    std::vector<QuoteToken> quote(1 + Below(80, random));
    for (QuoteToken& token : quote) {
      token = static_cast<QuoteToken>(1 + Below(letters, random));
    }
    std::vector<std::vector<QuoteToken>> texts(Below(100, random));
    for (auto& text : texts) {
      // A part of the quote, among others, with edits.
      const size_t begin = Below(quote.size(), random);
      text.assign(Below(longest, random), 0);
      for (size_t j = 0; j < text.size(); ++j) {
        const bool same = Below(5, random) != 0 && begin + j < quote.size();
        text[j] = same ? quote[begin + j]
                       : static_cast<QuoteToken>(Below(letters, random));
      }
    }
    std::vector<absl::Span<const QuoteToken>> spans(texts.begin(), texts.end());
    std::vector<int> expected, scores = {5};
    for (const auto& text : texts) {
      expected.push_back(BestOverlap(quote, text).score);
    }
    OverlapScores(quote).Score(spans, scores);
    ASSERT_EQ(scores, expected);
  }
}

// Longer than 16 bits hold the score of.
TEST(OverlapTest, AVeryLongQuoteScoresAsOneByOne) {
  std::vector<QuoteToken> quote(20'000);
  for (size_t i = 0; i < quote.size(); ++i) {
    quote[i] = static_cast<QuoteToken>(i + 1);
  }
  const std::vector<QuoteToken> part(quote.begin() + 100, quote.begin() + 103);
  std::vector<int> scores;
  OverlapScores(quote).Score({quote, part}, scores);
  EXPECT_THAT(scores, ElementsAre(40'000, 6));
}

}  // namespace
}  // namespace duilian::storage
