// Short texts of other kinds than the gold that the aligner is fitted on:
// subtitles, a recipe, an essay of which the translator left out a paragraph, a
// talk in Traditional Chinese with a note of the translator's. Their beads were
// made by hand. Floors stand just below what is reached; a bead is 0.05.

#include <fstream>
#include <memory>
#include <numeric>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/align.h"
#include "aligner/model.h"
#include "aligner/training/gold.h"
#include "aligner/transcript.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "text/language.h"

namespace duilian {
namespace {

using aligner::Transcript;
using aligner::training::GoldBead;
using testing_support::IsOk;

struct Kind {
  const char* name;
  const char* extension;
  double strict, lax;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

constexpr Kind kKinds[] = {
    {"subtitles", "srt", 0.99, 0.99},
    {"essay", "txt", 0.89, 0.99},
    {"talk", "txt", 0.99, 0.99},
    {"recipe", "txt", 0.99, 0.99},
};

std::string PathOf(const Kind& kind, const std::string& ending) {
  return absl::StrCat(DUILIAN_TEXTS_DIR, "/", kind.name, ".", ending);
}

absl::StatusOr<Transcript> Read(const Kind& kind, text::Language language) {
  std::ifstream file(PathOf(kind, absl::StrCat(text::LanguageCode(language),
                                               ".", kind.extension)),
                     std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return aligner::ReadTranscript(content.str(), language,
                                 aligner::ReadLimits());
}

class KindsOfTextTest : public testing::TestWithParam<Kind> {};

INSTANTIATE_TEST_SUITE_P(Kinds, KindsOfTextTest, testing::ValuesIn(kKinds),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(KindsOfTextTest, IsAlignedAsByHand) {
  const Kind& kind = GetParam();
  const auto zh = Read(kind, text::Language::kChinese);
  const auto en = Read(kind, text::Language::kEnglish);
  ASSERT_THAT(zh, IsOk());
  ASSERT_THAT(en, IsOk());
  const auto gold = aligner::training::ReadLadder(PathOf(kind, "ladder"));
  ASSERT_THAT(gold, IsOk());
  std::vector<int> chinese, english;
  for (const GoldBead& bead : *gold) {
    chinese.insert(chinese.end(), bead.chinese.begin(), bead.chinese.end());
    english.insert(english.end(), bead.english.begin(), bead.english.end());
  }
  // Every segment once, in order: the beads are those of what is read.
  std::vector<int> all_chinese(zh->segments.size());
  std::vector<int> all_english(en->segments.size());
  std::iota(all_chinese.begin(), all_chinese.end(), 0);
  std::iota(all_english.begin(), all_english.end(), 0);
  ASSERT_EQ(chinese, all_chinese);
  ASSERT_EQ(english, all_english);

  const auto model = aligner::Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const auto beads = aligner::Align(**model, *zh, *en, aligner::AlignOptions());
  ASSERT_THAT(beads, IsOk());
  const auto score = aligner::training::Score(
      *gold,
      aligner::training::ToGoldBeads(*beads, /*source_is_chinese=*/true));
  EXPECT_GE(score.StrictF1(), kind.strict);
  EXPECT_GE(score.LaxF1(), kind.lax);
}

}  // namespace
}  // namespace duilian
