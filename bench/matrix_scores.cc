// The matrix is filled in row by row, a row for each code point of the query:
//
//   row[j] = min(diagonal + (query[i] != text[j]), row[j] + 1, row[j - 1] + 1)
//
// The same is done with sixteen texts at once, a lane each, which the compiler
// makes vectors of. A lane's text may end before the longest of its group; what
// stands behind its end never reaches its own last cell, since cells depend on
// those to their left alone.

#include "bench/matrix_scores.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>

#include "storage/processor_clones.h"

namespace duilian::bench {
namespace {

constexpr size_t kLanes = MatrixScores::kLanes;
using Lanes = std::array<uint16_t, kLanes>;

// Numbers of code points begin behind these two, which equal no other.
constexpr uint16_t kBehindTheEnd = 0;
constexpr uint16_t kInNoText = 1;

// One row, for a code point of the query; `left` is row[0] before the texts.
DUILIAN_PROCESSOR_CLONES
void FillRow(uint16_t number, uint16_t i, const Lanes* places, size_t length,
             Lanes* row) {
  Lanes diagonal = row[0];
  row[0].fill(i);
  for (size_t j = 1; j <= length; ++j) {
    const Lanes& place = places[j - 1];
    const Lanes above = row[j];
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const uint16_t substituted =
          diagonal[lane] + (place[lane] == number ? 0 : 1);
      const uint16_t one_side =
          std::min(above[lane], row[j - 1][lane]) + uint16_t{1};
      row[j][lane] = std::min(substituted, one_side);
    }
    diagonal = above;
  }
}

}  // namespace

MatrixScores::MatrixScores(const std::vector<std::u32string>& texts) {
  std::vector<size_t> order(texts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return texts[a].size() < texts[b].size();
  });
  for (size_t first = 0; first < order.size(); first += kLanes) {
    Group& group = groups_.emplace_back();
    const size_t end = std::min(first + kLanes, order.size());
    Lanes nothing;
    nothing.fill(kBehindTheEnd);
    group.places.assign(texts[order[end - 1]].size(), nothing);
    for (size_t i = first; i < end; ++i) {
      const std::u32string& text = texts[order[i]];
      group.lengths[i - first] = text.size();
      for (size_t j = 0; j < text.size(); ++j) {
        const auto next = static_cast<uint16_t>(numbers_.size() + 2);
        group.places[j][i - first] =
            numbers_.try_emplace(text[j], next).first->second;
      }
    }
  }
}

std::vector<int> MatrixScores::FromHalf(const std::u32string& query) const {
  std::vector<uint16_t> numbers;
  for (const char32_t codepoint : query) {
    const auto found = numbers_.find(codepoint);
    numbers.push_back(found == numbers_.end() ? kInNoText : found->second);
  }
  std::vector<int> scores;
  std::vector<Lanes> row;
  for (const Group& group : groups_) {
    const size_t longest = group.places.size();
    if (2 * longest < query.size()) continue;
    const size_t shortest = group.lengths[0];
    if (2 * query.size() < shortest) break;
    row.resize(longest + 1);
    for (size_t j = 0; j <= longest; ++j) {
      row[j].fill(static_cast<uint16_t>(j));
    }
    for (size_t i = 0; i < numbers.size(); ++i) {
      FillRow(numbers[i], static_cast<uint16_t>(i + 1), group.places.data(),
              longest, row.data());
    }
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const size_t length = group.lengths[lane];
      const size_t longer = std::max(query.size(), length);
      if (longer == 0) continue;
      const size_t distance = row[length][lane];
      const auto score = static_cast<int>(100 * (longer - distance) / longer);
      if (score >= 50) scores.push_back(score);
    }
  }
  std::sort(scores.begin(), scores.end(), std::greater<>());
  return scores;
}

}  // namespace duilian::bench
