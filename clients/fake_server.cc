#include "clients/fake_server.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "clients/command_line.h"

namespace duilian::clients {

FakeServer::FakeServer(std::initializer_list<grpc::Service*> services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    std::fputs("no loopback port can be listened on\n", stderr);
    std::abort();
  }
  address_ = absl::StrCat("127.0.0.1:", port);
}

Outcome FakeServer::Run(std::vector<std::string> arguments,
                        const std::string& input) const {
  arguments.insert(arguments.begin(), "duilian");
  arguments.insert(arguments.end(), {"--server", address_});
  if (!absl::c_linear_search(arguments, "--project")) {
    arguments.insert(arguments.end(), {"--project", "p"});
  }
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  std::istringstream in(input);
  std::ostringstream out, err;
  Console console{in, out, err, {}, {}};
  Outcome outcome;
  outcome.code =
      RunCommandLine(static_cast<int>(argv.size()), argv.data(), console);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

}  // namespace duilian::clients
