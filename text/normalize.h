#ifndef DUILIAN_TEXT_NORMALIZE_H_
#define DUILIAN_TEXT_NORMALIZE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace duilian::text {

// The form in which texts are compared: NFKC (so half and full width agree),
// case folded, quotation marks and dashes unified (“”„‟「」『』 to ", ‘’ to ',
// every dash to -), and white space collapsed to single spaces; none is kept
// at an edge or beside a Han character. Simplified and Traditional stay apart.
// Requires valid UTF-8. Linear.
std::string NormalizeForMatching(absl::string_view text);

}  // namespace duilian::text

#endif  // DUILIAN_TEXT_NORMALIZE_H_
