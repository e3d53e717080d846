// SIGKILL at random moments, while one client imports and another reviews.
// This shows what a killed process loses (nothing acknowledged). A loss of
// power is another matter, which the log's syncing before each answer is for.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/crash/ledger.h"
#include "tests/crash/plan_texts.h"
#include "tests/crash/recovery_check.h"
#include "tests/crash/writers.h"
#include "tests/support/program.h"
#include "tests/support/remote_server.h"
#include "tests/support/status_matchers.h"

namespace duilian::crash {
namespace {

using testing_support::IsOk;
using testing_support::RemoteServer;
using testing_support::ServerProgram;

constexpr int kRounds = 50;
constexpr int kMaxAnswersInRound = 40;
// After the last awaited answer: long enough to end anywhere in a write.
constexpr int kMaxDelayUs = 3'000;
constexpr int kMaxStartUs = 50'000;

uint32_t NumberFrom(const char* variable, uint32_t fallback) {
  const char* const text = std::getenv(variable);
  uint32_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : fallback;
}

class CrashTest : public testing::Test {
 protected:
  CrashTest()
      : seed_(NumberFrom("DUILIAN_CRASH_SEED", std::random_device()())),
        random_(seed_) {}

  std::vector<std::string> Flags() const {
    return {"--data", folder_.path("data")};
  }

  // The one place with a delay: it is the random moment itself.
  void WaitAtMost(int most_us) {
    absl::SleepFor(absl::Microseconds(Pick(0, most_us, random_)));
  }

  // A kill before the server has even read its log.
  void KillWhileStarting() {
    ServerProgram server(DUILIAN_SERVER_PROGRAM, Flags());
    WaitAtMost(kMaxStartUs);
    server.Kill();
  }

  // Whatever the kill did to the calls that were under way is right; any other
  // end of a writer is not.
  void CheckWriterEnd(const absl::Status& end, bool before_kill) {
    EXPECT_FALSE(before_kill) << "before the kill: " << end;
    EXPECT_NE(end.code(), absl::StatusCode::kOk);
    EXPECT_NE(end.code(), absl::StatusCode::kInternal) << end;
    EXPECT_NE(end.code(), absl::StatusCode::kDeadlineExceeded) << end;
  }

  void WriteUntilKilled(ServerProgram& server) {
    RemoteServer importing(server.address()), reviewing(server.address());
    ledger_.BeginRound();
    const auto start = [this](auto write, RemoteServer& remote) {
      return std::async(std::launch::async,
                        [this, write, &remote, random = Random(random_())] {
                          absl::Status end = write(remote, random, ledger_);
                          ledger_.WriterEnded();
                          return end;
                        });
    };
    std::future<absl::Status> imports = start(ImportOn, importing);
    std::future<absl::Status> reviews = start(ReviewOn, reviewing);
    ledger_.AwaitAnswers(Pick(0, kMaxAnswersInRound, random_));
    WaitAtMost(kMaxDelayUs);
    const auto ended = [](const std::future<absl::Status>& writer) {
      return writer.wait_for(std::chrono::seconds(0)) ==
             std::future_status::ready;
    };
    const bool early_import = ended(imports), early_review = ended(reviews);
    server.Kill();
    CheckWriterEnd(imports.get(), early_import);
    CheckWriterEnd(reviews.get(), early_review);
  }

  void Check(ServerProgram& server) {
    RemoteServer remote(server.address());
    ledger_.Visit([&](Records& records) {
      EXPECT_THAT(CheckRecovered(remote, random_, records, unanswered_),
                  IsOk());
    });
  }

  void Round() {
    if (Pick(0, 3, random_) == 0) KillWhileStarting();
    ServerProgram server(DUILIAN_SERVER_PROGRAM, Flags());
    ASSERT_THAT(server.AwaitListening(), IsOk());
    Check(server);
    if (!HasFailure()) WriteUntilKilled(server);
  }

  // So that there is something to review from the first round on.
  void ImportFirstDocument() {
    ServerProgram server(DUILIAN_SERVER_PROGRAM, Flags());
    ASSERT_THAT(server.AwaitListening(), IsOk());
    testing_support::SentDocument first;
    first.name = DocumentName(0);
    for (const auto& [english, chinese] : LinesOf(0, 0)) {
      absl::StrAppend(&first.source, english, "\n");
      absl::StrAppend(&first.target, chinese, "\n");
    }
    ASSERT_EQ(RemoteServer(server.address()).Import({first}).results.size(), 1);
    ledger_.Acknowledge([](Records& records) { records[0].draft = 0; });
  }

  const uint32_t seed_;
  const testing_support::TemporaryFolder folder_;
  Random random_;
  Ledger ledger_;
  Unanswered unanswered_;
};

TEST_F(CrashTest, WhatWasAcknowledgedIsThereWholeAfterEveryKill) {
  const uint32_t rounds = NumberFrom("DUILIAN_CRASH_ROUNDS", kRounds);
  std::printf("DUILIAN_CRASH_SEED=%u DUILIAN_CRASH_ROUNDS=%u\n", seed_, rounds);
  ImportFirstDocument();
  for (uint32_t round = 0; round < rounds; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round, ", seed ", seed_));
    Round();
    if (HasFailure()) return;
  }
  ServerProgram server(DUILIAN_SERVER_PROGRAM, Flags());
  ASSERT_THAT(server.AwaitListening(), IsOk());
  ledger_.Visit([](Records& records) {
    for (auto& [document, record] : records) record.touched = true;
  });
  Check(server);
  EXPECT_EQ(server.Stop(), 0) << server.log();
  std::printf("%d answers; of the calls without one, %d were done, %d not\n",
              ledger_.answers(), unanswered_.done, unanswered_.not_done);
  EXPECT_GT(ledger_.answers(), static_cast<int>(rounds));
}

}  // namespace
}  // namespace duilian::crash
