#include "bench/phrase_quality.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::bench {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;

std::unique_ptr<const aligner::Model> LoadModel() {
  auto model = aligner::Model::Load(DUILIAN_MODEL_PACK);
  EXPECT_THAT(model, IsOk());
  return model.ok() ? *std::move(model) : nullptr;
}

void Write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

class PhraseQualityTest : public testing::Test {
 protected:
  PhraseQualityTest()
      : data_(std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(data_ / "interview");
    Write(data_ / "interview/zh.lines.txt", "第一行。\n我昨天在北京。\n");
    Write(data_ / "interview/en.lines.txt",
          "Line one.\nYesterday I was in Beijing.\n");
  }
  ~PhraseQualityTest() override { std::filesystem::remove_all(data_); }

  std::filesystem::path data_;
};

TEST_F(PhraseQualityTest, CountsBothDirectionsAndWhatWasCutOut) {
  const auto model = LoadModel();
  ASSERT_NE(model, nullptr);
  Write(data_ / "interview/terms.dev.tsv", "1\t北京\t1\tBeijing\tname\n");
  const auto cases = ReadPhraseCases(data_.string(), *model);
  ASSERT_THAT(cases, IsOk());
  // Too little is left of the Chinese without 北京.
  ASSERT_THAT(*cases, SizeIs(3));
  const PhraseScores scores = ScorePhrases(*cases, aligner::kPhraseWeights);
  EXPECT_EQ(scores.to_english.cases, 1);
  EXPECT_EQ(scores.to_english.exact, 1);
  EXPECT_EQ(scores.to_chinese.exact, 1);
  EXPECT_EQ(scores.to_chinese.overlapping, 1);
  EXPECT_EQ(scores.cut, 1);
}

TEST_F(PhraseQualityTest, RefusesLinksThatDoNotFitTheTexts) {
  const auto model = LoadModel();
  ASSERT_NE(model, nullptr);
  EXPECT_THAT(ReadPhraseCases(data_.string(), *model),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("terms.dev.tsv: no such file")));
  for (const char* line :
       {"9\t北京\t1\tBeijing\tname", "1\t上海\t1\tBeijing\tname",
        "1\t北京\t1\tShanghai\tname", "1\t北京\tname"}) {
    SCOPED_TRACE(line);
    Write(data_ / "interview/terms.dev.tsv", line);
    EXPECT_THAT(ReadPhraseCases(data_.string(), *model),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("line 1")));
  }
}

TEST(PhraseFloorTest, LinksThePhrasesOfTheInterview) {
  const std::string data = DUILIAN_SHARED_DIR "/data";
  if (!std::filesystem::exists(data + "/interview/terms.dev.tsv")) {
    GTEST_SKIP() << "../shared/data/interview/terms.dev.tsv is absent";
  }
  const auto model = LoadModel();
  ASSERT_NE(model, nullptr);
  const auto cases = ReadPhraseCases(data, *model);
  ASSERT_THAT(cases, IsOk());
  const PhraseScores scores = ScorePhrases(*cases, aligner::kPhraseWeights);
  EXPECT_GE(scores.to_english.Overlapping(), 0.97);
  EXPECT_GE(scores.to_chinese.Overlapping(), 0.97);
  EXPECT_GE(scores.to_english.Exact(), 0.70);
  EXPECT_GE(scores.to_chinese.Exact(), 0.70);
  EXPECT_GE(scores.refused, 80);
}

}  // namespace
}  // namespace duilian::bench
