#include "service/listen_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace duilian::service {
namespace {

// The errno of listening there; 0 when it works.
int TryToListen(const ListenAddress& address) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(),
                  &hints, &found) != 0) {
    return EADDRNOTAVAIL;
  }
  const int fd = socket(found->ai_family, found->ai_socktype, 0);
  int error = fd < 0 ? errno : 0;
  const int on = 1;
  if (error == 0 &&
      (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
       bind(fd, found->ai_addr, found->ai_addrlen) != 0 ||
       listen(fd, 1) != 0)) {
    error = errno;
  }
  if (fd >= 0) close(fd);
  freeaddrinfo(found);
  return error;
}

}  // namespace

absl::Status WhyNotListening(const std::string& listen) {
  const absl::StatusOr<ListenAddress> address = ParseListenAddress(listen);
  if (!address.ok()) return address.status();
  std::string why;
  switch (const int error = TryToListen(*address)) {
    case 0:
      why =
          "the certificate is bad, or is not its key's; a certificate chain "
          "and its key in PEM are accepted; see to --tls-cert and --tls-key";
      break;
    case EADDRINUSE:
      why =
          "the port is taken; a free one is accepted; stop what listens there, "
          "or choose another (port 0 takes any free one)";
      break;
    case EADDRNOTAVAIL:
      why =
          "the address is not this machine's; one of its own is accepted; "
          "choose e.g. 127.0.0.1";
      break;
    default:
      why = absl::StrCat(std::strerror(error),
                         "; an address and a port that the server may use are "
                         "accepted; choose another");
  }
  return absl::UnavailableError(
      absl::StrCat("--listen: '", listen, "' cannot be listened on: ", why));
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  ListenAddress address;
  absl::string_view host = text.substr(0, colon);
  const bool bracketed =
      absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (colon != text.npos && !host.empty() &&
      (bracketed || host.find(':') == host.npos) &&
      absl::SimpleAtoi(text.substr(colon + 1), &address.port) &&
      address.port >= 0 && address.port <= 65535) {
    address.host = std::string(host);
    return address;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--listen: '", text,
                   "' given, HOST:PORT with a port from 0 to 65535 "
                   "accepted; write e.g. 127.0.0.1:50351 or [::1]:0"));
}

bool IsLoopback(absl::string_view host) {
  const std::string text(host);
  in_addr v4 = {};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24) == 127;
  }
  in6_addr v6 = {};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
  }
  return text == "localhost";
}

}  // namespace duilian::service
