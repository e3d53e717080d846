#include "clients/cut_points.h"

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

}  // namespace

std::vector<size_t> CutPoints(absl::string_view text, text::Language language) {
  std::vector<size_t> starts;
  for (const text::ByteSpan& span : aligner::SplitSentences(text, language)) {
    starts.push_back(span.begin);
  }
  if (!starts.empty()) starts.erase(starts.begin());
  return starts.empty() ? ClauseStarts(text) : starts;
}

}  // namespace duilian::clients
