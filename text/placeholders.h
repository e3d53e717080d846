// Placeholders: what a translator's tool puts in the place of a tag, [X5X].

#ifndef DUILIAN_TEXT_PLACEHOLDERS_H_
#define DUILIAN_TEXT_PLACEHOLDERS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/utf8.h"

namespace duilian::text {

// Where "[X", 1 to 9 ASCII digits and "X]" stand, in order. Linear.
std::vector<ByteSpan> FindPlaceholders(absl::string_view text);

// The text without them.
std::string WithoutPlaceholders(absl::string_view text);

}  // namespace duilian::text

#endif  // DUILIAN_TEXT_PLACEHOLDERS_H_
