#include "aligner/clause_links.h"

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/model.h"
#include "aligner/prepared_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using text::Language;

// What links the segments of a bead with others', link by link.
float SlowLeak(const std::vector<std::vector<float>>& links, int i, int j,
               const BeadType& type) {
  float leak = 0;
  for (int row = 0; row < static_cast<int>(links.size()); ++row) {
    const auto& of_row = links[static_cast<size_t>(row)];
    for (int column = 0; column < static_cast<int>(of_row.size()); ++column) {
      const bool in_chinese = row >= i && row < i + type.chinese;
      const bool in_english = column >= j && column < j + type.english;
      if (in_chinese != in_english) leak += of_row[static_cast<size_t>(column)];
    }
  }
  return leak;
}

TEST(ClauseLinksTest, LeaksAreWhatLinksASegmentOutsideOfTheBead) {
  constexpr int kChinese = 7, kEnglish = 9;
  std::mt19937 random(1);
  std::vector<std::vector<float>> all(kChinese,
                                      std::vector<float>(kEnglish, 0.0F));
  ClauseLinks links(kChinese, kEnglish);
  for (int k = 0; k < 60; ++k) {
    const int i = static_cast<int>(random() % kChinese);
    const int j = static_cast<int>(random() % kEnglish);
    const float mass = static_cast<float>(random() % 100) / 50;
    links.Add(i, j, mass);
    all[static_cast<size_t>(i)][static_cast<size_t>(j)] += mass;
  }
  for (int i = 0; i < kChinese; ++i) {
    for (int j = 0; j < kEnglish; ++j) {
      const BeadLeaks leaks = links.LeaksOf(i, j);
      EXPECT_EQ(leaks[kDeleteChinese], 0);
      EXPECT_EQ(leaks[kDeleteEnglish], 0);
      for (size_t t = kDeleteEnglish + 1; t < kBeadTypes; ++t) {
        const BeadType& type = kTypes[t];
        const bool fits =
            i + type.chinese <= kChinese && j + type.english <= kEnglish;
        const float want =
            fits ? std::log(0.1F + SlowLeak(all, i, j, type)) : 0.0F;
        ASSERT_NEAR(leaks[t], want, 1e-4) << i << " " << j << " " << t;
      }
    }
  }
}

Transcript Lines(Language language, const std::string& text) {
  Transcript transcript;
  transcript.language = language;
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    Segment segment;
    segment.text = line;
    transcript.segments.push_back(segment);
  }
  return transcript;
}

// The second English sentence holds the first Chinese one's last clause.
constexpr char kChinese[] =
    "昨天下午下了一场大雨。\n"
    "船夫说今天不开船，因为河水太深了。\n"
    "我们只好回村里去。\n"
    "村长请我们吃饭。";
constexpr char kEnglish[] =
    "It rained heavily yesterday afternoon.\n"
    "The boatman said that there would be no boat today.\n"
    "The river was too deep, so we had to go back to the village.\n"
    "The village head invited us to a meal.";

class LinkedTexts {
 public:
  explicit LinkedTexts(int part_segments, const std::string& chinese = kChinese,
                       const std::string& english = kEnglish)
      : model_(*Model::Load(DUILIAN_MODEL_PACK)),
        chinese_(Lines(Language::kChinese, chinese)),
        english_(Lines(Language::kEnglish, english)),
        lattice_(FullBand(static_cast<int>(chinese_.segments.size()),
                          static_cast<int>(english_.segments.size()))) {
    const PreparedPair texts = Prepare(*model_, chinese_, english_);
    FillPotentials(model_->pack(), texts, model_->pack().bead_weights(),
                   nullptr, lattice_);
    lattice_.ForwardBackward();
    const std::vector<LatticeBead> beads = lattice_.DecodePosterior(0.4);
    FirstPass first = {lattice_, beads, model_->pack().bead_weights()};
    first.part_segments = part_segments;
    links_ = LinkClauses(*model_, chinese_, english_, first, [this](int row) {
      last_row_ = std::max(last_row_, row);
      return stopped_;
    });
  }
  // The last row of clauses that was asked at.
  int last_row() const { return last_row_; }
  float Leak(int i, int j, int type) {
    return std::exp(links_->LeaksOf(i, j)[static_cast<size_t>(type)]);
  }
  // A copy of the lattice's potential of a bead, once leaks weigh.
  float Weighed(int i, int j, int type, float weight) {
    BeadLattice lattice = lattice_;
    AddLeaks(*links_, weight, lattice);
    return lattice.potentials(i, j)[type] - lattice_.potentials(i, j)[type];
  }
  bool StopsWhenToldTo() {
    stopped_ = true;
    const std::vector<LatticeBead> beads = lattice_.DecodePosterior(0.4);
    return !LinkClauses(*model_, chinese_, english_,
                        {lattice_, beads, model_->pack().bead_weights()},
                        [this](int) { return stopped_; })
                .has_value();
  }

 private:
  std::unique_ptr<const Model> model_;
  Transcript chinese_, english_;
  BeadLattice lattice_;
  std::optional<ClauseLinks> links_;
  bool stopped_ = false;
  int last_row_ = -1;
};

constexpr int kOneToOne = 2, kTwoToTwo = 5;

TEST(ClauseLinksTest, AClauseRenderedInTheNextSentenceLeaks) {
  LinkedTexts texts(4000);
  EXPECT_LT(texts.Leak(0, 0, kOneToOne), 0.3F);
  EXPECT_GT(texts.Leak(1, 1, kOneToOne), 0.8F);
  EXPECT_GT(texts.Leak(2, 2, kOneToOne), 0.8F);
  EXPECT_LT(texts.Leak(1, 1, kTwoToTwo), 0.3F);
}

TEST(ClauseLinksTest, PartsLinkAsTheWholeDoesWhereNothingCrosses) {
  // A part ends behind the first sure bead: before the leaking stretch.
  LinkedTexts texts(2);
  EXPECT_LT(texts.Leak(0, 0, kOneToOne), 0.3F);
  EXPECT_LT(texts.Leak(3, 3, kOneToOne), 0.3F);
}

// Asked every 64 clauses, and told their segment, it hears of the first alone:
// there are 17.
TEST(ClauseLinksTest, ASegmentHasNoMoreThanSoManyClauses) {
  std::string chinese = "昨天下午下了一场大雨。\n", english = "It rained.\n";
  for (int i = 0; i < 300; ++i) {
    absl::StrAppend(&chinese, "今天不开船，");
    absl::StrAppend(&english, "there is no boat today, ");
  }
  const LinkedTexts texts(4000, chinese, english);
  EXPECT_EQ(texts.last_row(), 0);
}

TEST(ClauseLinksTest, LeaksWeighOnBeadsOfTwoSides) {
  LinkedTexts texts(4000);
  EXPECT_NEAR(texts.Weighed(1, 1, kOneToOne, -2),
              -2 * std::log(texts.Leak(1, 1, kOneToOne)), 1e-3);
  EXPECT_EQ(texts.Weighed(1, 1, kDeleteChinese, -2), 0);
  EXPECT_EQ(texts.Weighed(1, 1, kDeleteEnglish, -2), 0);
}

TEST(ClauseLinksTest, StopsWhenToldTo) {
  EXPECT_TRUE(LinkedTexts(4000).StopsWhenToldTo());
}

}  // namespace
}  // namespace duilian::aligner
