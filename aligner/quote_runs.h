// The runs of a text that may translate a quote, and what speaks for each.

#ifndef DUILIAN_ALIGNER_QUOTE_RUNS_H_
#define DUILIAN_ALIGNER_QUOTE_RUNS_H_

#include <functional>

#include "aligner/align.h"
#include "aligner/bead_features.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {

// Takes one side of a prepared pair as the text and each segment of the other
// as a quote that may stand anywhere in it. Not thread-safe.
class QuoteRuns {
 public:
  // `pack` must outlive it.
  QuoteRuns(const PackView& pack, PreparedPair texts, bool text_is_chinese);

  // Visits every run of up to kMaxSide segments with its features as a bead
  // with the quote alone: no neighbours on the quote's side. O(segments).
  void ForEach(
      int quote,
      const std::function<void(SegmentRange, const FeatureVector&)>& visit);

 private:
  PreparedText& quote_side() {
    return text_is_chinese_ ? texts_.english : texts_.chinese;
  }

  const PackView& pack_;
  PreparedPair texts_;
  const bool text_is_chinese_;
  PreparedText quotes_;
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_QUOTE_RUNS_H_
