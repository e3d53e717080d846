#ifndef DUILIAN_TEXT_NORMALIZE_H_
#define DUILIAN_TEXT_NORMALIZE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace duilian::text {

// The form in which texts are compared: NFKC (so half and full width agree),
// case folded, quotation marks and dashes unified (“”„‟「」『』 to ", ‘’ to ',
// every dash to -), and white space collapsed to single spaces; none is kept
// at an edge or beside a Han character. Simplified and Traditional stay apart.
// Requires valid UTF-8. Linear.
std::string NormalizeForMatching(absl::string_view text);

// A half-open range of code points.
struct CodepointSpan {
  size_t begin = 0;
  size_t end = 0;
  size_t size() const { return end - begin; }
  bool operator==(const CodepointSpan&) const = default;
};

// The same form, code point by code point, and what of the text as it was
// written became each. Several may have become of one place (ﬁ), and white
// space that the form does not keep has none.
struct PlacedText {
  std::vector<char32_t> codepoints;
  std::vector<CodepointSpan> places;  // as many; in the text as written
};

// Linear, but slow: for the few texts that are shown. Where a script composes
// characters across what is drawn as one, each place is the whole text.
PlacedText NormalizeWithPlaces(absl::string_view text);

}  // namespace duilian::text

#endif  // DUILIAN_TEXT_NORMALIZE_H_
