#include "clients/terminal.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

absl::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? absl::string_view() : absl::string_view(value);
}

bool ReordersLine(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

char32_t PrintableCodepoint(char32_t c) {
  if ((c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029) {
    return U' ';
  }
  if (c < 0x20) return 0x2400 + c;  // the block of control pictures
  if (c == 0x7F) return 0x2421;
  if ((c > 0x7F && c < 0xA0) || ReordersLine(c)) return kReplacement;
  return c;
}

// A signal handler reaches nothing but globals. Written only while no handler
// is installed; `entered` says whether there is anything to put back.
struct SavedTerminal {
  int fd = -1;
  termios original;
  termios raw;
  volatile sig_atomic_t entered = 0;
};
SavedTerminal saved_terminal;

constexpr int kDeadlySignals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGPIPE,
                                  SIGABRT, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,
                                  SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU};

void PutBack() {
  if (saved_terminal.entered != 0) {
    tcsetattr(saved_terminal.fd, TCSANOW, &saved_terminal.original);
  }
}

void TakeAgain() {
  if (saved_terminal.entered != 0) {
    tcsetattr(saved_terminal.fd, TCSANOW, &saved_terminal.raw);
  }
}

// Installed with SA_RESETHAND: the second raise does what the signal does.
void OnDeadlySignal(int signal_number) {
  PutBack();
  raise(signal_number);
}

void OnStopSignal(int signal_number);

void InstallStopHandler() {
  struct sigaction action = {};
  action.sa_handler = OnStopSignal;
  action.sa_flags = SA_RESTART | SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(SIGTSTP, &action, nullptr);
}

void OnStopSignal(int signal_number) {
  const int saved_errno = errno;
  PutBack();
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, signal_number);
  raise(signal_number);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);  // stops here until SIGCONT
  InstallStopHandler();
  TakeAgain();
  errno = saved_errno;
}

void InstallHandlers() {
  struct sigaction action = {};
  action.sa_handler = OnDeadlySignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal_number : kDeadlySignals) {
    sigaction(signal_number, &action, nullptr);
  }
  InstallStopHandler();
}

void RemoveHandlers() {
  for (const int signal_number : kDeadlySignals) signal(signal_number, SIG_DFL);
  signal(SIGTSTP, SIG_DFL);
}

// For a signal handler.
std::atomic<bool> line_is_shown = false;
static_assert(std::atomic<bool>::is_always_lock_free);

constexpr int kEndingSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// Installed as OnDeadlySignal is.
void OnEndingSignal(int signal_number) {
  if (line_is_shown) {
    // Nobody is left to be told that it failed.
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, "\n", 1);
  }
  raise(signal_number);
}

// Puts `handler` where `known` is; a signal that is ignored stays so.
void Replace(int signal_number, void (*known)(int), void (*handler)(int)) {
  struct sigaction action = {};
  if (sigaction(signal_number, nullptr, &action) != 0) return;
  if (action.sa_handler != known) return;
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

TerminalTraits DescribeTerminal(int fd) {
  TerminalTraits traits;
  traits.is_terminal = isatty(fd) == 1;
  traits.colour = traits.is_terminal && Environment("NO_COLOR").empty() &&
                  Environment("TERM") != "dumb";
  winsize size = {};
  if (traits.is_terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 &&
      size.ws_col > 0) {
    traits.columns = size.ws_col;
    return traits;
  }
  int columns = 0;
  if (absl::SimpleAtoi(Environment("COLUMNS"), &columns) && columns > 0) {
    traits.columns = static_cast<size_t>(columns);
  }
  return traits;
}

std::string Printable(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t valid = text::FindInvalidUtf8(text).value_or(text.size());
    for (size_t offset = 0; offset < valid;) {
      text::AppendUtf8(PrintableCodepoint(text::NextCodepoint(text, offset)),
                       out);
    }
    text.remove_prefix(valid);
    if (text.empty()) break;
    text::AppendUtf8(kReplacement, out);
    text.remove_prefix(1);
  }
  return out;
}

absl::string_view StyleSequence(Style style) {
  switch (style) {
    case Style::kPlain:
      return "\x1b[0m";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kGreen:
      return "\x1b[32m";
    case Style::kYellow:
      return "\x1b[33m";
    case Style::kRed:
      return "\x1b[31m";
    case Style::kMark:
      return "\x1b[1;33m";
  }
  return "";
}

std::string Paint(absl::string_view text, Style style, bool colour) {
  if (!colour || style == Style::kPlain || text.empty()) {
    return std::string(text);
  }
  return absl::StrCat(StyleSequence(style), text, StyleSequence(Style::kPlain));
}

DrawnLine::DrawnLine() {
  for (const int signal_number : kEndingSignals) {
    Replace(signal_number, SIG_DFL, OnEndingSignal);
  }
}

DrawnLine::~DrawnLine() {
  for (const int signal_number : kEndingSignals) {
    Replace(signal_number, OnEndingSignal, SIG_DFL);
  }
  line_is_shown = false;
}

void DrawnLine::SetShown(bool shown) { line_is_shown = shown; }

absl::StatusOr<std::unique_ptr<RawMode>> RawMode::Enter(int fd) {
  if (saved_terminal.entered != 0) {
    return absl::FailedPreconditionError("the terminal is in raw mode already");
  }
  termios original;
  if (tcgetattr(fd, &original) != 0) {
    return absl::FailedPreconditionError(
        "standard input is not a terminal; run it in one, or use --script");
  }
  saved_terminal.fd = fd;
  saved_terminal.original = original;
  saved_terminal.raw = original;
  // Signals stay on (ISIG): ^C and ^Z do what they do everywhere.
  saved_terminal.raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  saved_terminal.raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL);
  saved_terminal.raw.c_cc[VMIN] = 1;
  saved_terminal.raw.c_cc[VTIME] = 0;
  InstallHandlers();
  saved_terminal.entered = 1;
  TakeAgain();
  return absl::WrapUnique(new RawMode);
}

RawMode::~RawMode() {
  PutBack();
  saved_terminal.entered = 0;
  RemoveHandlers();
}

void RawMode::Suspend() {
  PutBack();
  saved_terminal.entered = 0;
}

void RawMode::Resume() {
  saved_terminal.entered = 1;
  TakeAgain();
}

}  // namespace duilian::clients
