// Placeholders: what a translator's tool puts in the place of a tag, [X5X], and
// what a program fills in, {0}, {{name}}, %1$s.

#ifndef DUILIAN_TEXT_PLACEHOLDERS_H_
#define DUILIAN_TEXT_PLACEHOLDERS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/utf8.h"

namespace duilian::text {

// Where there stand, in order, with N for 1 to 9 ASCII digits, and NAME for 1
// to 40 ASCII letters, digits, '_', '.' and '-':
//   [XNX]  {NAME}  {{NAME}}
//   %s  %d  %@  %N$s  %N$d  %N$@, but not behind a digit (5%d), nor before a
//   letter or a digit (%so).
// Linear.
std::vector<ByteSpan> FindPlaceholders(absl::string_view text);

// The text without them.
std::string WithoutPlaceholders(absl::string_view text);

}  // namespace duilian::text

#endif  // DUILIAN_TEXT_PLACEHOLDERS_H_
