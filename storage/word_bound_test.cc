#include "storage/word_bound.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "tests/support/matrix_distance.h"
#include "tests/support/word_distance.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using testing_support::MatrixDistance;
using testing_support::WordDistance;

// The least distance from the word to a part of the query that ends in [first,
// last], or is empty, by the matrix.
size_t LeastDistance(absl::Span<const LetterClass> word,
                     absl::Span<const LetterClass> query, size_t first = 0,
                     size_t last = std::numeric_limits<size_t>::max()) {
  std::vector<size_t> column(word.size() + 1);
  std::iota(column.begin(), column.end(), size_t{0});
  size_t least = word.size();
  size_t end = 0;
  for (const LetterClass letter : query) {
    size_t diagonal = 0;
    for (size_t i = 1; i <= word.size(); ++i) {
      const size_t substituted = diagonal + (word[i - 1] == letter ? 0 : 1);
      diagonal = column[i];
      column[i] = std::min({substituted, column[i] + 1, column[i - 1] + 1});
    }
    ++end;
    if (first <= end && end <= last) least = std::min(least, column.back());
  }
  return least;
}

// The letters of a word that are compared.
std::vector<LetterClass> Compared(absl::string_view word) {
  std::vector<LetterClass> letters = LetterClasses(word);
  letters.resize(std::min(letters.size(), WordLetters::kMostLetters));
  return letters;
}

// Of texts that may be unlike the query everywhere.
PlacedDistances Unplaced(const WordDistances& distances) {
  PlacedDistances placed;
  placed.SetFor(distances, distances.query_length(),
                2 * distances.query_length() + 100);
  return placed;
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
  EXPECT_EQ(WordDistance(distances, 1), 0u);
  EXPECT_EQ(WordDistance(distances, 2), 0u);
  EXPECT_EQ(WordDistance(distances, 3), 1u);
  EXPECT_EQ(WordDistance(distances, 4), 5u);  // only its o is there
  EXPECT_EQ(WordDistance(distances, 5), 1u);
}

// " of" is in no "offer" that has a letter before it.
TEST(WordBoundTest, ASpaceCounts) {
  const WordLetters words = Words({"of", " of"});
  const WordDistances distances(words, words.size(), LetterClasses("scoff"));
  EXPECT_EQ(WordDistance(distances, 1), 0u);
  EXPECT_EQ(WordDistance(distances, 2), 1u);
}

TEST(WordBoundTest, NothingIsKnownOfNumbersWithoutAWord) {
  const WordLetters words = Words({"model"});
  const WordDistances distances(words, words.size(), LetterClasses("zzz"));
  EXPECT_EQ(WordDistance(distances, 0), 0u);
  EXPECT_EQ(WordDistance(distances, 1), 5u);
  EXPECT_EQ(WordDistance(distances, 2), 0u);
  EXPECT_EQ(WordDistance(distances, kMostWordNumber), 0u);
  EXPECT_EQ(words.letters(0), 0u);
  EXPECT_EQ(words.letters(1), 5u);
}

TEST(WordBoundTest, OfALongWordTheFirstLettersCount) {
  const WordLetters words = Words({"abcdefghijklmnopqrst"});
  EXPECT_EQ(words.letters(1), WordLetters::kMostLetters);
  const auto distance = [&](absl::string_view query) {
    return WordDistance(WordDistances(words, 1, LetterClasses(query)), 1);
  };
  EXPECT_EQ(distance("abcdefghijklmnop"), 0u);
  EXPECT_EQ(distance("qrst"), WordLetters::kMostLetters);
}

TEST(WordBoundTest, AnEmptyQueryHasNoPart) {
  EXPECT_EQ(WordDistance(WordDistances(Words({"model"}), 1, {}), 1), 5u);
  EXPECT_EQ(
      WordDistance(WordDistances(WordLetters(), 1, LetterClasses("model")), 1),
      0u);
}

TEST(WordBoundTest, LetsThroughWhatIsWithinTheCutoff) {
  const WordLetters words = Words({"abc", "xyz", "q"});
  // 0, 3, 1
  const PlacedDistances distances =
      Unplaced(WordDistances(words, words.size(), LetterClasses("abc")));
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
      ASSERT_EQ(WordDistance(distances, static_cast<WordNumber>(i + 1)),
                LeastDistance(Compared(texts[i]), LetterClasses(query)))
          << texts[i] << " in " << query;
    }
  }
}

