#ifndef DUILIAN_SERVICE_JSON_LOG_H_
#define DUILIAN_SERVICE_JSON_LOG_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "service/clock.h"

namespace duilian::service {

// A call that was answered. Borrows all of it.
struct CallRecord {
  absl::string_view method;  // "duilian.v1.ReviewService/ReviewPair"
  const absl::Status& status;
  absl::Duration duration;
  absl::string_view peer;
  absl::string_view request_id;
};

// Structured logs: one JSON object a line. Never a text of a user: of a
// status only the code is written, unless the fault is the server's own. Lines
// that the sink lost are counted, in the next one that it takes ("lines_lost").
// Thread-safe.
class JsonLog {
 public:
  // Takes a line with its line break; called one at a time. False: the line is
  // lost. All calls wait for it, so that it must not wait for long.
  using Sink = std::function<bool(absl::string_view line)>;

  JsonLog(Clock clock, Sink sink);

  void Call(const CallRecord& record);

  // Anything else that an operator should know: "listening", "drained" …
  void Event(absl::string_view event, absl::string_view detail);

 private:
  std::string EventLine(absl::string_view event,
                        absl::string_view detail) const;
  void Write(absl::string_view line);

  const Clock clock_;
  absl::Mutex mutex_;
  const Sink sink_ ABSL_GUARDED_BY(mutex_);
  uint64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;  // lines, not told yet
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_JSON_LOG_H_
