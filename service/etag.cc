#include "service/etag.h"

#include "absl/strings/str_cat.h"
#include "text/utf8.h"

namespace duilian::service {

std::string Etag(const storage::TranslationUnit& unit) {
  return absl::StrCat("r", absl::Hex(unit.revision));
}

absl::Status CheckEtag(absl::string_view etag,
                       const storage::TranslationUnit& unit,
                       absl::string_view name) {
  if (etag.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("etag: empty for ", name,
                     ", the one that was read with the pair is accepted; read "
                     "the pair and send its etag back"));
  }
  if (etag == Etag(unit)) return absl::OkStatus();
  return absl::AbortedError(absl::StrCat(
      "etag: '", text::Abbreviate(etag, 40), "' given, '", Etag(unit),
      "' accepted: ", name,
      " changed since it was read; read it again and decide again"));
}

}  // namespace duilian::service
