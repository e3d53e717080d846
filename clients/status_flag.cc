#include "clients/status_flag.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace duilian::clients {

CLI::Option* AddStatusFlag(CLI::App& command, absl::string_view fallback,
                           std::vector<std::string>& words) {
  return command
      .add_option("--status", words,
                  absl::StrCat("Only these: unreviewed,accepted,rejected "
                               "(default: ",
                               fallback, ")"))
      ->delimiter(',')
      ->check(CLI::IsMember({"unreviewed", "accepted", "rejected"}));
}

v1::ReviewStatus StatusOf(absl::string_view word) {
  v1::ReviewStatus status = v1::REVIEW_STATUS_UNSPECIFIED;
  v1::ReviewStatus_Parse(absl::AsciiStrToUpper(word), &status);
  return status;
}

}  // namespace duilian::clients
