#include "aligner/band.h"

#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/test_texts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

struct Parallel {
  PreparedPair texts;
  std::vector<std::pair<int, int>> links;  // true segment pairs
};

// Two texts of the same vectors with noise; some segments stand on one side
// only, and a block of `gap` English ones has no counterpart.
Parallel RandomParallel(uint32_t seed, int size, int gap) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> chance(0, 1);
  std::normal_distribution<float> noise(0, 0.5F);
  std::vector<std::vector<float>> zh, en;
  Parallel out;
  for (int s = 0; s < size; ++s) {
    if (s == size / 2) {
      for (int g = 0; g < gap; ++g) en.push_back(RandomVector(random, 32));
    }
    const std::vector<float> vector = RandomVector(random, 32);
    const float fate = chance(random);
    if (fate < 0.9) zh.push_back(vector);
    if (fate > 0.1) {
      en.push_back(vector);
      for (float& x : en.back()) x += noise(random);
    }
    if (fate > 0.1 && fate < 0.9) {
      out.links.emplace_back(static_cast<int>(zh.size()) - 1,
                             static_cast<int>(en.size()) - 1);
    }
  }
  out.texts.chinese = TextOfVectors(zh);
  out.texts.english = TextOfVectors(en);
  return out;
}

TEST(BandTest, HoldsTheTruePathAtEveryScale) {
  const struct {
    int size, gap;
    size_t dense_cells;
  } cases[] = {{50, 0, 1'000'000},
               {400, 0, 1000},
               {400, 150, 1000},
               {3000, 0, 10'000},
               {3000, 900, 10'000}};
  for (const auto& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.size, " segments, gap ", c.gap));
    const Parallel parallel = RandomParallel(7, c.size, c.gap);
    BandOptions options;
    options.dense_cells = c.dense_cells;
    const Band band =
        FindBand(parallel.texts.chinese, parallel.texts.english, options);
    int missed = 0;
    for (const auto& [i, j] : parallel.links) missed += !band.Contains(i, j);
    EXPECT_LE(missed, static_cast<int>(parallel.links.size() / 200));
  }
}

TEST(BandTest, RowsRiseAndHoldBothCorners) {
  for (const int size : {1, 2, 17, 500}) {
    SCOPED_TRACE(size);
    const Parallel parallel = RandomParallel(3, size, size / 3);
    BandOptions options;
    options.dense_cells = 500;
    const PreparedPair& texts = parallel.texts;
    if (texts.chinese.size == 0 || texts.english.size == 0) continue;
    const Band band = FindBand(texts.chinese, texts.english, options);
    EXPECT_TRUE(band.Contains(0, 0));
    EXPECT_TRUE(band.Contains(texts.chinese.size, texts.english.size));
    for (size_t row = 1; row < band.begin.size(); ++row) {
      EXPECT_LE(band.begin[row - 1], band.begin[row]);
      EXPECT_LE(band.end[row - 1], band.end[row]);
      EXPECT_LT(band.begin[row], band.end[row - 1]) << "a gap between rows";
    }
  }
}

TEST(BandTest, TheLengthRatioIsOfWhatCorresponds) {
  constexpr int kSize = 120, kAlone = 100;
  // Segment k of either side is the k-th unit vector; in the middle of the
  // English stand wordier ones that have no counterpart.
  std::vector<std::vector<float>> zh, en;
  std::vector<float> lengths;
  for (int k = 0; k < kSize + kAlone; ++k) {
    const bool alone = k >= kSize / 2 && k < kSize / 2 + kAlone;
    std::vector<float> unit(kSize + kAlone, 0.0F);
    unit[static_cast<size_t>(k)] = 1;
    if (!alone) zh.push_back(unit);
    en.push_back(unit);
    lengths.push_back(alone ? 400.0F : 50.0F);
  }
  const PreparedText chinese = TextOfVectors(zh);  // 20 code points a segment
  PreparedText english = TextOfVectors(en);
  english.length = lengths;
  const float ratio = FindBand(chinese, english, BandOptions()).length_ratio;
  EXPECT_GT(ratio, 0.37F) << "0.33 is usual, 0.4 is these texts'";
  EXPECT_LE(ratio, 0.4F);
}

TEST(BandTest, NodesGrowWithTheTextNotWithItsSquare) {
  BandOptions options;
  options.dense_cells = 10'000;
  const Parallel small = RandomParallel(5, 1000, 0);
  const Parallel large = RandomParallel(5, 4000, 0);
  const size_t small_nodes =
      FindBand(small.texts.chinese, small.texts.english, options).nodes();
  const size_t large_nodes =
      FindBand(large.texts.chinese, large.texts.english, options).nodes();
  EXPECT_LT(large_nodes, 5 * small_nodes);
}

}  // namespace
}  // namespace duilian::aligner
