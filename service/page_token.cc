#include "service/page_token.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "service/digest.h"
#include "service/limits.h"

namespace duilian::service {
namespace {

// Enough against mistakes. A forged token opens nothing that a call without
// one would not: it only says where to go on.
constexpr size_t kSealBytes = 8;

absl::Status NotOurs() {
  return absl::InvalidArgumentError(
      "page_token: this one was not made for this list; a next_page_token of "
      "the same call with the same arguments is accepted; leave it empty to "
      "begin again");
}

}  // namespace

PageTokens::PageTokens(std::vector<std::string> list)
    : list_(std::move(list)) {}

std::string PageTokens::Seal(absl::string_view after) const {
  Digest digest;
  for (const std::string& argument : list_) digest.Add(argument);
  return digest.Add(after).Finish().substr(0, kSealBytes);
}

std::string PageTokens::Format(const std::optional<std::string>& after) const {
  if (!after.has_value()) return "";
  return absl::WebSafeBase64Escape(absl::StrCat(Seal(*after), *after));
}

absl::StatusOr<std::optional<std::string>> PageTokens::Parse(
    absl::string_view token) const {
  if (token.empty()) return std::nullopt;
  std::string bytes;
  if (token.size() > kMaxPageTokenBytes ||
      !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() < kSealBytes) {
    return NotOurs();
  }
  std::string after = bytes.substr(kSealBytes);
  if (absl::string_view(bytes).substr(0, kSealBytes) != Seal(after)) {
    return NotOurs();
  }
  return std::optional<std::string>(std::move(after));
}

}  // namespace duilian::service
