#ifndef DUILIAN_ALIGNER_SENTENCES_H_
#define DUILIAN_ALIGNER_SENTENCES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

// Cuts a paragraph into sentences. The spans are in order, hold no white
// space at their edges, do not overlap, and leave out nothing but white space.
// Closing quotes and brackets stay with the sentence that they close; runs of
// marks (?!, ……, ...) end one sentence; abbreviations (Mr., U.S., e.g.),
// initials, decimal numbers, versions and file names (GPT-3.5, node.js) end
// none; an ellipsis ends one only before a capital or a Han character that
// begins anew. English inside Chinese follows the English rules.
// Requires valid UTF-8. Linear.
std::vector<text::ByteSpan> SplitSentences(absl::string_view paragraph,
                                           text::Language language);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SENTENCES_H_
