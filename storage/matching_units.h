// The units in which texts are compared and searched.

#ifndef DUILIAN_STORAGE_MATCHING_UNITS_H_
#define DUILIAN_STORAGE_MATCHING_UNITS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/utf8.h"

namespace duilian::storage {

// A unit is a Han character, an emoji or a sign that can be one (❤ ★ ☎, the
// skin tone apart), or a word: a run of anything else but white space and
// punctuation. An apostrophe between two letters and a point or comma between
// two digits belong to their word (don't, 3.5, 10,000). Punctuation and other
// symbols are no units, on either side: texts that differ in nothing else have
// the distance 0.

// The units of a text in the form of text/normalize.h, in order.
std::vector<text::ByteSpan> SplitUnits(absl::string_view normalized);

// True for a word, false for a unit of one character that is none.
bool IsWord(absl::string_view unit);

// True when punctuation stands between a unit of a normalised text and the
// one before it.
bool IsApart(absl::string_view normalized, const text::ByteSpan& before,
             const text::ByteSpan& unit);

struct PlacedUnit {
  std::string text;     // normalised
  text::ByteSpan span;  // in the text as it was written
  bool apart = false;   // from the one before, as IsApart says
};

// The units of a text's matching form (matching_form.h), and where they stand
// in the text as written. Requires valid UTF-8. Linear, but slow: for the few
// texts that are shown.
std::vector<PlacedUnit> PlaceUnits(absl::string_view original);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_MATCHING_UNITS_H_
