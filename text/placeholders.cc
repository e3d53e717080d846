#include "text/placeholders.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"

namespace duilian::text {
namespace {

constexpr size_t kMaxDigits = 9;
constexpr size_t kMaxName = 40;

bool IsDigitAt(absl::string_view text, size_t i) {
  return i < text.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
}

bool IsAlnumAt(absl::string_view text, size_t i) {
  return i < text.size() &&
         absl::ascii_isalnum(static_cast<unsigned char>(text[i]));
}

bool IsNameAt(absl::string_view text, size_t i) {
  return IsAlnumAt(text, i) ||
         (i < text.size() &&
          (text[i] == '_' || text[i] == '.' || text[i] == '-'));
}

// Where the digits from `begin` on end; `begin` for none and for too many.
size_t EndOfDigits(absl::string_view text, size_t begin) {
  size_t end = begin;
  while (IsDigitAt(text, end)) ++end;
  return end - begin > kMaxDigits ? begin : end;
}

// These: where the placeholder that opens at `begin` ends; `begin` for none.

size_t EndOfTag(absl::string_view text, size_t begin) {
  if (text.substr(begin, 2) != "[X") return begin;
  const size_t end = EndOfDigits(text, begin + 2);
  return end > begin + 2 && text.substr(end, 2) == "X]" ? end + 2 : begin;
}

size_t EndOfBraces(absl::string_view text, size_t begin) {
  const bool is_double = text.substr(begin, 2) == "{{";
  const size_t name = begin + (is_double ? 2 : 1);
  size_t end = name;
  while (end - name <= kMaxName && IsNameAt(text, end)) ++end;
  if (end == name || end - name > kMaxName) return begin;
  const absl::string_view closing = is_double ? "}}" : "}";
  return text.substr(end, closing.size()) == closing ? end + closing.size()
                                                     : begin;
}

size_t EndOfFormat(absl::string_view text, size_t begin) {
  if (begin > 0 && IsDigitAt(text, begin - 1)) return begin;
  size_t end = EndOfDigits(text, begin + 1);
  if (end > begin + 1) {
    if (end == text.size() || text[end] != '$') return begin;
    ++end;
  }
  if (end == text.size() ||
      (text[end] != 's' && text[end] != 'd' && text[end] != '@')) {
    return begin;
  }
  return IsAlnumAt(text, end + 1) ? begin : end + 1;
}

size_t EndOfPlaceholder(absl::string_view text, size_t begin) {
  switch (text[begin]) {
    case '[':
      return EndOfTag(text, begin);
    case '{':
      return EndOfBraces(text, begin);
    default:
      return EndOfFormat(text, begin);
  }
}

}  // namespace

std::vector<ByteSpan> FindPlaceholders(absl::string_view text) {
  std::vector<ByteSpan> found;
  constexpr absl::string_view kOpenings = "[{%";
  size_t begin = text.find_first_of(kOpenings);
  while (begin != absl::string_view::npos) {
    const size_t end = EndOfPlaceholder(text, begin);
    if (end > begin) found.push_back({begin, end});
    begin = text.find_first_of(kOpenings, std::max(end, begin + 1));
  }
  return found;
}

std::string WithoutPlaceholders(absl::string_view text) {
  std::string rest;
  size_t kept = 0;
  for (const ByteSpan& placeholder : FindPlaceholders(text)) {
    rest.append(text.data() + kept, placeholder.begin - kept);
    kept = placeholder.end;
  }
  rest.append(text.data() + kept, text.size() - kept);
  return rest;
}

}  // namespace duilian::text
