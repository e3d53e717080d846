// What the command line knows about the terminal: how wide, whether colours
// are wanted, what may be printed on it, and its raw mode.

#ifndef DUILIAN_CLIENTS_TERMINAL_H_
#define DUILIAN_CLIENTS_TERMINAL_H_

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duilian::clients {

struct TerminalTraits {
  bool is_terminal = false;
  bool colour = false;
  size_t columns = 100;
};

// Asks the descriptor and the environment: colours only on a terminal, without
// NO_COLOR and with a TERM other than "dumb". The width is the terminal's, or
// else COLUMNS, or else the default.
TerminalTraits DescribeTerminal(int fd);

// The three streams of a program. All borrowed.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  TerminalTraits out_traits;
  TerminalTraits err_traits;
  // Descriptor that keys are read from; -1 when `in` is not a terminal.
  int key_fd = -1;
};

// The text made harmless for a terminal and one line long: line breaks and
// tabs become spaces; other control characters their pictures (ESC is ␛);
// characters that reorder a line, and bytes that are not UTF-8, become U+FFFD.
std::string Printable(absl::string_view text);

enum class Style { kPlain, kBold, kDim, kGreen, kYellow, kRed, kMark };

// The escape sequence that turns a style on; kPlain's turns all off.
absl::string_view StyleSequence(Style style);

// The text in a style when `colour`, else as it is. Does not make it harmless.
std::string Paint(absl::string_view text, Style style, bool colour);

// A line that is drawn on standard error again and again. However the program
// is told to end by a signal meanwhile, the line is ended first, so that what
// comes next does not stand behind it. At most one at a time, and not in raw
// mode.
class DrawnLine {
 public:
  DrawnLine();
  ~DrawnLine();
  DrawnLine(const DrawnLine&) = delete;
  DrawnLine& operator=(const DrawnLine&) = delete;

  // Whether there is something in the line now. From any thread.
  void SetShown(bool shown);
};

// Keys one by one and unechoed, from construction until destruction. However
// the program ends by a signal, the terminal is put back first; ^Z puts it
// back while the program is stopped. At most one at a time.
class RawMode {
 public:
  // kFailedPrecondition: not a terminal, or one is in raw mode already.
  static absl::StatusOr<std::unique_ptr<RawMode>> Enter(int fd);
  ~RawMode();
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;

  // Puts the terminal back for another program, and takes it again.
  void Suspend();
  void Resume();

 private:
  RawMode() = default;
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_TERMINAL_H_
