// How a quote and a text overlap: token by token, with edits, where either may
// begin before the other and end behind it.

#ifndef DUILIAN_STORAGE_OVERLAP_H_
#define DUILIAN_STORAGE_OVERLAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace duilian::storage {

// A token by its first place in the quote, from 1 on; 0 for any other.
using QuoteToken = uint16_t;
inline constexpr size_t kMostQuoteTokens = 0xFFFF;

struct Overlap {
  int score = 0;
  size_t begin = 0, end = 0;  // of the quote, half-open
};

// The overlap of the highest score, 0 and empty when none is above: equal
// tokens gain, edits cost, and a gap in the quote, however long, costs as much
// as some edits. The quote has no 0.
Overlap BestOverlap(absl::Span<const QuoteToken> quote,
                    absl::Span<const QuoteToken> text);

// The scores of many texts, 32 at a time.
class OverlapScores {
 public:
  // `quote` is borrowed.
  explicit OverlapScores(absl::Span<const QuoteToken> quote) : quote_(quote) {}

  // For each text the score of BestOverlap(). Texts that stand beside each
  // other should be about as long: what they cost is the longest one's.
  void Score(absl::Span<const absl::Span<const QuoteToken>> texts,
             std::vector<int>& scores);

 private:
  absl::Span<const QuoteToken> quote_;
  std::vector<QuoteToken> columns_;  // [longest, lanes]
  std::vector<int16_t> row_;         // [longest + 1, lanes]
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_OVERLAP_H_
