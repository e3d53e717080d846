#include "tests/soak/meter.h"

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::soak {
namespace {

using testing::HasSubstr;

constexpr int64_t kMegabyte = 1 << 20;

// Resident memory that changes evenly in each third.
std::vector<int64_t> Samples(int64_t first, int64_t second, int64_t third) {
  std::vector<int64_t> samples;
  for (const int64_t megabytes : {first, second, third}) {
    for (int i = -20; i <= 20; ++i) {
      samples.push_back((megabytes + i % 3) * kMegabyte);
    }
  }
  return samples;
}

TEST(IsFlatTest, WhatFillsInTheFirstThirdMayGrow) {
  EXPECT_TRUE(IsFlat(Samples(50, 400, 400)));
}

TEST(IsFlatTest, ALittleMoreInTheLastThirdIsFlatMuchMoreIsNot) {
  EXPECT_TRUE(IsFlat(Samples(300, 400, 450)));
  EXPECT_FALSE(IsFlat(Samples(300, 400, 455)));
  EXPECT_TRUE(IsFlat(Samples(300, 400, 100)));
}

TEST(MeterTest, TellsEachKindOnce) {
  Meter meter;
  for (int ms = 1; ms <= 100; ++ms) {
    meter.Enter("exact", absl::Milliseconds(ms));
  }
  meter.Enter("fuzzy", absl::Milliseconds(7));
  const std::string line = meter.TakeLine();
  EXPECT_THAT(line, HasSubstr("101 calls"));
  EXPECT_THAT(line, HasSubstr("exact 100 50.0/99.0"));
  EXPECT_THAT(line, HasSubstr("fuzzy 1 7.0/7.0"));
  EXPECT_THAT(meter.TakeLine(), HasSubstr("0 calls"));
  EXPECT_EQ(meter.calls(), 101);
}

}  // namespace
}  // namespace duilian::soak
