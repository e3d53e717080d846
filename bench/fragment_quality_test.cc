#include "bench/fragment_quality.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::bench {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FragmentQualityTest : public testing::Test {
 protected:
  void SetUp() override {
    auto model = aligner::Model::Load(DUILIAN_MODEL_PACK);
    ASSERT_THAT(model, IsOk());
    model_ = *std::move(model);
  }
  std::unique_ptr<const aligner::Model> model_;
};

TEST_F(FragmentQualityTest, CountsWhatIsAtItsPlace) {
  const auto data = std::filesystem::path(testing::TempDir()) / "fragments";
  std::filesystem::create_directories(data / "interview");
  EXPECT_THAT(ScoreFragments(*model_, data),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("fragments.dev.tsv: no such file")));
  std::ofstream(data / "interview/zh.lines.txt")
      << "我喜欢 Python。\n他用 Rust 写了一个数据库。\n"
         "昨天下了一整天雨。\n";
  std::ofstream(data / "interview/en.lines.txt")
      << "I like Python.\nHe wrote a database in Rust.\n"
         "It rained all day yesterday.\n";
  const std::string gold = data / "interview/fragments.dev.tsv";
  std::ofstream(gold) << "0\tPython\tproduct\t0\n";
  EXPECT_THAT(ScoreFragments(*model_, data),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("line 1")));
  std::ofstream(gold) << "0\tPython\tproduct\t0\tPython\n"
                         "0\tPython\tproduct\t0\tPython\n"
                         "1\tRust\tproduct\t0\tRust\n"
                         "2\tC\tproduct\t-\t-\n";
  const auto score = ScoreFragments(*model_, data);
  ASSERT_THAT(score, IsOk());
  EXPECT_EQ(score->paired.fragments, 4);
  EXPECT_EQ(score->paired.right, 1);
  EXPECT_EQ(score->alone.fragments, 0);
  EXPECT_THAT(score->paired.wrong,
              ElementsAre("line 0, Python: stands at 0\tPython; found",
                          "line 1, Rust: stands at 0\tRust; found 1\tRust;",
                          "line 2, C: stands at nowhere; found"));
  std::filesystem::remove_all(data);
}

// A floor.
TEST_F(FragmentQualityTest, FindsTheInterviewsFragments) {
  const std::string data = DUILIAN_SHARED_DIR "/data";
  if (!std::filesystem::exists(data + "/interview/fragments.dev.tsv")) {
    GTEST_SKIP() << "../shared/data/interview/fragments.dev.tsv is absent";
  }
  const auto score = ScoreFragments(*model_, data);
  ASSERT_THAT(score, IsOk());
  EXPECT_GT(score->paired.fragments, 90);
  EXPECT_GE(score->paired.Share(), 0.97)
      << absl::StrJoin(score->paired.wrong, "\n");
  EXPECT_GE(score->alone.Share(), 0.7)
      << absl::StrJoin(score->alone.wrong, "\n");
}

}  // namespace
}  // namespace duilian::bench
