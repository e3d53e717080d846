#include "storage/length_table.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"

namespace duilian::storage {
namespace {

using testing::Eq;
using testing::Optional;
using testing::Pair;

constexpr TextLayout kWithWords = {.letters_a_word = 8, .two_bits_up_to = 20};

std::vector<LetterClass> RandomLetters(size_t length, Random& random) {
  std::vector<LetterClass> letters(length);
  for (LetterClass& letter : letters) {
    letter = static_cast<LetterClass>(Below(kLetterClasses, random));
  }
  return letters;
}

std::vector<LetterClass> LettersOf(const TextsOfLength& texts, size_t row) {
  const PackedText packed = texts.letters(row);
  const size_t front = FrontWords(texts.length());
  std::vector<LetterWord> words(packed.front, packed.front + front);
  words.insert(words.end(), packed.back,
               packed.back + (WordsFor(texts.length()) - front));
  std::vector<LetterClass> letters;
  for (size_t i = 0; i < texts.length(); ++i) {
    letters.push_back(LetterAt(words, i));
  }
  return letters;
}

// The count of a class in [begin, end).
unsigned Count(const std::vector<LetterClass>& letters, size_t begin,
               size_t end, size_t letter_class) {
  unsigned count = 0;
  for (size_t i = begin; i < end; ++i) {
    if (letters[i] == letter_class) ++count;
  }
  return count;
}

// The table's count of a class in both halves of a text.
std::pair<unsigned, unsigned> CountsOf(const TextsOfLength& texts, size_t row,
                                       LetterClass letter_class) {
  const unsigned bits = texts.count_bits();
  const unsigned most = TextsOfLength::MostCounted(bits);
  const CountPlace place = TextsOfLength::Place(letter_class, bits);
  EXPECT_LT(place.line, TextsOfLength::CountLines(bits));
  const unsigned counts = texts.counts(
      row / TextsOfLength::kBlock)[place.line * TextsOfLength::kBlock +
                                   row % TextsOfLength::kBlock];
  return {counts >> place.shift & most, counts >> place.shift >> bits & most};
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
      const std::vector<LetterClass> letters = LettersOf(texts, row);
      ASSERT_EQ(letters, found->second);
      const unsigned most = TextsOfLength::MostCounted(texts.count_bits());
      for (LetterClass k = 0; k < kLetterClasses; ++k) {
        const auto [first, second] = CountsOf(texts, row, k);
        ASSERT_EQ(first, std::min(most, Count(letters, 0, length / 2, k)));
        ASSERT_EQ(second,
                  std::min(most, Count(letters, length / 2, length, k)));
      }
    }
  }
  EXPECT_EQ(rows, expected.size());
}

