// Where a script cuts a side of a pair in two.

#ifndef DUILIAN_CLIENTS_SCRIPT_CUT_H_
#define DUILIAN_CLIENTS_SCRIPT_CUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duilian::clients {

struct ScriptCut {
  size_t codepoints = 0;  // of the first part; when there is no marker
  std::string marker;     // with which the second part begins
};

// Takes a cut from the front of a line: a number, or a text in "quotation
// marks". nullopt: neither stands there.
std::optional<ScriptCut> TakeCut(absl::string_view& line);

// The byte offset of the cut. Requires valid UTF-8. kInvalidArgument: it
// leaves nothing on one side, cuts a word of Latin letters or digits, or the
// marker is not there, or more than once; `side` ("source") begins the message.
absl::StatusOr<int32_t> FindCut(absl::string_view text, const ScriptCut& cut,
                                absl::string_view side);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_SCRIPT_CUT_H_
