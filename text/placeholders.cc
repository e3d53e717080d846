#include "text/placeholders.h"

#include <cstddef>

#include "absl/strings/ascii.h"

namespace duilian::text {
namespace {

constexpr absl::string_view kOpening = "[X";
constexpr absl::string_view kClosing = "X]";
constexpr size_t kMaxDigits = 9;

// Where the placeholder that opens at `begin` ends; `begin` when none does.
size_t EndOfPlaceholder(absl::string_view text, size_t begin) {
  const size_t first = begin + kOpening.size();
  size_t end = first;
  while (end < text.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) {
    ++end;
  }
  if (end == first || end - first > kMaxDigits) return begin;
  if (text.substr(end, kClosing.size()) != kClosing) return begin;
  return end + kClosing.size();
}

}  // namespace

std::vector<ByteSpan> FindPlaceholders(absl::string_view text) {
  std::vector<ByteSpan> found;
  size_t begin = text.find(kOpening);
  while (begin != absl::string_view::npos) {
    const size_t end = EndOfPlaceholder(text, begin);
    if (end > begin) found.push_back({begin, end});
    begin = text.find(kOpening, end > begin ? end : begin + 1);
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
