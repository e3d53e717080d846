// Progress on standard error; silent when that is not a terminal. No line is as
// wide as that: it would wrap, and could not be taken back. When a signal ends
// the program, the line is ended first.

#ifndef DUILIAN_CLIENTS_PROGRESS_H_
#define DUILIAN_CLIENTS_PROGRESS_H_

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clients/terminal.h"

namespace duilian::clients {

// Not thread-safe; one at a time, or one WaitingLine. The bar is gone from the
// screen after Clear or destruction.
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
  std::optional<DrawnLine> line_;  // none where nothing is shown
  std::string shown_;
};

// What goes on and for how long ("comparing pairs, 12 s"), for a call that does
// not say how far it is. It is shown from the first `every` on, and gone from
// the screen after destruction. Nothing else may write to `out` meanwhile.
class WaitingLine {
 public:
  // `out` must outlive it.
  WaitingLine(std::ostream& out, TerminalTraits traits, absl::string_view label,
              absl::Duration every = absl::Seconds(1));
  ~WaitingLine();
  WaitingLine(const WaitingLine&) = delete;
  WaitingLine& operator=(const WaitingLine&) = delete;

 private:
  void Show(absl::Duration every);

  std::ostream& out_;
  const std::string label_;
  const size_t columns_;
  std::optional<DrawnLine> line_;  // none where nothing is shown
  absl::Mutex mutex_;
  bool ends_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // as line_
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_PROGRESS_H_
