#include "clients/cut_points.h"

#include <algorithm>
#include <string_view>

#include "aligner/sentences.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

bool EndsClause(char32_t c, bool space_follows) {
  switch (c) {
    case U',':
    case U';':
    case U':':
      return space_follows;  // not in 1,000 or 10:30
    case U'，':
    case U'；':
    case U'：':
    case U'—':
      return true;
    default:
      return false;
  }
}

bool IsOpening(char32_t c) {
  constexpr std::u32string_view kOpening = U"“‘「『（《〈【〔([{";
  return kOpening.find(c) != std::u32string_view::npos;
}

std::vector<size_t> ClauseStarts(absl::string_view text) {
  std::vector<size_t> starts;
  bool ended = false;
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = text::NextCodepoint(text, offset);
    size_t ahead = offset;
    const bool space_follows =
        offset < text.size() && text::IsSpace(text::NextCodepoint(text, ahead));
    if (EndsClause(c, space_follows)) {
      ended = begin > 0;
    } else if (ended && !text::IsSpace(c) &&
               (IsOpening(c) || !text::IsPunctuation(c))) {
      starts.push_back(begin);
      ended = false;
    }
  }
  return starts;
}

// A space stands between two English segments, nothing between Chinese ones.
std::vector<size_t> SegmentStarts(const CutInput& side) {
  const size_t gap = side.language == text::Language::kEnglish ? 1 : 0;
  std::vector<size_t> starts;
  size_t offset = 0;
  for (const size_t bytes : side.segment_bytes) {
    if (offset > 0) starts.push_back(offset);
    offset += bytes + gap;
  }
  if (offset != side.text.size() + gap) return {};
  for (const size_t start : starts) {
    if (!text::IsCharacterEdge(side.text, start)) return {};
  }
  return starts;
}

}  // namespace

std::vector<size_t> CutPoints(const CutInput& side) {
  std::vector<size_t> starts = SegmentStarts(side);
  for (const text::ByteSpan& span :
       aligner::SplitSentences(side.text, side.language)) {
    if (span.begin > 0) starts.push_back(span.begin);
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts.empty() ? ClauseStarts(side.text) : starts;
}

}  // namespace duilian::clients
