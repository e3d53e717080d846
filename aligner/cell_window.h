// Segment-by-segment evidence in the band: similarities and lexical cover.

#ifndef DUILIAN_ALIGNER_CELL_WINDOW_H_
#define DUILIAN_ALIGNER_CELL_WINDOW_H_

#include <array>
#include <cstdint>
#include <vector>

#include "aligner/band.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {

// For one Chinese segment and the English segments [begin, end) near it.
struct CellRow {
  int chinese = -1;
  int begin = 0, end = 0;
  std::vector<float> dots;  // [end - begin]
  // [end - begin, Chinese pieces]: for each Chinese piece, the greatest gain
  // that a piece of the English segment gives it, in steps (pack.h).
  std::vector<uint8_t> chinese_gains;
  // For each English segment in turn, the same for its pieces.
  std::vector<uint8_t> english_gains;
  std::vector<uint32_t> english_starts;  // [end - begin + 1]

  bool Holds(int english) const { return english >= begin && english < end; }
};

// The rows around the one that the dynamic program is at: beads that begin at
// node row i need the segments [i - 1, i + kMaxSide]. Not thread-safe.
class CellWindow {
 public:
  // What the lexicons borrow, the texts and the band must outlive it.
  CellWindow(const Lexicons& lexicons, const PreparedPair& texts,
             const Band& band);

  // Makes rows [i - 1, i + kMaxSide] available; i must not fall.
  void MoveTo(int i);

  // Requires a row that is available.
  const CellRow& row(int chinese) const {
    return rows_[static_cast<size_t>(chinese) % kRows];
  }

 private:
  static constexpr size_t kRows = kMaxSide + 3;

  void Fill(int chinese, CellRow& row);
  void FillChineseGains(CellRow& row);
  void FillEnglishGains(CellRow& row);

  const Lexicons lexicons_;
  const PreparedPair& texts_;
  const Band& band_;
  std::array<CellRow, kRows> rows_;
  int filled_ = 0;  // rows [0, filled_) were available once
  // stamp_[piece] == mark_: the piece is in the segment at hand.
  std::vector<uint32_t> stamp_;
  uint32_t mark_ = 0;
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_CELL_WINDOW_H_
