#include "storage/letter_class.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::storage {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Lt;
using testing::SizeIs;

TEST(LetterClassTest, SmallLatinLettersAndTheSpaceAreAlone) {
  std::set<LetterClass> classes = {ClassOf(U' ')};
  for (char32_t c = U'a'; c <= U'z'; ++c) classes.insert(ClassOf(c));
  EXPECT_THAT(classes, SizeIs(27));
  for (char32_t c = 0x21; c < 0x7F; ++c) {
    if (c >= U'a' && c <= U'z') continue;
    EXPECT_FALSE(classes.contains(ClassOf(c))) << static_cast<char>(c);
  }
}

TEST(LetterClassTest, EveryCodePointHasAClassAndHanSpreadOverAll) {
  std::set<LetterClass> of_han;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    ASSERT_LT(ClassOf(c), kLetterClasses);
    if (c >= 0x4E00 && c <= 0x9FFF) of_han.insert(ClassOf(c));
  }
  EXPECT_THAT(of_han, SizeIs(kLetterClasses));
}

TEST(LetterClassTest, ReadsOneClassACodePoint) {
  EXPECT_THAT(LetterClasses("a模b"),
              ElementsAre(ClassOf(U'a'), ClassOf(U'模'), ClassOf(U'b')));
  EXPECT_THAT(LetterClasses(""), SizeIs(0));
}

TEST(LetterClassTest, CountsUpTo255) {
  std::vector<LetterClass> letters(300, 3);
  letters.push_back(31);
  letters.push_back(31);
  const LetterCounts counts = CountLetters(letters);
  EXPECT_EQ(counts[3], 255);
  EXPECT_EQ(counts[31], 2);
  EXPECT_EQ(counts[0], 0);
  EXPECT_THAT(LetterClasses("no class is above"), Each(Lt(kLetterClasses)));
}

TEST(LetterClassTest, PacksTwelveLettersAWord) {
  std::vector<LetterClass> letters;
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(WordsFor(i), (i + 11) / 12);
    letters.push_back(static_cast<LetterClass>(31 - i % kLetterClasses));
  }
  const std::vector<LetterWord> words = PackLetters(letters);
  ASSERT_THAT(words, SizeIs(4));
  for (size_t i = 0; i < letters.size(); ++i) {
    EXPECT_EQ(LetterAt(words, i), letters[i]) << i;
  }
  EXPECT_THAT(PackLetters({{1, 2, 0, 0, 0, 0, 3}}),
              ElementsAre(1u | 2u << 5 | LetterWord{3} << 32));
  EXPECT_THAT(PackLetters({}), SizeIs(0));
}

}  // namespace
}  // namespace duilian::storage
