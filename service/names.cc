#include "service/names.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/limits.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

constexpr size_t kShownCodepoints = 80;

bool IsIdCharacter(char c) {
  return absl::ascii_islower(static_cast<unsigned char>(c)) ||
         absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
}

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxIdCodepoints && id[0] != '-' &&
         std::all_of(id.begin(), id.end(), IsIdCharacter);
}

// Digits as FormatPairName writes them, so that a pair has one name.
bool ParsePairId(absl::string_view id, storage::UnitId& pair) {
  return !id.empty() && id[0] != '0' &&
         std::all_of(id.begin(), id.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(id, &pair);
}

absl::Status NotAName(absl::string_view field, absl::string_view name,
                      absl::string_view accepted) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": '", text::Abbreviate(name, kShownCodepoints),
                   "' given, ", accepted));
}

}  // namespace

std::string FormatProjectName(absl::string_view project) {
  return absl::StrCat("projects/", project);
}

std::string FormatDocumentName(absl::string_view project,
                               absl::string_view document) {
  return absl::StrCat("projects/", project, "/documents/", document);
}

std::string FormatPairName(absl::string_view project, storage::UnitId pair) {
  return absl::StrCat("projects/", project, "/pairs/", pair);
}

absl::StatusOr<std::string> ParseProjectName(absl::string_view field,
                                             absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() == 2 && parts[0] == "projects" && IsId(parts[1])) {
    return std::string(parts[1]);
  }
  return NotAName(field, name,
                  "projects/{project} accepted, the id 1 to 63 of [a-z0-9-] "
                  "and not beginning with '-'; send e.g. projects/interviews");
}

absl::StatusOr<DocumentName> ParseDocumentName(absl::string_view field,
                                               absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() == 4 && parts[0] == "projects" && IsId(parts[1]) &&
      parts[2] == "documents" && IsId(parts[3])) {
    return DocumentName{std::string(parts[1]), std::string(parts[3])};
  }
  return NotAName(
      field, name,
      "projects/{project}/documents/{document} accepted, each id 1 to 63 of "
      "[a-z0-9-] and not beginning with '-'; send e.g. "
      "projects/interviews/documents/episode-12");
}

absl::StatusOr<PairName> ParsePairName(absl::string_view field,
                                       absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  PairName pair;
  if (parts.size() == 4 && parts[0] == "projects" && IsId(parts[1]) &&
      parts[2] == "pairs" && ParsePairId(parts[3], pair.pair)) {
    pair.project = std::string(parts[1]);
    return pair;
  }
  return NotAName(field, name,
                  "projects/{project}/pairs/{pair} accepted, the pair a "
                  "number; send a name as the server gave it");
}

absl::StatusOr<std::string> ParseDocumentOf(absl::string_view field,
                                            absl::string_view name,
                                            absl::string_view project) {
  if (name.empty()) return std::string();
  absl::StatusOr<DocumentName> parsed = ParseDocumentName(field, name);
  if (!parsed.ok()) return parsed.status();
  if (parsed->project != project) {
    return NotAName(field, name,
                    absl::StrCat("a document of ", FormatProjectName(project),
                                 " accepted; name one of that project, or "
                                 "leave it empty for all"));
  }
  return std::move(parsed->document);
}

}  // namespace duilian::service
