// What the clauses on both sides of a bead's borders gain from each other. A
// clause that is translated beyond the border shows twice: it gains more there,
// and what stands there gains more from it. By chance the one happens, hardly
// both.
#include <algorithm>

#include "aligner/bead_features.h"

namespace duilian::aligner {
namespace {

// Nats times the length of a vector, which is 1.2 on average.
constexpr float kAcrossUnit = 6;

}  // namespace

// Requires segments around the node, (i - 1, j - 1) and (i, j) among the cells.
const BeadFeaturizer::Border& BeadFeaturizer::BorderAt(int i, int j) {
  BorderRow& row = borders_[static_cast<size_t>(i) % borders_.size()];
  const CellRow& below = gains_.row(i);
  if (row.row != i) {
    row.row = i;
    row.begin = below.begin;
    row.borders.assign(static_cast<size_t>(below.end - below.begin), Border());
  }
  Border& border = row.borders[static_cast<size_t>(j - row.begin)];
  if (border.known) return border;
  border.known = true;
  const auto zh = [&](int segment, int english) {
    return gains_.GainsOfChinese(segment, english);
  };
  const auto en = [&](int chinese, int segment) {
    return gains_.GainsOfEnglish(chinese, segment);
  };
  border.chinese_before =
      ReachOfLast(texts_.chinese, i - 1, zh(i - 1, j), zh(i - 1, j - 1));
  border.chinese_behind =
      ReachOfFirst(texts_.chinese, i, zh(i, j - 1), zh(i, j));
  border.english_before =
      ReachOfLast(texts_.english, j - 1, en(i, j - 1), en(i - 1, j - 1));
  border.english_behind =
      ReachOfFirst(texts_.english, j, en(i - 1, j), en(i, j));
  return border;
}

void BeadFeaturizer::AddAcross(const Spans& spans, FeatureVector& out) {
  const auto& [i, j, n, m] = spans;
  const int end_i = i + n, end_j = j + m;
  // All four cells around a node.
  const auto inside = [&](int row, int column) {
    return row < texts_.chinese.size && column < texts_.english.size &&
           column > 0 && gains_.Available(row - 1, column - 1) &&
           gains_.Available(row - 1, column) &&
           gains_.Available(row, column - 1) && gains_.Available(row, column);
  };
  float chinese_english = 0, english_chinese = 0;
  if (inside(end_i, end_j)) {
    const Border& border = BorderAt(end_i, end_j);
    if (border.english_behind > 0) {
      chinese_english += std::min(gains_.LastReachOfChinese(end_i - 1, j, m),
                                  border.english_behind);
    }
    if (border.chinese_behind > 0) {
      english_chinese += std::min(gains_.LastReachOfEnglish(end_j - 1, i, n),
                                  border.chinese_behind);
    }
  }
  if (i > 0 && inside(i, j)) {
    const Border& border = BorderAt(i, j);
    if (border.chinese_before > 0) {
      chinese_english +=
          std::min(gains_.FirstReachOfEnglish(j, i, n), border.chinese_before);
    }
    if (border.english_before > 0) {
      english_chinese +=
          std::min(gains_.FirstReachOfChinese(i, j, m), border.english_before);
    }
  }
  out[kAcrossChineseEnglish] = chinese_english / kAcrossUnit;
  out[kAcrossEnglishChinese] = english_chinese / kAcrossUnit;
}

}  // namespace duilian::aligner
