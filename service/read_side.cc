#include "service/read_side.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "service/status.h"

namespace duilian::service {
namespace {

absl::Status CheckLanguage(const SideText& side) {
  const std::optional<text::Language> seen = text::DetectLanguage(side.text);
  if (seen == side.language) return absl::OkStatus();
  const absl::string_view wanted = LanguageName(side.language);
  return absl::InvalidArgumentError(absl::StrCat(
      side.field, ": looks like ",
      seen.has_value() ? LanguageName(*seen)
                       : "neither English nor Chinese by its script",
      ", ", wanted, " accepted; ",
      seen.has_value() ? "the two sides may be swapped: " : "",
      "send the English text as the source and the Chinese one as the target"));
}

}  // namespace

absl::string_view LanguageName(text::Language language) {
  return language == text::Language::kEnglish ? "English" : "Chinese";
}

absl::Status CheckFormat(absl::string_view field, int format) {
  if (v1::TextFormat_IsValid(format)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": ", format,
                   " given, TRANSCRIPT (1) and LINES (2) accepted; send one of "
                   "them, or leave it out for TRANSCRIPT"));
}

absl::StatusOr<aligner::Transcript> ReadSide(
    const SideText& side, int format, const aligner::ReadLimits& limits) {
  absl::StatusOr<aligner::Transcript> read =
      format == v1::LINES
          ? aligner::ReadLines(side.text, side.language, limits)
          : aligner::ReadTranscript(side.text, side.language, limits);
  if (!read.ok()) return Within(read.status(), side.field);
  if (absl::Status status = CheckLanguage(side); !status.ok()) return status;
  return read;
}

}  // namespace duilian::service
