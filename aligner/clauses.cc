#include "aligner/clauses.h"

#include <cstddef>

namespace duilian::aligner {
namespace {

constexpr char32_t kDash = U'—';

bool IsWideMark(char32_t c) {
  return c == U'，' || c == U'；' || c == U'：' || c == U'。' || c == U'？' ||
         c == U'！';
}

bool IsNarrowMark(char32_t c) {
  return c == U',' || c == U';' || c == U':' || c == U'.' || c == U'?' ||
         c == U'!';
}

// Whether a clause may end behind `mark`, which `next` follows. A dash of two
// characters ends one behind the second.
bool EndsClause(char32_t mark, char32_t next) {
  if (IsWideMark(mark)) return true;
  if (mark == kDash) return next != kDash;
  return IsNarrowMark(mark) && (text::IsSpace(next) || next >= 0x80);
}

}  // namespace

std::vector<text::ByteSpan> CutClauses(absl::string_view segment,
                                       text::Language language) {
  const size_t least = language == text::Language::kChinese ? 4 : 8;
  std::vector<text::ByteSpan> clauses;
  size_t begin = 0, length = 0;
  for (size_t at = 0; at < segment.size();) {
    const char32_t c = text::NextCodepoint(segment, at);
    if (!text::IsSpace(c)) ++length;
    size_t behind = at;
    const char32_t next =
        at < segment.size() ? text::NextCodepoint(segment, behind) : U' ';
    if (length < least || !EndsClause(c, next)) continue;
    clauses.push_back({begin, at});
    begin = at;
    length = 0;
  }
  if (clauses.empty()) return {{0, segment.size()}};
  if (length >= least) {
    clauses.push_back({begin, segment.size()});
  } else {
    clauses.back().end = segment.size();
  }
  return clauses;
}

}  // namespace duilian::aligner
