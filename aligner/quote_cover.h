// What a run of segments has of a quote, piece by piece, and the quote of the
// run; what the run's ends and the segments beside it add.

#ifndef DUILIAN_ALIGNER_QUOTE_COVER_H_
#define DUILIAN_ALIGNER_QUOTE_COVER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {

// The length of each piece's vector: training makes that of rare words, which
// say much, great.
std::vector<float> PieceWeights(const PackView& pack,
                                absl::Span<const uint16_t> pieces);

// A piece's nearness is the greatest cosine of its vector with one of the other
// side's, 0 at least. In the means and shares a piece counts by its weight.
struct QuoteCover {
  float nearness_quote = 0, nearness_run = 0;  // means
  float near_quote = 0, near_run = 0;          // shares above a half
  // Shares that have nothing: neither something near nor a translation.
  float unmatched_quote = 0, unmatched_run = 0;
  float least_nearness = 0;  // of the run's worst segment, minus the run's
  // What the quote's pieces gain by a segment and not by the run without it, in
  // nats, by the segment's weight, so that a short sentence adds as much as a
  // long one: of the run's two ends the lesser, of the segments beside it the
  // greater. 0 of a run of one, and without segments beside.
  float end_gain = 0, beyond_gain = 0;
  float beyond_nearness = 0;  // the same of nearness
};

// Compares one quote at a time with the runs of a text. Not thread-safe.
class QuoteCovers {
 public:
  // `pack` and `text` must outlive it. O(pieces of the text).
  QuoteCovers(const PackView& pack, const PreparedText& text,
              bool text_is_chinese);

  // The quote that runs are compared with from now on: the first segment of
  // `quote`. O(pieces of the text), and its different pieces times the quote's.
  void Take(const PreparedText& quote);

  // Requires a run that is not empty. O(segments of the run).
  QuoteCover Of(const SegmentRange& run);

 private:
  // A piece of the text's language and the quote at hand.
  struct Match {
    uint32_t quote = 0;         // which quote, counted from 1
    size_t row = 0;             // of nearness_
    float nearness = 0;         // to the nearest
    float gain = 0;             // the greatest, in nats
    size_t begin = 0, end = 0;  // of gains_
  };
  // What a piece of the text's language gives the quote's.
  struct Gain {
    uint16_t piece;
    uint16_t at;  // in the quote
    uint8_t steps;
  };
  // Sums of a segment's pieces' weights.
  struct SegmentSums {
    float all = 1e-6F, nearness = 0, near = 0, unmatched = 0;
  };

  void TakeGains(const PreparedText& quote);
  void TakeVectors(const PreparedText& quote);
  void MatchPiece(uint16_t piece, Match& match);
  void AddSegment(int segment);
  const uint8_t* GainsBy(int segment) const;
  const uint8_t* NearnessTo(int segment) const;
  void RaiseToRun(const SegmentRange& run);
  float FreshGain(int segment) const;
  float FreshNearness(int segment) const;
  void AddQuoteShares(QuoteCover& cover) const;
  void AddRunShares(const SegmentRange& run, QuoteCover& cover) const;

  const PackView& pack_;
  const PreparedText& text_;
  const LexiconView& text_lexicon_;   // what covers the text's pieces
  const LexiconView& quote_lexicon_;  // what covers the quote's
  std::vector<float> weights_;        // of the text's pieces
  std::vector<Match> matches_;        // by piece
  // Of the quote at hand.
  uint32_t quotes_ = 0;
  size_t pieces_ = 0;
  std::vector<float> quote_weights_;
  float quote_weight_ = 0;
  std::vector<bool> holds_;        // by piece
  std::vector<float> units_;       // [pieces, dim]: of length 1
  std::vector<Gain> gains_;        // by piece
  size_t rows_ = 0;                // different pieces of the text
  std::vector<uint8_t> nearness_;  // [rows, pieces]
  std::vector<SegmentSums> sums_;  // [segments]
  // [segments, pieces]: the best of a segment's pieces for each of the quote's;
  // gains in steps, nearness in steps of 1/255.
  std::vector<uint8_t> segment_gains_, segment_nearness_;
  std::vector<uint8_t> best_gains_, best_nearness_;  // of the run at hand
  std::vector<float> row_;                           // scratch, [dim]
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_QUOTE_COVER_H_
