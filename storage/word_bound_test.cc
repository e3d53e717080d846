#include "storage/word_bound.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "tests/support/matrix_distance.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using testing_support::MatrixDistance;

// The least distance from the word to any part of the query, by the matrix.
size_t LeastDistance(absl::Span<const LetterClass> word,
                     absl::Span<const LetterClass> query) {
  std::vector<size_t> column(word.size() + 1);
  std::iota(column.begin(), column.end(), size_t{0});
  size_t least = word.size();
  for (const LetterClass letter : query) {
    size_t diagonal = 0;
    for (size_t i = 1; i <= word.size(); ++i) {
      const size_t substituted = diagonal + (word[i - 1] == letter ? 0 : 1);
      diagonal = column[i];
      column[i] = std::min({substituted, column[i] + 1, column[i - 1] + 1});
    }
    least = std::min(least, column.back());
  }
  return least;
}

std::string RandomWord(size_t most, Random& random) {
  static constexpr const char* kLetters[] = {"a", "b",  "c",  "e",
                                             "t", "模", "型", "é"};
  std::string word;
  for (size_t i = 1 + Below(most, random); i > 0; --i) {
    word += kLetters[Below(std::size(kLetters), random)];
  }
  return word;
}

WordLetters Words(const std::vector<std::string>& texts) {
  WordLetters words;
  for (const std::string& text : texts) words.Add(text);
  return words;
}

TEST(WordBoundTest, AWordOfTheQueryIsAtNothing) {
  const WordLetters words = Words({"model", " model", "modal", "window", "x"});
  const WordDistances distances(words, words.size(),
                                LetterClasses("these models of ours"));
  EXPECT_EQ(distances.of(1), 0u);
  EXPECT_EQ(distances.of(2), 0u);
  EXPECT_EQ(distances.of(3), 1u);
  EXPECT_EQ(distances.of(4), 5u);  // only its o is there
  EXPECT_EQ(distances.of(5), 1u);
}

// " of" is in no "offer" that has a letter before it.
TEST(WordBoundTest, ASpaceCounts) {
  const WordLetters words = Words({"of", " of"});
  const WordDistances distances(words, words.size(), LetterClasses("scoff"));
  EXPECT_EQ(distances.of(1), 0u);
  EXPECT_EQ(distances.of(2), 1u);
}

TEST(WordBoundTest, NothingIsKnownOfNumbersWithoutAWord) {
  const WordLetters words = Words({"model"});
  const WordDistances distances(words, words.size(), LetterClasses("zzz"));
  EXPECT_EQ(distances.of(0), 0u);
  EXPECT_EQ(distances.of(1), 5u);
  EXPECT_EQ(distances.of(2), 0u);
  EXPECT_EQ(distances.of(kMostWordNumber), 0u);
  EXPECT_EQ(words.letters(0), 0u);
  EXPECT_EQ(words.letters(1), 5u);
}

TEST(WordBoundTest, OfALongWordTheFirstLettersCount) {
  const WordLetters words = Words({"abcdefghijklmnopqrst"});
  EXPECT_EQ(words.letters(1), WordLetters::kMostLetters);
  const auto distance = [&](absl::string_view query) {
    return WordDistances(words, 1, LetterClasses(query)).of(1);
  };
  EXPECT_EQ(distance("abcdefghijklmnop"), 0u);
  EXPECT_EQ(distance("qrst"), WordLetters::kMostLetters);
}

TEST(WordBoundTest, AnEmptyQueryHasNoPart) {
  EXPECT_EQ(WordDistances(Words({"model"}), 1, {}).of(1), 5u);
  EXPECT_EQ(WordDistances(WordLetters(), 1, LetterClasses("model")).of(1), 0u);
}

TEST(WordBoundTest, LetsThroughWhatIsWithinTheCutoff) {
  const WordLetters words = Words({"abc", "xyz", "q"});
  const WordDistances distances(words, words.size(),
                                LetterClasses("abc"));  // 0, 3, 1
  EXPECT_TRUE(distances.MayBeWithin(4, {1, 2, 3, 0}));
  EXPECT_FALSE(distances.MayBeWithin(3, {1, 2, 3, 0}));
  EXPECT_TRUE(distances.MayBeWithin(5, {2, 1, 1, 1, 3, 3}));
  EXPECT_FALSE(distances.MayBeWithin(4, {2, 1, 1, 1, 3, 3}));  // by the last
  EXPECT_FALSE(distances.MayBeWithin(5, {2, 2, 1, 1, 0, 0}));  // by the first
  EXPECT_TRUE(distances.MayBeWithin(0, {}));
}

