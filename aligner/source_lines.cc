#include "aligner/source_lines.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace duilian::aligner {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

size_t LineNumber(absl::string_view text, size_t offset) {
  return 1 + static_cast<size_t>(
                 std::count(text.begin(), text.begin() + offset, '\n'));
}

absl::Status CheckBytes(absl::string_view text, const ReadLimits& limits) {
  if (text.empty()) {
    return absl::InvalidArgumentError(
        "the text is empty; a transcript of one line or more is accepted; send "
        "the text of the document");
  }
  if (text.size() > limits.max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the text has ", text.size(), " bytes; at most ",
                     limits.max_bytes, " are accepted; split the document"));
  }
  if (const std::optional<size_t> bad = text::FindInvalidUtf8(text)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "byte %d (line %d) is 0x%02X, which is not UTF-8; UTF-8 alone is "
        "accepted; convert the file, for example with iconv",
        *bad, LineNumber(text, *bad), static_cast<unsigned char>(text[*bad])));
  }
  if (const size_t nul = text.find('\0'); nul != text.npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", nul, " (line ", LineNumber(text, nul),
                     ") is NUL; plain text is accepted; send the text and not "
                     "a binary file"));
  }
  return absl::OkStatus();
}

absl::Status LineTooLong(size_t number, size_t bytes,
                         const ReadLimits& limits) {
  return absl::ResourceExhaustedError(absl::StrCat(
      "line ", number, " has ", bytes, " bytes; at most ",
      limits.max_line_bytes, " are accepted; break it into paragraphs"));
}

absl::Status TooManyLines(const ReadLimits& limits) {
  return absl::ResourceExhaustedError(
      absl::StrCat("line ", limits.max_lines + 1, ": the text has more than ",
                   limits.max_lines,
                   " lines, which is all that is accepted; split the "
                   "document"));
}

}  // namespace

absl::StatusOr<std::vector<text::ByteSpan>> SplitSourceLines(
    absl::string_view text, const ReadLimits& limits) {
  if (absl::Status s = CheckBytes(text, limits); !s.ok()) return s;
  std::vector<text::ByteSpan> lines;
  size_t begin = text.substr(0, 3) == kByteOrderMark ? 3 : 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    if (end - begin > limits.max_line_bytes) {
      return LineTooLong(lines.size() + 1, end - begin, limits);
    }
    if (lines.size() == limits.max_lines) return TooManyLines(limits);
    lines.push_back({begin, end});
    const bool crlf = text.substr(end, 2) == "\r\n";
    begin = end + (crlf ? 2 : 1);
  }
  return lines;
}

}  // namespace duilian::aligner
