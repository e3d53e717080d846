#ifndef DUILIAN_SERVICE_CLOCK_H_
#define DUILIAN_SERVICE_CLOCK_H_

#include <functional>

#include "absl/time/time.h"

namespace duilian::service {

// What time it is. Thread-safe. main passes absl::Now; tests pass their own.
using Clock = std::function<absl::Time()>;

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_CLOCK_H_
