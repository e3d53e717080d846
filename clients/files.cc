#include "clients/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "text/utf8.h"

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

absl::Status CheckUtf8(const std::string& path, absl::string_view text) {
  const std::optional<size_t> invalid = text::FindInvalidUtf8(text);
  if (!invalid.has_value()) return absl::OkStatus();
  const auto line =
      1 + std::count(text.begin(),
                     text.begin() + static_cast<ptrdiff_t>(*invalid), '\n');
  return absl::InvalidArgumentError(absl::StrCat(
      path == "-" ? "standard input" : path, ": byte ", *invalid, " (line ",
      line, ") is not UTF-8, which alone is accepted; convert it"));
}

absl::string_view WithoutByteOrderMark(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  return text;
}

absl::StatusOr<std::vector<NumberedLine>> ReadFilledLines(
    const std::string& path, std::istream& standard_input) {
  const absl::StatusOr<std::string> text = ReadFile(path, standard_input);
  if (!text.ok()) return text.status();
  std::vector<NumberedLine> lines;
  int number = 0;
  for (absl::string_view line :
       absl::StrSplit(WithoutByteOrderMark(*text), '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    lines.push_back({number, std::string(line)});
  }
  return lines;
}

}  // namespace duilian::clients
