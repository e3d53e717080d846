// The runs of a text that may translate a quote, and what speaks for each.

#ifndef DUILIAN_ALIGNER_QUOTE_RUNS_H_
#define DUILIAN_ALIGNER_QUOTE_RUNS_H_

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/bead_features.h"
#include "aligner/heard_names.h"
#include "aligner/model.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"
#include "aligner/quote_cover.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// What the quote models look at: the run as a bead with the quote, then these.
// A pack's weights are in this order.
enum QuoteFeature : int {
  // Mean gains, a piece counting by the length of its vector: rare words more.
  kQuoteCovered = kBeadFeatures,  // of the quote's pieces
  kRunCovered,                    // of the run's
  kLeastRunCovered,               // of the run's worst segment, minus the run's
  // Names of the quote that are heard in the run, and those that are heard in
  // the text, but not in the run; rarer ones count for more.
  kNamesHeard,
  kNamesNotHeard,
  // As quote_cover.h has them.
  kNearnessQuote,
  kNearnessRun,
  kNearQuote,
  kNearRun,
  kUnmatchedQuote,
  kUnmatchedRun,
  kLeastNearness,
  kEndGain,
  kBeyondGain,
  kBeyondNearness,
  // How far the run fits better than the best one that it does not overlap.
  kFitMargin,
  kQuoteFeatureCount,
};
inline constexpr size_t kQuoteFeatures = kQuoteFeatureCount;
using QuoteVector = std::array<float, kQuoteFeatures>;

// A pack has the weights of four models: of a run being the place of a Chinese
// quote, of which run it is, and the same two for an English quote.
enum class QuoteModel { kPlace = 0, kChoice = 1 };
inline constexpr size_t kQuoteWeights = 4 * kQuoteFeatures;
absl::Span<const float> WeightsOf(absl::Span<const float> quote_weights,
                                  bool text_is_chinese, QuoteModel model);

// A run of a text's segments, judged as a quote's place.
struct QuoteRun {
  SegmentRange segments;
  QuoteVector features;
  double fit = 0;  // by the choice model
};

// The runs that fit better than any that they overlap, best first, `most` of
// them; their kFitMargin is filled in.
std::vector<QuoteRun> BestRuns(absl::Span<const QuoteRun> runs, size_t most);

// Takes each segment of one transcript as a quote that may stand anywhere in
// the other, whatever the other quotes are. Not thread-safe.
class QuoteRuns {
 public:
  // `model` must outlive it.
  QuoteRuns(const Model& model, const Transcript& text,
            const Transcript& quotes);
  QuoteRuns(const QuoteRuns&) = delete;
  QuoteRuns& operator=(const QuoteRuns&) = delete;

  // Visits every run of up to kMaxSide segments with its features; kFitMargin
  // is 0. There are no neighbours on the quote's side. O(segments).
  void ForEach(
      int quote,
      const std::function<void(SegmentRange, const QuoteVector&)>& visit);

 private:
  PreparedText& quote_side() {
    return text_is_chinese_ ? texts_.english : texts_.chinese;
  }
  const PreparedText& text_side() const {
    return text_is_chinese_ ? texts_.chinese : texts_.english;
  }
  // Gains of the quote's pieces by a segment, and of the segment's by the
  // quote.
  const uint8_t* QuoteGains(int segment) const;
  const uint8_t* SegmentGains(int segment) const;
  // Adds the next segment to the run that the sums below are of.
  void Extend(int segment);
  void AddCovered(QuoteVector& out) const;

  const PackView& pack_;
  const bool text_is_chinese_;
  PreparedPair texts_;
  PreparedText quotes_;
  std::vector<float> piece_weights_;  // of the text, in its order
  std::vector<std::string> words_;    // of the quotes
  HeardNames names_;
  QuoteCovers covers_;
  const BeadFeaturizer* featurizer_ = nullptr;
  // Of the quote and the run at hand.
  std::vector<float> quote_weights_;
  std::vector<uint8_t> best_;  // gains of the quote's pieces
  float run_gain_ = 0, run_weight_ = 0, least_ = 0;
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_QUOTE_RUNS_H_
