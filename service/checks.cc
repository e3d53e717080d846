#include "service/checks.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "text/utf8.h"

namespace duilian::service {

std::string Grouped(uint64_t number) {
  const std::string digits = absl::StrCat(number);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

absl::Status CheckText(absl::string_view text, const TextRule& rule) {
  const std::optional<size_t> invalid = text::FindInvalidUtf8(text);
  if (invalid.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(rule.field, ": byte ", *invalid,
                     " is not UTF-8, which alone is accepted; convert it"));
  }
  const size_t length = text::CountCodepoints(text);
  if (length >= rule.min_codepoints && length <= rule.max_codepoints) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      rule.field, ": ",
      length == 0 ? "empty" : absl::StrCat(Grouped(length), " code points"),
      ", ", rule.min_codepoints, " to ", Grouped(rule.max_codepoints),
      " code points accepted; ",
      length < rule.min_codepoints ? "fill it in" : "shorten it"));
}

absl::Status CheckCount(int count, const CountRule& rule) {
  if (count >= rule.min && count <= rule.max) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      rule.field, ": ", count, " given, ", rule.min, " to ",
      Grouped(static_cast<uint64_t>(rule.max)), " accepted; ",
      count < rule.min ? "send more" : "send them in several calls"));
}

absl::StatusOr<size_t> ReadPageSize(int32_t given, const PageLimits& limits) {
  if (given < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "page_size: ", given, " given, 0 to ",
        Grouped(static_cast<uint64_t>(limits.max_size)),
        " accepted; leave it out for ", limits.default_size, " a page"));
  }
  const int32_t size = given == 0 ? limits.default_size : given;
  return static_cast<size_t>(std::min(size, limits.max_size));
}

absl::Status CheckReviewer(absl::string_view reviewer) {
  return CheckText(reviewer, {"reviewer", 1, kMaxReviewerCodepoints});
}

}  // namespace duilian::service
