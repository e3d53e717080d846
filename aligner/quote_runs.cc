#include "aligner/quote_runs.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "aligner/band.h"
#include "aligner/gains.h"

namespace duilian::aligner {
namespace {

constexpr double kMostMargin = 4;  // of a run's fit, either way

// One segment of a prepared text, as a text of its own.
PreparedText Slice(const PreparedText& all, int i) {
  const size_t at = static_cast<size_t>(i), dim = static_cast<size_t>(all.dim);
  PreparedText slice;
  slice.size = 1;
  slice.dim = all.dim;
  slice.pieces.assign(all.pieces_of(i), all.pieces_of(i) + all.piece_count(i));
  slice.piece_starts = {0, static_cast<uint32_t>(slice.pieces.size())};
  slice.first_clause_end = {all.first_clause_end[at]};
  slice.last_clause_begin = {all.last_clause_begin[at]};
  slice.clauses = {all.clauses[at]};
  const auto first = static_cast<std::ptrdiff_t>(all.piece_starts[at]);
  const auto last = static_cast<std::ptrdiff_t>(all.piece_starts[at + 1]);
  slice.ends_clause.assign(all.ends_clause.begin() + first,
                           all.ends_clause.begin() + last);
  slice.piece_weights.assign(all.piece_weights.begin() + first,
                             all.piece_weights.begin() + last);
  slice.vectors.assign(all.vector(i), all.vector(i) + dim);
  slice.gram.assign(kMaxSide, 0.0F);
  slice.gram[0] = all.gram[at * kMaxSide];
  slice.mean = all.mean;
  slice.background = {all.background[at]};
  slice.length = {all.length[at]};
  slice.marks = {all.marks[at]};
  slice.quotations = {all.quotations[at]};
  slice.tokens = {all.tokens[at]};
  return slice;
}

float Gain(const float* weights, const uint8_t* gains, size_t size) {
  float sum = 0;
  for (size_t p = 0; p < size; ++p) {
    sum += weights[p] * static_cast<float>(gains[p]);
  }
  return sum / kGainSteps;
}

float Sum(const float* weights, size_t size) {
  float sum = 1e-6F;
  for (size_t p = 0; p < size; ++p) sum += weights[p];
  return sum;
}

void AddCover(const QuoteCover& cover, QuoteVector& out) {
  out[kNearnessQuote] = cover.nearness_quote;
  out[kNearnessRun] = cover.nearness_run;
  out[kNearQuote] = cover.near_quote;
  out[kNearRun] = cover.near_run;
  out[kUnmatchedQuote] = cover.unmatched_quote;
  out[kUnmatchedRun] = cover.unmatched_run;
  out[kLeastNearness] = cover.least_nearness;
  out[kEndGain] = cover.end_gain;
  out[kBeyondGain] = cover.beyond_gain;
  out[kBeyondNearness] = cover.beyond_nearness;
}

bool Overlap(const SegmentRange& a, const SegmentRange& b) {
  return a.begin < b.end && b.begin < a.end;
}

}  // namespace

absl::Span<const float> WeightsOf(absl::Span<const float> quote_weights,
                                  bool text_is_chinese, QuoteModel model) {
  const size_t at = (text_is_chinese ? 2 : 0) + static_cast<size_t>(model);
  return quote_weights.subspan(at * kQuoteFeatures, kQuoteFeatures);
}

std::vector<QuoteRun> BestRuns(absl::Span<const QuoteRun> runs, size_t most) {
  std::vector<const QuoteRun*> sorted;
  for (const QuoteRun& run : runs) sorted.push_back(&run);
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const QuoteRun* a, const QuoteRun* b) { return a->fit > b->fit; });
  std::vector<QuoteRun> best;
  for (const QuoteRun* run : sorted) {
    if (best.size() == most) break;
    const bool taken =
        std::any_of(best.begin(), best.end(), [&](const QuoteRun& other) {
          return Overlap(other.segments, run->segments);
        });
    if (!taken) best.push_back(*run);
  }
  for (size_t b = 0; b < best.size(); ++b) {
    const size_t rival = b == 0 ? 1 : 0;
    const double margin =
        rival < best.size() ? best[b].fit - best[rival].fit : kMostMargin;
    best[b].features[kFitMargin] =
        static_cast<float>(std::clamp(margin, -kMostMargin, kMostMargin));
  }
  return best;
}

