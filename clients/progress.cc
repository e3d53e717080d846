#include "clients/progress.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <vector>

#include "absl/strings/str_format.h"
#include "clients/table.h"

namespace duilian::clients {
namespace {

constexpr int kBarWidth = 24;
constexpr size_t kBarAndPercent = kBarWidth + 8;

std::string BarLine(double share, absl::string_view label, size_t columns) {
  const int filled = static_cast<int>(std::floor(share * kBarWidth));
  const int percent = static_cast<int>(std::floor(share * 100));
  std::string line = absl::StrFormat(
      "[%s%s] %3d%% ", std::string(static_cast<size_t>(filled), '#'),
      std::string(static_cast<size_t>(kBarWidth - filled), '.'), percent);
  if (columns <= kBarAndPercent + 2) return line;
  // One column stays free: a full line would wrap and could not be taken back.
  const Cell cell = MakeCell(label);
  if (cell.empty()) return line;
  // A name of its own: the rows must outlive the loop over the first of them.
  const std::vector<Cell> rows = WrapCell(cell, columns - kBarAndPercent - 1);
  for (const Glyph& glyph : rows[0]) line += glyph.utf8;
  return line;
}

}  // namespace

ProgressBar::ProgressBar(std::ostream& out, TerminalTraits traits)
    : out_(out), traits_(traits) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Update(double share, absl::string_view label) {
  if (!traits_.is_terminal) return;
  const std::string line =
      BarLine(std::clamp(share, 0.0, 1.0), label, traits_.columns);
  if (line == shown_) return;
  out_ << "\r\x1b[K" << line << std::flush;
  shown_ = line;
}

void ProgressBar::Clear() {
  if (shown_.empty()) return;
  out_ << "\r\x1b[K" << std::flush;
  shown_.clear();
}

WaitingLine::WaitingLine(std::ostream& out, TerminalTraits traits,
                         absl::string_view label, absl::Duration every)
    : out_(out), label_(label) {
  if (traits.is_terminal) thread_ = std::thread([this, every] { Show(every); });
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
    out_ << "\r\x1b[K" << label_ << ", " << absl::ToInt64Seconds(round * every)
         << " s" << std::flush;
    is_shown = true;
  }
  if (is_shown) out_ << "\r\x1b[K" << std::flush;
}

}  // namespace duilian::clients