void SaveTable(const LengthTable& table, const std::string& path) {
  auto snapshot = SnapshotWriter::Create(path, 1 << 30);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  table.Save(**snapshot);
  ASSERT_TRUE((*snapshot)->Finish().ok());
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

void HoldsAfterManyChanges(const TextLayout& layout) {
  Random random(5);
  LengthTable table(layout);
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

TEST(LengthTableTest, HoldsWhatWasPutAfterManyChanges) {
  for (const size_t two_bits_up_to : {0, 2, 10}) {
    SCOPED_TRACE(two_bits_up_to);
    HoldsAfterManyChanges(
        {.letters_a_word = 0, .two_bits_up_to = two_bits_up_to});
  }
}

TEST(LengthTableTest, SlotsAreRenumbered) {
  LengthTable table;
  table.Add({1}, 1);
  table.Add({2, 2}, 3);
  table.Renumber({99, 0, 99, 1});
  ExpectHolds(table, {{0, {1}}, {1, {2, 2}}});
}

TEST(LengthTableTest, KeepsLettersOfEveryLength) {
  Random random(6);
  LengthTable table({.letters_a_word = 0, .two_bits_up_to = 100});
  std::map<SlotId, std::vector<LetterClass>> expected;
  for (SlotId slot = 0; slot < 400; ++slot) {
    expected[slot] = RandomLetters(slot % 200, random);
    table.Add(expected[slot], slot);
  }
  ExpectHolds(table, expected);
}

TEST(LengthTableTest, EachLetterCountsInAHash) {
  Random random(13);
  for (const size_t length : {1u, 12u, 100u}) {
    const std::vector<LetterClass> letters = RandomLetters(length, random);
    EXPECT_EQ(HashLetters(letters), HashLetters(std::vector(letters)));
    for (size_t i = 0; i < length; ++i) {
      std::vector<LetterClass> other = letters;
      other[i] ^= 1;
      EXPECT_NE(HashLetters(letters), HashLetters(other)) << length << ' ' << i;
    }
  }
}

// A snapshot holds bits of them.
TEST(LengthTableTest, HashesAreTheSameInEveryRelease) {
  EXPECT_EQ(HashLetters({}), 0x2d06800538d394c2u);
  EXPECT_EQ(HashLetters({1, 2, 3}), 10704579847632362139u);
  EXPECT_EQ(HashLetters(std::vector<LetterClass>(60, 5)), 9935955943159025250u);
}

// Each run may hold its own rows, and nearly none of a thousand other texts
// unless it is the last and not full.
void ExpectFiltersRuns(const TextsOfLength& texts, Random& random) {
  for (size_t row = 0; row < texts.rows(); ++row) {
    ASSERT_TRUE(texts.MayHold(row / TextsOfLength::kRun,
                              HashLetters(LettersOf(texts, row))))
        << row;
  }
  for (size_t run = 0; run < texts.runs(); ++run) {
    SCOPED_TRACE(run);
    const bool full = (run + 1) * TextsOfLength::kRun <= texts.rows();
    int held = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto other = RandomLetters(texts.length(), random);
      if (texts.MayHold(run, HashLetters(other))) ++held;
    }
    if (full) {
      EXPECT_LT(held, 200);
    } else {
      EXPECT_EQ(held, 1000);
    }
  }
}

// Long enough that a text has letters behind its first words.
constexpr size_t kOfRuns = 60;

TEST(LengthTableTest, FullRunsOfRowsAreToldByTheirLetters) {
  constexpr size_t kRun = TextsOfLength::kRun;
  const std::string path =
      absl::StrCat(testing::TempDir(), "/run_table-", getpid());
  Random random(12);
  LengthTable table;
  SlotId next = 0;
  const auto grow_to = [&](LengthTable& grown, size_t rows) {
    while (grown.lengths().empty() ||
           grown.lengths().at(kOfRuns).rows() < rows) {
      grown.Add(RandomLetters(kOfRuns, random), next++);
    }
  };
  for (const size_t rows : {kRun - 1, kRun, 2 * kRun + 1}) {
    grow_to(table, rows);
    ExpectFiltersRuns(table.lengths().at(kOfRuns), random);
  }
  // The last row goes into a full run, and a full run is one no longer.
  table.Remove(kOfRuns, 3);
  table.Remove(kOfRuns, 5);
  EXPECT_EQ(table.lengths().at(kOfRuns).runs(), 2u);
  ExpectFiltersRuns(table.lengths().at(kOfRuns), random);
  LengthTable copy = table;
  copy.Renumber(std::vector<SlotId>(next, 7));
  ExpectFiltersRuns(copy.lengths().at(kOfRuns), random);
  SaveTable(table, path);
  auto snapshot = SnapshotReader::Open(path);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  LengthTable loaded;
  ASSERT_TRUE(loaded.Load(next, *snapshot));
  ExpectFiltersRuns(loaded.lengths().at(kOfRuns), random);
  // Rows that come and go for long leave the runs as they were.
  constexpr size_t kRows = 2 * kRun + kRun / 2;
  for (size_t i = 0; i < 8 * kRun; ++i) {
    grow_to(loaded, kRows);
    loaded.Remove(kOfRuns, static_cast<uint32_t>(Below(kRows, random)));
  }
  ExpectFiltersRuns(loaded.lengths().at(kOfRuns), random);
  RemoveSnapshot(path);
}

// Each row's words, set to what its slot says.
std::vector<PlacedWord> RowWords(SlotId slot, size_t length) {
  std::vector<PlacedWord> words(length / 8 + 1);
  for (size_t i = 0; i < words.size(); ++i) {
    words[i] = static_cast<PlacedWord>(1 + slot * 8 + i);
  }
  return words;
}

void SetRowWords(SlotId slot, size_t length, absl::Span<PlacedWord> words) {
  const auto from = RowWords(slot, length);
  std::copy(from.begin(), from.end(), words.begin());
}

void ExpectHasWords(const LengthTable& table) {
  for (const auto& [length, texts] : table.lengths()) {
    for (size_t row = 0; row < texts.rows(); ++row) {
      ASSERT_EQ(texts.words(row), RowWords(texts.slot(row), length));
    }
  }
}

TEST(LengthTableTest, WordsGoWithTheirRow) {
  Random random(10);
  LengthTable table(kWithWords);
  for (SlotId slot = 0; slot < 300; ++slot) {
    const size_t length = slot % 3 * 8;
    const uint32_t row = table.Add(RandomLetters(length, random), slot);
    EXPECT_THAT(table.words(length, row), testing::Each(0));
  }
  table.SetWords(table.MakeWords(SetRowWords));
  ExpectHasWords(table);
  for (uint32_t row = 0; row < 90; row += 2) {
    for (const size_t length : {0u, 8u, 16u}) table.Remove(length, row);
  }
  ExpectHasWords(table);
}

TEST(LengthTableTest, WordsAreKeptWhereTheyAreAskedFor) {
  LengthTable table;
  EXPECT_FALSE(table.keeps_words());
  table.Add({1, 2}, 0);
  EXPECT_TRUE(table.words(2, 0).empty());
}

TEST(LengthTableTest, IsTheSameFromASnapshot) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/length_table-", getpid());
  Random random(9);
  LengthTable table(kWithWords);
  std::map<SlotId, std::vector<LetterClass>> expected;
  for (SlotId slot = 0; slot < 400; ++slot) {
    expected[slot] = RandomLetters(slot % 5 * 20, random);
    table.Add(expected[slot], slot);
  }
  table.SetWords(table.MakeWords(SetRowWords));
  SaveTable(table, path);
  std::vector<SnapshotReader> snapshots;  // that the tables lie in
  const auto load = [&](size_t slots, LengthTable& loaded) {
    auto snapshot = SnapshotReader::Open(path);
    if (!snapshot.ok()) return false;
    snapshots.push_back(*std::move(snapshot));
    return loaded.Load(slots, snapshots.back());
  };
  LengthTable loaded(kWithWords);
  ASSERT_TRUE(load(400, loaded));
  ExpectHolds(loaded, expected);
  ExpectHasWords(loaded);
  // Slot 399 is not one of 399.
  LengthTable of_less(kWithWords);
  EXPECT_FALSE(load(399, of_less));
  LengthTable without_words;
  EXPECT_FALSE(load(400, without_words));
  RemoveSnapshot(path);
}

