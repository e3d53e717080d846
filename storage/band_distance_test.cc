#include "storage/band_distance.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/length_table.h"
#include "storage/sample_units.h"
#include "tests/support/matrix_distance.h"

namespace duilian::storage {
namespace {

using testing_support::MatrixDistance;
using Text = std::vector<LetterClass>;

LetterClass RandomLetter(size_t classes, Random& random) {
  return static_cast<LetterClass>(Below(classes, random));
}

// A copy with `edits` random edits that has `length` letters in the end.
Text Edited(Text text, size_t edits, size_t length, size_t classes,
            Random& random) {
  const auto place = [&](size_t places) {
    return text.begin() + static_cast<std::ptrdiff_t>(Below(places, random));
  };
  for (; edits > 0; --edits) {
    switch (Below(3, random)) {
      case 0:
        text.insert(place(text.size() + 1), RandomLetter(classes, random));
        break;
      case 1:
        if (!text.empty()) text.erase(place(text.size()));
        break;
      default:
        if (!text.empty()) *place(text.size()) = RandomLetter(classes, random);
    }
  }
  while (text.size() > length) text.erase(place(text.size()));
  while (text.size() < length) {
    text.insert(place(text.size() + 1), RandomLetter(classes, random));
  }
  return text;
}

struct Case {
  Text query;
  std::vector<Text> texts;  // of one length
  size_t cutoff = 0;
};

Case RandomCase(size_t max_length, Random& random) {
  Case c;
  const size_t classes = 1 + Below(kLetterClasses, random);
  c.query = Edited({}, 0, 1 + Below(max_length, random), classes, random);
  c.cutoff =
      Below(std::min(c.query.size(), BandPattern::kMaxCutoff) + 1, random);
  const size_t shortest =
      std::max<size_t>(1, c.query.size() - std::min(c.query.size(), c.cutoff));
  const size_t length =
      shortest + Below(c.query.size() + c.cutoff - shortest + 1, random);
  const size_t count = 1 + Below(BandPattern::kBatch, random);
  for (size_t i = 0; i < count; ++i) {
    c.texts.push_back(
        Edited(c.query, Below(c.cutoff + 3, random), length, classes, random));
  }
  return c;
}

// Returns how many distances were at most the cutoff.
size_t ExpectDistances(const Case& c) {
  TextsOfLength texts(c.texts[0].size());
  for (const Text& text : c.texts) texts.Add(text, 0);
  std::vector<PackedText> letters;
  for (size_t row = 0; row < c.texts.size(); ++row) {
    letters.push_back(texts.letters(row));
  }
  BandPattern pattern(c.query);
  const auto distances = pattern.Distances(letters, texts.length(), c.cutoff);
  size_t near = 0;
  for (size_t i = 0; i < c.texts.size(); ++i) {
    const size_t expected = MatrixDistance(c.query, c.texts[i]);
    if (expected > c.cutoff) {
      EXPECT_GT(distances[i], c.cutoff);
    } else {
      EXPECT_EQ(distances[i], expected);
      ++near;
    }
  }
  return near;
}

TEST(BandDistanceTest, OneEditOfEachKind) {
  const Text query = {1, 2, 3};
  const auto distance = [&](const Text& text) {
    Case c = {query, {text}, 2};
    return ExpectDistances(c);
  };
  EXPECT_EQ(distance({1, 2, 3}), 1u);
  EXPECT_EQ(distance({1, 3}), 1u);
  EXPECT_EQ(distance({1, 2, 3, 3}), 1u);
  EXPECT_EQ(distance({1, 9, 3}), 1u);
  EXPECT_EQ(distance({9, 9, 9}), 0u);
  EXPECT_EQ(distance({3}), 1u);
  EXPECT_EQ(distance({7}), 0u);
}

// Bands of one word of 32 bits, and of one to eight of 64.
TEST(BandDistanceTest, EqualsTheMatrixUpToTheCutoff) {
  Random random(3);
  for (const size_t max_length : {6u, 40u, 90u, 180u, 300u, 420u, 900u}) {
    size_t near = 0;
    size_t texts = 0;
    const int rounds = max_length > 500 ? 20 : max_length > 100 ? 60 : 400;
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE(absl::StrCat("up to ", max_length, " round ", round));
      const Case c = RandomCase(max_length, random);
      near += ExpectDistances(c);
      texts += c.texts.size();
      ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(near, texts / 4);
    EXPECT_LT(near, texts);
  }
}

TEST(BandDistanceTest, APatternIsUsedWithManyCutoffs) {
  Random random(4);
  const Text query = Edited({}, 0, 200, 6, random);
  BandPattern pattern(query);
  for (int round = 0; round < 100; ++round) {
    const size_t cutoff = Below(200, random);
    const size_t length = 200 - cutoff + Below(2 * cutoff + 1, random);
    if (length == 0) continue;
    const Text text = Edited(query, cutoff / 2, length, 6, random);
    TextsOfLength texts(length);
    texts.Add(text, 0);
    const auto distances =
        pattern.Distances({texts.letters(0)}, length, cutoff);
    const size_t expected = MatrixDistance(query, text);
    SCOPED_TRACE(absl::StrCat("round ", round));
    if (expected > cutoff) {
      ASSERT_GT(distances[0], cutoff);
    } else {
      ASSERT_EQ(distances[0], expected);
    }
  }
}

}  // namespace
}  // namespace duilian::storage
