#ifndef DUILIAN_TESTS_E2E_CLIENT_AND_SERVER_H_
#define DUILIAN_TESTS_E2E_CLIENT_AND_SERVER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/program.h"
#include "tests/support/status_matchers.h"

namespace duilian::e2e {

using testing_support::ProgramEnd;
using testing_support::ServerProgram;

// The built duilian and duiliand, on a data directory of the test's own.
class ClientAndServerTest : public testing::Test {
 protected:
  std::string data() const { return folder_.path("data"); }

  void Serve(std::vector<std::string> flags) {
    server_ = std::make_unique<ServerProgram>(DUILIAN_SERVER_PROGRAM,
                                              std::move(flags));
    ASSERT_THAT(server_->AwaitListening(), testing_support::IsOk());
  }
  void ServeWithModel() {
    Serve({"--data", data(), "--model", DUILIAN_MODEL_PACK});
  }

  ProgramEnd Duilian(const std::vector<std::string>& arguments,
                     absl::string_view input = "") const {
    return testing_support::RunProgram(CommandLine(arguments), input);
  }
  ProgramEnd DuilianInTerminal(
      const std::vector<std::string>& arguments) const {
    return testing_support::RunProgramInTerminal(CommandLine(arguments));
  }

  std::vector<std::string> CommandLine(
      const std::vector<std::string>& arguments) const {
    std::vector<std::string> argv = {DUILIAN_CLIENT_PROGRAM, "--server",
                                     server_->address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
  }

  const testing_support::TemporaryFolder folder_;
  std::unique_ptr<ServerProgram> server_;
};

MATCHER_P(EndsWith, code, "ends with this exit code") {
  *result_listener << "which ended with " << arg.exit_code
                   << "; it said: " << arg.out << arg.err;
  return arg.exit_code == code;
}

}  // namespace duilian::e2e

#endif  // DUILIAN_TESTS_E2E_CLIENT_AND_SERVER_H_
