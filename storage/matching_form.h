// The form in which texts are compared: normalised (text/normalize.h), without
// the placeholders of a translator's tool (text/placeholders.h).

#ifndef DUILIAN_STORAGE_MATCHING_FORM_H_
#define DUILIAN_STORAGE_MATCHING_FORM_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "text/normalize.h"

namespace duilian::storage {

// Requires valid UTF-8. Linear.
std::string MatchingForm(absl::string_view text);

// The same, with the place of each code point in the text as it was written.
// For the few texts that are shown.
text::PlacedText PlaceMatchingForm(absl::string_view text);

// Of the full-width and half-width forms that a text is written with, and where
// they stand among its other characters: texts of one matching form and unlike
// marks differ in width. 0: it has none.
uint64_t WidthMark(absl::string_view text);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_MATCHING_FORM_H_
