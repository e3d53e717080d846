#include "clients/table.h"

#include <algorithm>
#include <cassert>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace duilian::clients {
namespace {

constexpr absl::string_view kGap = " | ";
constexpr size_t kLeastTextWidth = 12;

bool Contains(absl::string_view marks, absl::string_view glyph) {
  return absl::StrContains(marks, glyph);
}

bool IsClosing(const Glyph& glyph) {
  return Contains("，。、；：？！…—～”’」』）》〉】〕,.;:?!)]}%", glyph.utf8);
}

bool IsOpening(const Glyph& glyph) {
  return Contains("“‘「『（《〈【〔([{", glyph.utf8);
}

bool IsBlank(const Glyph& glyph) {
  return glyph.utf8 == " " || glyph.utf8 == "\u3000";
}

// Whether a line may end between two neighbours, neither of them a blank.
bool MayBreakBetween(const Glyph& before, const Glyph& after) {
  if (IsClosing(after) || IsOpening(before)) return false;
  return before.width == 2 || after.width == 2;
}

size_t WidthOf(const Cell& cell, size_t begin, size_t end) {
  size_t width = 0;
  for (size_t i = begin; i < end; ++i) width += cell[i].width;
  return width;
}

// The end of the piece that begins at `begin` and has no break inside.
size_t PieceEnd(const Cell& cell, size_t begin) {
  size_t end = begin + 1;
  if (IsBlank(cell[begin])) {
    while (end < cell.size() && IsBlank(cell[end])) ++end;
    return end;
  }
  while (end < cell.size() && !IsBlank(cell[end]) &&
         !MayBreakBetween(cell[end - 1], cell[end])) {
    ++end;
  }
  return end;
}

// Fills lines of one width piece by piece.
class LineFiller {
 public:
  explicit LineFiller(size_t width) : width_(width) {}

  void AddPiece(const Cell& cell, size_t begin, size_t end) {
    const size_t piece_width = WidthOf(cell, begin, end);
    const bool blank = IsBlank(cell[begin]);
    if (used_ + piece_width > width_ && used_ > 0) BreakLine();
    if (blank && used_ == 0 && !lines_.empty()) return;
    if (piece_width <= width_) {
      line_.insert(line_.end(), cell.begin() + static_cast<ptrdiff_t>(begin),
                   cell.begin() + static_cast<ptrdiff_t>(end));
      used_ += piece_width;
      return;
    }
    for (size_t i = begin; i < end; ++i) {
      if (used_ + cell[i].width > width_ && used_ > 0) BreakLine();
      line_.push_back(cell[i]);
      used_ += cell[i].width;
    }
  }

  std::vector<Cell> Finish() && {
    if (!line_.empty() || lines_.empty()) BreakLine();
    return std::move(lines_);
  }

 private:
  void BreakLine() {
    while (!line_.empty() && IsBlank(line_.back())) line_.pop_back();
    lines_.push_back(std::move(line_));
    line_.clear();
    used_ = 0;
  }

  size_t width_;
  size_t used_ = 0;
  Cell line_;
  std::vector<Cell> lines_;
};

void AppendSign(absl::string_view printable, size_t& offset, Style style,
                Cell& cell) {
  const size_t begin = offset;
  offset = text::EndOfSign(printable, begin);
  const absl::string_view bytes = printable.substr(begin, offset - begin);
  const size_t width = text::DisplayWidth(bytes);
  if (width == 0 && !cell.empty()) {
    cell.back().utf8.append(bytes.data(), bytes.size());
    return;
  }
  cell.push_back({std::string(bytes), width, style});
}

void AppendText(absl::string_view text, Style style, Cell& cell) {
  const std::string printable = Printable(text);
  for (size_t offset = 0; offset < printable.size();) {
    AppendSign(printable, offset, style, cell);
  }
}

}  // namespace

Cell MakeCell(absl::string_view text, Style style) {
  Cell cell;
  AppendText(text, style, cell);
  return cell;
}

