#include "aligner/sentence_vector.h"

#include <string>
#include <vector>

#include "aligner/dot.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/packed_model.h"

namespace duilian::aligner {
namespace {

using testing::Each;
using text::Language;

class SentenceVectorTest : public testing_support::PackedModelTest {
 protected:
  std::vector<float> Of(const std::string& text, Language language) const {
    return SentenceVector(*model_, text, language);
  }
  float Cosine(const std::vector<float>& a, const std::vector<float>& b) const {
    return Dot(a.data(), b.data(), static_cast<int>(a.size()));
  }
};

TEST_F(SentenceVectorTest, HasTheModelsSizeAndUnitLength) {
  const std::vector<float> vector =
      Of("The ferry left an hour late.", Language::kEnglish);
  EXPECT_EQ(vector.size(), SentenceVectorSize(*model_));
  EXPECT_NEAR(Cosine(vector, vector), 1, 1e-5);
}

TEST_F(SentenceVectorTest, TextWithoutPiecesIsZero) {
  EXPECT_THAT(Of("", Language::kEnglish), Each(0.0F));
  EXPECT_THAT(Of("  \n", Language::kChinese), Each(0.0F));
}

TEST_F(SentenceVectorTest, TranslationIsNearerThanAnyOtherSentence) {
  const struct {
    const char* english;
    const char* chinese;
  } pairs[] = {
      {"The ferry left an hour late.", "渡轮晚开了一个小时。"},
      {"Bees find their way home by the sun.", "蜜蜂靠太阳找到回家的路。"},
      {"The hospital has no more beds.", "医院已经没有床位了。"},
      {"Please restart the server after the update.",
       "更新之后请重新启动服务器。"},
  };
  for (const auto& own : pairs) {
    SCOPED_TRACE(own.english);
    const std::vector<float> english = Of(own.english, Language::kEnglish);
    const float same = Cosine(english, Of(own.chinese, Language::kChinese));
    EXPECT_GT(same, 0.4);
    for (const auto& other : pairs) {
      if (&other == &own) continue;
      EXPECT_LT(Cosine(english, Of(other.chinese, Language::kChinese)), same);
    }
  }
}

TEST_F(SentenceVectorTest, TraditionalChineseMeansWhatSimplifiedDoes) {
  const std::vector<float> simplified =
      Of("图书馆的门关着。", Language::kChinese);
  const std::vector<float> traditional =
      Of("圖書館的門關著。", Language::kChinese);
  EXPECT_GT(Cosine(simplified, traditional), 0.99);
}

}  // namespace
}  // namespace duilian::aligner
