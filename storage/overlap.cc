// The simple version, BestOverlap: fill the matrix of the best scores that end
// at each pair of places (Smith, Waterman 1981, with free ends on the edges
// alone). Most texts are bad ones, so their scores are computed first, without
// where they come from: 32 texts at a time, a lane each, 16 bits a cell. No
// cell is below a gap's cost, for a gap from the row's beginning leads to it.
//
// Tested by overlap_test.cc.

#include "storage/overlap.h"

#include <algorithm>

#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

// So that a text with edits up to half of the query, and more, is worth more
// than none.
constexpr int kEqualGain = 2, kEditGain = -1;
// However much of the text a gap in the quote leaves out: passage_places.cc
// asks what it costs there.
constexpr int kGapGain = -4;

constexpr size_t kLanes = 32;
// Of a quote, and of a text: then 16 bits hold a score.
constexpr size_t kMostInLanes = 16'000;
static_assert(kEqualGain * kMostInLanes < 0x7FFF);

// `row` is all zero before; `best`, [kLanes], too. `lengths` are the texts'.
DUILIAN_PROCESSOR_CLONES
void ScoreLanes(const QuoteToken* quote, size_t quote_size,
                const QuoteToken* columns, size_t longest,
                const int16_t* lengths, int16_t* row, int16_t* best) {
  int16_t diagonal[kLanes], left[kLanes], most[kLanes];
  for (size_t i = 0; i < quote_size; ++i) {
    const QuoteToken token = quote[i];
    for (size_t lane = 0; lane < kLanes; ++lane) {
      diagonal[lane] = left[lane] = most[lane] = 0;
    }
    for (size_t j = 0; j < longest; ++j) {
      const QuoteToken* column = columns + j * kLanes;
      int16_t* cells = row + (j + 1) * kLanes;
      const auto end = static_cast<int16_t>(j + 1);
      for (size_t lane = 0; lane < kLanes; ++lane) {
        const int16_t up = cells[lane];
        const auto gain = static_cast<int16_t>(
            column[lane] == token ? kEqualGain : kEditGain);
        auto cell = static_cast<int16_t>(diagonal[lane] + gain);
        const int16_t beside = std::max(up, left[lane]);
        cell = std::max(cell, static_cast<int16_t>(beside + kEditGain));
        cell = std::max(cell, static_cast<int16_t>(most[lane] + kGapGain));
        most[lane] = std::max(most[lane], cell);
        diagonal[lane] = up;
        left[lane] = cell;
        cells[lane] = cell;
        // The text's end.
        const auto ended =
            static_cast<int16_t>(lengths[lane] == end ? cell : int16_t{0});
        best[lane] = std::max(best[lane], ended);
      }
    }
  }
  // The quote's end.
  for (size_t j = 0; j < longest; ++j) {
    const auto at = static_cast<int16_t>(j);
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const int16_t cell = row[(j + 1) * kLanes + lane];
      const auto ended =
          static_cast<int16_t>(at < lengths[lane] ? cell : int16_t{0});
      best[lane] = std::max(best[lane], ended);
    }
  }
}

}  // namespace

Overlap BestOverlap(absl::Span<const QuoteToken> quote,
                    absl::Span<const QuoteToken> text) {
  struct Cell {
    int score = 0;
    size_t begin = 0;  // where the quote begins to overlap
  };
  const auto after = [](Cell cell, int gain) {
    return Cell{cell.score + gain, cell.begin};
  };
  Overlap best;
  const auto consider = [&](Cell cell, size_t end) {
    if (cell.score > best.score) best = {cell.score, cell.begin, end};
  };
  std::vector<Cell> row(text.size() + 1);
  for (size_t i = 0; i < quote.size(); ++i) {
    Cell diagonal = row[0];
    row[0] = {0, i + 1};
    Cell most = row[0];  // of the row, so far
    for (size_t j = 0; j < text.size(); ++j) {
      Cell cell = after(diagonal, text[j] == quote[i] ? kEqualGain : kEditGain);
      diagonal = row[j + 1];
      for (const Cell& other : {diagonal, row[j]}) {
        if (other.score + kEditGain > cell.score) {
          cell = after(other, kEditGain);
        }
      }
      if (most.score + kGapGain > cell.score) cell = after(most, kGapGain);
      if (cell.score > most.score) most = cell;
      row[j + 1] = cell;
    }
    consider(row.back(), i + 1);
  }
  for (const Cell& cell : row) consider(cell, quote.size());
  return best;
}

void OverlapScores::Score(absl::Span<const absl::Span<const QuoteToken>> texts,
                          std::vector<int>& scores) {
  scores.clear();
  for (size_t begin = 0; begin < texts.size(); begin += kLanes) {
    const auto some = texts.subspan(begin, kLanes);
    size_t longest = 0;
    int16_t lengths[kLanes] = {}, best[kLanes] = {};
    for (const auto& text : some) longest = std::max(longest, text.size());
    if (std::max(longest, quote_.size()) > kMostInLanes) {
      for (const auto& text : some) {
        scores.push_back(BestOverlap(quote_, text).score);
      }
      continue;
    }
    columns_.assign(longest * kLanes, 0);
    row_.assign((longest + 1) * kLanes, 0);
    for (size_t lane = 0; lane < some.size(); ++lane) {
      lengths[lane] = static_cast<int16_t>(some[lane].size());
      for (size_t j = 0; j < some[lane].size(); ++j) {
        columns_[j * kLanes + lane] = some[lane][j];
      }
    }
    ScoreLanes(quote_.data(), quote_.size(), columns_.data(), longest, lengths,
               row_.data(), best);
    for (size_t lane = 0; lane < some.size(); ++lane) {
      scores.push_back(best[lane]);
    }
  }
}

}  // namespace duilian::storage
