// Where a side of a pair can be cut in two.

#ifndef DUILIAN_CLIENTS_CUT_POINTS_H_
#define DUILIAN_CLIENTS_CUT_POINTS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "text/language.h"

namespace duilian::clients {

// A side's text and the bytes that each of its segments takes in the document
// (empty when it does not say).
struct CutInput {
  absl::string_view text;
  text::Language language = text::Language::kEnglish;
  absl::Span<const size_t> segment_bytes = {};
};

// Byte offsets strictly inside the text, rising: where its second and later
// segments and sentences begin; when it is one sentence, where its clauses
// begin (behind , ; : — and their Chinese kin). Segments count only while
// they add up to the text, so not after an edit. Empty when it is one clause.
// Requires valid UTF-8.
std::vector<size_t> CutPoints(const CutInput& side);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_CUT_POINTS_H_
