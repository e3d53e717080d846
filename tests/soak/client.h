#ifndef DUILIAN_TESTS_SOAK_CLIENT_H_
#define DUILIAN_TESTS_SOAK_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "tests/soak/meter.h"
#include "tests/soak/session.h"
#include "tests/support/remote_server.h"

namespace duilian::soak {

// One of the soak's clients. What it does depends on its seed alone, as long as
// the server answers rightly. Not thread-safe.
class Client {
 public:
  // `meter` outlives it.
  Client(int number, uint32_t seed, Meter& meter);

  // To the server at that address; also to one that was started anew.
  void Connect(const std::string& address);
  // A server's drain waits for clients that are connected.
  void Disconnect() { server_.reset(); }

  // Does the next thing. An error says which client, what it did and the how
  // many-th thing it was, what was expected and what came.
  absl::Status Step();

  // Holds all that the server has of this client against what was acknowledged.
  absl::Status CheckEverything();

  int64_t steps() const { return steps_; }

 private:
  absl::Status Named(const char* what, const absl::Status& status) const;

  std::unique_ptr<testing_support::RemoteServer> server_;
  Session session_;
  int64_t steps_ = 0;
};

}  // namespace duilian::soak

#endif  // DUILIAN_TESTS_SOAK_CLIENT_H_
