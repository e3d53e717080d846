#include "storage/growing_array.h"

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/large_pages.h"

namespace duilian::storage {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

// Values 0, 1, 2... at the beginning of `pages`.
absl::Span<uint32_t> Counting(const LargePages& pages, uint32_t count) {
  auto* const values = reinterpret_cast<uint32_t*>(pages.data());
  for (uint32_t i = 0; i < count; ++i) values[i] = i;
  return {values, count};
}

TEST(GrowingArrayTest, IsAsAVectorWhateverIsDone) {
  std::mt19937 random(20261126);
  const auto pages = LargePages::Take(1 << 16);
  const absl::Span<uint32_t> borrowed = Counting(*pages, 10'000);
  GrowingArray<uint32_t> array(borrowed);
  std::vector<uint32_t> expected(borrowed.begin(), borrowed.end());
  for (int i = 0; i < 3'000; ++i) {
    const uint32_t value = static_cast<uint32_t>(random());
    switch (random() % 5) {
      case 0:
        array.push_back(value);
        expected.push_back(value);
        break;
      case 1:
        array.Append(std::vector<uint32_t>(value % 50, value));
        expected.insert(expected.end(), value % 50, value);
        break;
      case 2:
        array.resize(value % 12'000);
        expected.resize(value % 12'000);
        break;
      case 3:
        array.shrink_to_fit();
        break;
      default:
        if (expected.empty()) break;
        array[value % expected.size()] = value;
        expected[value % expected.size()] = value;
    }
    ASSERT_EQ(array.size(), expected.size()) << i;
    ASSERT_TRUE(std::equal(array.begin(), array.end(), expected.begin())) << i;
  }
}

TEST(GrowingArrayTest, WritesWhereItBorrowsUntilItGrows) {
  const auto pages = LargePages::Take(1 << 16);
  const absl::Span<uint32_t> values = Counting(*pages, 4);
  GrowingArray<uint32_t> array(values);
  EXPECT_EQ(array.Memory(), 16u);
  array[2] = 7;
  EXPECT_EQ(array.data(), values.data());
  EXPECT_THAT(values, ElementsAre(0, 1, 7, 3));
  array.push_back(8);
  EXPECT_NE(array.data(), values.data());
  EXPECT_THAT(absl::MakeConstSpan(array), ElementsAre(0, 1, 7, 3, 8));
}

// Values behind it are another array's.
TEST(GrowingArrayTest, GivesBackWholePagesOfItsOwnWhenItGrows) {
  constexpr uint32_t kCount = 1 << 20;  // 4 MiB
  const auto pages = LargePages::Take(2 * kCount * sizeof(uint32_t));
  const absl::Span<uint32_t> values = Counting(*pages, kCount);
  GrowingArray<uint32_t> first(values.first(kCount / 2 + 100));
  const GrowingArray<uint32_t> second(values.subspan(kCount / 2 + 100));
  const std::vector<uint32_t> expected(second.begin(), second.end());
  first.push_back(1);
  EXPECT_EQ(first[kCount / 2], kCount / 2);
  EXPECT_THAT(values.first(kCount / 2), Each(0u));
  EXPECT_TRUE(std::equal(second.begin(), second.end(), expected.begin()));
}

TEST(GrowingArrayTest, GivesBackWholePagesWhenItEnds) {
  constexpr uint32_t kCount = 1 << 16;  // 256 KiB
  const auto pages = LargePages::Take(kCount * sizeof(uint32_t));
  const absl::Span<uint32_t> values = Counting(*pages, kCount);
  {
    const GrowingArray<uint32_t> array(values.first(kCount / 2));
    EXPECT_TRUE(array.borrows());
    GrowingArray<uint32_t> copy(array);
    EXPECT_FALSE(copy.borrows());
  }
  EXPECT_THAT(values.first(kCount / 2), Each(0u));
  EXPECT_EQ(values[kCount / 2], kCount / 2);
}

TEST(GrowingArrayTest, ACopyIsItsOwn) {
  const auto pages = LargePages::Take(1 << 12);
  GrowingArray<uint32_t> array(Counting(*pages, 3));
  GrowingArray<uint32_t> copy(array);
  copy[0] = 9;
  EXPECT_THAT(absl::MakeConstSpan(array), ElementsAre(0, 1, 2));
  GrowingArray<uint32_t> moved(std::move(copy));
  EXPECT_THAT(absl::MakeConstSpan(moved), ElementsAre(9, 1, 2));
  EXPECT_EQ(moved.Memory(), 12u);
  moved = GrowingArray<uint32_t>();
  EXPECT_THAT(absl::MakeConstSpan(moved), IsEmpty());
}

TEST(GrowingArrayTest, LeavesLittleUnused) {
  GrowingArray<uint64_t> array;
  for (uint64_t i = 0; i < 100'000; ++i) {
    array.push_back(i);
    ASSERT_LE(array.Memory(), (i + 1 + (i + 1) / 8) * sizeof(uint64_t));
  }
}

TEST(LargePagesTest, AreZerosAndBeginAtAPage) {
  for (const size_t bytes : {size_t{1}, size_t{5'000}, size_t{3} << 20}) {
    const auto pages = LargePages::Take(bytes);
    ASSERT_NE(pages, nullptr);
    EXPECT_GE(pages->size(), bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(pages->data()) % 4096, 0u);
    EXPECT_THAT(std::vector<char>(pages->data(), pages->data() + pages->size()),
                Each('\0'));
    pages->data()[pages->size() - 1] = 'x';
  }
}

TEST(LargePagesTest, MoreThanThereCanBeIsNone) {
  EXPECT_EQ(LargePages::Take(size_t{1} << 60), nullptr);
}

}  // namespace
}  // namespace duilian::storage
