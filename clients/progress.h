// A progress bar on standard error; silent when that is not a terminal.

#ifndef DUILIAN_CLIENTS_PROGRESS_H_
#define DUILIAN_CLIENTS_PROGRESS_H_

#include <iosfwd>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/terminal.h"

namespace duilian::clients {

// Not thread-safe. The bar is gone from the screen after Clear or destruction.
class ProgressBar {
 public:
  // `out` must outlive it.
  ProgressBar(std::ostream& out, TerminalTraits traits);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws when the line differs from the one on the screen. `share` is held
  // to [0, 1].
  void Update(double share, absl::string_view label);

  // Takes the bar away, so that something else can be printed.
  void Clear();

 private:
  std::ostream& out_;
  TerminalTraits traits_;
  std::string shown_;
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_PROGRESS_H_
