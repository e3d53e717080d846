#include "clients/progress.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/table.h"

namespace duilian::clients {
namespace {

constexpr int kBarWidth = 24;
constexpr size_t kBarAndPercent = kBarWidth + 8;

// As much of the text as leaves one of the columns free.
std::string Fitting(absl::string_view text, size_t columns) {
  std::string fitting;
  size_t width = 0;
  for (const Glyph& glyph : MakeCell(text)) {
    width += glyph.width;
    if (width >= columns) break;
    fitting += glyph.utf8;
  }
  return fitting;
}

// The time in full, and what is left for the label.
std::string LineOf(absl::string_view label, absl::Duration time,
                   size_t columns) {
  const std::string seconds =
      absl::StrCat(", ", absl::ToInt64Seconds(time), " s");
  const size_t left = columns - std::min(columns, seconds.size());
  return Fitting(absl::StrCat(Fitting(label, left), seconds), columns);
}

std::string BarLine(double share, absl::string_view label, size_t columns) {
  const int filled = static_cast<int>(std::floor(share * kBarWidth));
  const int percent = static_cast<int>(std::floor(share * 100));
  std::string line = absl::StrFormat(
      "[%s%s] %3d%% ", std::string(static_cast<size_t>(filled), '#'),
      std::string(static_cast<size_t>(kBarWidth - filled), '.'), percent);
  if (columns <= kBarAndPercent + 2) return Fitting(line, columns);
  // One column stays free here, too.
  const Cell cell = MakeCell(label);
  if (cell.empty()) return line;
  // A name of its own: the rows must outlive the loop over the first of them.
  const std::vector<Cell> rows = WrapCell(cell, columns - kBarAndPercent - 1);
  for (const Glyph& glyph : rows[0]) line += glyph.utf8;
  return line;
}

}  // namespace

ProgressBar::ProgressBar(std::ostream& out, TerminalTraits traits)
    : out_(out), traits_(traits) {
  if (traits.is_terminal) line_.emplace();
}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Update(double share, absl::string_view label) {
  if (!traits_.is_terminal) return;
  const std::string line =
      BarLine(std::clamp(share, 0.0, 1.0), label, traits_.columns);
  if (line == shown_) return;
  line_->SetShown(true);
  out_ << "\r\x1b[K" << line << std::flush;
  shown_ = line;
}

void ProgressBar::Clear() {
  if (shown_.empty()) return;
  out_ << "\r\x1b[K" << std::flush;
  line_->SetShown(false);
  shown_.clear();
}

WaitingLine::WaitingLine(std::ostream& out, TerminalTraits traits,
                         absl::string_view label, absl::Duration every)
    : out_(out), label_(label), columns_(traits.columns) {
  if (!traits.is_terminal) return;
  line_.emplace();
  thread_ = std::thread([this, every] { Show(every); });
}

WaitingLine::~WaitingLine() {
  if (!thread_.joinable()) return;
  {
    const absl::MutexLock lock(&mutex_);
    ends_ = true;
  }
  thread_.join();
}

void WaitingLine::Show(absl::Duration every) {
  bool is_shown = false;
  const absl::MutexLock lock(&mutex_);
  for (int round = 1; !mutex_.AwaitWithTimeout(absl::Condition(&ends_), every);
       ++round) {
    line_->SetShown(true);
    out_ << "\r\x1b[K" << LineOf(label_, round * every, columns_) << std::flush;
    is_shown = true;
  }
  if (!is_shown) return;
  out_ << "\r\x1b[K" << std::flush;
  line_->SetShown(false);
}

}  // namespace duilian::clients
