// The lines of a document, and whether it may be read at all.

#ifndef DUILIAN_ALIGNER_SOURCE_LINES_H_
#define DUILIAN_ALIGNER_SOURCE_LINES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "aligner/transcript.h"
#include "text/utf8.h"

namespace duilian::aligner {

// The lines of `text` in order, without their ends (LF, CRLF, or CR alone) and
// without a byte order mark. A line's number is its index plus one. What
// follows the last line's end is a line only if it is not empty.
// kInvalidArgument: empty, not UTF-8, or a NUL byte. kResourceExhausted: over
// max_bytes, max_line_bytes or max_lines. Each message names the place.
absl::StatusOr<std::vector<text::ByteSpan>> SplitSourceLines(
    absl::string_view text, const ReadLimits& limits);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SOURCE_LINES_H_
