// After a kill: is what the server holds what it acknowledged?

#ifndef DUILIAN_TESTS_CRASH_RECOVERY_CHECK_H_
#define DUILIAN_TESTS_CRASH_RECOVERY_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "tests/crash/ledger.h"
#include "tests/crash/writers.h"
#include "tests/support/remote_server.h"

namespace duilian::crash {

// What was asked for and not answered: how often it happened all the same.
struct Unanswered {
  int done = 0;
  int not_done = 0;
};

// Reads the whole project, and each document that was touched, and looks a
// pair up. Everything acknowledged must be there as acknowledged; everything
// unanswered must be there whole or not at all, and is entered as whichever it
// is. No writer may be at work.
// kDataLoss: something is missing, halved or too much; the message says what.
absl::Status CheckRecovered(testing_support::RemoteServer& server,
                            Random& random, Records& records,
                            Unanswered& unanswered);

}  // namespace duilian::crash

#endif  // DUILIAN_TESTS_CRASH_RECOVERY_CHECK_H_