QuoteRuns::QuoteRuns(const Model& model, const Transcript& text,
                     const Transcript& quotes)
    : pack_(model.pack()),
      text_is_chinese_(text.language == text::Language::kChinese),
      texts_(PrepareQuotes(model, text, quotes)),
      names_(text),
      covers_(pack_, text_side(), text_is_chinese_) {
  quotes_ = std::move(quote_side());
  // Whether a quote begins a turn nobody knows.
  for (uint16_t& marks : quotes_.marks) {
    marks = static_cast<uint16_t>(marks & ~kTurnStart);
  }
  piece_weights_ = PieceWeights(pack_, text_side().pieces);
  for (const Segment& quote : quotes.segments) words_.push_back(quote.text);
}

const uint8_t* QuoteRuns::QuoteGains(int segment) const {
  const CellWindow& window = featurizer_->window();
  if (text_is_chinese_) return window.row(segment).english_gains.data();
  return window.row(0).chinese_gains.data() +
         static_cast<size_t>(segment) * best_.size();
}

const uint8_t* QuoteRuns::SegmentGains(int segment) const {
  const CellWindow& window = featurizer_->window();
  if (text_is_chinese_) return window.row(segment).chinese_gains.data();
  const CellRow& row = window.row(0);
  return row.english_gains.data() +
         row.english_starts[static_cast<size_t>(segment)];
}

void QuoteRuns::Extend(int segment) {
  RaiseTo(QuoteGains(segment), best_.data(), static_cast<int>(best_.size()));
  const PreparedText& text = text_side();
  const size_t pieces = static_cast<size_t>(text.piece_count(segment));
  const float* weights =
      piece_weights_.data() + text.piece_starts[static_cast<size_t>(segment)];
  const float gain = Gain(weights, SegmentGains(segment), pieces);
  const float weight = Sum(weights, pieces);
  least_ = std::min(least_, gain / weight);
  run_gain_ += gain;
  run_weight_ += weight;
}

void QuoteRuns::AddCovered(QuoteVector& out) const {
  out[kQuoteCovered] = Gain(quote_weights_.data(), best_.data(), best_.size()) /
                       Sum(quote_weights_.data(), best_.size());
  out[kRunCovered] = run_gain_ / run_weight_;
  out[kLeastRunCovered] = least_ - out[kRunCovered];
}

void QuoteRuns::ForEach(
    int quote,
    const std::function<void(SegmentRange, const QuoteVector&)>& visit) {
  quote_side() = Slice(quotes_, quote);
  quote_weights_ = PieceWeights(pack_, quote_side().pieces);
  names_.Listen(words_[static_cast<size_t>(quote)]);
  covers_.Take(quote_side());
  const Band band = FullBand(texts_.chinese.size, texts_.english.size);
  BeadFeaturizer featurizer(pack_.lexicons(), texts_, band);
  featurizer_ = &featurizer;
  featurizer.MoveTo(0);
  const int segments = text_side().size;
  FeatureVector bead;
  QuoteVector features;
  for (int at = 0; at < segments; ++at) {
    if (text_is_chinese_) featurizer.MoveTo(at);
    best_.assign(quote_weights_.size(), 0);
    run_gain_ = run_weight_ = 0;
    least_ = 1e9F;
    // Of rising length.
    for (int type = 2; type < kBeadTypes; ++type) {
      const BeadType& shape = kTypes[static_cast<size_t>(type)];
      const int own = text_is_chinese_ ? shape.english : shape.chinese;
      const int length = text_is_chinese_ ? shape.chinese : shape.english;
      if (own != 1 || at + length > segments) continue;
      featurizer.Compute(text_is_chinese_ ? at : 0, text_is_chinese_ ? 0 : at,
                         type, bead);
      features.fill(0);
      std::copy(bead.begin(), bead.end(), features.begin());
      Extend(at + length - 1);
      AddCovered(features);
      AddCover(covers_.Of({at, at + length}), features);
      const HeardNames::Count names = names_.CountIn({at, at + length});
      features[kNamesHeard] = names.here;
      features[kNamesNotHeard] = names.elsewhere;
      visit({at, at + length}, features);
    }
  }
  featurizer_ = nullptr;
}

}  // namespace duilian::aligner
