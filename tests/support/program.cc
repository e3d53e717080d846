#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace duilian::testing_support {
namespace {

[[noreturn]] void GiveUp(const std::string& what) {
  std::fprintf(stderr, "the test cannot go on: %s: %s\n", what.c_str(),
               std::strerror(errno));
  std::abort();
}

// Where a program's three standard files go.
class Redirections {
 public:
  Redirections() { posix_spawn_file_actions_init(&actions_); }
  ~Redirections() { posix_spawn_file_actions_destroy(&actions_); }

  void Open(int standard, const std::string& path, int flags) {
    posix_spawn_file_actions_addopen(&actions_, standard, path.c_str(), flags,
                                     0600);
  }
  void Use(int standard, int file) {
    posix_spawn_file_actions_adddup2(&actions_, file, standard);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// posix_spawn rather than fork: gRPC has threads in this process.
pid_t Spawn(const std::vector<std::string>& argv,
            const Redirections& redirections) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  pid_t process = -1;
  errno = posix_spawn(&process, arguments[0], redirections.get(), nullptr,
                      arguments.data(), environ);
  if (errno != 0) GiveUp(absl::StrCat("starting ", argv[0]));
  return process;
}

int AwaitEnd(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) GiveUp("waiting for a program");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

constexpr int kWriteAnew = O_WRONLY | O_CREAT | O_TRUNC;

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name =
      (std::filesystem::temp_directory_path() / "duilian-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) GiveUp(name);
  path_ = std::move(name);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::path(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

void WriteWholeFile(const std::string& path, absl::string_view contents) {
  std::ofstream file(path, std::ios::binary);
  file.write(contents.data(), static_cast<std::streamsize>(contents.size()));
  if (!file.flush()) GiveUp(path);
}

std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) GiveUp(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

ProgramEnd RunProgram(const std::vector<std::string>& argv,
                      absl::string_view input) {
  const TemporaryFolder folder;
  WriteWholeFile(folder.path("in"), input);
  Redirections redirections;
  redirections.Open(STDIN_FILENO, folder.path("in"), O_RDONLY);
  redirections.Open(STDOUT_FILENO, folder.path("out"), kWriteAnew);
  redirections.Open(STDERR_FILENO, folder.path("err"), kWriteAnew);
  ProgramEnd end;
  end.exit_code = AwaitEnd(Spawn(argv, redirections));
  end.out = ReadWholeFile(folder.path("out"));
  end.err = ReadWholeFile(folder.path("err"));
  return end;
}

ProgramEnd RunProgramInTerminal(const std::vector<std::string>& argv) {
  const int screen = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (screen < 0 || grantpt(screen) != 0 || unlockpt(screen) != 0) {
    GiveUp("making a terminal");
  }
  winsize size = {};
  size.ws_row = 24;
  size.ws_col = 80;
  if (ioctl(screen, TIOCSWINSZ, &size) != 0) GiveUp("sizing a terminal");
  const std::string name = ptsname(screen);
  Redirections redirections;
  redirections.Open(STDIN_FILENO, "/dev/null", O_RDONLY);
  redirections.Open(STDOUT_FILENO, name, O_RDWR | O_NOCTTY);
  redirections.Open(STDERR_FILENO, name, O_RDWR | O_NOCTTY);
  const pid_t process = Spawn(argv, redirections);
  ProgramEnd end;
  char bytes[4096];
  // The read fails with EIO once no program holds the other end.
  for (ssize_t count = 0;
       (count = read(screen, bytes, sizeof(bytes))) > 0 || errno == EINTR;) {
    if (count > 0) end.out.append(bytes, static_cast<size_t>(count));
  }
  close(screen);
  end.exit_code = AwaitEnd(process);
  return end;
}

ServerProgram::ServerProgram(const std::string& program,
                             std::vector<std::string> flags) {
  // Close-on-exec, so that no other program started meanwhile keeps it open.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) GiveUp("making a pipe");
  Redirections redirections;
  redirections.Open(STDIN_FILENO, "/dev/null", O_RDONLY);
  redirections.Use(STDOUT_FILENO, ends[1]);
  redirections.Open(STDERR_FILENO, folder_.path("log"), kWriteAnew);
  std::vector<std::string> argv = {program, "--listen", "127.0.0.1:0",
                                   "--port-file", folder_.path("port")};
  argv.insert(argv.end(), flags.begin(), flags.end());
  process_ = Spawn(argv, redirections);
  close(ends[1]);
  out_ = ends[0];
}

ServerProgram::~ServerProgram() {
  Kill();
  close(out_);
}

// It says a line on its standard output when the port file is there.
absl::Status ServerProgram::AwaitListening(absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  char byte = 0;
  do {
    pollfd output = {out_, POLLIN, 0};
    const auto left_ms = absl::ToInt64Milliseconds(deadline - absl::Now());
    const int ready =
        left_ms > 0 ? poll(&output, 1, static_cast<int>(left_ms)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      return absl::DeadlineExceededError(
          absl::StrCat("the server does not listen; its log: ", log()));
    }
    if (read(out_, &byte, 1) != 1) {
      return absl::FailedPreconditionError(
          absl::StrCat("the server ended; its log: ", log()));
    }
  } while (byte != '\n');
  std::string port = ReadWholeFile(folder_.path("port"));
  absl::StripTrailingAsciiWhitespace(&port);
  address_ = absl::StrCat("127.0.0.1:", port);
  return absl::OkStatus();
}

void ServerProgram::Kill() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  AwaitEnd(std::exchange(process_, -1));
}

int ServerProgram::Stop() {
  kill(process_, SIGTERM);
  return AwaitEnd(std::exchange(process_, -1));
}

std::string ServerProgram::log() const {
  return ReadWholeFile(folder_.path("log"));
}

}  // namespace duilian::testing_support