Cell MakeMarkedCell(absl::string_view text,
                    absl::Span<const text::ByteSpan> marks, bool colour) {
  std::vector<text::ByteSpan> sorted(marks.begin(), marks.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  Cell cell;
  size_t done = 0;
  for (const text::ByteSpan& mark : sorted) {
    const size_t begin = std::max(mark.begin, done);
    const size_t end = std::min(mark.end, text.size());
    if (begin >= end) continue;
    AppendText(text.substr(done, begin - done), Style::kPlain, cell);
    if (!colour) AppendText("[", Style::kPlain, cell);
    AppendText(text.substr(begin, end - begin), Style::kMark, cell);
    if (!colour) AppendText("]", Style::kPlain, cell);
    done = end;
  }
  AppendText(text.substr(done), Style::kPlain, cell);
  return cell;
}

size_t CellWidth(const Cell& cell) { return WidthOf(cell, 0, cell.size()); }

std::vector<Cell> WrapCell(const Cell& cell, size_t width) {
  LineFiller filler(std::max<size_t>(width, 2));
  for (size_t begin = 0; begin < cell.size();) {
    const size_t end = PieceEnd(cell, begin);
    filler.AddPiece(cell, begin, end);
    begin = end;
  }
  return std::move(filler).Finish();
}

Table::Table(std::vector<Column> columns, TerminalTraits traits)
    : columns_(std::move(columns)), traits_(traits) {}

void Table::Add(std::vector<Cell> row) {
  assert(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

std::string Table::Flush() {
  std::string out;
  if (rows_.empty()) return out;
  if (widths_.empty()) {
    SettleWidths();
    out = Header();
  }
  for (const std::vector<Cell>& row : rows_) AppendRow(row, out);
  rows_.clear();
  return out;
}

void Table::SettleWidths() {
  size_t taken = kGap.size() * (columns_.size() - 1);
  size_t text_columns = 0;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = text::DisplayWidth(columns_[i].header);
    for (const std::vector<Cell>& row : rows_) {
      width = std::max(width, CellWidth(row[i]));
    }
    if (!columns_[i].is_text) {
      width = std::min(width, columns_[i].max_width);
      taken += width;
    }
    text_columns += columns_[i].is_text ? 1 : 0;
    widths_.push_back(width);
  }
  // Narrow text columns give what they do not need to the wide ones.
  std::vector<size_t> by_width;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].is_text) by_width.push_back(i);
  }
  std::sort(by_width.begin(), by_width.end(),
            [&](size_t a, size_t b) { return widths_[a] < widths_[b]; });
  size_t left = traits_.columns > taken ? traits_.columns - taken : 0;
  for (const size_t i : by_width) {
    const size_t share = std::max(left / text_columns, kLeastTextWidth);
    widths_[i] = std::min(widths_[i], share);
    left -= std::min(left, widths_[i]);
    --text_columns;
  }
}

std::string Table::Header() const {
  std::vector<Cell> names;
  std::string rule;
  for (size_t i = 0; i < columns_.size(); ++i) {
    names.push_back(MakeCell(columns_[i].header, Style::kBold));
    if (i > 0) rule += "-+-";
    rule.append(widths_[i], '-');
  }
  std::string out;
  AppendRow(names, out);
  out += Paint(rule, Style::kDim, traits_.colour);
  out += '\n';
  return out;
}

void Table::AppendRow(const std::vector<Cell>& row, std::string& out) const {
  std::vector<std::vector<Cell>> lines;
  size_t height = 1;
  for (size_t i = 0; i < row.size(); ++i) {
    lines.push_back(WrapCell(row[i], widths_[i]));
    height = std::max(height, lines.back().size());
  }
  const Cell empty;
  for (size_t y = 0; y < height; ++y) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += std::string(kGap);
      AppendCell(y < lines[i].size() ? lines[i][y] : empty, i, line);
    }
    absl::StripTrailingAsciiWhitespace(&line);
    out += line;
    out += '\n';
  }
}

void Table::AppendCell(const Cell& cell, size_t column,
                       std::string& out) const {
  const size_t width = CellWidth(cell);
  const size_t padding = widths_[column] > width ? widths_[column] - width : 0;
  if (columns_[column].align_right) out.append(padding, ' ');
  Style style = Style::kPlain;
  for (const Glyph& glyph : cell) {
    if (traits_.colour && glyph.style != style) {
      if (style != Style::kPlain) {
        out += std::string(StyleSequence(Style::kPlain));
      }
      if (glyph.style != Style::kPlain) {
        out += std::string(StyleSequence(glyph.style));
      }
      style = glyph.style;
    }
    out += glyph.utf8;
  }
  if (style != Style::kPlain) out += std::string(StyleSequence(Style::kPlain));
  if (!columns_[column].align_right) out.append(padding, ' ');
}

}  // namespace duilian::clients
