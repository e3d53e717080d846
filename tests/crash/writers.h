#ifndef DUILIAN_TESTS_CRASH_WRITERS_H_
#define DUILIAN_TESTS_CRASH_WRITERS_H_

#include <random>

#include "absl/status/status.h"
#include "tests/crash/ledger.h"
#include "tests/support/remote_server.h"

namespace duilian::crash {

using Random = std::mt19937;
// In [least, most].
inline int Pick(int least, int most, Random& random) {
  return std::uniform_int_distribution<int>(least, most)(random);
}

// Both write until a call fails, as all do once the server is killed, and
// return that failure. kInternal: an answer came that is not the right one.

// Imports new documents over one stream, some of them again, some with other
// texts. Documents of even numbers are only ever sent with their first draft,
// so that what was reviewed in them stays.
absl::Status ImportOn(testing_support::RemoteServer& server, Random random,
                      Ledger& ledger);

// Accepts, edits, splits and merges pairs of documents of even numbers. There
// must be one.
absl::Status ReviewOn(testing_support::RemoteServer& server, Random random,
                      Ledger& ledger);

}  // namespace duilian::crash

#endif  // DUILIAN_TESTS_CRASH_WRITERS_H_
