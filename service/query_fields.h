// Fields that the requests of several searches share.

#ifndef DUILIAN_SERVICE_QUERY_FIELDS_H_
#define DUILIAN_SERVICE_QUERY_FIELDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "text/language.h"

namespace duilian::service {

// The language of a query; nullopt for an empty code. kInvalidArgument: it is
// neither English nor Chinese.
absl::StatusOr<std::optional<text::Language>> ReadQueryLanguage(
    absl::string_view code);

// The sides searched: as said, or as the script shows; both where it shows
// neither language, or Chinese characters among as many English words or more.
absl::StatusOr<std::vector<text::Language>> QueryLanguages(
    absl::string_view code, absl::string_view query);

// The projects that are searched, too, in the order given. kInvalidArgument:
// too many, not a project's name, or one that is `project` or stands there
// twice.
absl::StatusOr<std::vector<std::string>> ReadOtherProjects(
    const google::protobuf::RepeatedPtrField<std::string>& names,
    absl::string_view project);

struct NumberRule {
  absl::string_view field;
  int32_t when_zero = 0;
  int32_t min = 0;
  int32_t max = 0;
};
// kInvalidArgument: neither 0 nor in [min, max].
absl::StatusOr<int32_t> ReadNumber(int32_t given, const NumberRule& rule);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_QUERY_FIELDS_H_
