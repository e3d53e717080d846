#ifndef DUILIAN_TESTS_SOAK_SESSION_H_
#define DUILIAN_TESTS_SOAK_SESSION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "tests/soak/meter.h"
#include "tests/soak/project_model.h"
#include "tests/soak/sentences.h"
#include "tests/support/remote_server.h"

namespace duilian::soak {

// What a client works with: its server, what it knows, and its dice.
struct Session {
  int client = 0;
  testing_support::RemoteServer* server = nullptr;
  ProjectModel model;  // a project that no other client touches
  // This client's documents in the project that all share; no pairs of it.
  ProjectModel shared;
  Random random;
  Meter& meter;
};

inline constexpr char kSharedProject[] = "projects/soak-shared";

// Makes a call and enters the time that it took.
template <typename Stub, typename Request, typename Response>
testing_support::Reply<Response> Timed(
    absl::string_view kind, Session& session, Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    const Request& request) {
  const absl::Time begin = absl::Now();
  auto reply = session.server->Call(stub, method, request);
  session.meter.Enter(kind, absl::Now() - begin);
  return reply;
}

// kInternal: the server is wrong.
inline absl::Status Wrong(absl::string_view what, absl::string_view expected,
                          absl::string_view got) {
  return absl::InternalError(
      absl::StrCat(what, "\n  expected: ", expected, "\n  got: ", got));
}

}  // namespace duilian::soak

#endif  // DUILIAN_TESTS_SOAK_SESSION_H_
