#include "storage/matching_form.h"

#include <cstddef>
#include <vector>

#include "storage/text_hash.h"
#include "text/placeholders.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

// Unicode's Halfwidth and Fullwidth Forms. The ideographic space is white
// space, which is not compared.
bool IsWidthForm(char32_t c) { return c >= 0xFF01 && c <= 0xFFEE; }

}  // namespace

std::string MatchingForm(absl::string_view text) {
  // Nearly every text has none.
  if (text::FindPlaceholders(text).empty()) {
    return text::NormalizeForMatching(text);
  }
  return text::NormalizeForMatching(text::WithoutPlaceholders(text));
}

text::PlacedText PlaceMatchingForm(absl::string_view text) {
  const std::vector<text::ByteSpan> placeholders = text::FindPlaceholders(text);
  text::PlacedText placed =
      text::NormalizeWithPlaces(text::WithoutPlaceholders(text));
  if (placeholders.empty()) return placed;
  // Of each code point that is left, its place in the text.
  std::vector<size_t> place_of;
  size_t codepoint = 0;
  size_t next = 0;  // placeholder
  for (size_t offset = 0; offset < text.size(); ++codepoint) {
    while (next < placeholders.size() && offset >= placeholders[next].end) {
      ++next;
    }
    const bool inside =
        next < placeholders.size() && offset >= placeholders[next].begin;
    if (!inside) place_of.push_back(codepoint);
    text::NextCodepoint(text, offset);
  }
  for (text::CodepointSpan& place : placed.places) {
    place = {place_of[place.begin], place_of[place.end - 1] + 1};
  }
  return placed;
}

uint64_t WidthMark(absl::string_view text) {
  uint64_t mark = 0;
  uint64_t position = 0;
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = text::NextCodepoint(text, offset);
    if (text::IsSpace(c)) continue;
    ++position;
    if (!IsWidthForm(c)) continue;
    mark =
        StableHash(text.substr(begin, offset - begin), mark * 31 + position) |
        1;
  }
  return mark;
}

}  // namespace duilian::storage
