// Columns for people: wide characters line up, long texts wrap.

#ifndef DUILIAN_CLIENTS_TABLE_H_
#define DUILIAN_CLIENTS_TABLE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/terminal.h"
#include "text/utf8.h"

namespace duilian::clients {

// What is drawn as one sign: a character and those that combine with it.
struct Glyph {
  std::string utf8;
  size_t width = 1;  // columns
  Style style = Style::kPlain;
};

// What stands in one field: harmless for a terminal from the start.
using Cell = std::vector<Glyph>;

Cell MakeCell(absl::string_view text, Style style = Style::kPlain);

// The text with the byte ranges of `marks` in the style of a mark, or between
// square brackets when there is no colour. Ranges may touch, and come in any
// order; what lies outside the text is left out.
Cell MakeMarkedCell(absl::string_view text,
                    absl::Span<const text::ByteSpan> marks, bool colour);

size_t CellWidth(const Cell& cell);

// Breaks a cell into lines of at most `width` columns (at least 2): at spaces,
// and between Chinese characters except before a closing mark (。」) and after
// an opening one (「《). What has no such place is cut where the line is full.
std::vector<Cell> WrapCell(const Cell& cell, size_t width);

struct Column {
  std::string header;
  // A text column shares, with the others, what the rest leaves; any other is
  // as wide as its widest cell.
  bool is_text = false;
  bool align_right = false;
  size_t max_width = 32;  // of a column that is not text
};

// Rows under a header, in a fixed total width. Widths are settled by the rows
// of the first Flush, so that a long list can be printed page by page.
class Table {
 public:
  Table(std::vector<Column> columns, TerminalTraits traits);

  // Requires as many cells as columns.
  void Add(std::vector<Cell> row);

  // The lines for the rows added since the last call, the header before the
  // first. Empty when there has never been a row.
  std::string Flush();

 private:
  void SettleWidths();
  void AppendRow(const std::vector<Cell>& row, std::string& out) const;
  void AppendCell(const Cell& cell, size_t column, std::string& out) const;
  std::string Header() const;

  std::vector<Column> columns_;
  TerminalTraits traits_;
  std::vector<size_t> widths_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_TABLE_H_
