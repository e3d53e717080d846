#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "clients/command_line.h"
#include "clients/terminal.h"

namespace {

// What goes wrong comes back as a status and is said once, in the user's
// words. Who sets GRPC_VERBOSITY wants to hear gRPC as well.
void QuietLibraries() {
  google::protobuf::SetLogHandler(nullptr);
  if (std::getenv("GRPC_VERBOSITY") == nullptr) {
    gpr_set_log_function([](gpr_log_func_args*) {});
  }
}

}  // namespace

int main(int argc, char** argv) {
  using duilian::clients::DescribeTerminal;
  std::ios::sync_with_stdio(false);
  QuietLibraries();
  duilian::clients::Console console{
      std::cin,
      std::cout,
      std::cerr,
      DescribeTerminal(STDOUT_FILENO),
      DescribeTerminal(STDERR_FILENO),
      isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : -1};
  return duilian::clients::RunCommandLine(argc, argv, console);
}
