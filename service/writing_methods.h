#ifndef DUILIAN_SERVICE_WRITING_METHODS_H_
#define DUILIAN_SERVICE_WRITING_METHODS_H_

#include "absl/strings/string_view.h"

namespace duilian::service {

// Whether a method ("duilian.v1.ReviewService/ReviewPair") changes what is
// stored. A store that is only read refuses each write besides; this is to tell
// callers before any work is done.
bool Writes(absl::string_view method);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_WRITING_METHODS_H_
