// Numbers that stand for a name: 5 and 4, where a quote has GPT-5 and GPT-4.

#ifndef DUILIAN_ALIGNER_ELIDED_NAMES_H_
#define DUILIAN_ALIGNER_ELIDED_NAMES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// The text as it reads when the names with numbers of a quote are written out
// that its speakers leave out: the quote's GPT-5 where a segment has 5, in
// digits and counting nothing, and GPT stands in it, or in one beside it, with
// any number. Whether it counts is guessed from the words around: "5 years"
// does, "between 5 and 4" does not. nullopt when nothing is left out. The
// segments' spans stay as they are: the result is for comparing, not for
// showing. Requires valid UTF-8. Linear; a quote without such names costs
// nothing.
std::optional<Transcript> WithElidedNames(const Transcript& text,
                                          absl::string_view quote);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_ELIDED_NAMES_H_
