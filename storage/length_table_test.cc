#include "storage/length_table.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"

namespace duilian::storage {
namespace {

using testing::Eq;
using testing::Optional;

std::vector<LetterClass> RandomLetters(size_t length, Random& random) {
  std::vector<LetterClass> letters(length);
  for (LetterClass& letter : letters) {
    letter = static_cast<LetterClass>(Below(kLetterClasses, random));
  }
  return letters;
}

// The table holds exactly `expected`, slot by slot, and its counts are right.
void ExpectHolds(const LengthTable& table,
                 const std::map<SlotId, std::vector<LetterClass>>& expected) {
  size_t rows = 0;
  for (const auto& [length, texts] : table.lengths()) {
    ASSERT_EQ(texts.length(), length);
    ASSERT_GT(texts.rows(), 0u);
    rows += texts.rows();
    for (size_t row = 0; row < texts.rows(); ++row) {
      const auto found = expected.find(texts.slot(row));
      ASSERT_NE(found, expected.end());
      const std::vector<LetterClass> letters(texts.letters(row),
                                             texts.letters(row) + length);
      ASSERT_EQ(letters, found->second);
      const size_t block = row / TextsOfLength::kBlock;
      if (block == texts.whole_blocks()) continue;
      const LetterCounts counts = CountLetters(letters);
      for (size_t k = 0; k < kLetterClasses; ++k) {
        ASSERT_EQ(
            texts.counts(
                block)[k * TextsOfLength::kBlock + row % TextsOfLength::kBlock],
            counts[k]);
      }
    }
  }
  EXPECT_EQ(rows, expected.size());
}

TEST(LengthTableTest, TheLastRowTakesTheGoneOnesPlace) {
  LengthTable table;
  EXPECT_EQ(table.Add({1, 2}, 10), 0u);
  EXPECT_EQ(table.Add({3, 4}, 11), 1u);
  EXPECT_EQ(table.Add({5}, 12), 0u);
  EXPECT_THAT(table.Remove(2, 0), Optional(Eq(11u)));
  EXPECT_THAT(table.Remove(2, 0), Eq(std::nullopt));
  ExpectHolds(table, {{12, {5}}});
}

TEST(LengthTableTest, HoldsWhatWasPutAfterManyChanges) {
  Random random(5);
  LengthTable table;
  std::map<SlotId, std::vector<LetterClass>> expected;
  std::map<SlotId, uint32_t> row_of;
  for (SlotId slot = 0; slot < 3000; ++slot) {
    // Mostly growing to some blocks, then shrinking again.
    const bool remove =
        !expected.empty() && Below(10, random) < (slot < 1500 ? 2u : 6u);
    if (remove) {
      auto gone =
          expected.lower_bound(static_cast<SlotId>(Below(slot, random)));
      if (gone == expected.end()) gone = expected.begin();
      const uint32_t row = row_of.at(gone->first);
      const auto moved = table.Remove(gone->second.size(), row);
      if (moved.has_value()) row_of[*moved] = row;
      row_of.erase(gone->first);
      expected.erase(gone);
    } else {
      expected[slot] = RandomLetters(Below(5, random), random);
      row_of[slot] = table.Add(expected[slot], slot);
    }
    if (slot % 100 == 0) {
      SCOPED_TRACE(slot);
      ASSERT_NO_FATAL_FAILURE(ExpectHolds(table, expected));
    }
  }
  ASSERT_GT(table.lengths().rbegin()->second.rows(), TextsOfLength::kBlock);
}

TEST(LengthTableTest, SlotsAreRenumbered) {
  LengthTable table;
  table.Add({1}, 1);
  table.Add({2, 2}, 3);
  table.Renumber({99, 0, 99, 1});
  ExpectHolds(table, {{0, {1}}, {1, {2, 2}}});
}

TEST(LengthTableTest, BytesBehindTheLastRowCanBeRead) {
  LengthTable table;
  table.Add({1, 2, 3}, 0);
  const TextsOfLength& texts = table.lengths().at(3);
  std::vector<LetterClass> read(3 + TextsOfLength::kReadable);
  std::copy_n(texts.letters(0), read.size(), read.begin());
  EXPECT_EQ(read[2], 3);
}

}  // namespace
}  // namespace duilian::storage
