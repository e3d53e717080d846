#include "storage/telling_words.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/matching_units.h"
#include "storage/snapshot_head.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using testing::Each;
using testing::ElementsAre;

TokenTexts Texts(const std::vector<std::string>& normalized) {
  TokenTexts texts;
  std::vector<SpacedToken> tokens;
  for (const std::string& text : normalized) {
    texts.Add(text, SplitUnits(text), tokens);
  }
  return texts;
}

std::vector<PlacedWord> ChoosePlaced(const TokenTexts& texts, SlotId slot,
                                     size_t count, TellingWords& words) {
  std::string text;
  texts.AppendText(slot, text);
  std::vector<PlacedWord> chosen(count, 99);
  words.Choose(texts, slot, text::CountCodepoints(text),
               absl::MakeSpan(chosen));
  return chosen;
}

std::vector<WordNumber> Choose(const TokenTexts& texts, SlotId slot,
                               size_t count, TellingWords& words) {
  std::vector<WordNumber> numbers;
  for (const PlacedWord word : ChoosePlaced(texts, slot, count, words)) {
    numbers.push_back(WordOf(word));
  }
  return numbers;
}

TEST(TellingWordsTest, TheFrequentWordsComeFirst) {
  const TokenTexts texts = Texts({"a pen", "the pen", "old pen of a friend"});
  TellingWords words;
  words.Number(texts);
  // 1 is " pen", which stands there thrice; then come those that stand there
  // once: "a", "the", "old", " of", " a" and " friend", as first seen, a word
  // without a space before the same with one.
  EXPECT_EQ(words.letters().size(), 7u);
  EXPECT_EQ(words.letters().letters(1), 4u);
  EXPECT_THAT(Choose(texts, 0, 3, words), ElementsAre(1, 2, 0));
  EXPECT_THAT(Choose(texts, 1, 3, words), ElementsAre(1, 4, 0));
}

TEST(TellingWordsTest, TheLongestAreChosen) {
  const TokenTexts texts = Texts({"a pen", "the pen", "old pen of a friend"});
  TellingWords words;
  words.Number(texts);
  const std::vector<WordNumber> numbers = Choose(texts, 2, 3, words);
  EXPECT_EQ(words.letters().letters(numbers[0]), 7u);  // " friend"
  EXPECT_EQ(numbers[1], 1u);
  EXPECT_EQ(words.letters().letters(numbers[2]), 3u);
}

// By its last letter; of a long word, the last that is compared.
TEST(TellingWordsTest, AWordIsOfTheRegionInWhichItEnds) {
  const TokenTexts texts =
      Texts({"模 of a pen, one", "internationalization of", "café ink"});
  TellingWords words;
  words.Number(texts);
  const auto placed = [&](SlotId slot) {
    std::vector<std::pair<size_t, size_t>> letters_and_region;
    for (const PlacedWord word : ChoosePlaced(texts, slot, 5, words)) {
      if (word == 0) continue;
      letters_and_region.emplace_back(words.letters().letters(WordOf(word)),
                                      word >> kWordNumberBits);
    }
    return letters_and_region;
  };
  using testing::Pair;
  // 模 (1), " of" (4), " a" (6), " pen" (10), " one" (15) of 15.
  EXPECT_THAT(placed(0),
              testing::UnorderedElementsAre(Pair(4, 3), Pair(4, 2), Pair(3, 0),
                                            Pair(2, 1), Pair(1, 0)));
  // The first 16 of 20 letters, of 23, and " of" (23).
  EXPECT_THAT(placed(1), ElementsAre(Pair(16, 2), Pair(3, 3)));
  // "café" (4), " ink" (8) of 8.
  EXPECT_THAT(placed(2), testing::UnorderedElementsAre(Pair(4, 1), Pair(4, 3)));
}

TEST(TellingWordsTest, NothingIsKnownBeforeWordsAreNumbered) {
  const TokenTexts texts = Texts({"a pen"});
  TellingWords words;
  EXPECT_THAT(Choose(texts, 0, 3, words), Each(0));
}

TEST(TellingWordsTest, WordsThatCameLaterHaveNoNumber) {
  TokenTexts texts = Texts({"a pen"});
  TellingWords words;
  words.Number(texts);
  std::vector<SpacedToken> tokens;
  const std::string text = "two pencils and a pen";
  texts.Add(text, SplitUnits(text), tokens);
  EXPECT_THAT(Choose(texts, 1, 3, words), ElementsAre(2, 0, 0));
  words.Number(texts);
  EXPECT_EQ(words.letters().letters(Choose(texts, 1, 3, words)[0]), 8u);
}

TEST(TellingWordsTest, ThereAreOnlySoMany) {
  std::string frequent, text;
  for (size_t i = 0; i < kMostWordNumber; ++i) {
    absl::StrAppend(&frequent, " w", i);
  }
  for (size_t i = 0; i < 10; ++i) absl::StrAppend(&text, " rare", i);
  const TokenTexts texts = Texts({text, frequent, frequent});
  TellingWords words;
  words.Number(texts);
  EXPECT_EQ(words.letters().size(), kMostWordNumber);
  EXPECT_THAT(Choose(texts, 0, 10, words), Each(0));
}

TEST(TellingWordsTest, AreTheSameFromASnapshot) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/telling_words-", getpid());
  const TokenTexts texts = Texts({"a pen", "the pen", "old pen of a friend"});
  TellingWords words;
  words.Number(texts);
  {
    auto snapshot = SnapshotWriter::Create(path, 1 << 30);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    words.Save(**snapshot);
    ASSERT_TRUE((*snapshot)->Finish().ok());
  }
  auto snapshot = SnapshotReader::Open(path);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  TellingWords loaded;
  ASSERT_TRUE(loaded.Load(texts, *snapshot));
  for (SlotId slot = 0; slot < texts.size(); ++slot) {
    EXPECT_EQ(ChoosePlaced(texts, slot, 5, loaded),
              ChoosePlaced(texts, slot, 5, words));
  }
  // Of other texts, it names tokens that are not there.
  auto again = SnapshotReader::Open(path);
  ASSERT_TRUE(again.ok()) << again.status();
  TellingWords others;
  EXPECT_FALSE(others.Load(Texts({"a"}), *again));
  RemoveSnapshot(path);
}

}  // namespace
}  // namespace duilian::storage
