#include "aligner/quote_cover.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "aligner/dot.h"
#include "aligner/gains.h"

namespace duilian::aligner {
namespace {

constexpr float kNear = 0.5F;       // a piece's translation is nearer
constexpr float kDistant = 0.35F;   // and what is less near has none
constexpr float kUntranslated = 1;  // nats, at most
constexpr float kNearnessSteps = 255;

const int8_t* RowOf(const EmbeddingView& embeddings, uint16_t piece) {
  return embeddings.values +
         static_cast<size_t>(piece) * static_cast<size_t>(embeddings.dim);
}

}  // namespace

std::vector<float> PieceWeights(const PackView& pack,
                                absl::Span<const uint16_t> pieces) {
  const EmbeddingView& embeddings = pack.embeddings();
  std::vector<float> weights;
  weights.reserve(pieces.size());
  for (const uint16_t piece : pieces) {
    const int8_t* row = RowOf(embeddings, piece);
    int square = 0;
    for (int d = 0; d < embeddings.dim; ++d) square += row[d] * row[d];
    weights.push_back(embeddings.scales[piece] *
                      std::sqrt(static_cast<float>(square)));
  }
  return weights;
}

QuoteCovers::QuoteCovers(const PackView& pack, const PreparedText& text,
                         bool text_is_chinese)
    : pack_(pack),
      text_(text),
      text_lexicon_(text_is_chinese ? pack.chinese_lexicon()
                                    : pack.english_lexicon()),
      quote_lexicon_(text_is_chinese ? pack.english_lexicon()
                                     : pack.chinese_lexicon()),
      weights_(PieceWeights(pack, text.pieces)),
      matches_(static_cast<size_t>(pack.embeddings().rows)) {}

// The lexicon turned round: by the text's pieces, of which few give the quote
// anything.
void QuoteCovers::TakeGains(const PreparedText& quote) {
  holds_.assign(matches_.size(), false);
  gains_.clear();
  for (size_t q = 0; q < pieces_; ++q) {
    const uint16_t piece = quote.pieces_of(0)[q];
    holds_[piece] = true;
    for (uint32_t at = quote_lexicon_.starts[piece];
         at < quote_lexicon_.starts[piece + 1]; ++at) {
      gains_.push_back({quote_lexicon_.ids[at], static_cast<uint16_t>(q),
                        quote_lexicon_.gains[at]});
    }
  }
  std::stable_sort(
      gains_.begin(), gains_.end(),
      [](const Gain& a, const Gain& b) { return a.piece < b.piece; });
}

void QuoteCovers::TakeVectors(const PreparedText& quote) {
  const EmbeddingView& embeddings = pack_.embeddings();
  const size_t dim = static_cast<size_t>(embeddings.dim);
  units_.assign(pieces_ * dim, 0.0F);
  for (size_t q = 0; q < pieces_; ++q) {
    const uint16_t piece = quote.pieces_of(0)[q];
    AddScaled(embeddings.scales[piece] / std::max(quote_weights_[q], 1e-6F),
              RowOf(embeddings, piece), units_.data() + q * dim,
              embeddings.dim);
  }
  row_.resize(dim);
  nearness_.clear();
  rows_ = 0;
}

void QuoteCovers::MatchPiece(uint16_t piece, Match& match) {
  const EmbeddingView& embeddings = pack_.embeddings();
  const size_t dim = static_cast<size_t>(embeddings.dim);
  match = {};
  match.quote = quotes_;
  match.row = rows_++;
  std::fill(row_.begin(), row_.end(), 0.0F);
  AddScaled(embeddings.scales[piece], RowOf(embeddings, piece), row_.data(),
            embeddings.dim);
  const float norm = std::sqrt(
      std::max(Dot(row_.data(), row_.data(), embeddings.dim), 1e-12F));
  for (size_t q = 0; q < pieces_; ++q) {
    const float cosine =
        Dot(row_.data(), units_.data() + q * dim, embeddings.dim) / norm;
    match.nearness = std::max(match.nearness, cosine);
    nearness_.push_back(static_cast<uint8_t>(
        std::clamp(cosine * kNearnessSteps, 0.0F, kNearnessSteps)));
  }
  for (uint32_t at = text_lexicon_.starts[piece];
       at < text_lexicon_.starts[piece + 1]; ++at) {
    if (!holds_[text_lexicon_.ids[at]]) continue;
    match.gain = std::max(match.gain, text_lexicon_.gains[at] / kGainSteps);
  }
  const auto [begin, end] = std::equal_range(
      gains_.begin(), gains_.end(), Gain{piece, 0, 0},
      [](const Gain& a, const Gain& b) { return a.piece < b.piece; });
  match.begin = static_cast<size_t>(begin - gains_.begin());
  match.end = static_cast<size_t>(end - gains_.begin());
}

void QuoteCovers::AddSegment(int segment) {
  const size_t at = static_cast<size_t>(segment);
  uint8_t* gains = segment_gains_.data() + at * pieces_;
  uint8_t* nearness = segment_nearness_.data() + at * pieces_;
  SegmentSums& sums = sums_.emplace_back();
  for (size_t p = text_.piece_starts[at]; p < text_.piece_starts[at + 1]; ++p) {
    Match& match = matches_[text_.pieces[p]];
    if (match.quote != quotes_) MatchPiece(text_.pieces[p], match);
    RaiseTo(nearness_.data() + match.row * pieces_, nearness,
            static_cast<int>(pieces_));
    for (size_t g = match.begin; g < match.end; ++g) {
      uint8_t& best = gains[gains_[g].at];
      best = std::max(best, gains_[g].steps);
    }
    const float weight = weights_[p];
    sums.all += weight;
    sums.nearness += weight * match.nearness;
    if (match.nearness > kNear) sums.near += weight;
    if (match.nearness < kDistant && match.gain < kUntranslated) {
      sums.unmatched += weight;
    }
  }
}

void QuoteCovers::Take(const PreparedText& quote) {
  ++quotes_;
  pieces_ = static_cast<size_t>(quote.piece_count(0));
  quote_weights_ =
      PieceWeights(pack_, absl::MakeConstSpan(quote.pieces_of(0), pieces_));
  quote_weight_ = 1e-6F;
  for (const float weight : quote_weights_) quote_weight_ += weight;
  TakeGains(quote);
  TakeVectors(quote);
  const size_t cells = static_cast<size_t>(text_.size) * pieces_;
  segment_gains_.assign(cells, 0);
  segment_nearness_.assign(cells, 0);
  sums_.clear();
  for (int segment = 0; segment < text_.size; ++segment) AddSegment(segment);
}

const uint8_t* QuoteCovers::GainsBy(int segment) const {
  return segment_gains_.data() + static_cast<size_t>(segment) * pieces_;
}

const uint8_t* QuoteCovers::NearnessTo(int segment) const {
  return segment_nearness_.data() + static_cast<size_t>(segment) * pieces_;
}

void QuoteCovers::RaiseToRun(const SegmentRange& run) {
  best_gains_.assign(pieces_, 0);
  best_nearness_.assign(pieces_, 0);
  const int pieces = static_cast<int>(pieces_);
  for (int s = run.begin; s < run.end; ++s) {
    RaiseTo(GainsBy(s), best_gains_.data(), pieces);
    RaiseTo(NearnessTo(s), best_nearness_.data(), pieces);
  }
}

// What the segment has above the best of the run at hand, by its weight.
float QuoteCovers::FreshGain(int segment) const {
  const uint8_t* gains = GainsBy(segment);
  float fresh = 0;
  for (size_t q = 0; q < pieces_; ++q) {
    fresh += quote_weights_[q] *
             static_cast<float>(std::max(0, gains[q] - best_gains_[q]));
  }
  return fresh / kGainSteps / sums_[static_cast<size_t>(segment)].all;
}

float QuoteCovers::FreshNearness(int segment) const {
  const uint8_t* nearness = NearnessTo(segment);
  float fresh = 0;
  for (size_t q = 0; q < pieces_; ++q) {
    fresh += quote_weights_[q] *
             static_cast<float>(std::max(0, nearness[q] - best_nearness_[q]));
  }
  return fresh / kNearnessSteps / sums_[static_cast<size_t>(segment)].all;
}

void QuoteCovers::AddQuoteShares(QuoteCover& cover) const {
  for (size_t q = 0; q < pieces_; ++q) {
    const float weight = quote_weights_[q] / quote_weight_;
    const float nearness =
        static_cast<float>(best_nearness_[q]) / kNearnessSteps;
    const float gain = static_cast<float>(best_gains_[q]) / kGainSteps;
    cover.nearness_quote += weight * nearness;
    if (nearness > kNear) cover.near_quote += weight;
    if (nearness < kDistant && gain < kUntranslated) {
      cover.unmatched_quote += weight;
    }
  }
}

void QuoteCovers::AddRunShares(const SegmentRange& run,
                               QuoteCover& cover) const {
  SegmentSums all;
  float least = 1;
  for (int s = run.begin; s < run.end; ++s) {
    const SegmentSums& sums = sums_[static_cast<size_t>(s)];
    all.all += sums.all;
    all.nearness += sums.nearness;
    all.near += sums.near;
    all.unmatched += sums.unmatched;
    least = std::min(least, sums.nearness / sums.all);
  }
  cover.nearness_run = all.nearness / all.all;
  cover.near_run = all.near / all.all;
  cover.unmatched_run = all.unmatched / all.all;
  cover.least_nearness = least - cover.nearness_run;
}

QuoteCover QuoteCovers::Of(const SegmentRange& run) {
  QuoteCover cover;
  if (run.size() > 1) {
    RaiseToRun({run.begin + 1, run.end});
    cover.end_gain = FreshGain(run.begin);
    RaiseToRun({run.begin, run.end - 1});
    cover.end_gain = std::min(cover.end_gain, FreshGain(run.end - 1));
  }
  RaiseToRun(run);
  for (const int beside : {run.begin - 1, run.end}) {
    if (beside < 0 || beside >= text_.size) continue;
    cover.beyond_gain = std::max(cover.beyond_gain, FreshGain(beside));
    cover.beyond_nearness =
        std::max(cover.beyond_nearness, FreshNearness(beside));
  }
  AddQuoteShares(cover);
  AddRunShares(run, cover);
  return cover;
}

}  // namespace duilian::aligner
