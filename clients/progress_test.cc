#include "clients/progress.h"

#include <ostream>
#include <sstream>
#include <streambuf>
#include <string>

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

}  // namespace
}  // namespace duilian::clients
