#include "aligner/quote_runs.h"

#include <utility>

#include "aligner/band.h"

namespace duilian::aligner {
namespace {

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
  slice.vectors.assign(all.vector(i), all.vector(i) + dim);
  slice.gram.assign(kMaxSide, 0.0F);
  slice.gram[0] = all.gram[at * kMaxSide];
  slice.mean = all.mean;
  slice.background = {all.background[at]};
  slice.length = {all.length[at]};
  slice.marks = {all.marks[at]};
  slice.tokens = {all.tokens[at]};
  return slice;
}

}  // namespace

QuoteRuns::QuoteRuns(const PackView& pack, PreparedPair texts,
                     bool text_is_chinese)
    : pack_(pack), texts_(std::move(texts)), text_is_chinese_(text_is_chinese) {
  quotes_ = std::move(quote_side());
}

void QuoteRuns::ForEach(
    int quote,
    const std::function<void(SegmentRange, const FeatureVector&)>& visit) {
  quote_side() = Slice(quotes_, quote);
  const Band band = FullBand(texts_.chinese.size, texts_.english.size);
  BeadFeaturizer featurizer(pack_, texts_, band);
  featurizer.MoveTo(0);
  const int segments =
      text_is_chinese_ ? texts_.chinese.size : texts_.english.size;
  FeatureVector features;
  for (int at = 0; at < segments; ++at) {
    if (text_is_chinese_) featurizer.MoveTo(at);
    for (int type = 2; type < kBeadTypes; ++type) {
      const BeadType& bead = kTypes[static_cast<size_t>(type)];
      const int own = text_is_chinese_ ? bead.english : bead.chinese;
      const int length = text_is_chinese_ ? bead.chinese : bead.english;
      if (own != 1 || at + length > segments) continue;
      featurizer.Compute(text_is_chinese_ ? at : 0, text_is_chinese_ ? 0 : at,
                         type, features);
      visit({at, at + length}, features);
    }
  }
}

}  // namespace duilian::aligner
