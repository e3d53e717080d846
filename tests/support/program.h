#ifndef DUILIAN_TESTS_SUPPORT_PROGRAM_H_
#define DUILIAN_TESTS_SUPPORT_PROGRAM_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace duilian::testing_support {

// A directory under the tests' own temporary one, gone with its contents when
// the object goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(absl::string_view name) const;

 private:
  std::string path_;
};

// Aborts the test program when the file cannot be written or read.
void WriteWholeFile(const std::string& path, absl::string_view contents);
std::string ReadWholeFile(const std::string& path);

struct ProgramEnd {
  int exit_code = -1;  // 128 and the signal's number, if one ended it
  std::string out, err;
};

// Runs argv[0] to its end, with `input` to read from.
ProgramEnd RunProgram(const std::vector<std::string>& argv,
                      absl::string_view input = "");

// The same in a terminal of 80 columns, from which the program reads nothing
// and to which it writes both outputs: all of it is in ProgramEnd::out.
ProgramEnd RunProgramInTerminal(const std::vector<std::string>& argv);

// A duiliand of its own process, on a free loopback port; killed, if it still
// runs, when the object goes.
class ServerProgram {
 public:
  // `flags` beside those that name the port. Returns at once.
  ServerProgram(const std::string& program, std::vector<std::string> flags);
  ~ServerProgram();
  ServerProgram(const ServerProgram&) = delete;
  ServerProgram& operator=(const ServerProgram&) = delete;

  // Waits until it listens. kFailedPrecondition: it ended instead, and the
  // message holds its log. kDeadlineExceeded: neither within `patience`.
  absl::Status AwaitListening(absl::Duration patience = absl::Seconds(60));

  // "127.0.0.1:PORT", once it listens.
  const std::string& address() const { return address_; }

  // SIGKILL, and waits for the end.
  void Kill();
  // SIGTERM, and waits for the end; as ProgramEnd::exit_code.
  int Stop();

  std::string log() const;

  pid_t process() const { return process_; }  // while it runs

 private:
  const TemporaryFolder folder_;
  pid_t process_ = -1;
  int out_ = -1;  // the end from which its standard output is read
  std::string address_;
};

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_PROGRAM_H_
