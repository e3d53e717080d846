#ifndef DUILIAN_SERVICE_ETAG_H_
#define DUILIAN_SERVICE_ETAG_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// Made of the unit's revision: differs after every change of the unit.
std::string Etag(const storage::TranslationUnit& unit);

// kInvalidArgument: empty. kAborted: not the unit's; it changed since. `name`
// is the pair's, for the message.
absl::Status CheckEtag(absl::string_view etag,
                       const storage::TranslationUnit& unit,
                       absl::string_view name);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_ETAG_H_
