#include "bench/sentence_pairs.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using text::Language;

TEST(SentencePairsTest, TheSameSeedAndNumberGiveTheSamePairInAnyOrder) {
  const SentencePairs forwards(7), backwards(7), other(8);
  for (uint64_t number = 0; number < 40; ++number) forwards.At(number);
  for (uint64_t number = 40; number-- > 0;) {
    SCOPED_TRACE(absl::StrCat("number ", number));
    const SentencePair pair = backwards.At(number);
    EXPECT_EQ(pair.english, forwards.At(number).english);
    EXPECT_EQ(pair.chinese, forwards.At(number).chinese);
    EXPECT_NE(pair.english, other.At(number).english);
  }
}

TEST(SentencePairsTest, FreshPairsHaveTheLengthsOfSpeechAndAreNotAlike) {
  const SentencePairs pairs(7);
  std::set<std::string> english, chinese;
  for (uint64_t number = 0; number < 1'000; ++number) {
    SCOPED_TRACE(absl::StrCat("number ", number));
    const SentencePair pair = pairs.Fresh(number);
    const std::vector<std::string> words = absl::StrSplit(pair.english, ' ');
    EXPECT_GE(words.size(), 8U);
    EXPECT_LE(words.size(), 30U);
    EXPECT_GE(text::CountCodepoints(pair.chinese), 10U);
    EXPECT_LE(text::CountCodepoints(pair.chinese), 40U);
    EXPECT_TRUE(english.insert(pair.english).second);
    EXPECT_TRUE(chinese.insert(pair.chinese).second);
  }
}

TEST(SentencePairsTest, TheCommonestWordIsFarCommonerThanTheTenth) {
  const SentencePairs pairs(7);
  std::map<std::string, int> counts;
  for (uint64_t number = 0; number < 1'000; ++number) {
    const std::string english = pairs.Fresh(number).english;
    for (const auto word : absl::StrSplit(english, ' ')) {
      ++counts[std::string(word)];
    }
  }
  std::multiset<int, std::greater<>> ranked;
  for (const auto& [word, count] : counts) ranked.insert(count);
  EXPECT_GT(*ranked.begin(), 5 * *std::next(ranked.begin(), 9));
  EXPECT_GT(counts.size(), 3'000U);
}

TEST(SentencePairsTest, AnEditChangesOneUnitAndKeepsTheStop) {
  const SentencePairs pairs(7);
  Random random(1);
  for (uint64_t number = 0; number < 200; ++number) {
    SCOPED_TRACE(absl::StrCat("number ", number));
    const std::string before = pairs.Fresh(number).chinese;
    const std::string after =
        pairs.Edited(before, Language::kChinese, 1, random);
    EXPECT_EQ(after.substr(after.size() - 3), "。");
    const auto was = text::Codepoints(before);
    const auto now = text::Codepoints(after);
    size_t same_front = 0, same_back = 0;
    const size_t shorter = std::min(was.size(), now.size());
    while (same_front < shorter && was[same_front] == now[same_front]) {
      ++same_front;
    }
    while (same_front + same_back < shorter &&
           was[was.size() - 1 - same_back] == now[now.size() - 1 - same_back]) {
      ++same_back;
    }
    EXPECT_LE(std::max(was.size(), now.size()) - same_front - same_back, 1U);
  }
}

}  // namespace
}  // namespace duilian::bench
