#include "storage/letter_filter.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/length_table.h"
#include "storage/sample_units.h"

namespace duilian::storage {
namespace {

using Text = std::vector<LetterClass>;

LetterClass RandomLetter(size_t classes, Random& random) {
  return static_cast<LetterClass>(Below(classes, random));
}

Text RandomText(size_t length, size_t classes, Random& random) {
  Text text(length);
  for (LetterClass& letter : text) letter = RandomLetter(classes, random);
  return text;
}

TextLayout RandomLayout(Random& random) {
  return {.letters_a_word = 0, .two_bits_up_to = 1000 * Below(2, random)};
}

using Letters = absl::Span<const LetterClass>;

// The letters that the query has beyond the text's, which is in parts. Of a
// class that a part has `most` of, or more, nothing is known but that.
std::ptrdiff_t MissingLetters(Letters query, const std::vector<Letters>& text,
                              std::ptrdiff_t most) {
  std::ptrdiff_t missing = 0;
  for (size_t k = 0; k < kLetterClasses; ++k) {
    std::ptrdiff_t more = std::count(query.begin(), query.end(), k);
    const bool many = more > most;
    for (const Letters part : text) {
      const std::ptrdiff_t has = std::count(part.begin(), part.end(), k);
      more = many && has >= most ? 0 : more - has;
    }
    missing += std::max<std::ptrdiff_t>(0, more);
  }
  return missing;
}

// Both bounds, one letter after the other.
bool MayBeNear(const Text& text, const Text& query, std::ptrdiff_t cutoff,
               std::ptrdiff_t most) {
  const auto size = [](const auto& letters) {
    return static_cast<std::ptrdiff_t>(letters.size());
  };
  const std::ptrdiff_t longer = size(query) - size(text);
  const Letters u = text, q = query;
  const size_t half = text.size() / 2;
  const auto cut = static_cast<size_t>(
      std::max<std::ptrdiff_t>(0, size(u.first(half)) + longer / 2));
  const auto first = u.first(half), second = u.subspan(half);
  const std::ptrdiff_t missing = MissingLetters(q, {first, second}, most);
  if (std::max(missing, missing - longer) > cutoff) return false;
  const auto query_first = q.first(cut), query_second = q.subspan(cut);
  const std::ptrdiff_t in_halves = MissingLetters(query_first, {first}, most) +
                                   MissingLetters(query_second, {second}, most);
  return in_halves + std::min(size(first) - size(query_first),
                              size(second) - size(query_second)) <=
         cutoff;
}

TEST(LetterFilterTest, LengthsThatDifferTooMuchAreImpossible) {
  const Text query(10, 1);
  const auto possible = [&](size_t length) {
    return LetterFilter(query, TextsOfLength(length), 3).possible();
  };
  EXPECT_TRUE(possible(13));
  EXPECT_FALSE(possible(14));
  EXPECT_TRUE(possible(7));
  EXPECT_FALSE(possible(6));
}

// Sixty-four rows at a time against one after the other.
TEST(LetterFilterTest, SaysOfEachRowWhatTheBoundsSay) {
  Random random(9);
  size_t near = 0, far = 0;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const size_t length = 1 + Below(60, random);
    const size_t classes = 1 + Below(kLetterClasses, random);
    const Text query =
        RandomText(1 + Below(2 * length, random), classes, random);
    TextsOfLength texts(length, RandomLayout(random));
    const auto most = TextsOfLength::MostCounted(texts.count_bits());
    std::vector<Text> rows;
    for (SlotId row = 0; row < TextsOfLength::kBlock; ++row) {
      rows.push_back(RandomText(length, classes, random));
      texts.Add(rows.back(), row);
    }
    const size_t cutoff = 1 + Below(std::max(length, query.size()), random);
    const LetterFilter filter(query, texts, cutoff);
    if (!filter.possible()) continue;
    const uint64_t found = filter.Rows(texts.counts(0));
    for (size_t row = 0; row < TextsOfLength::kBlock; ++row) {
      const bool expected = MayBeNear(
          rows[row], query, static_cast<std::ptrdiff_t>(cutoff), most);
      ASSERT_EQ((found >> row & 1) != 0, expected) << "row " << row;
      ++(expected ? near : far);
    }
  }
  EXPECT_GT(near, 1000u);
  EXPECT_GT(far, 1000u);
}

// Both have as many letters in each half, as far as is counted, of each class
// that shares its counts' line with a letter of the query.
bool HaveEqualCounts(const Text& text, const Text& query, unsigned bits) {
  const std::ptrdiff_t most = TextsOfLength::MostCounted(bits);
  const auto line = [&](size_t letter) {
    return TextsOfLength::Place(static_cast<LetterClass>(letter), bits).line;
  };
  std::set<size_t> lines;
  for (const LetterClass letter : query) lines.insert(line(letter));
  const size_t half = text.size() / 2;
  const Letters u = text, q = query;
  for (size_t k = 0; k < kLetterClasses; ++k) {
    if (!lines.contains(line(k))) continue;
    const auto counted = [&](Letters letters) {
      return std::min<std::ptrdiff_t>(
          most, std::count(letters.begin(), letters.end(), k));
    };
    if (counted(u.first(half)) != counted(q.first(half))) return false;
    if (counted(u.subspan(half)) != counted(q.subspan(half))) return false;
  }
  return true;
}

// Texts like the query, the same but for their order, and with a letter of
// another class, in any row.
TEST(LetterFilterTest, EqualTextsHaveTheCountsOfTheQuery) {
  Random random(11);
  size_t equal = 0, other = 0;
  for (int round = 0; round < 1000; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const size_t length = 1 + Below(round % 10 == 0 ? 400 : 60, random);
    const size_t classes = 2 + Below(kLetterClasses - 2, random);
    const Text query = RandomText(length, classes, random);
    TextsOfLength texts(length, RandomLayout(random));
    std::vector<Text> rows;
    for (SlotId row = 0; row < TextsOfLength::kBlock; ++row) {
      const bool like = Below(8, random) == 0;
      Text text = like ? query : RandomText(length, classes, random);
      std::reverse(text.begin(),
                   text.begin() + static_cast<std::ptrdiff_t>(length / 2));
      if (Below(2, random) == 0) {
        text[Below(length, random)] = RandomLetter(classes, random);
      }
      rows.push_back(text);
      texts.Add(text, row);
    }
    const uint64_t found = LetterFilter(query, texts, 0).Rows(texts.counts(0));
    for (size_t row = 0; row < TextsOfLength::kBlock; ++row) {
      const bool expected =
          HaveEqualCounts(rows[row], query, texts.count_bits());
      ASSERT_EQ((found >> row & 1) != 0, expected) << "row " << row;
      ++(expected ? equal : other);
    }
  }
  EXPECT_GT(equal, 1000u);
  EXPECT_GT(other, 1000u);
}

// A copy of the text after exactly so many edits, which may be too many.
Text Edited(Text text, size_t edits, size_t classes, Random& random) {
  for (; edits > 0; --edits) {
    const auto place = text.begin() + static_cast<std::ptrdiff_t>(
                                          Below(text.size() + 1, random));
    const size_t kind = Below(3, random);
    if (kind == 0 || place == text.end()) {
      text.insert(place, RandomLetter(classes, random));
    } else if (kind == 1) {
      text.erase(place);
    } else {
      *place = RandomLetter(classes, random);
    }
  }
  return text;
}

// Short and long texts, of few classes and many, with pieces that moved.
TEST(LetterFilterTest, NeverDropsATextWithinTheCutoff) {
  Random random(10);
  size_t dropped = 0;
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const size_t classes = 1 + Below(kLetterClasses, random);
    const Text query = RandomText(1 + Below(round % 10 == 0 ? 600 : 60, random),
                                  classes, random);
    const size_t edits = Below(query.size() / 2 + 2, random);
    Text text = Edited(query, edits, classes, random);
    if (Below(2, random) == 0) {
      // The beginning goes to the end: at most twice so many edits.
      const size_t moved = std::min(edits / 2, text.size());
      text = Edited(query, 0, classes, random);
      std::rotate(text.begin(),
                  text.begin() +
                      static_cast<std::ptrdiff_t>(std::min(moved, text.size())),
                  text.end());
    }
    if (text.empty()) continue;
    TextsOfLength texts(text.size(), RandomLayout(random));
    texts.Add(text, 0);
    for (SlotId row = 1; row < TextsOfLength::kBlock; ++row) {
      texts.Add(RandomText(text.size(), classes, random), row);
    }
    const LetterFilter filter(query, texts, edits);
    ASSERT_TRUE(filter.possible());
    const uint64_t rows = filter.Rows(texts.counts(0));
    ASSERT_EQ(rows & 1, 1u);
    if (rows != ~uint64_t{0}) ++dropped;
  }
  EXPECT_GT(dropped, 1000u);
}

}  // namespace
}  // namespace duilian::storage