// A word counts where a text within the cutoff may have it, by segments of the
// query.
TEST(WordBoundTest, AWordFarFromItsPlaceIsNoPartOfIt) {
  const WordLetters words = Words({" model"});
  const std::string query =
      absl::StrCat("the first model", std::string(85, 'x'));
  const WordDistances distances(words, words.size(), LetterClasses(query));
  PlacedDistances placed;
  placed.SetFor(distances, 100, 10);
  EXPECT_EQ(placed.of(PlaceWord(1, 0)), 0u);
  // From 26 - 5 on, and that segment's first end is 19: " modelxxxx".
  EXPECT_EQ(placed.of(PlaceWord(1, 1)), 4u);
  EXPECT_EQ(placed.of(PlaceWord(1, 3)), 6u);
  placed.SetFor(distances, 100, 30);
  EXPECT_EQ(placed.of(PlaceWord(1, 1)), 0u);
  EXPECT_EQ(placed.of(PlaceWord(1, 2)), 6u);
  placed.SetFor(distances, 100, 100);
  EXPECT_EQ(placed.of(PlaceWord(1, 3)), 6u);  // ends from 76 - 50 on
  placed.SetFor(distances, 115, 101);
  EXPECT_EQ(placed.of(PlaceWord(1, 2)), 0u);  // ends from 59 - 58 on
}

TEST(WordBoundTest, PlacedEqualsTheMatrixOrIsLess) {
  Random random(15);
  size_t equal = 0, less = 0;
  for (int round = 0; round < 200; ++round) {
    std::string query;
    for (size_t i = 1 + Below(12, random); i > 0; --i) {
      absl::StrAppend(&query, RandomWord(9, random), " ");
    }
    const std::vector<LetterClass> letters = LetterClasses(query);
    const size_t length = 1 + Below(2 * letters.size(), random);
    const size_t cutoff = std::max(length, letters.size()) -
                          std::min(length, letters.size()) +
                          Below(letters.size(), random);
    const std::string word = RandomWord(20, random);
    const WordLetters words = Words({word});
    PlacedDistances placed;
    const WordDistances distances(words, 1, letters);
    placed.SetFor(distances, length, cutoff + Below(3, random));
    placed.SetFor(distances, length, cutoff);
    for (size_t end = words.letters(1); end <= length; ++end) {
      const size_t deleted = (cutoff + length - letters.size()) / 2;
      const size_t inserted = (cutoff + letters.size() - length) / 2;
      const size_t exact =
          LeastDistance(Compared(word), letters, end - std::min(end, deleted),
                        end + inserted);
      const size_t found = placed.of(PlaceWord(1, TextRegion(end, length)));
      ASSERT_LE(found, exact) << query << ", end " << end << " of " << length;
      ++(found == exact ? equal : less);
    }
  }
  EXPECT_GT(equal, less);
}

// Of words behind spaces, by the distance over code points.
TEST(WordBoundTest, IsAtMostTheDistance) {
  Random random(12);
  size_t far = 0;
  for (int round = 0; round < 2'000; ++round) {
    WordLetters words;
    std::vector<std::string> parts;
    std::string text, query;
    for (size_t i = 1 + Below(12, random); i > 0; --i) {
      parts.push_back(absl::StrCat(" ", RandomWord(6, random)));
      text += parts.back();
      query += Below(3, random) == 0 ? RandomWord(6, random) : parts.back();
      words.Add(parts.back());
    }
    // Words are taken away, so that lengths differ and the rest is moved.
    query.erase(0, query.find(' ', Below(query.size(), random) / 3));
    if (query.empty()) continue;
    const size_t length = text::CountCodepoints(text);
    std::vector<PlacedWord> placed_words;
    for (size_t i = 0, end = 0; i < parts.size(); ++i) {
      end += text::CountCodepoints(parts[i]);
      placed_words.push_back(
          PlaceWord(static_cast<WordNumber>(i + 1), TextRegion(end, length)));
    }
    const size_t distance =
        MatrixDistance(text::Codepoints(text), text::Codepoints(query));
    const WordDistances distances(words, words.size(), LetterClasses(query));
    PlacedDistances placed;
    placed.SetFor(distances, length, distance);
    ASSERT_TRUE(placed.MayBeWithin(distance, placed_words))
        << text << " to " << query;
    const size_t difference = length > distances.query_length()
                                  ? length - distances.query_length()
                                  : distances.query_length() - length;
    const size_t third = std::max(distance / 3, difference);
    placed.SetFor(distances, length, third);
    if (third < distance && !placed.MayBeWithin(third, placed_words)) ++far;
  }
  EXPECT_GT(far, 250u);
}

TEST(WordBoundTest, OfWordsThatAreNotComparedNothingIsKnown) {
  const WordLetters words = Words(std::vector<std::string>(200, "model"));
  const WordDistances none(words, 0, LetterClasses("zzz"));
  EXPECT_EQ(WordDistance(none, 1), 0u);
  const WordDistances some(words, 30, LetterClasses("zzz"));
  EXPECT_EQ(WordDistance(some, 30), 5u);
  EXPECT_EQ(WordDistance(some, 200), 0u);
  EXPECT_EQ(WordDistance(WordDistances(words, 999, LetterClasses("zzz")), 200),
            5u);
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
      const size_t distance =
          WordDistance(distances, static_cast<WordNumber>(i + 1));
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
  EXPECT_EQ(WordDistance(distances, kMostWordNumber), 9u);  // word16382
}

}  // namespace
}  // namespace duilian::storage
