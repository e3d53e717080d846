#include "tests/support/percentiles.h"

#include <gtest/gtest.h>

#include <vector>

namespace duilian::testing_support {
namespace {

TEST(PercentilesTest, IsTheLeastValueThatTheShareDoesNotExceed) {
  const Percentiles ten({10, 1, 9, 2, 8, 3, 7, 4, 6, 5});
  EXPECT_EQ(ten.At(0), 1);
  EXPECT_EQ(ten.At(0.1), 1);
  EXPECT_EQ(ten.At(0.11), 2);
  EXPECT_EQ(ten.At(0.5), 5);
  EXPECT_EQ(ten.At(0.99), 10);
  EXPECT_EQ(ten.At(1), 10);
}

TEST(PercentilesTest, OfOneValueAreAllThatValue) {
  const Percentiles one(std::vector<double>{3});
  EXPECT_EQ(one.At(0.01), 3);
  EXPECT_EQ(one.At(0.99), 3);
}

TEST(PercentilesTest, OfNothingAreZero) {
  EXPECT_EQ(Percentiles({}).At(0.5), 0);
}

}  // namespace
}  // namespace duilian::testing_support
