#include "aligner/text_lexicon.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace duilian::aligner {
namespace {

// A side of segments that have these pieces.
PreparedText SideOf(const std::vector<std::vector<uint16_t>>& segments) {
  PreparedText text;
  text.size = static_cast<int>(segments.size());
  text.piece_starts = {0};
  for (const auto& pieces : segments) {
    text.pieces.insert(text.pieces.end(), pieces.begin(), pieces.end());
    text.piece_starts.push_back(static_cast<uint32_t>(text.pieces.size()));
  }
  return text;
}

// Forty pairs: piece 5 stands with 6 in each tenth, piece 1 everywhere, and
// every segment has a piece of its own.
PreparedPair Texts() {
  std::vector<std::vector<uint16_t>> chinese, english;
  for (uint16_t k = 0; k < 40; ++k) {
    chinese.push_back({1, static_cast<uint16_t>(100 + k)});
    english.push_back({1, static_cast<uint16_t>(200 + k)});
    if (k % 10 != 0) continue;
    chinese.back().push_back(5);
    english.back().push_back(6);
  }
  return {SideOf(chinese), SideOf(english)};
}

std::vector<LatticeBead> Beads(double posterior) {
  std::vector<LatticeBead> beads;
  for (int k = 0; k < 40; ++k) beads.push_back({k, k, 2, posterior});
  return beads;
}

// A known lexicon: row 5 is covered by 3 and by 9.
struct Known {
  std::vector<uint32_t> starts;
  std::vector<uint16_t> ids = {3, 9};
  std::vector<uint8_t> gains = {40, 50};
  Known() {
    starts.assign(301, 2);
    std::fill(starts.begin(), starts.begin() + 6, 0);
  }
  LexiconView view() const {
    return {300, starts.data(), ids.data(), gains.data()};
  }
};

uint8_t GainOf(const LexiconView& lexicon, uint16_t piece, uint16_t other) {
  for (uint32_t k = lexicon.starts[piece]; k < lexicon.starts[piece + 1]; ++k) {
    if (lexicon.ids[k] == other) return lexicon.gains[k];
  }
  return 0;
}

TEST(TextLexiconTest, LearnsWhatKeepsCompanyAndKeepsWhatIsKnown) {
  const Known known;
  const PreparedPair texts = Texts();
  const TextLexicon lexicon({known.view(), known.view()}, texts, Beads(0.9));
  EXPECT_EQ(lexicon.learnt(), 1);
  const Lexicons all = lexicon.lexicons();
  EXPECT_GT(GainOf(all.chinese, 5, 6), 32);
  EXPECT_GT(GainOf(all.english, 6, 5), 32);
  EXPECT_EQ(GainOf(all.chinese, 5, 3), 40);
  EXPECT_EQ(GainOf(all.chinese, 5, 9), 50);
  // Rising by id, as a pack's.
  EXPECT_TRUE(std::is_sorted(all.chinese.ids + all.chinese.starts[5],
                             all.chinese.ids + all.chinese.starts[6]));
}

TEST(TextLexiconTest, AKnownGainIsNotLowered) {
  Known known;
  known.ids = {6, 9};
  known.gains = {250, 50};
  const PreparedPair texts = Texts();
  const TextLexicon lexicon({known.view(), known.view()}, texts, Beads(0.9));
  EXPECT_EQ(GainOf(lexicon.lexicons().chinese, 5, 6), 250);
}

TEST(TextLexiconTest, DoubtfulBeadsTeachNothing) {
  const Known known;
  const PreparedPair texts = Texts();
  const TextLexicon lexicon({known.view(), known.view()}, texts, Beads(0.7));
  EXPECT_EQ(lexicon.learnt(), 0);
}

}  // namespace
}  // namespace duilian::aligner
