// What runs calls and tells of them: the worker pool, the log, the flags.

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "service/command_line.h"
#include "service/json_log.h"
#include "service/line_sink.h"
#include "service/port_file.h"
#include "service/unary_calls.h"
#include "service/worker_pool.h"
#include "tests/support/status_matchers.h"

namespace duilian::service {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;

TEST(WorkerPoolTest, RefusesWhatWouldWaitBeyondTheQueue) {
  absl::Notification started, release;
  int ran = 0;
  WorkerPool pool({1, 2});
  ASSERT_THAT(pool.Submit([&] {
    started.Notify();
    release.WaitForNotification();
  }),
              IsOk());
  started.WaitForNotification();
  ASSERT_THAT(pool.Submit([&] { ++ran; }), IsOk());
  ASSERT_THAT(pool.Submit([&] { ++ran; }), IsOk());
  EXPECT_THAT(pool.Submit([&] { ++ran; }),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("the server is busy: 2 calls wait for its 1 "
                                 "workers, and no more than 2 may")));
  release.Notify();
  pool.Stop();
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPoolTest, AWithdrawnTaskNeverRunsAndFreesItsPlace) {
  absl::Notification started, release;
  std::string ran;
  WorkerPool pool({1, 1});
  const auto first = pool.Submit([&] {
    started.Notify();
    release.WaitForNotification();
    ran += "first ";
  });
  ASSERT_THAT(first, IsOk());
  started.WaitForNotification();
  const auto second = pool.Submit([&] { ran += "second "; });
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(pool.waiting(), 1u);
  EXPECT_FALSE(pool.Withdraw(*first)) << "it runs already";
  EXPECT_TRUE(pool.Withdraw(*second));
  EXPECT_FALSE(pool.Withdraw(*second)) << "it is gone already";
  EXPECT_THAT(pool.Submit([&] { ran += "third"; }), IsOk());
  release.Notify();
  pool.Stop();
  EXPECT_EQ(ran, "first third");
}

TEST(WorkerPoolTest, FinishesWhatItTookAndTakesNothingAfterwards) {
  int ran = 0;
  WorkerPool pool({1, 100});
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(pool.Submit([&] { ++ran; }), IsOk());
  }
  pool.Stop();
  EXPECT_EQ(ran, 50);
  EXPECT_THAT(pool.Submit([] {}), StatusIs(absl::StatusCode::kUnavailable,
                                           HasSubstr("shutting down")));
}

TEST(DirectPlacesTest, AreGivenAsLongAsThereAreAny) {
  DirectPlaces places(2);
  EXPECT_TRUE(places.Take());
  EXPECT_TRUE(places.Take());
  EXPECT_FALSE(places.Take());
  places.Free();
  EXPECT_TRUE(places.Take());
  EXPECT_FALSE(places.Take());
  EXPECT_FALSE(DirectPlaces(0).Take());
}

TEST(DirectPlacesTest, NoMoreThanThereAreAreTakenAtATime) {
  DirectPlaces places(3);
  std::atomic<int> taken = 0, most = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 10'000; ++turn) {
        if (!places.Take()) {
          ++refused;
          continue;
        }
        const int now = ++taken;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) continue;
        --taken;
        places.Free();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most.load(), 3);
  EXPECT_TRUE(places.Take());
  EXPECT_TRUE(places.Take());
  EXPECT_TRUE(places.Take());
  EXPECT_FALSE(places.Take());
}

class JsonLogTest : public testing::Test {
 protected:
  nlohmann::json Only() {
    EXPECT_THAT(lines_, SizeIs(1));
    EXPECT_EQ(lines_[0].back(), '\n');
    EXPECT_EQ(lines_[0].find('\n'), lines_[0].size() - 1);
    return nlohmann::json::parse(lines_[0]);
  }

  bool full_ = false;  // no line is taken
  std::vector<std::string> lines_;
  JsonLog log_{[] { return absl::FromUnixMillis(1'795'000'000'250); },
               [this](absl::string_view line) {
                 if (!full_) lines_.emplace_back(line);
                 return !full_;
               }};
};

