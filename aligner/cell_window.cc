#include "aligner/cell_window.h"

#include <algorithm>

#include "aligner/dot.h"

namespace duilian::aligner {
namespace {

// The greatest gain among the stamped pieces that cover `piece`.
uint8_t BestGain(const LexiconView& lexicon, uint16_t piece,
                 const std::vector<uint32_t>& stamp, uint32_t mark) {
  uint8_t best = 0;
  const uint32_t end = lexicon.starts[piece + 1];
  for (uint32_t at = lexicon.starts[piece]; at < end; ++at) {
    if (stamp[lexicon.ids[at]] == mark)
      best = std::max(best, lexicon.gains[at]);
  }
  return best;
}

}  // namespace

CellWindow::CellWindow(const Lexicons& lexicons, const PreparedPair& texts,
                       const Band& band)
    : lexicons_(lexicons), texts_(texts), band_(band), stamp_(65536, 0) {}

void CellWindow::MoveTo(int i) {
  const int end = std::min(texts_.chinese.size, i + kMaxSide + 1);
  for (; filled_ < end; ++filled_) {
    Fill(filled_, rows_[static_cast<size_t>(filled_) % kRows]);
  }
}

void CellWindow::Fill(int chinese, CellRow& row) {
  // Beads that touch this segment begin at most kMaxSide rows up and end at
  // most kMaxSide + 1 rows down; one more column each side for neighbours.
  const size_t first = static_cast<size_t>(std::max(0, chinese - kMaxSide));
  const size_t last = static_cast<size_t>(
      std::min(texts_.chinese.size, chinese + kMaxSide + 1));
  row.chinese = chinese;
  row.begin = std::max(0, band_.begin[first] - 1);
  row.end = std::min(texts_.english.size, band_.end[last]);
  row.dots.clear();
  for (int j = row.begin; j < row.end; ++j) {
    row.dots.push_back(Dot(texts_.chinese.vector(chinese),
                           texts_.english.vector(j), texts_.chinese.dim));
  }
  FillChineseGains(row);
  FillEnglishGains(row);
}

void CellWindow::FillChineseGains(CellRow& row) {
  const PreparedText& zh = texts_.chinese;
  const PreparedText& en = texts_.english;
  const int pieces = zh.piece_count(row.chinese);
  row.chinese_gains.clear();
  for (int j = row.begin; j < row.end; ++j) {
    ++mark_;
    for (int k = 0; k < en.piece_count(j); ++k) {
      stamp_[en.pieces_of(j)[k]] = mark_;
    }
    for (int k = 0; k < pieces; ++k) {
      row.chinese_gains.push_back(BestGain(
          lexicons_.chinese, zh.pieces_of(row.chinese)[k], stamp_, mark_));
    }
  }
}

void CellWindow::FillEnglishGains(CellRow& row) {
  const PreparedText& zh = texts_.chinese;
  const PreparedText& en = texts_.english;
  ++mark_;
  for (int k = 0; k < zh.piece_count(row.chinese); ++k) {
    stamp_[zh.pieces_of(row.chinese)[k]] = mark_;
  }
  row.english_gains.clear();
  row.english_starts.assign(1, 0);
  for (int j = row.begin; j < row.end; ++j) {
    for (int k = 0; k < en.piece_count(j); ++k) {
      row.english_gains.push_back(
          BestGain(lexicons_.english, en.pieces_of(j)[k], stamp_, mark_));
    }
    row.english_starts.push_back(
        static_cast<uint32_t>(row.english_gains.size()));
  }
}

}  // namespace duilian::aligner
