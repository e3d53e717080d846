#include "clients/terminal.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::clients {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::HasSubstr;

// A terminal of this test's own.
class PseudoTerminal {
 public:
  PseudoTerminal() {
    if (openpty(&controller_, &terminal_, nullptr, nullptr, nullptr) != 0) {
      controller_ = terminal_ = -1;
    }
  }
  ~PseudoTerminal() {
    close(controller_);
    close(terminal_);
  }
  int fd() const { return terminal_; }
  bool EchoesLines() const {
    termios state;
    if (tcgetattr(terminal_, &state) != 0) return false;
    return (state.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO);
  }

 private:
  int controller_ = -1;
  int terminal_ = -1;
};

TEST(PrintableTest, ControlCharactersBecomePictures) {
  const struct {
    const char* name;
    std::string text;
    std::string printed;
  } cases[] = {
      {"escape", "a\x1b[31mb", "a␛[31mb"},
      {"line_breaks_and_tabs", "a\r\nb\tc\u2028d", "a  b c d"},
      {"bell_and_delete", "\x07\x7f", "␇␡"},
      {"c1_control",
       "\xc2\x9b"
       "31m",
       "\uFFFD31m"},
      {"reordering", "\u202Eabc\u2066", "\uFFFDabc\uFFFD"},
      {"bytes_that_are_not_utf8", "海\xff\xe6x", "海\uFFFD\uFFFDx"},
      {"nul", std::string("a\0b", 3), "a␀b"},
      {"chinese", "「海」——是……海。", "「海」——是……海。"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Printable(c.text), c.printed);
  }
}

TEST(DescribeTerminalTest, FileIsNoTerminalAndHasNoColour) {
  const int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const TerminalTraits traits = DescribeTerminal(fd);
  close(fd);
  EXPECT_FALSE(traits.is_terminal);
  EXPECT_FALSE(traits.colour);
}

TEST(DescribeTerminalTest, NoColorTurnsColoursOff) {
  PseudoTerminal terminal;
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  EXPECT_TRUE(DescribeTerminal(terminal.fd()).colour);
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(DescribeTerminal(terminal.fd()).colour);
  unsetenv("NO_COLOR");
}

TEST(RawModeTest, LeavingPutsTheTerminalBack) {
  PseudoTerminal terminal;
  ASSERT_TRUE(terminal.EchoesLines());
  {
    const auto raw = RawMode::Enter(terminal.fd());
    ASSERT_THAT(raw, IsOk());
    EXPECT_FALSE(terminal.EchoesLines());
    (*raw)->Suspend();
    EXPECT_TRUE(terminal.EchoesLines());
    (*raw)->Resume();
    EXPECT_FALSE(terminal.EchoesLines());
  }
  EXPECT_TRUE(terminal.EchoesLines());
}

TEST(RawModeTest, EverySignalThatEndsTheProgramPutsTheTerminalBack) {
  for (const int signal_number :
       {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGPIPE}) {
    SCOPED_TRACE(strsignal(signal_number));
    PseudoTerminal terminal;
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto raw = RawMode::Enter(terminal.fd());
      // A different end than by the signal shows that raw mode was not there.
      if (!raw.ok() || terminal.EchoesLines()) _exit(3);
      raise(signal_number);
      _exit(4);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), signal_number);
    EXPECT_TRUE(terminal.EchoesLines());
  }
}

TEST(RawModeTest, StoppedProgramLeavesTheTerminalUsable) {
  PseudoTerminal terminal;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // SIGTSTP stops no one in an orphaned group, which the test may run in.
    setpgid(0, 0);
    const auto raw = RawMode::Enter(terminal.fd());
    if (!raw.ok()) _exit(3);
    raise(SIGTSTP);
    _exit(terminal.EchoesLines() ? 4 : 0);  // raw again after SIGCONT
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, WUNTRACED), child);
  ASSERT_TRUE(WIFSTOPPED(status));
  EXPECT_TRUE(terminal.EchoesLines());
  kill(child, SIGCONT);
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(RawModeTest, FileIsRefusedWithTheWayOut) {
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_THAT(RawMode::Enter(fd),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("use --script")));
  close(fd);
}

}  // namespace
}  // namespace duilian::clients
