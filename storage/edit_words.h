// Edits of code points made fit to be shown.

#ifndef DUILIAN_STORAGE_EDIT_WORDS_H_
#define DUILIAN_STORAGE_EDIT_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/edit_trace.h"
#include "text/normalize.h"

namespace duilian::storage {

// A text in its matching form, and as it was written.
struct WrittenText {
  absl::string_view written;
  text::PlacedText form;  // PlaceMatchingForm(written)
};

// Edits of the forms, as TraceEdits gives them, in code points of the texts as
// written. Wider where an edit would cut what was written as one character.
std::vector<Edit> PlaceEdits(absl::Span<const Edit> edits,
                             const WrittenText& query, const WrittenText& text);

// The same edits in words, the first few: "2 differences: 'GPT-4' for 'GPT-5',
// lacks 'not'". Widened to whole words; between Chinese characters there is
// nothing to widen to. Empty when there are none.
std::string TellEdits(absl::Span<const Edit> edits, const WrittenText& query,
                      const WrittenText& text);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_EDIT_WORDS_H_
