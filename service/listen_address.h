#ifndef DUILIAN_SERVICE_LISTEN_ADDRESS_H_
#define DUILIAN_SERVICE_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duilian::service {

struct ListenAddress {
  std::string host;  // without brackets
  int port = 0;      // 0: any free one
};

// "127.0.0.1:50351", "[::1]:0", "localhost:50351".
// kInvalidArgument: not host:port, or no such port.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

// Why gRPC, which does not say, could not listen at an address: tries it.
// kUnavailable: the port is taken, the address is not this machine's, or the
// process may not; with nothing of that, the certificate is bad.
absl::Status WhyNotListening(const std::string& listen);

// True when only this machine can reach the host: 127.0.0.0/8, ::1 and
// localhost.
bool IsLoopback(absl::string_view host);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_LISTEN_ADDRESS_H_
