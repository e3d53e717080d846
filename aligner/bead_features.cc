// Features of beads. Every cosine of spans comes from the dot products of
// single segments, since a span's vector is the sum of its segments':
// x.y = sum of x_i.y_j, |x|^2 = sum of x_i.x_k. Every lexical figure comes
// from the gains of single segments, since the best gain of a span is the
// greatest of its segments'.
#include "aligner/bead_features.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "absl/types/span.h"
#include "aligner/gains.h"

namespace duilian::aligner {
namespace {

constexpr float kEdgeFloor = 2;  // nats a piece, of the worst edge
constexpr int kMostQuotations = 2;
// Nats times the length of a vector, which is 1.2 on average.
constexpr float kSumUnit = 12;
// The same of steps.
constexpr float kSteps = kGainSteps * kWeightSteps;
constexpr float kShortCover = 1;  // nats a piece; a translation gives more
// A cosine is not less than -1.
constexpr float kUnknownCosine = -2;

float Safe(float x, float y) { return y > 0 ? x / y : 0.0F; }

// The union of some segments' tokens, by id; several segments' is made in
// `out`.
absl::Span<const SharedToken> Union(const PreparedText& text, int begin,
                                    int count, std::vector<SharedToken>& out) {
  if (count == 1) return text.tokens[static_cast<size_t>(begin)];
  out.clear();
  for (int k = begin; k < begin + count; ++k) {
    const auto& tokens = text.tokens[static_cast<size_t>(k)];
    out.insert(out.end(), tokens.begin(), tokens.end());
  }
  const auto less = [](const SharedToken& a, const SharedToken& b) {
    return a.id < b.id;
  };
  const auto same = [](const SharedToken& a, const SharedToken& b) {
    return a.id == b.id;
  };
  std::sort(out.begin(), out.end(), less);
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

uint16_t AnyMark(const PreparedText& text, int begin, int count) {
  uint16_t marks = 0;
  for (int k = begin; k < begin + count; ++k) {
    marks |= text.marks[static_cast<size_t>(k)];
  }
  return marks;
}

float LengthOf(const PreparedText& text, int begin, int count) {
  float length = 0;
  for (int k = begin; k < begin + count; ++k) {
    length += text.length[static_cast<size_t>(k)];
  }
  return length;
}

int PiecesOf(const PreparedText& text, int begin, int count) {
  return static_cast<int>(
      text.piece_starts[static_cast<size_t>(begin + count)] -
      text.piece_starts[static_cast<size_t>(begin)]);
}

// Log of a text's pieces by its code points.
float Density(const PreparedText& text) {
  const float pieces = static_cast<float>(PiecesOf(text, 0, text.size));
  return std::log((pieces + 1) / (LengthOf(text, 0, text.size) + 1));
}

}  // namespace

BeadFeaturizer::BeadFeaturizer(const Lexicons& lexicons,
                               const PreparedPair& texts, const Band& band)
    : texts_(texts),
      gains_(lexicons, texts, band),
      length_ratio_(std::log(band.length_ratio)),
      piece_ratio_(length_ratio_ + Density(texts.chinese) -
                   Density(texts.english)) {}

void BeadFeaturizer::MoveTo(int i) { gains_.MoveTo(i); }

float BeadFeaturizer::DotOf(const Spans& spans) const {
  float sum = 0;
  for (int i = spans.i; i < spans.i + spans.n; ++i) {
    const CellRow& row = gains_.row(i);
    const float* dots = row.dots.data() + (spans.j - row.begin);
    for (int k = 0; k < spans.m; ++k) sum += dots[k];
  }
  return sum;
}

float BeadFeaturizer::Cosine(const Spans& spans) {
  const CellRow& cells = gains_.row(spans.i);
  CosineRow& row = cosines_[static_cast<size_t>(spans.i) % cosines_.size()];
  if (row.row != spans.i) {
    row.row = spans.i;
    row.cosines.assign(
        static_cast<size_t>(cells.end - cells.begin) * kMaxSide * kMaxSide,
        kUnknownCosine);
  }
  const int at = ((spans.j - cells.begin) * kMaxSide + spans.n - 1) * kMaxSide +
                 spans.m - 1;
  float& cosine = row.cosines[static_cast<size_t>(at)];
  if (cosine == kUnknownCosine) {
    const float norms = texts_.chinese.SquaredNorm(spans.i, spans.n) *
                        texts_.english.SquaredNorm(spans.j, spans.m);
    cosine = norms > 1e-12F ? DotOf(spans) / std::sqrt(norms) : 0.0F;
  }
  return cosine;
}

void BeadFeaturizer::AddSimilarity(const Spans& spans, FeatureVector& out) {
  const auto& [i, j, n, m] = spans;
  const float cosine = Cosine(spans);
  float background = 0;
  for (int k = i; k < i + n; ++k) {
    background += texts_.chinese.background[static_cast<size_t>(k)] /
                  static_cast<float>(2 * n);
  }
  for (int k = j; k < j + m; ++k) {
    background += texts_.english.background[static_cast<size_t>(k)] /
                  static_cast<float>(2 * m);
  }
  out[kCosine] = cosine;
  out[kCosineBySize] = cosine * static_cast<float>(n + m - 2);
  out[kExcess] = cosine - background;

  float neighbour = -1, extended = -1, dropped = -1;
  const auto take = [&](bool available, const Spans& other, float& best) {
    if (available) best = std::max(best, Cosine(other));
  };
  const bool up =
      gains_.Available(i - 1, j) && gains_.Available(i - 1, j + m - 1);
  const bool down =
      gains_.Available(i + n, j) && gains_.Available(i + n, j + m - 1);
  const bool left =
      j > 0 && gains_.Available(i, j - 1) && gains_.Available(i + n - 1, j - 1);
  const bool right =
      gains_.Available(i, j + m) && gains_.Available(i + n - 1, j + m);
  take(up, {i - 1, j, 1, m}, neighbour);
  take(down, {i + n, j, 1, m}, neighbour);
  take(left, {i, j - 1, n, 1}, neighbour);
  take(right, {i, j + m, n, 1}, neighbour);
  take(up && n < kMaxSide, {i - 1, j, n + 1, m}, extended);
  take(down && n < kMaxSide, {i, j, n + 1, m}, extended);
  take(left && m < kMaxSide, {i, j - 1, n, m + 1}, extended);
  take(right && m < kMaxSide, {i, j, n, m + 1}, extended);
  take(n > 1, {i + 1, j, n - 1, m}, dropped);
  take(n > 1, {i, j, n - 1, m}, dropped);
  take(m > 1, {i, j + 1, n, m - 1}, dropped);
  take(m > 1, {i, j, n, m - 1}, dropped);
  if (neighbour > -1) out[kNeighbourMargin] = neighbour - cosine;
  if (extended > -1) out[kExtendGain] = extended - cosine;
  if (dropped > -1) out[kDropGain] = dropped - cosine;
}

void BeadFeaturizer::AddLength(const Spans& spans, FeatureVector& out) const {
  const float zh = LengthOf(texts_.chinese, spans.i, spans.n);
  const float en = LengthOf(texts_.english, spans.j, spans.m);
  // Four code points more, so that "Yes." and 是的 are no outliers.
  const float ratio =
      std::log((zh + 4) / (en + 4 / Band::kUsualRatio)) - length_ratio_;
  const float size = static_cast<float>(spans.n + spans.m - 2);
  out[kLengthRatio] = std::fabs(ratio);
  out[kLengthRatioSquared] = ratio * ratio;
  out[kLengthRatioBySize] = std::fabs(ratio) * size;
  out[kLengthRatioSigned] = ratio;
  if (size > 0) out[kLengthBeyondOne] = std::log((zh * 3 + en + 20) / 200);
  const int zh_pieces = PiecesOf(texts_.chinese, spans.i, spans.n);
  const int en_pieces = PiecesOf(texts_.english, spans.j, spans.m);
  const float piece_ratio = std::log(static_cast<float>(zh_pieces + 2) /
                                     static_cast<float>(en_pieces + 2)) -
                            piece_ratio_;
  out[kPieceRatio] = std::fabs(piece_ratio);
  out[kPieceRatioSquared] = piece_ratio * piece_ratio;
}

BeadFeaturizer::Cover BeadFeaturizer::CoverOf(const Spans& spans) {
  const auto& [i, j, n, m] = spans;
  Cover cover;
  cover.weakest_chinese = cover.weakest_english = 1e9F;
  for (int k = i; k < i + n; ++k) {
    const GainSums& sums = gains_.OfChinese(k, j, m).sums;
    const float nats = static_cast<float>(sums.sum) / kGainSteps;
    const float pieces = static_cast<float>(texts_.chinese.piece_count(k));
    cover.chinese += nats;
    cover.strong_chinese += static_cast<float>(sums.strong);
    cover.leak_chinese += static_cast<float>(sums.leak) / kGainSteps;
    cover.weighted_chinese += static_cast<float>(sums.weighted_sum) / kSteps;
    cover.weighted_leak_chinese +=
        static_cast<float>(sums.weighted_leak) / kSteps;
    cover.pieces_chinese += pieces;
    const float mean = Safe(nats, pieces);
    cover.weakest_chinese = std::min(cover.weakest_chinese, mean);
    if ((texts_.chinese.marks[static_cast<size_t>(k)] & kShort) != 0) {
      cover.short_chinese += 1;
      cover.uncovered_chinese += std::max(0.0F, kShortCover - mean);
    }
  }
  for (int c = j; c < j + m; ++c) {
    const GainSums& sums = gains_.OfEnglish(c, i, n).sums;
    const float nats = static_cast<float>(sums.sum) / kGainSteps;
    const float pieces = static_cast<float>(texts_.english.piece_count(c));
    cover.english += nats;
    cover.strong_english += static_cast<float>(sums.strong);
    cover.leak_english += static_cast<float>(sums.leak) / kGainSteps;
    cover.weighted_english += static_cast<float>(sums.weighted_sum) / kSteps;
    cover.weighted_leak_english +=
        static_cast<float>(sums.weighted_leak) / kSteps;
    cover.pieces_english += pieces;
    const float mean = Safe(nats, pieces);
    cover.weakest_english = std::min(cover.weakest_english, mean);
    if ((texts_.english.marks[static_cast<size_t>(c)] & kShort) != 0) {
      cover.short_english += 1;
      cover.uncovered_english += std::max(0.0F, kShortCover - mean);
    }
  }
  return cover;
}

// Sum of both sides' gains, in nats.
float BeadFeaturizer::GainSum(const Spans& spans) {
  int sum = 0;
  for (int k = spans.i; k < spans.i + spans.n; ++k) {
    sum += gains_.OfChinese(k, spans.j, spans.m).sums.sum;
  }
  for (int c = spans.j; c < spans.j + spans.m; ++c) {
    sum += gains_.OfEnglish(c, spans.i, spans.n).sums.sum;
  }
  return static_cast<float>(sum) / kGainSteps;
}

void BeadFeaturizer::AddCover(const Spans& spans, FeatureVector& out) {
  const auto& [i, j, n, m] = spans;
  const Cover cover = CoverOf(spans);
  const float zh = Safe(cover.chinese, cover.pieces_chinese);
  const float en = Safe(cover.english, cover.pieces_english);
  out[kCoverChinese] = zh;
  out[kCoverEnglish] = en;
  out[kCoverLeast] = std::min(zh, en);
  out[kCoverBySize] = (zh + en) * static_cast<float>(n + m - 2);
  out[kCoveredShareChinese] = Safe(cover.strong_chinese, cover.pieces_chinese);
  out[kCoveredShareEnglish] = Safe(cover.strong_english, cover.pieces_english);
  out[kLeakChinese] = Safe(cover.leak_chinese, cover.pieces_chinese);
  out[kLeakEnglish] = Safe(cover.leak_english, cover.pieces_english);
  if (n > 1) {
    out[kWeakestChinese] = cover.weakest_chinese - zh;
    out[kShortMemberChinese] = cover.short_chinese;
    out[kShortUncoveredChinese] = cover.uncovered_chinese;
  }
  if (m > 1) {
    out[kWeakestEnglish] = cover.weakest_english - en;
    out[kShortMemberEnglish] = cover.short_english;
    out[kShortUncoveredEnglish] = cover.uncovered_english;
  }
  AddSums(spans, cover, out);
  if (n > 1 && m > 1) AddCut(spans, cover, out);
}

void BeadFeaturizer::AddSums(const Spans& spans, const Cover& cover,
                             FeatureVector& out) const {
  const auto& [i, j, n, m] = spans;
  const float pieces = cover.pieces_chinese + cover.pieces_english;
  out[kCoverSumChinese] = cover.weighted_chinese / kSumUnit;
  out[kCoverSumEnglish] = cover.weighted_english / kSumUnit;
  out[kLeakSumChinese] = cover.weighted_leak_chinese / kSumUnit;
  out[kLeakSumEnglish] = cover.weighted_leak_english / kSumUnit;
  out[kCosineByPieces] = out[kCosine] * std::sqrt(pieces) / 5;
  if (n + m > 2) out[kPiecesBeyondOne] = pieces / 20;
  const auto few = [](const PreparedText& text, int segment, int others) {
    const int clauses = text.clauses[static_cast<size_t>(segment)];
    return static_cast<float>(std::max(0, others - clauses));
  };
  if (n == 1) out[kClausesFewChinese] = few(texts_.chinese, i, m);
  if (m == 1) out[kClausesFewEnglish] = few(texts_.english, j, n);
}

// The best way to cut a bead of several segments on both sides in two.
void BeadFeaturizer::AddCut(const Spans& spans, const Cover& cover,
                            FeatureVector& out) {
  const auto& [i, j, n, m] = spans;
  float best_cover = 0, best_cosine = -1;
  for (int a = 1; a < n; ++a) {
    for (int b = 1; b < m; ++b) {
      const Spans first = {i, j, a, b}, second = {i + a, j + b, n - a, m - b};
      best_cover = std::max(best_cover, GainSum(first) + GainSum(second));
      best_cosine = std::max(best_cosine, (Cosine(first) + Cosine(second)) / 2);
    }
  }
  out[kCutCosine] = best_cosine - out[kCosine];
  out[kCutCover] = Safe(best_cover - cover.chinese - cover.english,
                        cover.pieces_chinese + cover.pieces_english);
}

void BeadFeaturizer::AddEdges(const Spans& spans, FeatureVector& out) {
  const auto& [i, j, n, m] = spans;
  out[kEdgeWorst] = -kEdgeFloor;
  const auto take = [&](bool has, float edge, Feature feature) {
    if (!has) return;
    out[feature] = edge;
    out[kEdgeWorst] = std::max(out[kEdgeWorst], edge);
  };
  const SegmentGains& first_zh = gains_.OfChinese(i, j, m);
  const SegmentGains& last_zh = gains_.OfChinese(i + n - 1, j, m);
  const SegmentGains& first_en = gains_.OfEnglish(j, i, n);
  const SegmentGains& last_en = gains_.OfEnglish(j + m - 1, i, n);
  take(first_zh.has_first, first_zh.first_edge, kEdgeFirstChinese);
  take(last_zh.has_last, last_zh.last_edge, kEdgeLastChinese);
  take(first_en.has_first, first_en.first_edge, kEdgeFirstEnglish);
  take(last_en.has_last, last_en.last_edge, kEdgeLastEnglish);
}

void BeadFeaturizer::AddTokens(const Spans& spans, FeatureVector& out) {
  const absl::Span<const SharedToken> chinese =
      Union(texts_.chinese, spans.i, spans.n, chinese_tokens_);
  const absl::Span<const SharedToken> english =
      Union(texts_.english, spans.j, spans.m, english_tokens_);
  auto zh = chinese.begin();
  auto en = english.begin();
  while (zh != chinese.end() || en != english.end()) {
    const bool only_zh =
        en == english.end() || (zh != chinese.end() && zh->id < en->id);
    const bool only_en =
        zh == chinese.end() || (en != english.end() && en->id < zh->id);
    if (only_zh) {
      if (!zh->spelled) {
        out[zh->number ? kNumbersOnlyChinese : kWordsOnlyChinese] += zh->weight;
      }
      ++zh;
    } else if (only_en) {
      if (!en->spelled) {
        out[en->number ? kNumbersOnlyEnglish : kWordsOnlyEnglish] += en->weight;
      }
      ++en;
    } else {
      out[zh->number ? kSharedNumbers : kSharedWords] += zh->weight;
      ++zh;
      ++en;
    }
  }
}

void BeadFeaturizer::AddMarks(const Spans& spans, FeatureVector& out) const {
  const auto& [i, j, n, m] = spans;
  const PreparedText& zh = texts_.chinese;
  const PreparedText& en = texts_.english;
  const uint16_t zh_any = AnyMark(zh, i, n), en_any = AnyMark(en, j, m);
  const uint16_t zh_first = zh.marks[static_cast<size_t>(i)];
  const uint16_t en_first = en.marks[static_cast<size_t>(j)];
  const uint16_t zh_last = zh.marks[static_cast<size_t>(i + n - 1)];
  const uint16_t en_last = en.marks[static_cast<size_t>(j + m - 1)];
  const auto compare = [&](int a, int b, Feature both, Feature one) {
    if (a != 0 && b != 0) out[both] = 1;
    if ((a != 0) != (b != 0)) out[one] = 1;
  };
  compare(zh_any & kQuestion, en_any & kQuestion, kQuestionBoth, kQuestionOne);
  compare(zh_any & kExclamation, en_any & kExclamation, kExclamationBoth,
          kExclamationOne);
  compare(zh_first & kOpensQuote, en_first & kOpensQuote, kOpensQuoteBoth,
          kOpensQuoteOne);
  compare(zh_last & kClosesQuote, en_last & kClosesQuote, kClosesQuoteBoth,
          kClosesQuoteOne);
  compare(zh_first & kTurnStart, en_first & kTurnStart, kTurnBoth, kTurnOne);
  out[kNoFinalChinese] = (zh_last & kNoFinal) != 0 && (en_last & kNoFinal) == 0;
  out[kNoFinalEnglish] = (en_last & kNoFinal) != 0 && (zh_last & kNoFinal) == 0;
  const bool short_zh = n == 1 && (zh_any & kShort) != 0;
  const bool short_en = m == 1 && (en_any & kShort) != 0;
  out[kShortChinese] = short_zh && !short_en;
  out[kShortEnglish] = short_en && !short_zh;
  out[kShortBoth] = short_zh && short_en;
  const bool zh_turn = n > 1 && (AnyMark(zh, i + 1, n - 1) & kTurnStart) != 0;
  const bool en_turn = m > 1 && (AnyMark(en, j + 1, m - 1) & kTurnStart) != 0;
  out[kSpansTurn] = zh_turn != en_turn;
  out[kHeadingOne] = (zh_any & kHeading) != (en_any & kHeading);
}

void BeadFeaturizer::AddQuotations(const Spans& spans,
                                   FeatureVector& out) const {
  int opened = 0, closed = 0;  // of the Chinese more than of the English
  for (int k = spans.i; k < spans.i + spans.n; ++k) {
    opened += texts_.chinese.quotations[static_cast<size_t>(k)].opened;
    closed += texts_.chinese.quotations[static_cast<size_t>(k)].closed;
  }
  for (int k = spans.j; k < spans.j + spans.m; ++k) {
    opened -= texts_.english.quotations[static_cast<size_t>(k)].opened;
    closed -= texts_.english.quotations[static_cast<size_t>(k)].closed;
  }
  const auto bounded = [](int more) {
    return static_cast<float>(std::min(std::abs(more), kMostQuotations));
  };
  out[kQuotationsOpened] = bounded(opened);
  out[kQuotationsClosed] = bounded(closed);
}

void BeadFeaturizer::AddDeletedChinese(int i, FeatureVector& out) const {
  const PreparedText& zh = texts_.chinese;
  const CellRow& row = gains_.row(i);
  const size_t at = static_cast<size_t>(i);
  const float norm = std::sqrt(std::max(zh.SquaredNorm(i, 1), 1e-12F));
  float nearest = 0, cover = 0;
  const int pieces = zh.piece_count(i);
  for (int j = row.begin; j < row.end; ++j) {
    const size_t column = static_cast<size_t>(j - row.begin);
    const float other =
        std::sqrt(std::max(texts_.english.SquaredNorm(j, 1), 1e-12F));
    nearest = std::max(nearest,
                       row.dots[column] / (norm * other) -
                           (zh.background[at] +
                            texts_.english.background[static_cast<size_t>(j)]) /
                               2);
    int sum = 0;
    const uint8_t* gains =
        row.chinese_gains.data() + column * static_cast<size_t>(pieces);
    for (int p = 0; p < pieces; ++p) sum += gains[p];
    cover = std::max(cover, Safe(static_cast<float>(sum) / kGainSteps,
                                 static_cast<float>(pieces)));
  }
  const uint16_t marks = zh.marks[at];
  out[kDeletedLengthChinese] = std::log((zh.length[at] + 2) / 20);
  out[kDeletedNearestChinese] = nearest;
  out[kDeletedCoverChinese] = cover;
  out[kDeletedShortChinese] = (marks & kShort) != 0;
  out[kDeletedQuestionChinese] = (marks & kQuestion) != 0;
  out[kDeletedNoFinalChinese] = (marks & kNoFinal) != 0;
  out[kDeletedHeadingChinese] = (marks & kHeading) != 0;
  for (const SharedToken& token : zh.tokens[at]) {
    if (!token.spelled) out[kDeletedWordsChinese] += token.weight;
  }
}

void BeadFeaturizer::AddDeletedEnglish(int i, int j, FeatureVector& out) const {
  const PreparedText& en = texts_.english;
  const size_t at = static_cast<size_t>(j);
  const float norm = std::sqrt(std::max(en.SquaredNorm(j, 1), 1e-12F));
  float nearest = 0, cover = 0;
  const int pieces = en.piece_count(j);
  for (int k = i - 1; k <= i + kMaxSide; ++k) {
    if (!gains_.Available(k, j)) continue;
    const CellRow& row = gains_.row(k);
    const size_t column = static_cast<size_t>(j - row.begin);
    const float other =
        std::sqrt(std::max(texts_.chinese.SquaredNorm(k, 1), 1e-12F));
    nearest = std::max(nearest,
                       row.dots[column] / (norm * other) -
                           (en.background[at] +
                            texts_.chinese.background[static_cast<size_t>(k)]) /
                               2);
    int sum = 0;
    const uint8_t* gains =
        row.english_gains.data() + row.english_starts[column];
    for (int p = 0; p < pieces; ++p) sum += gains[p];
    cover = std::max(cover, Safe(static_cast<float>(sum) / kGainSteps,
                                 static_cast<float>(pieces)));
  }
  const uint16_t marks = en.marks[at];
  out[kDeletedLengthEnglish] = std::log((en.length[at] + 6) / 60);
  out[kDeletedNearestEnglish] = nearest;
  out[kDeletedCoverEnglish] = cover;
  out[kDeletedShortEnglish] = (marks & kShort) != 0;
  out[kDeletedQuestionEnglish] = (marks & kQuestion) != 0;
  out[kDeletedNoFinalEnglish] = (marks & kNoFinal) != 0;
  out[kDeletedHeadingEnglish] = (marks & kHeading) != 0;
  for (const SharedToken& token : en.tokens[at]) {
    if (!token.spelled) out[kDeletedWordsEnglish] += token.weight;
  }
}

void BeadFeaturizer::Compute(int i, int j, int type, FeatureVector& out) {
  out.fill(0);
  out[static_cast<size_t>(type)] = 1;
  if (type == kDeleteChinese) {
    // The same at every node of the row.
    if (deleted_row_ != i) {
      AddDeletedChinese(i, out);
      deleted_ = out;
      deleted_row_ = i;
    }
    out = deleted_;
    return;
  }
  if (type == kDeleteEnglish) return AddDeletedEnglish(i, j, out);
  const BeadType& bead = kTypes[static_cast<size_t>(type)];
  const Spans spans = {i, j, bead.chinese, bead.english};
  AddSimilarity(spans, out);
  AddLength(spans, out);
  AddCover(spans, out);
  AddEdges(spans, out);
  AddAcross(spans, out);
  AddTokens(spans, out);
  AddMarks(spans, out);
  AddQuotations(spans, out);
}

}  // namespace duilian::aligner
