// Searches of a client, each held against what its model says.

#ifndef DUILIAN_TESTS_SOAK_SEARCHES_H_
#define DUILIAN_TESTS_SOAK_SEARCHES_H_

#include "absl/status/status.h"
#include "tests/soak/session.h"

namespace duilian::soak {

// kInternal: an answer is not the right one, and the message says what is.
// Else what the call came to.
absl::Status LookUpExact(Session& session);
absl::Status LookUpInContext(Session& session);
absl::Status LookUpLike(Session& session);
absl::Status LookUpBatch(Session& session);
absl::Status SearchConcordance(Session& session);
absl::Status SearchProjects(Session& session);
absl::Status SearchParts(Session& session);    // of words: lam*, *amp, *am*
absl::Status SearchPhrases(Session& session);  // "in quotation marks"
absl::Status FindQuote(Session& session);
absl::Status SearchMeaning(Session& session);
absl::Status ReadPair(Session& session);
// All pairs of the project, and the counters beside them.
absl::Status ListEverything(Session& session);

}  // namespace duilian::soak

#endif  // DUILIAN_TESTS_SOAK_SEARCHES_H_