TEST_F(JsonLogTest, ACallIsOneObjectALine) {
  log_.Call({"duilian.v1.ReviewService/SplitPair",
             absl::InvalidArgumentError("query: 'my secret\ntext'"),
             absl::Microseconds(1'250), "ipv4:127.0.0.1:9", "run-1"});
  const nlohmann::json json = Only();
  EXPECT_EQ(json["ts"], "2026-11-18T11:06:40.250000Z");
  EXPECT_EQ(json["method"], "duilian.v1.ReviewService/SplitPair");
  EXPECT_EQ(json["code"], "INVALID_ARGUMENT");
  EXPECT_EQ(json["ms"], 1.25);
  EXPECT_EQ(json["peer"], "ipv4:127.0.0.1:9");
  EXPECT_EQ(json["request_id"], "run-1");
  EXPECT_THAT(lines_[0], testing::Not(HasSubstr("secret")));
}

TEST_F(JsonLogTest, TimesHaveAllTheirDigits) {
  const struct {
    absl::Duration duration;
    double ms;
  } cases[] = {{absl::ZeroDuration(), 0},
               {absl::Nanoseconds(499), 0},
               {absl::Nanoseconds(1'500), 0.002},
               {absl::Microseconds(1'000'007), 1000.007},
               {absl::Hours(1'000) + absl::Microseconds(50), 3.6e9 + 0.05},
               {-absl::Microseconds(250), -0.25}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.ms);
    lines_.clear();
    log_.Call({"m", absl::OkStatus(), c.duration, "", ""});
    EXPECT_EQ(Only()["ms"].get<double>(), c.ms);
  }
}

TEST_F(JsonLogTest, WhateverIsToldIsOneString) {
  for (const std::string text : {"", "plain", "a \"quote\"", "a back\\slash",
                                 "two\nlines", "tab\t", "长…", "\x01\x7f"}) {
    SCOPED_TRACE(text);
    lines_.clear();
    log_.Event("event", text);
    const nlohmann::json json = Only();
    EXPECT_EQ(json["ts"], "2026-11-18T11:06:40.250000Z");
    EXPECT_EQ(json["event"], "event");
    EXPECT_EQ(json["detail"], text);
  }
  lines_.clear();
  log_.Event("event", "half of \xe9\x95");
  EXPECT_THAT(Only()["detail"].get<std::string>(), HasSubstr("half of "));
}

TEST_F(JsonLogTest, TheServersOwnFaultIsExplained) {
  log_.Call({"m", absl::DataLossError("checksum of \xff key"),
             absl::ZeroDuration(), "", ""});
  EXPECT_THAT(Only()["error"].get<std::string>(), HasSubstr("checksum of"));
}

TEST_F(JsonLogTest, LinesThatAreLostAreCountedOnceThereIsRoom) {
  full_ = true;
  for (int i = 0; i < 3; ++i) log_.Event("lost", "");
  full_ = false;
  log_.Event("first", "");
  log_.Event("second", "");
  ASSERT_THAT(lines_, SizeIs(3));
  EXPECT_THAT(lines_[0], HasSubstr(R"("event":"lines_lost","detail":"3")"));
  EXPECT_THAT(lines_[1], HasSubstr("first"));
  EXPECT_THAT(lines_[2], HasSubstr("second"));
}

// A write that waited for the reader would not return.
TEST(LineSinkTest, APipeThatNobodyReadsHoldsNothingUp) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::FILE* const file = fdopen(ends[1], "w");
  std::setbuf(file, nullptr);
  const JsonLog::Sink sink = LinesTo(file, absl::ZeroDuration());
  const std::string line = std::string(99, 'x') + "\n";
  size_t taken = 0;
  while (taken < 1'000'000 && sink(line)) ++taken;
  EXPECT_LT(taken, 1'000'000u);
  EXPECT_FALSE(sink(line));
  std::string read(taken * line.size(), '\0');
  for (size_t at = 0; at < read.size();) {
    const ssize_t got = ::read(ends[0], &read[at], read.size() - at);
    ASSERT_GT(got, 0);
    at += static_cast<size_t>(got);
  }
  EXPECT_EQ(read.substr(0, line.size()), line);
  EXPECT_TRUE(sink(line));
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  close(ends[0]);
  EXPECT_FALSE(sink(line));
  std::signal(SIGPIPE, before);
  std::fclose(file);
}

std::string FreshPath(const std::string& name) {
  return absl::StrCat(testing::TempDir(), "/", name, "-", getpid());
}

TEST(PortFileTest, HoldsThePortAndALineBreak) {
  const std::string path = FreshPath("port");
  ASSERT_THAT(WritePortFile(path, 50351), IsOk());
  std::ifstream file(path);
  std::string content((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(content, "50351\n");
  unlink(path.c_str());
  EXPECT_THAT(WritePortFile(FreshPath("no-such-folder") + "/port", 1),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("No such file or directory")));
}

ParsedCommandLine Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "duiliand");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

TEST(CommandLineTest, TakesEveryFlag) {
  const ParsedCommandLine parsed = Parse(
      {"--data", "d", "--model", "m", "--listen", "0.0.0.0:1", "--port-file",
       "p", "--tls-cert", "c", "--tls-key", "k", "--drain-seconds", "1.5"});
  ASSERT_EQ(parsed.exit_code, std::nullopt);
  EXPECT_EQ(parsed.flags.data, "d");
  EXPECT_EQ(parsed.flags.model, "m");
  EXPECT_EQ(parsed.flags.listen, "0.0.0.0:1");
  EXPECT_EQ(parsed.flags.port_file, "p");
  EXPECT_EQ(parsed.flags.tls_cert, "c");
  EXPECT_EQ(parsed.flags.tls_key, "k");
  EXPECT_EQ(parsed.flags.drain_seconds, 1.5);
}

TEST(CommandLineTest, TakesWhatLimitsTheServer) {
  const ParsedCommandLine parsed =
      Parse({"--data", "d", "--threads", "3", "--queue", "9",
             "--cache-megabytes", "7"});
  ASSERT_EQ(parsed.exit_code, std::nullopt);
  EXPECT_EQ(parsed.flags.threads, 3u);
  EXPECT_EQ(parsed.flags.queue, 9u);
  EXPECT_EQ(parsed.flags.cache_megabytes, 7u);
}

TEST(CommandLineTest, AMistakeEndsWithTwoAndAWord) {
  const struct {
    const char* name;
    std::vector<const char*> arguments;
    const char* message;
  } cases[] = {
      {"no data", {}, "--data is required"},
      {"unknown flag", {"--data", "d", "--verbose"}, "--verbose"},
      {"bad address", {"--data", "d", "--listen", "here"}, "HOST:PORT"},
      {"open network",
       {"--data", "d", "--listen", "0.0.0.0:50351"},
       "--listen: '0.0.0.0:50351' given without TLS, loopback addresses alone"},
      {"half of TLS", {"--data", "d", "--tls-cert", "c"}, "--tls-key"},
      {"no workers", {"--data", "d", "--threads", "0"}, "--threads"},
      {"no cache",
       {"--data", "d", "--cache-megabytes", "0"},
       "--cache-megabytes"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    testing::internal::CaptureStderr();
    const ParsedCommandLine parsed = Parse(c.arguments);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(parsed.exit_code, 2);
    EXPECT_THAT(said, HasSubstr(c.message));
  }
  EXPECT_EQ(
      Parse({"--data", "d", "--listen", "0.0.0.0:1", "--insecure"}).exit_code,
      std::nullopt);
}

TEST(CommandLineTest, HelpEndsWithZeroAndTellsTheExitCodes) {
  testing::internal::CaptureStdout();
  const ParsedCommandLine parsed = Parse({"--help"});
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("Exit codes"));
  EXPECT_EQ(parsed.exit_code, 0);
}

}  // namespace
}  // namespace duilian::service
