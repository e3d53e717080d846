#include "clients/progress.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <ostream>
#include <sstream>
#include <streambuf>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::EndsWith;
using testing::StartsWith;

constexpr TerminalTraits kTerminal = {true, false, 80};

// Keeps what is written, and tells of the first flush.
class WatchedBuffer : public std::stringbuf {
 public:
  int sync() override {
    if (!flushed_.HasBeenNotified()) flushed_.Notify();
    return std::stringbuf::sync();
  }
  void AwaitFlush() { flushed_.WaitForNotification(); }
  bool IsFlushedWithin(absl::Duration time) {
    return flushed_.WaitForNotificationWithTimeout(time);
  }

 private:
  absl::Notification flushed_;
};

TEST(WaitingLineTest, SaysWhatGoesOnAndIsGoneAfterwards) {
  WatchedBuffer buffer;
  std::ostream out(&buffer);
  {
    const WaitingLine line(out, kTerminal, "comparing", absl::Milliseconds(1));
    buffer.AwaitFlush();
  }
  EXPECT_THAT(buffer.str(), StartsWith("\r\x1b[Kcomparing, 0 s"));
  EXPECT_THAT(buffer.str(), EndsWith(" s\r\x1b[K"));
}

TEST(WaitingLineTest, IsNarrowerThanTheTerminalAndKeepsTheTime) {
  const struct {
    size_t columns;
    const char* line;
  } cases[] = {
      {80, "比较 pairs, 0 s"},
      {16, "比较 pairs, 0 s"},
      {15, "比较 pair, 0 s"},
      {10, "比较, 0 s"},
      {9, "比, 0 s"},
      {8, "比, 0 s"},
      {7, ", 0 s"},
      {4, ", 0"},
      {1, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.columns);
    WatchedBuffer buffer;
    std::ostream out(&buffer);
    {
      const WaitingLine line(out, {true, false, c.columns}, "比较 pairs",
                             absl::Milliseconds(1));
      buffer.AwaitFlush();
    }
    EXPECT_THAT(buffer.str(),
                StartsWith(absl::StrCat("\r\x1b[K", c.line, "\r")));
  }
}

TEST(WaitingLineTest, ShortCallsAndFilesSeeNothingOfIt) {
  std::ostringstream out;
  { const WaitingLine line(out, kTerminal, "comparing", absl::Hours(1)); }
  EXPECT_EQ(out.str(), "");
  WatchedBuffer file;
  std::ostream to_file(&file);
  const WaitingLine line(to_file, TerminalTraits(), "comparing",
                         absl::Milliseconds(1));
  EXPECT_FALSE(file.IsFlushedWithin(absl::Milliseconds(100)));
}

TEST(ProgressBarTest, IsNarrowerThanTheTerminal) {
  const struct {
    size_t columns;
    const char* line;
  } cases[] = {
      {80, "[############............]  50% 山谷 one"},
      {38, "[############............]  50% 山谷"},
      {34, "[############............]  50% "},
      {32, "[############............]  50%"},
      {10, "[########"},
      {2, "["},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.columns);
    std::ostringstream out;
    ProgressBar bar(out, {true, false, c.columns});
    bar.Update(0.5, "山谷 one");
    EXPECT_EQ(out.str(), absl::StrCat("\r\x1b[K", c.line));
  }
}

// A child's standard error, drawn on until the child is told to end.
std::string WhatAnEndedProgramLeaves(int signal_number,
                                     void (*draw)(int signal_number)) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    draw(signal_number);
    _exit(4);
  }
  close(ends[1]);
  std::string left;
  char byte = 0;
  while (read(ends[0], &byte, 1) == 1) left += byte;
  close(ends[0]);
  int status = 0;
  if (waitpid(child, &status, 0) != child) return "no child";
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), signal_number);
  return left;
}

TEST(DrawnLineTest, AnEndBySignalLeavesNoHalfLine) {
  const auto bar = [](int number) {
    ProgressBar half(std::cerr, kTerminal);
    half.Update(0.5, "half");
    raise(number);
  };
  const auto waiting = [](int number) {
    WatchedBuffer buffer;
    std::ostream out(&buffer);
    const WaitingLine line(out, kTerminal, "comparing", absl::Milliseconds(1));
    buffer.AwaitFlush();
    raise(number);
  };
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    SCOPED_TRACE(strsignal(signal_number));
    EXPECT_THAT(WhatAnEndedProgramLeaves(signal_number, bar),
                EndsWith("50% half\n"));
    EXPECT_EQ(WhatAnEndedProgramLeaves(signal_number, waiting), "\n");
  }
}

TEST(DrawnLineTest, NothingIsEndedWhereNothingIsShown) {
  const auto cleared = [](int number) {
    ProgressBar bar(std::cerr, kTerminal);
    bar.Update(0.5, "half");
    bar.Clear();
    raise(number);
  };
  EXPECT_THAT(WhatAnEndedProgramLeaves(SIGINT, cleared),
              EndsWith("half\r\x1b[K"));
  const auto gone = [](int number) {
    {
      ProgressBar bar(std::cerr, kTerminal);
      bar.Update(0.5, "half");
    }
    raise(number);
  };
  EXPECT_THAT(WhatAnEndedProgramLeaves(SIGINT, gone), EndsWith("half\r\x1b[K"));
  const auto to_file = [](int number) {
    ProgressBar bar(std::cerr, TerminalTraits());
    bar.Update(0.5, "half");
    raise(number);
  };
  EXPECT_EQ(WhatAnEndedProgramLeaves(SIGINT, to_file), "");
}

TEST(DrawnLineTest, AnIgnoredSignalStaysIgnored) {
  const auto draw = [](int number) {
    signal(SIGHUP, SIG_IGN);
    ProgressBar bar(std::cerr, kTerminal);
    bar.Update(0.5, "half");
    raise(SIGHUP);
    bar.Update(0.6, "more");
    raise(number);
  };
  EXPECT_THAT(WhatAnEndedProgramLeaves(SIGTERM, draw), EndsWith("60% more\n"));
}

}  // namespace
}  // namespace duilian::clients
