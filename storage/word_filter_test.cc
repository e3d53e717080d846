#include "storage/word_filter.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/fuzzy_search.h"
#include "storage/lookup_scores.h"
#include "storage/project_index.h"
#include "storage/sample_units.h"
#include "tests/support/matrix_distance.h"
#include "tests/support/word_distance.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using testing_support::MatrixDistance;
using testing_support::WordDistance;
using text::Language;

WordLetters Words(size_t count) {
  WordLetters words;
  for (size_t i = 0; i < count; ++i) words.Add(absl::StrCat("word", i));
  return words;
}

TEST(WordFilterTest, WordsAreComparedOnceEnoughTextsAreExpected) {
  const WordLetters words = Words(50);
  const std::vector<LetterClass> query = LetterClasses("sword");
  WordFilter filter(words, query);
  filter.ExpectTexts(100'000);
  EXPECT_EQ(filter.Distances(1'000, 30), nullptr);  // 3,000 of all
  const WordDistances* distances = filter.Distances(1'000, 70);
  ASSERT_NE(distances, nullptr);
  EXPECT_EQ(WordDistance(*distances, 1), 1u);   // word0
  EXPECT_EQ(WordDistance(*distances, 50), 2u);  // word49
  EXPECT_EQ(filter.Distances(98'000, 0), distances);
}

TEST(WordFilterTest, AsManyWordsAreComparedAsAreWorthIt) {
  const WordLetters words = Words(4'000);
  const std::vector<LetterClass> query = LetterClasses("zzz");
  WordFilter filter(words, query);
  filter.ExpectTexts(5'000);
  const WordDistances* distances = filter.Distances(100, 100);
  ASSERT_NE(distances, nullptr);
  EXPECT_EQ(WordDistance(*distances, 2'500), 8u);  // word2499
  EXPECT_EQ(WordDistance(*distances, 4'000), 0u);
}

// The band of 450 letters has three words.
TEST(WordFilterTest, MoreWordsAreWorthItForALongQuery) {
  const WordLetters words = Words(8'000);
  const std::vector<LetterClass> query = LetterClasses(std::string(450, 'z'));
  WordFilter filter(words, query);
  filter.ExpectTexts(5'000);
  const WordDistances* distances = filter.Distances(100, 100);
  ASSERT_NE(distances, nullptr);
  EXPECT_EQ(WordDistance(*distances, 7'500), 8u);  // word7499
  EXPECT_EQ(WordDistance(*distances, 8'000), 0u);
}

TEST(WordFilterTest, WordsThatKeepNearlyAllTextsAreGivenUp) {
  const WordLetters words = Words(50);
  const std::vector<LetterClass> query = LetterClasses("sword");
  WordFilter filter(words, query);
  filter.ExpectTexts(100'000);
  const WordDistances* distances = filter.Distances(10'000, 9'000);
  ASSERT_NE(distances, nullptr);
  filter.CountKept(1'900, 1'900);
  EXPECT_EQ(filter.Distances(100, 100), distances);  // few were asked as yet
  filter.CountKept(300, 0);
  EXPECT_EQ(filter.Distances(100, 100), distances);  // 86 % were kept
  filter.CountKept(2'000, 1'980);
  EXPECT_EQ(filter.Distances(100, 100), nullptr);
}

TEST(WordFilterTest, WithoutWordsThereIsNothingToCompare) {
  const WordLetters words;
  WordFilter filter(words, {});
  filter.ExpectTexts(1'000);
  EXPECT_EQ(filter.Distances(1'000, 1'000), nullptr);
}

// --- A search with words and without ---

// Enough texts for words to be numbered, of which the letters leave many.
class WordSearchTest : public testing::Test {
 protected:
  static constexpr size_t kTexts = 17'000;

  WordSearchTest() {
    for (size_t i = 0; i < 600; ++i) {
      std::string word;
      for (size_t letters = 2 + Below(9, random_); letters > 0; --letters) {
        word += static_cast<char>('a' + Below(9, random_));
      }
      vocabulary_.push_back(word);
    }
    TextHashes hashes;
    for (size_t i = 0; i < kTexts; ++i) {
      texts_.push_back(RandomText());
      TranslationUnit unit = MakeUnit(texts_.back(), "译文");
      unit.id = i + 1;
      unit.revision = i + 1;
      unit.origin = Origin::kManual;
      index_.Put(PrepareUnit(unit, hashes));
      if (index_.IsWorthNumbering()) index_.SetWords(index_.Numbered());
    }
  }

  const std::string& RandomWord() {
    return vocabulary_[Below(vocabulary_.size(), random_)];
  }
  std::string RandomText() {
    std::string text = RandomWord();
    for (size_t words = 9 + Below(8, random_); words > 0; --words) {
      absl::StrAppend(&text, Below(12, random_) == 0 ? ", " : " ",
                      RandomWord());
    }
    return text;
  }
  // A text with words changed, joined, cut short.
  std::string Edited(std::string text) {
    for (size_t edits = 1 + Below(6, random_); edits > 0; --edits) {
      const size_t place = Below(text.size(), random_);
      switch (Below(3, random_)) {
        case 0:
          text.erase(place, 1 + Below(6, random_));
          break;
        case 1:
          text.insert(place, RandomWord());
          break;
        default:
          text[place] = static_cast<char>('a' + Below(9, random_));
      }
    }
    return text;
  }

  Random random_{20261126};
  std::vector<std::string> vocabulary_, texts_;  // texts are their own forms
  ProjectIndex index_;
};

TEST_F(WordSearchTest, FindsWhatComparingWithAllFinds) {
  ASSERT_GT(index_.words(Language::kEnglish).size(), vocabulary_.size());
  EXPECT_EQ(index_.words(Language::kChinese).size(), 0u);
  IdleThreads threads(1);
  size_t found_in_all = 0;
  for (int round = 0; round < 6; ++round) {
    FuzzyQuery query;
    query.text = Edited(texts_[Below(kTexts, random_)]);
    query.language = Language::kEnglish;
    query.threshold_percent = 50 + round % 3 * 10;
    query.penalties = {};
    query.limit = 1'000;
    SCOPED_TRACE(absl::StrCat(query.threshold_percent, " % of ", query.text));
    const PreparedQuery prepared = PrepareQuery(query);
    LookupScores scores(query, prepared);
    const absl::Status status =
        FuzzySearch(index_, query, prepared, {threads, 1'000}, scores);
    ASSERT_TRUE(status.ok()) << status;
    std::vector<UnitId> ids, expected;
    for (const ScoredUnit& unit : std::move(scores).Best())
      ids.push_back(unit.version.id);
    std::string form;
    for (const char32_t c : prepared.codepoints) text::AppendUtf8(c, form);
    for (size_t i = 0; i < kTexts; ++i) {
      const size_t longer = std::max(form.size(), texts_[i].size());
      const size_t distance = MatrixDistance(form, texts_[i]);
      const auto threshold = static_cast<size_t>(query.threshold_percent);
      if (100 * (longer - distance) >= threshold * longer) {
        expected.push_back(i + 1);
      }
    }
    EXPECT_THAT(ids, testing::UnorderedElementsAreArray(expected));
    found_in_all += expected.size();
  }
  EXPECT_GE(found_in_all, 3u);
}

}  // namespace
}  // namespace duilian::storage
