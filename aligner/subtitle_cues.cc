// Tested by transcript_test.cc.

#include "aligner/subtitle_cues.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace duilian::aligner {
namespace {

// Consumes digits, four at most.
std::optional<int> ConsumeNumber(absl::string_view& text) {
  constexpr size_t kMostDigits = 4;
  size_t end = 0;
  int number = 0;
  while (end < text.size() && end < kMostDigits &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) {
    number = number * 10 + (text[end++] - '0');
  }
  if (end == 0) return std::nullopt;
  text.remove_prefix(end);
  return number;
}

// Consumes `01:02:03,456` or `02:03.456`; in seconds, what is below cut off.
std::optional<int> ConsumeTime(absl::string_view& text) {
  int seconds = 0;
  for (int part = 0; part < 3; ++part) {
    const std::optional<int> number = ConsumeNumber(text);
    if (!number.has_value()) return std::nullopt;
    seconds = seconds * 60 + *number;
    if (absl::ConsumePrefix(&text, ":")) continue;
    const bool fraction =
        absl::ConsumePrefix(&text, ",") || absl::ConsumePrefix(&text, ".");
    if (part == 0 || !fraction || !ConsumeNumber(text)) return std::nullopt;
    return seconds;
  }
  return std::nullopt;
}

// When the cue appears, of a line that says when. Places and alignments may
// follow.
std::optional<int> ReadTiming(absl::string_view line) {
  const std::optional<int> begin = ConsumeTime(line);
  line = absl::StripLeadingAsciiWhitespace(line);
  if (!begin.has_value() || !absl::ConsumePrefix(&line, "-->")) {
    return std::nullopt;
  }
  line = absl::StripLeadingAsciiWhitespace(line);
  if (!ConsumeTime(line).has_value()) return std::nullopt;
  if (!line.empty() && line[0] != ' ' && line[0] != '\t') return std::nullopt;
  return begin;
}

bool IsNumber(absl::string_view line) {
  return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

class CueFinder {
 public:
  CueFinder(absl::string_view text, absl::Span<const text::ByteSpan> lines)
      : cues_(lines.size()) {
    lines_.reserve(lines.size());
    for (const text::ByteSpan& line : lines) {
      lines_.push_back(
          absl::StripAsciiWhitespace(text.substr(line.begin, line.size())));
    }
  }

  std::vector<CueLine> Find() && {
    bool any = false;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const std::optional<int> seconds = ReadTiming(lines_[i]);
      if (!seconds.has_value()) continue;
      any = true;
      cues_[i].kind = CueLine::kLayout;
      TakeName(i);
      TakeWords(i + 1, *seconds);
    }
    if (any) TakeWebVttLayout();
    return std::move(cues_);
  }

 private:
  bool IsBlank(size_t i) const { return lines_[i].empty(); }

  // The line above a time: a number, or a name with nothing above it.
  void TakeName(size_t time) {
    if (time == 0 || IsBlank(time - 1)) return;
    const size_t name = time - 1;
    if (IsNumber(lines_[name]) || name == 0 || IsBlank(name - 1)) {
      cues_[name] = {CueLine::kLayout, std::nullopt};
    }
  }

  void TakeWords(size_t i, int seconds) {
    std::optional<int> first = seconds;
    for (; i < lines_.size() && !IsBlank(i); ++i) {
      if (ReadTiming(lines_[i]).has_value()) return;
      cues_[i] = {CueLine::kWords, first};
      first.reset();
    }
  }

  // The header, and notes and styles up to an empty line.
  void TakeWebVttLayout() {
    if (!absl::StartsWith(lines_[0], "WEBVTT")) return;
    bool layout = false;
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (IsBlank(i) || cues_[i].kind != CueLine::kNone) {
        layout = false;
        continue;
      }
      const absl::string_view word = lines_[i].substr(
          0, std::min(lines_[i].find_first_of(" \t"), lines_[i].size()));
      layout = layout || i == 0 || word == "NOTE" || word == "STYLE" ||
               word == "REGION";
      if (layout) cues_[i].kind = CueLine::kLayout;
    }
  }

  std::vector<absl::string_view> lines_;
  std::vector<CueLine> cues_;
};

}  // namespace

std::vector<CueLine> FindCues(absl::string_view text,
                              absl::Span<const text::ByteSpan> lines) {
  return CueFinder(text, lines).Find();
}

}  // namespace duilian::aligner
