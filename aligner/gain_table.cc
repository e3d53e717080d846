// What a bead needs of its segments' gains depends on a segment and the run of
// the other side that the bead holds, not on the rest of the bead: five runs
// that begin at a node, where the bead types have 35 segments of either side
// together.
#include "aligner/gain_table.h"

#include <algorithm>

namespace duilian::aligner {
namespace {

constexpr uint8_t kStrongGain = 32;  // steps: 2 nats, about 7 times the chance
constexpr int kLeastClause = 3;      // pieces

template <bool kLast>
float Reach(const PreparedText& text, int segment, const uint8_t* beyond,
            const uint8_t* own) {
  const int pieces = text.piece_count(segment);
  if (pieces < kLeastClause) return 0;
  const size_t start = text.piece_starts[static_cast<size_t>(segment)];
  const uint8_t* weights = text.weights_of(segment);
  const uint8_t* ends = text.ends_clause.data() + start;
  int sum = 0, best = 0;
  for (int k = 0; k < pieces; ++k) {
    const int p = kLast ? pieces - 1 - k : k;
    sum += weights[p] * (beyond[p] - own[p]);
    const bool border =
        kLast ? p == 0 || ends[p - 1] != 0 : p + 1 == pieces || ends[p] != 0;
    if (border) best = std::max(best, sum);
  }
  return static_cast<float>(best) / (kGainSteps * kWeightSteps);
}

}  // namespace

float ReachOfFirst(const PreparedText& text, int segment, const uint8_t* beyond,
                   const uint8_t* own) {
  return Reach<false>(text, segment, beyond, own);
}

float ReachOfLast(const PreparedText& text, int segment, const uint8_t* beyond,
                  const uint8_t* own) {
  return Reach<true>(text, segment, beyond, own);
}

GainTable::GainTable(const Lexicons& lexicons, const PreparedPair& texts,
                     const Band& band)
    : texts_(texts), window_(lexicons, texts, band) {}

const uint8_t* GainTable::GainsOfChinese(int chinese, int english) const {
  const CellRow& row = window_.row(chinese);
  return row.chinese_gains.data() +
         static_cast<size_t>(english - row.begin) *
             static_cast<size_t>(texts_.chinese.piece_count(chinese));
}

const uint8_t* GainTable::GainsOfEnglish(int chinese, int english) const {
  const CellRow& row = window_.row(chinese);
  return row.english_gains.data() +
         row.english_starts[static_cast<size_t>(english - row.begin)];
}

GainTable::Row& GainTable::RowOf(int chinese) {
  Row& row = rows_[static_cast<size_t>(chinese) % rows_.size()];
  if (row.row != chinese) {
    const CellRow& cells = window_.row(chinese);
    const size_t size = static_cast<size_t>(cells.end - cells.begin) * kMaxSide;
    row.row = chinese;
    row.chinese.assign(size, SegmentGains());
    row.english.assign(size, SegmentGains());
  }
  return row;
}

SegmentGains& GainTable::ChineseCell(int chinese, int begin, int count) {
  const int column = begin - window_.row(chinese).begin;
  return RowOf(chinese)
      .chinese[static_cast<size_t>(column * kMaxSide + count - 1)];
}

SegmentGains& GainTable::EnglishCell(int english, int begin, int count) {
  const int column = english - window_.row(begin).begin;
  return RowOf(begin)
      .english[static_cast<size_t>(column * kMaxSide + count - 1)];
}

// The best gains of the segment's pieces by the run, in best_.
void GainTable::BestOfChinese(int chinese, int begin, int count) {
  const int pieces = texts_.chinese.piece_count(chinese);
  const uint8_t* gains = GainsOfChinese(chinese, begin);
  best_.assign(gains, gains + pieces);
  for (int c = begin + 1; c < begin + count; ++c) {
    RaiseTo(GainsOfChinese(chinese, c), best_.data(), pieces);
  }
}

void GainTable::BestOfEnglish(int english, int begin, int count) {
  const int pieces = texts_.english.piece_count(english);
  const uint8_t* gains = GainsOfEnglish(begin, english);
  best_.assign(gains, gains + pieces);
  for (int k = begin + 1; k < begin + count; ++k) {
    RaiseTo(GainsOfEnglish(k, english), best_.data(), pieces);
  }
}

// The edges of a segment whose gains by the run are in best_; `before` and
// `behind` are its gains by the segments beside, null where there is none.
void GainTable::AddEdges(const PreparedText& text, int segment,
                         const uint8_t* before, const uint8_t* behind,
                         SegmentGains& gains) const {
  const auto compare = [&](const uint8_t* outside, int begin, int end) {
    int sum = 0;
    for (int p = begin; p < end; ++p) {
      sum += outside[p] - best_[static_cast<size_t>(p)];
    }
    return end > begin ? static_cast<float>(sum) / kGainSteps /
                             static_cast<float>(end - begin)
                       : 0.0F;
  };
  const size_t at = static_cast<size_t>(segment);
  gains.has_first = before != nullptr;
  if (gains.has_first) {
    gains.first_edge = compare(before, 0, text.first_clause_end[at]);
  }
  gains.has_last = behind != nullptr;
  if (gains.has_last) {
    gains.last_edge =
        compare(behind, text.last_clause_begin[at], text.piece_count(segment));
  }
}

void GainTable::FillFrom(const PreparedText& text, int segment,
                         const uint8_t* before, const uint8_t* behind,
                         SegmentGains& gains) {
  const int pieces = text.piece_count(segment);
  beyond_.assign(static_cast<size_t>(pieces), 0);
  if (before != nullptr) RaiseTo(before, beyond_.data(), pieces);
  if (behind != nullptr) RaiseTo(behind, beyond_.data(), pieces);
  gains.sums = SumGains(best_.data(), beyond_.data(), text.weights_of(segment),
                        pieces, kStrongGain);
  AddEdges(text, segment, before, behind, gains);
}

const SegmentGains& GainTable::OfChinese(int chinese, int begin, int count) {
  SegmentGains& gains = ChineseCell(chinese, begin, count);
  if (gains.known) return gains;
  gains.known = true;
  const CellRow& row = window_.row(chinese);
  const auto beside = [&](int english) -> const uint8_t* {
    return row.Holds(english) ? GainsOfChinese(chinese, english) : nullptr;
  };
  const uint8_t* before = beside(begin - 1);
  const uint8_t* behind = beside(begin + count);
  BestOfChinese(chinese, begin, count);
  FillFrom(texts_.chinese, chinese, before, behind, gains);
  return gains;
}

const SegmentGains& GainTable::OfEnglish(int english, int begin, int count) {
  SegmentGains& gains = EnglishCell(english, begin, count);
  if (gains.known) return gains;
  gains.known = true;
  const auto beside = [&](int chinese) -> const uint8_t* {
    return Available(chinese, english) ? GainsOfEnglish(chinese, english)
                                       : nullptr;
  };
  const uint8_t* before = beside(begin - 1);
  const uint8_t* behind = beside(begin + count);
  BestOfEnglish(english, begin, count);
  FillFrom(texts_.english, english, before, behind, gains);
  return gains;
}

float GainTable::FirstReachOfChinese(int chinese, int begin, int count) {
  float& reach = ChineseCell(chinese, begin, count).first_reach;
  if (reach < 0) {
    BestOfChinese(chinese, begin, count);
    reach = ReachOfFirst(texts_.chinese, chinese,
                         GainsOfChinese(chinese, begin - 1), best_.data());
  }
  return reach;
}

float GainTable::LastReachOfChinese(int chinese, int begin, int count) {
  float& reach = ChineseCell(chinese, begin, count).last_reach;
  if (reach < 0) {
    BestOfChinese(chinese, begin, count);
    reach = ReachOfLast(texts_.chinese, chinese,
                        GainsOfChinese(chinese, begin + count), best_.data());
  }
  return reach;
}

float GainTable::FirstReachOfEnglish(int english, int begin, int count) {
  float& reach = EnglishCell(english, begin, count).first_reach;
  if (reach < 0) {
    BestOfEnglish(english, begin, count);
    reach = ReachOfFirst(texts_.english, english,
                         GainsOfEnglish(begin - 1, english), best_.data());
  }
  return reach;
}

float GainTable::LastReachOfEnglish(int english, int begin, int count) {
  float& reach = EnglishCell(english, begin, count).last_reach;
  if (reach < 0) {
    BestOfEnglish(english, begin, count);
    reach = ReachOfLast(texts_.english, english,
                        GainsOfEnglish(begin + count, english), best_.data());
  }
  return reach;
}

}  // namespace duilian::aligner
