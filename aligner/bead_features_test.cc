#include "aligner/bead_features.h"

#include <cmath>
#include <fstream>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/test_texts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using testing_support::IsOk;

// A pack with an empty lexicon of one row.
std::unique_ptr<PackView> EmptyPack() {
  PackContents contents;
  contents.rows = 1;
  contents.dim = 1;
  contents.scales = {1};
  contents.values = {1};
  contents.chinese_lexicon = contents.english_lexicon = {{0, 0}, {}, {}};
  const std::string path = testing::TempDir() + "/empty_lexicon.pack";
  std::ofstream(path, std::ios::binary) << SerializePack(contents);
  auto pack = PackView::Map(path);
  return pack.ok() ? *std::move(pack) : nullptr;
}

PreparedPair RandomPair(uint32_t seed, int chinese, int english) {
  std::mt19937 random(seed);
  std::vector<std::vector<float>> zh, en;
  for (int i = 0; i < chinese; ++i) zh.push_back(RandomVector(random, 8));
  for (int j = 0; j < english; ++j) en.push_back(RandomVector(random, 8));
  return {TextOfVectors(zh), TextOfVectors(en)};
}

// The cosine of two spans, by adding their vectors up.
float PlainCosine(const PreparedPair& texts, int i, int n, int j, int m) {
  std::vector<float> x(8), y(8);
  for (size_t d = 0; d < 8; ++d) {
    for (int k = i; k < i + n; ++k) x[d] += texts.chinese.vector(k)[d];
    for (int k = j; k < j + m; ++k) y[d] += texts.english.vector(k)[d];
  }
  return Dot(x.data(), y.data(), 8) /
         std::sqrt(Dot(x.data(), x.data(), 8) * Dot(y.data(), y.data(), 8));
}

TEST(BeadFeaturesTest, CosineOfSpansEqualsThatOfSummedVectors) {
  const auto pack = EmptyPack();
  ASSERT_NE(pack, nullptr);
  const PreparedPair texts = RandomPair(11, 9, 8);
  const Band band = FullBand(9, 8);
  BeadFeaturizer featurizer(*pack, texts, band);
  FeatureVector features;
  for (int i = 0; i <= 9; ++i) {
    featurizer.MoveTo(i);
    for (int j = 0; j <= 8; ++j) {
      for (int type = 2; type < kBeadTypes; ++type) {
        const BeadType& bead = kTypes[static_cast<size_t>(type)];
        if (i + bead.chinese > 9 || j + bead.english > 8) continue;
        featurizer.Compute(i, j, type, features);
        ASSERT_NEAR(features[kCosine],
                    PlainCosine(texts, i, bead.chinese, j, bead.english), 1e-4)
            << i << " " << j << " " << type;
      }
    }
  }
}

TEST(BeadFeaturesTest, ABandChangesNoFeatureOfABeadInsideIt) {
  const auto pack = EmptyPack();
  ASSERT_NE(pack, nullptr);
  const PreparedPair texts = RandomPair(12, 30, 30);
  Band narrow = FullBand(30, 30);
  for (int i = 0; i <= 30; ++i) {
    narrow.begin[static_cast<size_t>(i)] = std::max(0, i - 8);
    narrow.end[static_cast<size_t>(i)] = std::min(31, i + 9);
  }
  const Band full = FullBand(30, 30);
  BeadFeaturizer banded(*pack, texts, narrow), free(*pack, texts, full);
  FeatureVector a, b;
  for (int i = 0; i <= 30; ++i) {
    banded.MoveTo(i);
    free.MoveTo(i);
    for (int j = std::max(1, i - 2); j <= std::min(25, i + 2); ++j) {
      for (int type = 2; type < kBeadTypes; ++type) {
        const BeadType& bead = kTypes[static_cast<size_t>(type)];
        if (i + bead.chinese > 30) continue;
        banded.Compute(i, j, type, a);
        free.Compute(i, j, type, b);
        ASSERT_EQ(a, b) << i << " " << j << " " << type;
      }
    }
  }
}

TEST(BeadFeaturesTest, SharedWordsCountOnceAndMissingOnesOnTheirSide) {
  const auto pack = EmptyPack();
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(13, 2, 2);
  texts.chinese.tokens[0] = {{1, 0.5F, false, false}, {2, 0.25F, true, false}};
  texts.english.tokens[0] = {{1, 0.5F, false, false}, {3, 1.0F, false, false}};
  const Band band = FullBand(2, 2);
  BeadFeaturizer featurizer(*pack, texts, band);
  featurizer.MoveTo(0);
  FeatureVector features;
  featurizer.Compute(0, 0, 2, features);
  EXPECT_EQ(features[kSharedWords], 0.5F);
  EXPECT_EQ(features[kNumbersOnlyChinese], 0.25F);
  EXPECT_EQ(features[kWordsOnlyEnglish], 1.0F);
  EXPECT_EQ(features[kNumbersOnlyEnglish], 0);
}

TEST(FeatureGroupsTest, HoldEveryFeatureOnce) {
  std::vector<int> times(kBeadFeatures, 0);
  for (const FeatureRun& run : kFeatureGroups) {
    SCOPED_TRACE(run.group);
    ASSERT_LE(run.first, run.last);
    ASSERT_LT(run.last, kFeatureCount);
    for (int f = run.first; f <= run.last; ++f) ++times[static_cast<size_t>(f)];
  }
  EXPECT_THAT(times, ::testing::Each(1));
}

}  // namespace
}  // namespace duilian::aligner
