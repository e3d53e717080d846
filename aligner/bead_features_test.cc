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
#include "tests/support/test_file.h"

namespace duilian::aligner {
namespace {

using testing_support::IsOk;

// A pack of so many pieces, each of which gains `gain` steps from itself alone.
std::unique_ptr<PackView> PackOf(int rows, uint8_t gain) {
  PackContents contents;
  contents.rows = rows;
  contents.dim = 1;
  contents.scales.assign(static_cast<size_t>(rows), 1);
  contents.values.assign(static_cast<size_t>(rows), 1);
  PackContents::Lexicon& lexicon = contents.chinese_lexicon;
  lexicon.starts = {0};
  for (int piece = 0; piece < rows; ++piece) {
    if (gain > 0) {
      lexicon.ids.push_back(static_cast<uint16_t>(piece));
      lexicon.gains.push_back(gain);
    }
    lexicon.starts.push_back(static_cast<uint32_t>(lexicon.ids.size()));
  }
  contents.english_lexicon = lexicon;
  const std::string path = testing_support::TestFile(
      absl::StrCat(rows, "-", static_cast<int>(gain), ".pack"));
  std::ofstream(path, std::ios::binary) << SerializePack(contents);
  auto pack = PackView::Map(path);
  return pack.ok() ? *std::move(pack) : nullptr;
}

// A pack with an empty lexicon of one row.
std::unique_ptr<PackView> EmptyPack() { return PackOf(1, 0); }

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
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
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
  BeadFeaturizer banded(pack->lexicons(), texts, narrow),
      free(pack->lexicons(), texts, full);
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

constexpr uint8_t kWeight = 64;  // of every piece: 1

// A text of the pieces given, a list a segment, and its clauses.
void SetPieces(const std::vector<std::vector<uint16_t>>& segments,
               PreparedText& text) {
  text.pieces.clear();
  text.piece_starts = {0};
  for (size_t k = 0; k < segments.size(); ++k) {
    text.pieces.insert(text.pieces.end(), segments[k].begin(),
                       segments[k].end());
    text.piece_starts.push_back(static_cast<uint32_t>(text.pieces.size()));
    text.first_clause_end[k] = static_cast<int>(segments[k].size());
  }
  text.ends_clause.assign(text.pieces.size(), 0);
  text.piece_weights.assign(text.pieces.size(), kWeight);
}

TEST(BeadFeaturesTest, AnEdgeTellsAClauseThatBelongsToTheNeighbour) {
  const auto pack = PackOf(8, 32);  // 2 nats
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(14, 2, 2);
  // The last clause of the first Chinese segment, pieces 3 and 4, stands in
  // the second English one.
  SetPieces({{1, 2, 3, 4}, {5, 6}}, texts.chinese);
  SetPieces({{1, 2}, {3, 4, 5, 6}}, texts.english);
  texts.chinese.last_clause_begin = {2, 0};
  const Band band = FullBand(2, 2);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  featurizer.MoveTo(0);
  FeatureVector apart, together;
  featurizer.Compute(0, 0, 2, apart);     // 1-1
  featurizer.Compute(0, 0, 5, together);  // 2-2
  EXPECT_FLOAT_EQ(apart[kEdgeLastChinese], 2);
  EXPECT_FLOAT_EQ(apart[kEdgeLastEnglish], -2);
  EXPECT_FLOAT_EQ(apart[kEdgeFirstChinese], 0) << "nothing stands before";
  EXPECT_FLOAT_EQ(apart[kEdgeWorst], 2);
  EXPECT_FLOAT_EQ(together[kEdgeLastChinese], 0) << "nothing stands behind";
}

TEST(BeadFeaturesTest, AShortMemberWithoutCoverIsCounted) {
  const auto pack = PackOf(8, 32);
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(15, 1, 2);
  SetPieces({{1, 2}}, texts.chinese);
  SetPieces({{7}, {1, 2}}, texts.english);  // "Yeah." and the sentence
  texts.english.marks[0] = kShort;
  const Band band = FullBand(1, 2);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  featurizer.MoveTo(0);
  FeatureVector features;
  featurizer.Compute(0, 0, 3, features);  // 1-2
  EXPECT_EQ(features[kShortMemberEnglish], 1);
  EXPECT_FLOAT_EQ(features[kShortUncoveredEnglish], 1);
  EXPECT_EQ(features[kShortMemberChinese], 0);
  texts.english.pieces[0] = 2;  // the Chinese says it, too
  BeadFeaturizer covered(pack->lexicons(), texts, band);
  covered.MoveTo(0);
  covered.Compute(0, 0, 3, features);
  EXPECT_EQ(features[kShortMemberEnglish], 1);
  EXPECT_EQ(features[kShortUncoveredEnglish], 0);
  featurizer.Compute(0, 0, 2, features);  // alone it is no member
  EXPECT_EQ(features[kShortMemberEnglish], 0);
}

TEST(BeadFeaturesTest, SharedWordsCountOnceAndMissingOnesOnTheirSide) {
  const auto pack = EmptyPack();
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(13, 2, 2);
  texts.chinese.tokens[0] = {{1, 0.5F, false, false}, {2, 0.25F, true, false}};
  texts.english.tokens[0] = {{1, 0.5F, false, false}, {3, 1.0F, false, false}};
  const Band band = FullBand(2, 2);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  featurizer.MoveTo(0);
  FeatureVector features;
  featurizer.Compute(0, 0, 2, features);
  EXPECT_EQ(features[kSharedWords], 0.5F);
  EXPECT_EQ(features[kNumbersOnlyChinese], 0.25F);
  EXPECT_EQ(features[kWordsOnlyEnglish], 1.0F);
  EXPECT_EQ(features[kNumbersOnlyEnglish], 0);
}

TEST(BeadFeaturesTest, QuotationsThatOneSideLacksAreCountedUpToTwo) {
  const auto pack = EmptyPack();
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(16, 2, 2);
  texts.chinese.quotations = {{1, 0}, {0, 1}};
  texts.english.quotations = {{1, 1}, {4, 1}};
  const Band band = FullBand(2, 2);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  featurizer.MoveTo(0);
  struct Example {
    int type;
    float opened, closed;
  };
  for (const auto& [type, opened, closed] :
       {Example{2, 0, 1}, {4, 0, 0}, {3, 2, 2}, {5, 2, 1}, {0, 0, 0}}) {
    FeatureVector features;
    featurizer.Compute(0, 0, type, features);
    EXPECT_EQ(features[kQuotationsOpened], opened) << type;
    EXPECT_EQ(features[kQuotationsClosed], closed) << type;
  }
}

TEST(BeadFeaturesTest, ThePieceRatioIsOfWhatTheTextsUsuallyHave) {
  const auto pack = PackOf(8, 32);
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(17, 2, 3);
  SetPieces({{1, 2, 3, 4, 5, 6}, {1, 2}}, texts.chinese);
  SetPieces({{1, 2, 3, 4, 5, 6}, {1, 2}, {1}}, texts.english);
  const Band band = FullBand(2, 3);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  // 9 pieces, one more than there are, on 41 code points; 10 on 61.
  const float usual = std::log(Band::kUsualRatio * (9.0F / 41) / (10.0F / 61));
  FeatureVector features;
  featurizer.MoveTo(0);
  featurizer.Compute(0, 0, 2, features);  // 6 pieces by 6
  EXPECT_NEAR(features[kPieceRatio], std::fabs(-usual), 1e-5);
  EXPECT_NEAR(features[kPieceRatioSquared], usual * usual, 1e-5);
  featurizer.Compute(0, 0, 3, features);  // 6 by 8
  EXPECT_NEAR(features[kPieceRatio], std::fabs(std::log(0.8F) - usual), 1e-5);
  featurizer.Compute(0, 0, 0, features);
  EXPECT_EQ(features[kPieceRatio], 0) << "of a segment alone";
}

// Two beads and the one that both make, of pieces of which each is its own
// translation but for the last.
TEST(BeadFeaturesTest, SumsOfTwoBeadsAreThoseOfTheOneThatTheyMake) {
  const auto pack = PackOf(8, 32);  // 2 nats
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(18, 2, 2);
  SetPieces({{1, 2, 3, 4}, {5, 6}}, texts.chinese);
  SetPieces({{1, 2, 3}, {5, 6, 7}}, texts.english);
  const Band band = FullBand(2, 2);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  FeatureVector first, second, both;
  featurizer.MoveTo(0);
  featurizer.Compute(0, 0, 2, first);
  featurizer.Compute(0, 0, 5, both);
  featurizer.MoveTo(1);
  featurizer.Compute(1, 1, 2, second);
  EXPECT_FLOAT_EQ(first[kCoverSumChinese], 6 / 12.0F);
  EXPECT_FLOAT_EQ(second[kCoverSumChinese], 4 / 12.0F);
  EXPECT_FLOAT_EQ(both[kCoverSumChinese], 10 / 12.0F);
  EXPECT_FLOAT_EQ(first[kCoverSumEnglish], 6 / 12.0F);
  EXPECT_FLOAT_EQ(second[kCoverSumEnglish], 4 / 12.0F);
  EXPECT_FLOAT_EQ(both[kCoverSumEnglish], 10 / 12.0F);
  EXPECT_FLOAT_EQ(both[kCosineByPieces], both[kCosine] * std::sqrt(12.0F) / 5);
  EXPECT_EQ(first[kPiecesBeyondOne], 0);
  EXPECT_FLOAT_EQ(both[kPiecesBeyondOne], 0.6F);
}

TEST(BeadFeaturesTest, LeakSumsAreOfWhatANeighbourWouldAdd) {
  const auto pack = PackOf(8, 32);
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(19, 2, 2);
  SetPieces({{1, 2, 3, 4}, {5}}, texts.chinese);
  SetPieces({{1, 5}, {3, 4}}, texts.english);
  const Band band = FullBand(2, 2);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  FeatureVector features;
  featurizer.MoveTo(0);
  featurizer.Compute(0, 0, 2, features);
  EXPECT_FLOAT_EQ(features[kLeakSumChinese], 4 / 12.0F) << "pieces 3 and 4";
  EXPECT_FLOAT_EQ(features[kLeakSumEnglish], 2 / 12.0F) << "piece 5";
  EXPECT_FLOAT_EQ(features[kLeakChinese], 1) << "a piece";
  featurizer.Compute(0, 0, 5, features);
  EXPECT_EQ(features[kLeakSumChinese], 0);
}

TEST(BeadFeaturesTest, RarePiecesCountForMoreInSums) {
  const auto pack = PackOf(8, 32);
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(21, 1, 2);
  SetPieces({{1, 2, 3}}, texts.chinese);
  SetPieces({{1, 2, 7}, {3}}, texts.english);
  texts.chinese.piece_weights = {128, 32, 192};  // 2, a half, 3
  const Band band = FullBand(1, 2);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  FeatureVector features;
  featurizer.MoveTo(0);
  featurizer.Compute(0, 0, 2, features);
  EXPECT_FLOAT_EQ(features[kCoverSumChinese], (2 + 0.5F) * 2 / 12);
  EXPECT_FLOAT_EQ(features[kLeakSumChinese], 3 * 2 / 12.0F);
  EXPECT_FLOAT_EQ(features[kCoverSumEnglish], 4 / 12.0F);
}

// The second clause of the first Chinese segment, pieces 4 to 6, stands in the
// first clause of the second English one.
TEST(BeadFeaturesTest, AcrossABorderClausesGainFromEachOther) {
  const auto pack = PackOf(12, 32);
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(22, 3, 3);
  SetPieces({{1, 2, 3, 4, 5, 6}, {7, 8, 9}, {10}}, texts.chinese);
  SetPieces({{1, 2, 3}, {4, 5, 6, 7, 8, 9}, {10}}, texts.english);
  texts.chinese.ends_clause[2] = 1;
  texts.english.ends_clause[5] = 1;
  const Band band = FullBand(3, 3);
  const auto compute = [&](int i, int j, int type) {
    BeadFeaturizer featurizer(pack->lexicons(), texts, band);
    FeatureVector features;
    featurizer.MoveTo(i);
    featurizer.Compute(i, j, type, features);
    return features;
  };
  // The border behind a bead, and the one before the next: 3 pieces of 2 nats.
  EXPECT_FLOAT_EQ(compute(0, 0, 2)[kAcrossChineseEnglish], 1);
  EXPECT_FLOAT_EQ(compute(1, 1, 2)[kAcrossChineseEnglish], 1);
  EXPECT_EQ(compute(0, 0, 2)[kAcrossEnglishChinese], 0);
  EXPECT_EQ(compute(0, 0, 5)[kAcrossChineseEnglish], 0) << "2-2 has it inside";
  std::swap(texts.chinese, texts.english);
  EXPECT_FLOAT_EQ(compute(0, 0, 2)[kAcrossEnglishChinese], 1);
  EXPECT_FLOAT_EQ(compute(1, 1, 2)[kAcrossEnglishChinese], 1);
  EXPECT_EQ(compute(0, 0, 2)[kAcrossChineseEnglish], 0);
  // Without its own clause the English gains as much from its own bead.
  texts.english.ends_clause.assign(10, 0);
  EXPECT_EQ(compute(0, 0, 2)[kAcrossEnglishChinese], 0);
}

// Segments of three to seven pieces, clauses here and there.
void SetRandomPieces(std::mt19937& random, PreparedText& text) {
  std::uniform_int_distribution<int> count(3, 7), piece(1, 15), coin(0, 2);
  std::vector<std::vector<uint16_t>> segments(static_cast<size_t>(text.size));
  for (auto& segment : segments) {
    for (int k = count(random); k > 0; --k) {
      segment.push_back(static_cast<uint16_t>(piece(random)));
    }
  }
  SetPieces(segments, text);
  for (size_t k = 0; k < segments.size(); ++k) {
    const int pieces = static_cast<int>(segments[k].size());
    text.first_clause_end[k] = std::min(pieces, count(random));
    text.last_clause_begin[k] = pieces - 2;
  }
  for (uint8_t& ends : text.ends_clause) ends = coin(random) == 0;
  for (uint8_t& weight : text.piece_weights) {
    weight = static_cast<uint8_t>(20 * count(random));
  }
}

// Gains and cosines are computed once for all the beads that need them.
TEST(BeadFeaturesTest, AreTheSameWhateverWasComputedBefore) {
  const auto pack = PackOf(16, 40);
  ASSERT_NE(pack, nullptr);
  constexpr int kSize = 13;
  PreparedPair texts = RandomPair(23, kSize, kSize);
  std::mt19937 random(23);
  SetRandomPieces(random, texts.chinese);
  SetRandomPieces(random, texts.english);
  Band band = FullBand(kSize, kSize);
  for (int i = 0; i <= kSize; ++i) {
    band.begin[static_cast<size_t>(i)] = std::max(0, i - 6);
    band.end[static_cast<size_t>(i)] = std::min(kSize + 1, i + 7);
  }
  BeadFeaturizer warm(pack->lexicons(), texts, band);
  FeatureVector after, alone;
  int beads = 0;
  for (int i = 0; i <= kSize; ++i) {
    warm.MoveTo(i);
    for (int j = band.begin[static_cast<size_t>(i)];
         j < band.end[static_cast<size_t>(i)]; ++j) {
      for (int type = kBeadTypes - 1; type > kDeleteEnglish; --type) {
        const BeadType& bead = kTypes[static_cast<size_t>(type)];
        const int end_i = i + bead.chinese, end_j = j + bead.english;
        if (end_i > kSize || !band.Contains(end_i, end_j)) continue;
        warm.Compute(i, j, type, after);
        BeadFeaturizer fresh(pack->lexicons(), texts, band);
        fresh.MoveTo(i);
        fresh.Compute(i, j, type, alone);
        ASSERT_EQ(after, alone) << i << " " << j << " " << type;
        ++beads;
      }
    }
  }
  EXPECT_GT(beads, 1000);
}

TEST(BeadFeaturesTest, ClausesFewerThanTheOtherSidesSegmentsAreCounted) {
  const auto pack = EmptyPack();
  ASSERT_NE(pack, nullptr);
  PreparedPair texts = RandomPair(20, 4, 4);
  texts.chinese.clauses = {2, 1, 1, 1};
  texts.english.clauses = {3, 1, 1, 1};
  const Band band = FullBand(4, 4);
  BeadFeaturizer featurizer(pack->lexicons(), texts, band);
  featurizer.MoveTo(0);
  struct Example {
    int type;
    float chinese, english;
  };
  // 1-1, 1-2, 1-3, 1-4; 3-1, 4-1; 2-2: neither side is of one segment.
  for (const auto& [type, chinese, english] : {Example{2, 0, 0},
                                               {3, 0, 0},
                                               {6, 1, 0},
                                               {10, 2, 0},
                                               {7, 0, 0},
                                               {11, 0, 1},
                                               {5, 0, 0}}) {
    FeatureVector features;
    featurizer.Compute(0, 0, type, features);
    EXPECT_EQ(features[kClausesFewChinese], chinese) << type;
    EXPECT_EQ(features[kClausesFewEnglish], english) << type;
  }
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
