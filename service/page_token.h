#ifndef DUILIAN_SERVICE_PAGE_TOKEN_H_
#define DUILIAN_SERVICE_PAGE_TOKEN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duilian::service {

// The tokens of one list: opaque, safe in a URL, and good only with the
// arguments that they were made with. Page sizes may change between pages.
// Valid over restarts of the server.
class PageTokens {
 public:
  // `list` is the method and every argument that says what it lists.
  explicit PageTokens(std::vector<std::string> list);

  // `after` is a storage::Page's `next`; empty for a last page.
  std::string Format(const std::optional<std::string>& after) const;

  // The `after` of a token; nullopt for an empty one, which is the beginning.
  // kInvalidArgument: not a token, damaged, or another list's.
  absl::StatusOr<std::optional<std::string>> Parse(
      absl::string_view token) const;

 private:
  std::string Seal(absl::string_view after) const;

  std::vector<std::string> list_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_PAGE_TOKEN_H_
