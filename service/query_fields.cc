#include "service/query_fields.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/checks.h"
#include "service/limits.h"
#include "service/names.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

bool HasHan(absl::string_view text) {
  for (size_t offset = 0; offset < text.size();) {
    if (text::IsHan(text::NextCodepoint(text, offset))) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::optional<text::Language>> ReadQueryLanguage(
    absl::string_view code) {
  if (code.empty()) return std::nullopt;
  const std::optional<text::Language> language = text::ParseLanguageCode(code);
  if (language.has_value()) return language;
  return absl::InvalidArgumentError(absl::StrCat(
      "query_language_code: '", text::Abbreviate(code, 40),
      "' given, en and zh accepted; send one of them, or leave it empty"));
}

absl::StatusOr<std::vector<text::Language>> QueryLanguages(
    absl::string_view code, absl::string_view query) {
  const absl::StatusOr<std::optional<text::Language>> said =
      ReadQueryLanguage(code);
  if (!said.ok()) return said.status();
  std::optional<text::Language> language = *said;
  if (!language.has_value()) {
    language = text::DetectLanguage(query);
    // Of Chinese sentences some are nearly all names: RAG 和 MCP.
    if (language == text::Language::kEnglish && HasHan(query)) language.reset();
  }
  if (language.has_value()) return std::vector<text::Language>{*language};
  return std::vector<text::Language>{text::Language::kEnglish,
                                     text::Language::kChinese};
}

absl::StatusOr<int32_t> ReadNumber(int32_t given, const NumberRule& rule) {
  if (given == 0) return rule.when_zero;
  if (given >= rule.min && given <= rule.max) return given;
  return absl::InvalidArgumentError(absl::StrCat(
      rule.field, ": ", given, " given, ", rule.min, " to ", rule.max,
      " accepted; choose one of those, or leave it out for ", rule.when_zero));
}

absl::StatusOr<std::vector<std::string>> ReadOtherProjects(
    const google::protobuf::RepeatedPtrField<std::string>& names,
    absl::string_view project) {
  if (absl::Status status =
          CheckCount(names.size(), {"other_projects", 0, kMaxOtherProjects});
      !status.ok()) {
    return status;
  }
  std::vector<std::string> others;
  for (const std::string& name : names) {
    const std::string field =
        absl::StrCat("other_projects[", others.size(), "]");
    absl::StatusOr<std::string> other = ParseProjectName(field, name);
    if (!other.ok()) return other.status();
    if (*other == project ||
        std::find(others.begin(), others.end(), *other) != others.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ": '", name,
                       "' given again, each project once and not the "
                       "parent accepted; leave it out"));
    }
    others.push_back(*std::move(other));
  }
  return others;
}

}  // namespace duilian::service
