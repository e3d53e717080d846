// What the clauses on both sides of a bead's borders gain from each other. A
// clause that is translated beyond the border shows twice: it gains more there,
// and what stands there gains more from it. By chance the one happens, hardly
// both.
#include <algorithm>

#include "aligner/bead_features.h"
#include "aligner/gains.h"

namespace duilian::aligner {
namespace {

constexpr int kLeastClause = 3;  // pieces
// Nats times the length of a vector, which is 1.2 on average.
constexpr float kAcrossUnit = 6;
constexpr float kSteps = kGainSteps * kWeightSteps;

// The greatest sum over clauses at one end of a segment of what the pieces gain
// by `beyond` more than by `own`, in nats, rare pieces counting for more.
template <bool kLast>
float Reach(const PreparedText& text, int segment, const uint8_t* beyond,
            const uint8_t* own) {
  const int pieces = text.piece_count(segment);
  if (pieces < kLeastClause) return 0;
  const size_t start = text.piece_starts[static_cast<size_t>(segment)];
  const uint8_t* weights = text.weights_of(segment);
  const uint8_t* ends = text.ends_clause.data() + start;
  int sum = 0, best = 0;
  for (int k = 0; k < pieces; ++k) {
    const int p = kLast ? pieces - 1 - k : k;
    sum += weights[p] * (beyond[p] - own[p]);
    const bool border =
        kLast ? p == 0 || ends[p - 1] != 0 : p + 1 == pieces || ends[p] != 0;
    if (border) best = std::max(best, sum);
  }
  return static_cast<float>(best) / kSteps;
}

}  // namespace

// Requires segments around the node, (i - 1, j - 1) and (i, j) among the cells.
const BeadFeaturizer::Border& BeadFeaturizer::BorderAt(int i, int j) {
  BorderRow& row = borders_[static_cast<size_t>(i) % borders_.size()];
  const CellRow& above = window_.row(i - 1);
  const CellRow& below = window_.row(i);
  if (row.row != i) {
    row.row = i;
    row.begin = below.begin;
    row.borders.assign(static_cast<size_t>(below.end - below.begin), Border());
  }
  Border& border = row.borders[static_cast<size_t>(j - row.begin)];
  if (border.known) return border;
  border.known = true;
  border.chinese_before =
      Reach<true>(texts_.chinese, i - 1, GainsOfChinese(above, j),
                  GainsOfChinese(above, j - 1));
  border.chinese_behind =
      Reach<false>(texts_.chinese, i, GainsOfChinese(below, j - 1),
                   GainsOfChinese(below, j));
  border.english_before =
      Reach<true>(texts_.english, j - 1, GainsOfEnglish(i, j - 1),
                  GainsOfEnglish(i - 1, j - 1));
  border.english_behind = Reach<false>(
      texts_.english, j, GainsOfEnglish(i - 1, j), GainsOfEnglish(i, j));
  return border;
}

void BeadFeaturizer::AddAcross(const Spans& spans, FeatureVector& out) {
  const auto& [i, j, n, m] = spans;
  const int end_i = i + n, end_j = j + m;
  // All four cells around a node.
  const auto inside = [&](int row, int column) {
    return row < texts_.chinese.size && column < texts_.english.size &&
           column > 0 && Available(row - 1, column - 1) &&
           Available(row - 1, column) && Available(row, column - 1) &&
           Available(row, column);
  };
  float chinese_english = 0, english_chinese = 0;
  if (inside(end_i, end_j)) {
    const Border& border = BorderAt(end_i, end_j);
    if (border.english_behind > 0) {
      BestOfChinese(end_i - 1, j, m);
      const float own = Reach<true>(
          texts_.chinese, end_i - 1,
          GainsOfChinese(window_.row(end_i - 1), end_j), best_.data());
      chinese_english += std::min(own, border.english_behind);
    }
    if (border.chinese_behind > 0) {
      BestOfEnglish(end_j - 1, i, n);
      const float own =
          Reach<true>(texts_.english, end_j - 1,
                      GainsOfEnglish(end_i, end_j - 1), best_.data());
      english_chinese += std::min(own, border.chinese_behind);
    }
  }
  if (i > 0 && inside(i, j)) {
    const Border& border = BorderAt(i, j);
    if (border.chinese_before > 0) {
      BestOfEnglish(j, i, n);
      const float own = Reach<false>(texts_.english, j,
                                     GainsOfEnglish(i - 1, j), best_.data());
      chinese_english += std::min(own, border.chinese_before);
    }
    if (border.english_before > 0) {
      BestOfChinese(i, j, m);
      const float own =
          Reach<false>(texts_.chinese, i, GainsOfChinese(window_.row(i), j - 1),
                       best_.data());
      english_chinese += std::min(own, border.english_before);
    }
  }
  out[kAcrossChineseEnglish] = chinese_english / kAcrossUnit;
  out[kAcrossEnglishChinese] = english_chinese / kAcrossUnit;
}

}  // namespace duilian::aligner
