#include "storage/unit_preparation.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"

namespace duilian::storage {
namespace {

std::vector<TranslationUnit> MakeUnits(size_t count) {
  std::vector<TranslationUnit> units;
  for (size_t i = 0; i < count; ++i) {
    TranslationUnit unit =
        MakeUnit(absl::StrCat("Line ", i, "."), absl::StrCat("第", i, "行"));
    if (i > 0) unit.source.previous_text = absl::StrCat("Line ", i - 1, ".");
    unit.target.next_text = absl::StrCat("第", i + 1, "行。");
    unit.id = i + 1;
    units.push_back(unit);
  }
  return units;
}

TEST(UnitPreparationTest, HandsAllOverInOrder) {
  for (const size_t thread_count : {0, 1, 3}) {
    IdleThreads threads(thread_count);
    for (const size_t count :
         {size_t{0}, size_t{1}, kUnitsPerPortion, kUnitsPerPortion + 1,
          10 * kUnitsPerPortion + 5}) {
      SCOPED_TRACE(absl::StrCat(thread_count, " threads, ", count, " units"));
      const std::vector<TranslationUnit> units = MakeUnits(count);
      std::vector<const TranslationUnit*> places;
      for (const TranslationUnit& unit : units) places.push_back(&unit);
      const std::thread::id caller = std::this_thread::get_id();
      std::vector<PreparedUnit> taken;
      PrepareUnits(places, threads, [&](absl::Span<const PreparedUnit> some) {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        EXPECT_LE(some.size(), kUnitsPerPortion);
        taken.insert(taken.end(), some.begin(), some.end());
      });
      ASSERT_EQ(taken.size(), units.size());
      TextHashes hashes;
      for (size_t i = 0; i < units.size(); ++i) {
        const PreparedUnit expected = PrepareUnit(units[i], hashes);
        EXPECT_EQ(taken[i].id, expected.id);
        EXPECT_EQ(taken[i].source.text.normalized,
                  expected.source.text.normalized);
        EXPECT_EQ(taken[i].source.previous_hash, expected.source.previous_hash);
        EXPECT_EQ(taken[i].target.next_hash, expected.target.next_hash);
        EXPECT_EQ(taken[i].target.text.letters, expected.target.text.letters);
      }
    }
  }
}

}  // namespace
}  // namespace duilian::storage
