#include "service/status.h"

#include "absl/strings/str_cat.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

// Trailers hold 8 KiB in all; a code point takes at most 4 bytes, each
// percent-encoded as 3.
constexpr size_t kMaxMessageCodepoints = 500;

std::string FitForTrailer(absl::string_view message) {
  if (text::FindInvalidUtf8(message).has_value()) {
    return "the message of this error is not UTF-8; the server's log has it";
  }
  return text::Abbreviate(message, kMaxMessageCodepoints);
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = status.code() == absl::StatusCode::kUnknown
                        ? grpc::StatusCode::INTERNAL
                        : static_cast<grpc::StatusCode>(status.code());
  return grpc::Status(code, FitForTrailer(status.message()));
}

absl::Status Within(const absl::Status& status, absl::string_view what) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(what, ": ", status.message()));
}

}  // namespace duilian::service
