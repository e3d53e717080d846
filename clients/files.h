// Reading what the command line names.

#ifndef DUILIAN_CLIENTS_FILES_H_
#define DUILIAN_CLIENTS_FILES_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace duilian::clients {

// The whole file; "-" reads `standard_input`. kNotFound: cannot be opened.
// kDataLoss: cannot be read to its end. Each message names the path.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     std::istream& standard_input);

struct NumberedLine {
  int number = 1;  // from 1
  std::string text;
};

// The lines that hold something, without their ends (LF or CRLF).
absl::StatusOr<std::vector<NumberedLine>> ReadFilledLines(
    const std::string& path, std::istream& standard_input);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_FILES_H_
