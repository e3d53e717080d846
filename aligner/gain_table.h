// What single segments gain from runs of the other side's: the beads around a
// node ask for the same few again and again.

#ifndef DUILIAN_ALIGNER_GAIN_TABLE_H_
#define DUILIAN_ALIGNER_GAIN_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "aligner/cell_window.h"
#include "aligner/gains.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {

// The greatest sum over clauses at one end of a segment of what the pieces gain
// by `beyond` more than by `own`, in nats, rare pieces counting for more. The
// arrays have a gain a piece, in steps.
float ReachOfFirst(const PreparedText& text, int segment, const uint8_t* beyond,
                   const uint8_t* own);
float ReachOfLast(const PreparedText& text, int segment, const uint8_t* beyond,
                  const uint8_t* own);

// Of one segment and a run of the other side's.
struct SegmentGains {
  bool known = false;
  GainSums sums;  // beyond the run are the segments beside it
  // What the clause at that end gains from the segment beside the run, less
  // what it gains from the run; nats a piece. Only where that segment is
  // available.
  bool has_first = false, has_last = false;
  float first_edge = 0, last_edge = 0;
  // ReachOfFirst and ReachOfLast to the same segments; below 0 until asked.
  float first_reach = -1, last_reach = -1;
};

// The cells around a row, and what is made of them. Every figure is computed
// once, when it is first asked for. Not thread-safe; allocates nothing once
// warm.
class GainTable {
 public:
  // What the lexicons borrow, the texts and the band must outlive it.
  GainTable(const Lexicons& lexicons, const PreparedPair& texts,
            const Band& band);

  // As CellWindow::MoveTo.
  void MoveTo(int i) { window_.MoveTo(i); }
  const CellWindow& window() const { return window_; }
  const CellRow& row(int chinese) const { return window_.row(chinese); }

  // Whether there is a cell of these segments.
  bool Available(int chinese, int english) const {
    return chinese >= 0 && chinese < texts_.chinese.size &&
           window_.row(chinese).chinese == chinese &&
           window_.row(chinese).Holds(english);
  }

  // A cell's gains, one a piece of that side's segment.
  const uint8_t* GainsOfChinese(int chinese, int english) const;
  const uint8_t* GainsOfEnglish(int chinese, int english) const;

  // Of Chinese segment `chinese` and the English ones [begin, begin + count),
  // and of English segment `english` and the Chinese ones. Count is at most
  // kMaxSide; all their cells must be available.
  const SegmentGains& OfChinese(int chinese, int begin, int count);
  const SegmentGains& OfEnglish(int english, int begin, int count);

  // Their reaches; the segment beside the run must be available.
  float FirstReachOfChinese(int chinese, int begin, int count);
  float LastReachOfChinese(int chinese, int begin, int count);
  float FirstReachOfEnglish(int english, int begin, int count);
  float LastReachOfEnglish(int english, int begin, int count);

 private:
  // By column and length of the run. A Chinese segment's are in its own row,
  // an English one's in the row that the run begins at.
  struct Row {
    int row = -1;
    std::vector<SegmentGains> chinese, english;
  };

  SegmentGains& ChineseCell(int chinese, int begin, int count);
  SegmentGains& EnglishCell(int english, int begin, int count);
  Row& RowOf(int chinese);
  void BestOfChinese(int chinese, int begin, int count);
  void BestOfEnglish(int english, int begin, int count);
  // Of best_, and what the segments beside the run give, if they are available.
  void FillFrom(const PreparedText& text, int segment, const uint8_t* before,
                const uint8_t* behind, SegmentGains& gains);
  void AddEdges(const PreparedText& text, int segment, const uint8_t* before,
                const uint8_t* behind, SegmentGains& gains) const;

  const PreparedPair& texts_;
  CellWindow window_;
  std::array<Row, kMaxSide + 3> rows_;
  std::vector<uint8_t> best_, beyond_;  // scratch, one a piece
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_GAIN_TABLE_H_
