#include "storage/letter_filter.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"

namespace duilian::storage {
namespace {

using testing::Eq;
using testing::Optional;

TEST(LetterFilterTest, DeletionsLeaveRoomForFewerExtraLetters) {
  EXPECT_THAT(MostExtraLetters(10, 10, 3), Optional(Eq(3u)));
  EXPECT_THAT(MostExtraLetters(10, 12, 3), Optional(Eq(3u)));
  EXPECT_THAT(MostExtraLetters(10, 13, 3), Optional(Eq(3u)));
  EXPECT_THAT(MostExtraLetters(10, 14, 3), Eq(std::nullopt));
  EXPECT_THAT(MostExtraLetters(10, 8, 3), Optional(Eq(1u)));
  EXPECT_THAT(MostExtraLetters(10, 7, 3), Optional(Eq(0u)));
  EXPECT_THAT(MostExtraLetters(10, 6, 3), Eq(std::nullopt));
}

std::vector<LetterClass> RandomLetters(size_t length, size_t classes,
                                       Random& random) {
  std::vector<LetterClass> letters(length);
  for (LetterClass& letter : letters) {
    letter = static_cast<LetterClass>(Below(classes, random));
  }
  return letters;
}

size_t ExtraLetters(absl::Span<const LetterClass> text,
                    const LetterCounts& query) {
  const LetterCounts counts = CountLetters(text);
  size_t extra = 0;
  for (size_t k = 0; k < kLetterClasses; ++k) {
    extra += static_cast<size_t>(std::max(0, counts[k] - query[k]));
  }
  return extra;
}

// One letter after the other against 64 rows at a time.
TEST(LetterFilterTest, SaysOfEachRowWhetherItsExtraLettersAreFew) {
  Random random(9);
  size_t few = 0;
  size_t many = 0;
  for (int round = 0; round < 200; ++round) {
    const size_t length = 1 + Below(round % 10 == 0 ? 700 : 60, random);
    const size_t classes = 1 + Below(kLetterClasses, random);
    TextsOfLength texts(length);
    for (SlotId row = 0; row < TextsOfLength::kBlock; ++row) {
      texts.Add(RandomLetters(length, classes, random), row);
    }
    const LetterCounts query = CountLetters(
        RandomLetters(1 + Below(2 * length, random), classes, random));
    const size_t most = Below(length + 5, random);
    const uint64_t rows = RowsWithFewExtraLetters(texts.counts(0), query, most);
    for (size_t row = 0; row < TextsOfLength::kBlock; ++row) {
      const size_t extra = ExtraLetters({texts.letters(row), length}, query);
      const bool expected = extra <= most || most > 254;
      ASSERT_EQ((rows >> row & 1) != 0, expected)
          << "round " << round << " row " << row;
      ++(expected ? few : many);
    }
  }
  EXPECT_GT(few, 1000u);
  EXPECT_GT(many, 1000u);
}

}  // namespace
}  // namespace duilian::storage