TEST(WordBoundTest, EqualsTheMatrix) {
  Random random(11);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> texts;
    for (size_t i = 1 + Below(100, random); i > 0; --i) {
      texts.push_back(RandomWord(20, random));
    }
    const WordLetters words = Words(texts);
    std::string query;
    for (size_t i = Below(12, random); i > 0; --i) {
      absl::StrAppend(&query, RandomWord(9, random), " ");
    }
    const WordDistances distances(words, words.size(), LetterClasses(query));
    for (size_t i = 0; i < texts.size(); ++i) {
      std::vector<LetterClass> letters = LetterClasses(texts[i]);
      letters.resize(std::min(letters.size(), WordLetters::kMostLetters));
      ASSERT_EQ(distances.of(static_cast<WordNumber>(i + 1)),
                LeastDistance(letters, LetterClasses(query)))
          << texts[i] << " in " << query;
    }
  }
}

// Of words behind spaces, by the distance over code points.
TEST(WordBoundTest, IsAtMostTheDistance) {
  Random random(12);
  size_t far = 0;
  for (int round = 0; round < 400; ++round) {
    WordLetters words;
    std::string text, query;
    std::vector<WordNumber> numbers;
    for (size_t i = Below(8, random); i > 0; --i) {
      const std::string word = absl::StrCat(" ", RandomWord(6, random));
      text += word;
      query += Below(3, random) == 0 ? RandomWord(6, random) : word;
      words.Add(word);
      numbers.push_back(static_cast<WordNumber>(words.size()));
    }
    const size_t distance =
        MatrixDistance(text::Codepoints(text), text::Codepoints(query));
    const WordDistances distances(words, words.size(), LetterClasses(query));
    ASSERT_TRUE(distances.MayBeWithin(distance, numbers))
        << text << " to " << query;
    if (distance > 0 && !distances.MayBeWithin(distance / 3, numbers)) ++far;
  }
  EXPECT_GT(far, 50u);
}

TEST(WordBoundTest, OfWordsThatAreNotComparedNothingIsKnown) {
  const WordLetters words = Words(std::vector<std::string>(200, "model"));
  const WordDistances none(words, 0, LetterClasses("zzz"));
  EXPECT_EQ(none.of(1), 0u);
  const WordDistances some(words, 30, LetterClasses("zzz"));
  EXPECT_EQ(some.of(30), 5u);
  EXPECT_EQ(some.of(200), 0u);
  EXPECT_EQ(WordDistances(words, 999, LetterClasses("zzz")).of(200), 5u);
}

// However many are asked for, no word has another one's distance.
TEST(WordBoundTest, ComparesTheFirstWordsAndMaybeSomeMore) {
  Random random(14);
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i) texts.push_back(RandomWord(9, random));
  const WordLetters words = Words(texts);
  const std::vector<LetterClass> query = LetterClasses("a cat at a table");
  for (size_t count = 0; count <= texts.size(); ++count) {
    const WordDistances distances(words, count, query);
    for (size_t i = 0; i < texts.size(); ++i) {
      const size_t distance = distances.of(static_cast<WordNumber>(i + 1));
      if (i >= count && distance == 0) continue;
      ASSERT_EQ(distance, LeastDistance(LetterClasses(texts[i]), query))
          << texts[i] << ", " << i << " of " << count;
    }
  }
}

TEST(WordBoundTest, HasANumberForEveryWord) {
  WordLetters words;
  for (size_t i = 0; i < kMostWordNumber; ++i) {
    words.Add(absl::StrCat("word", i));
  }
  const WordDistances distances(words, words.size(), LetterClasses("qqq"));
  EXPECT_EQ(distances.of(kMostWordNumber), 9u);  // word16383
}

}  // namespace
}  // namespace duilian::storage