// A table that was loaded goes on as one that was not: rows come behind what
// lies in the snapshot's memory, and go from it.
TEST(LengthTableTest, GrowsBehindWhatWasLoaded) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/grown_table-", getpid());
  Random random(10);
  LengthTable table(kWithWords);
  std::map<SlotId, std::vector<LetterClass>> expected;
  for (SlotId slot = 0; slot < 200; ++slot) {
    expected[slot] = RandomLetters(20 + slot % 2 * 20, random);
    table.Add(expected[slot], slot);
  }
  table.SetWords(table.MakeWords(SetRowWords));
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE(round);
    SaveTable(table, path);
    auto snapshot = SnapshotReader::Open(path);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    LengthTable loaded(kWithWords);
    ASSERT_TRUE(loaded.Load(1000, *snapshot));
    ExpectHolds(loaded, expected);
    ExpectHasWords(loaded);
    const auto in_snapshot = [&](const void* at) {
      const char* const begin = snapshot->memory()->data();
      return at >= begin && at < begin + snapshot->memory()->size();
    };
    // Fewer than there were, then more.
    auto remaining = expected;
    for (uint32_t row = 0; row < 50; ++row) {
      remaining.erase(loaded.lengths().at(20).slot(row));
      ASSERT_TRUE(loaded.Remove(20, row).has_value());
    }
    ExpectHolds(loaded, remaining);
    const auto first = static_cast<SlotId>(200 + round * 100);
    for (SlotId slot = first; slot < first + 100; ++slot) {
      remaining[slot] = RandomLetters(20, random);
      const uint32_t row = loaded.Add(remaining[slot], slot);
      EXPECT_THAT(loaded.words(20, row), testing::Each(0));
      SetRowWords(slot, 20, loaded.words(20, row));
    }
    ExpectHolds(loaded, remaining);
    ExpectHasWords(loaded);
    const TextsOfLength& texts = loaded.lengths().at(20);
    for (const size_t row : {size_t{0}, texts.rows() - 1}) {
      const bool was_loaded = row == 0;
      EXPECT_EQ(in_snapshot(texts.letters(row).front), was_loaded);
      EXPECT_EQ(in_snapshot(texts.letters(row).back), was_loaded);
      EXPECT_EQ(in_snapshot(texts.words(row).data()), was_loaded);
    }
    EXPECT_TRUE(in_snapshot(texts.counts(0)));
    expected = std::move(remaining);
    table = loaded;  // a copy, of its own
    ExpectHolds(table, expected);
  }
  RemoveSnapshot(path);
}

TEST(LengthTableTest, CountsUpToTheMostInEachHalf) {
  std::vector<LetterClass> letters(50, 7);
  for (size_t i = 10; i < 27; ++i) letters[i] = 8;
  for (const size_t two_bits_up_to : {49, 50}) {
    TextsOfLength texts(
        50, {.letters_a_word = 0, .two_bits_up_to = two_bits_up_to});
    const unsigned bits = texts.count_bits();
    EXPECT_EQ(bits, two_bits_up_to == 50 ? 2u : 4u);
    for (SlotId row = 0; row <= TextsOfLength::kBlock; ++row) {
      texts.Add(letters, row);
    }
    for (const size_t row : {size_t{0}, TextsOfLength::kBlock}) {
      EXPECT_THAT(CountsOf(texts, row, 6), Pair(0u, 0u));
      EXPECT_THAT(CountsOf(texts, row, 7),
                  bits == 2 ? Pair(3u, 3u) : Pair(10u, 15u));
      EXPECT_THAT(CountsOf(texts, row, 8),
                  bits == 2 ? Pair(3u, 2u) : Pair(15u, 2u));
    }
  }
}

}  // namespace
}  // namespace duilian::storage
