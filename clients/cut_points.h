// Where a side of a pair can be cut in two.

#ifndef DUILIAN_CLIENTS_CUT_POINTS_H_
#define DUILIAN_CLIENTS_CUT_POINTS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/language.h"

namespace duilian::clients {

// Byte offsets strictly inside the text, rising: where its second and later
// sentences begin; when it is one sentence, where its clauses begin (behind
// , ; : — and their Chinese kin). Empty when it is one clause. Requires valid
// UTF-8.
std::vector<size_t> CutPoints(absl::string_view text, text::Language language);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_CUT_POINTS_H_
