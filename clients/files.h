// Reading what the command line names.

#ifndef DUILIAN_CLIENTS_FILES_H_
#define DUILIAN_CLIENTS_FILES_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duilian::clients {

// The whole file; "-" reads `standard_input`. kNotFound: cannot be opened.
// kDataLoss: cannot be read to its end. Each message names the path.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     std::istream& standard_input);

// OK when all of it is UTF-8; else kInvalidArgument, which names `path`, the
// byte and the line.
absl::Status CheckUtf8(const std::string& path, absl::string_view text);

struct NumberedLine {
  int number = 1;  // from 1
  std::string text;
};

// The lines that hold something, without their ends (LF or CRLF) and without a
// byte order mark before the first. They may hold anything, not only UTF-8.
absl::StatusOr<std::vector<NumberedLine>> ReadFilledLines(
    const std::string& path, std::istream& standard_input);

// The text without a byte order mark at its front.
absl::string_view WithoutByteOrderMark(absl::string_view text);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_FILES_H_
