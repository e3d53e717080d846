#include "storage/run_filters.h"

#include <cstddef>
#include <cstdint>

#include "gtest/gtest.h"
#include "storage/text_hash.h"

namespace duilian::storage {
namespace {

uint64_t HashOf(uint64_t number) {
  return StableHash({reinterpret_cast<const char*>(&number), sizeof(number)});
}

// Of 10,000 that were not inserted, how many may be held.
size_t MayHoldOfOthers(const RunFilters& filters, size_t run) {
  size_t held = 0;
  for (uint64_t i = 1'000'000; i < 1'010'000; ++i) {
    if (filters.MayHold(run, HashOf(i))) ++held;
  }
  return held;
}

TEST(RunFiltersTest, HoldsWhatWasInsertedAndLittleElse) {
  RunFilters filters;
  filters.Resize(2);
  for (uint64_t i = 0; i < RunFilters::kTexts; ++i) {
    filters.Insert(1, HashOf(i));
  }
  for (uint64_t i = 0; i < RunFilters::kTexts; ++i) {
    ASSERT_TRUE(filters.MayHold(1, HashOf(i))) << i;
    ASSERT_FALSE(filters.MayHold(0, HashOf(i))) << i;
  }
  EXPECT_GT(MayHoldOfOthers(filters, 1), 150u);  // 250 are expected
  EXPECT_LT(MayHoldOfOthers(filters, 1), 350u);
}

TEST(RunFiltersTest, ARunIsWornOnceTwiceAsManyAreInserted) {
  RunFilters filters;
  filters.Resize(1);
  for (uint64_t i = 0; i < 2 * RunFilters::kTexts; ++i) {
    ASSERT_FALSE(filters.IsWorn(0)) << i;
    filters.Insert(0, HashOf(i));
  }
  EXPECT_TRUE(filters.IsWorn(0));
  EXPECT_GT(MayHoldOfOthers(filters, 0), 1'100u);
  EXPECT_LT(MayHoldOfOthers(filters, 0), 1'900u);
  filters.Clear(0);
  EXPECT_FALSE(filters.IsWorn(0));
  EXPECT_FALSE(filters.MayHold(0, HashOf(0)));
  EXPECT_EQ(MayHoldOfOthers(filters, 0), 0u);
}

TEST(RunFiltersTest, ARunThatComesAgainHoldsNothing) {
  RunFilters filters;
  filters.Resize(2);
  filters.Insert(1, HashOf(7));
  filters.Resize(1);
  filters.Resize(2);
  EXPECT_FALSE(filters.MayHold(1, HashOf(7)));
}

}  // namespace
}  // namespace duilian::storage
