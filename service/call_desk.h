#ifndef DUILIAN_SERVICE_CALL_DESK_H_
#define DUILIAN_SERVICE_CALL_DESK_H_

#include <grpcpp/server_context.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "service/clock.h"
#include "service/json_log.h"

namespace duilian::service {

// What a method may know of the call that it answers.
struct Call {
  std::function<bool()> cancelled;  // never empty; also true past the deadline
  absl::Time now;                   // when the work began
};

int64_t Microseconds(absl::Time time);

// A call that is under way.
struct OpenCall {
  absl::string_view method;  // outlives the call
  std::string peer;
  std::string request_id;
  absl::Time begun;
  absl::Time deadline;
  const grpc::CallbackServerContext& context;
};

// Where calls are signed in and out: request ids, times, the log. Thread-safe.
class CallDesk {
 public:
  // `run_id` tells this run of the server from others, in request ids.
  CallDesk(Clock clock, JsonLog& log, std::string run_id);

  // Until it opens, every call is told why it is to come again later. Open from
  // the beginning; closing again changes what is told.
  void Close(std::string why);
  void Open() { Close(""); }
  // From now on calls that write are told why they are refused.
  void RefuseWrites(std::string why);
  // kUnavailable while it is closed. kFailedPrecondition: the method writes,
  // and writes are refused.
  absl::Status CheckOpen(absl::string_view method) const;

  // The request id is the client's "x-request-id" if that is 1 to 64 ASCII
  // letters, digits, '-' and '_', a new one otherwise; it is sent back. The
  // method outlives the call.
  OpenCall SignIn(absl::string_view method,
                  grpc::CallbackServerContext& context);

  // kCancelled or kDeadlineExceeded when nobody waits for the answer.
  absl::Status CheckWanted(const OpenCall& call) const;

  // Writes the log's line and returns what the client is told: an internal
  // error gains the request id.
  absl::Status SignOut(const OpenCall& call, const absl::Status& status);

  absl::Time now() const { return clock_(); }

 private:
  const Clock clock_;
  JsonLog& log_;
  const std::string run_id_;
  std::atomic<uint64_t> calls_ = 0;
  mutable absl::Mutex mutex_;
  std::string closed_why_ ABSL_GUARDED_BY(mutex_);     // empty: open
  std::string no_writes_why_ ABSL_GUARDED_BY(mutex_);  // empty: accepted
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_CALL_DESK_H_
