#include "service/call_desk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "service/limits.h"
#include "service/writing_methods.h"

namespace duilian::service {
namespace {

constexpr char kRequestIdKey[] = "x-request-id";

bool IsRequestId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestIdBytes &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == decltype(deadline)::max()) return absl::InfiniteFuture();
  return absl::FromChrono(deadline);
}

}  // namespace

int64_t Microseconds(absl::Time time) { return absl::ToUnixMicros(time); }

CallDesk::CallDesk(Clock clock, JsonLog& log, std::string run_id)
    : clock_(std::move(clock)), log_(log), run_id_(std::move(run_id)) {}

void CallDesk::Close(std::string why) {
  absl::MutexLock lock(&mutex_);
  closed_why_ = std::move(why);
}

void CallDesk::RefuseWrites(std::string why) {
  absl::MutexLock lock(&mutex_);
  no_writes_why_ = std::move(why);
}

absl::Status CallDesk::CheckOpen(absl::string_view method) const {
  absl::MutexLock lock(&mutex_);
  if (!no_writes_why_.empty() && Writes(method)) {
    return absl::FailedPreconditionError(no_writes_why_);
  }
  if (closed_why_.empty()) return absl::OkStatus();
  return absl::UnavailableError(closed_why_);
}

OpenCall CallDesk::SignIn(absl::string_view method,
                          grpc::CallbackServerContext& context) {
  OpenCall call = {method,   context.peer(),      "",
                   clock_(), DeadlineOf(context), context};
  const auto& metadata = context.client_metadata();
  if (const auto it = metadata.find(kRequestIdKey); it != metadata.end()) {
    const absl::string_view given(it->second.data(), it->second.size());
    if (IsRequestId(given)) call.request_id = std::string(given);
  }
  if (call.request_id.empty()) {
    call.request_id = absl::StrCat(run_id_, "-", ++calls_);
  }
  context.AddInitialMetadata(kRequestIdKey, call.request_id);
  return call;
}

// Asked often while a call is answered: most calls have no deadline, and then
// no clock is read.
absl::Status CallDesk::CheckWanted(const OpenCall& call) const {
  if (call.deadline != absl::InfiniteFuture() && call.deadline <= clock_()) {
    return absl::DeadlineExceededError(
        "the call's deadline passed before its work was done; nothing more is "
        "done for it; allow it more time");
  }
  if (call.context.IsCancelled()) {
    return absl::CancelledError(
        "the client cancelled the call; nothing more is done for it");
  }
  return absl::OkStatus();
}

absl::Status CallDesk::SignOut(const OpenCall& call,
                               const absl::Status& status) {
  log_.Call(
      {call.method, status, clock_() - call.begun, call.peer, call.request_id});
  if (status.code() != absl::StatusCode::kInternal &&
      status.code() != absl::StatusCode::kUnknown) {
    return status;
  }
  return absl::InternalError(
      absl::StrCat(status.message(), " (request ", call.request_id, ")"));
}

}  // namespace duilian::service
