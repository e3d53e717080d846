// Writes of a client. What is acknowledged is entered in its model.

#ifndef DUILIAN_TESTS_SOAK_EDITS_H_
#define DUILIAN_TESTS_SOAK_EDITS_H_

#include "absl/status/status.h"
#include "tests/soak/session.h"

namespace duilian::soak {

// kInternal: an answer is not the right one, and the message says what is.
// Else what the call came to. Each reads back what it wrote, so that it must be
// visible to the call that follows it.
absl::Status ImportNew(Session& session);
absl::Status ImportAgain(Session& session);    // the same texts
absl::Status ImportChanged(Session& session);  // other lines among them
absl::Status Decide(Session& session);         // accept, reject or reopen
absl::Status Edit(Session& session);
absl::Status Undo(Session& session);
absl::Status ReviewStale(Session& session);  // must be refused
absl::Status CreatePairs(Session& session);
absl::Status DeletePair(Session& session);
absl::Status DeleteDocument(Session& session);

// Of the project that all clients share: documents of this client come and go
// and are found; pairs of others are reviewed, which may be refused when
// someone was faster.
absl::Status UseSharedProject(Session& session);

}  // namespace duilian::soak

#endif  // DUILIAN_TESTS_SOAK_EDITS_H_
