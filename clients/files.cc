#include "clients/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace duilian::clients {
namespace {

absl::StatusOr<std::string> ReadAll(std::istream& in, const std::string& name) {
  std::string text{std::istreambuf_iterator<char>(in),
                   std::istreambuf_iterator<char>()};
  if (in.bad()) {
    return absl::DataLossError(absl::StrCat(
        name, " cannot be read to its end: ", std::strerror(errno)));
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     std::istream& standard_input) {
  if (path == "-") return ReadAll(standard_input, "standard input");
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return absl::NotFoundError(
        absl::StrCat(path, " is a folder; name a text file"));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat(path, " cannot be opened: ", std::strerror(errno),
                     "; name a file that you may read"));
  }
  return ReadAll(file, path);
}

absl::StatusOr<std::vector<NumberedLine>> ReadFilledLines(
    const std::string& path, std::istream& standard_input) {
  const absl::StatusOr<std::string> text = ReadFile(path, standard_input);
  if (!text.ok()) return text.status();
  std::vector<NumberedLine> lines;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    lines.push_back({number, std::string(line)});
  }
  return lines;
}

}  // namespace duilian::clients
