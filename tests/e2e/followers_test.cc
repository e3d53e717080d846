// Two servers of one store: one writes, the other follows.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/e2e/client_and_server.h"
#include "tests/support/remote_server.h"

namespace duilian::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::IsOk;
using testing_support::RemoteServer;
using testing_support::StatusIs;
using Memory = v1::TranslationMemoryService::Stub;

class FollowersTest : public ClientAndServerTest {
 protected:
  std::string own() const { return folder_.path("own"); }

  std::unique_ptr<ServerProgram> StartFollower() const {
    return StartFollower(own());
  }
  std::unique_ptr<ServerProgram> StartFollower(const std::string& own) const {
    return std::make_unique<ServerProgram>(
        DUILIAN_SERVER_PROGRAM,
        std::vector<std::string>{"--follow", data(), "--data", own,
                                 "--follow-seconds", "0.02"});
  }

  // At the server that writes.
  void Create(const std::string& source) const {
    RemoteServer primary(server_->address());
    v1::CreatePairsRequest request;
    request.set_parent("projects/p");
    request.add_pairs()->mutable_source()->set_text(source);
    request.mutable_pairs(0)->mutable_target()->set_text("船到了。");
    ASSERT_THAT(primary.Call(primary.memory(), &Memory::CreatePairs, request),
                IsOk());
  }

  static bool Finds(RemoteServer& server, const std::string& text) {
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query(text);
    request.set_threshold_percent(100);
    const auto reply = server.Call(server.memory(), &Memory::Lookup, request);
    // Until the first pair is here the project is not.
    EXPECT_TRUE(reply.status.ok() || absl::IsNotFound(reply.status))
        << reply.status;
    return reply.response.matches_size() == 1;
  }

  static bool FindsSoon(RemoteServer& server, const std::string& text) {
    const absl::Time last = absl::Now() + absl::Minutes(1);
    while (absl::Now() < last) {
      if (Finds(server, text)) return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }

  static bool SaysSoon(const ServerProgram& server, const std::string& words) {
    const absl::Time last = absl::Now() + absl::Minutes(1);
    while (absl::Now() < last) {
      if (absl::StrContains(server.log(), words)) return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }
};

TEST_F(FollowersTest, FollowsThroughDeathsAndRestartsOfTheOther) {
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  std::unique_ptr<ServerProgram> follower = StartFollower();
  ASSERT_THAT(follower->AwaitListening(), IsOk());
  RemoteServer reader(follower->address());
  for (int life = 0; life < 3; ++life) {
    for (int i = 0; i < 5; ++i) {
      const std::string text = absl::StrCat("Boat ", life, "-", i, " came.");
      ASSERT_NO_FATAL_FAILURE(Create(text));
      ASSERT_TRUE(FindsSoon(reader, text)) << text << follower->log();
    }
    server_->Kill();
    EXPECT_TRUE(Finds(reader, "Boat 0-0 came."));
    ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
    EXPECT_TRUE(Finds(reader, "Boat 0-0 came."));
  }
  EXPECT_THAT(follower->log(), Not(HasSubstr("not_following")));
}

TEST_F(FollowersTest, ThereMayBeSeveralAndEachMayDie) {
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  std::unique_ptr<ServerProgram> first = StartFollower();
  std::unique_ptr<ServerProgram> second = StartFollower(folder_.path("second"));
  ASSERT_THAT(first->AwaitListening(), IsOk());
  ASSERT_THAT(second->AwaitListening(), IsOk());
  RemoteServer survivor(second->address());
  for (int life = 0; life < 3; ++life) {
    const std::string before = absl::StrCat("Ferry ", life, " came.");
    const std::string after = absl::StrCat("Ferry ", life, " left.");
    ASSERT_NO_FATAL_FAILURE(Create(before));
    {
      RemoteServer reader(first->address());
      ASSERT_TRUE(FindsSoon(reader, before)) << first->log();
    }
    first->Kill();
    ASSERT_NO_FATAL_FAILURE(Create(after));
    ASSERT_TRUE(FindsSoon(survivor, after)) << second->log();
    first = StartFollower();
    ASSERT_THAT(first->AwaitListening(), IsOk());
    RemoteServer reader(first->address());
    // What was acknowledged before its start is there at once.
    EXPECT_TRUE(Finds(reader, before)) << first->log();
    EXPECT_TRUE(Finds(reader, after)) << first->log();
  }
  // Its own directory is one follower's alone.
  std::unique_ptr<ServerProgram> third = StartFollower();
  EXPECT_THAT(third->AwaitListening(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another process has")));
}

TEST_F(FollowersTest, ReadsWhatAClientAsksAndRefusesWhatItWrites) {
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  ASSERT_NO_FATAL_FAILURE(Create("A boat came."));
  std::unique_ptr<ServerProgram> follower = StartFollower();
  ASSERT_THAT(follower->AwaitListening(), IsOk());
  const auto ask = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {DUILIAN_CLIENT_PROGRAM, "--server", follower->address(),
                      "--project", "p"});
    return testing_support::RunProgram(arguments);
  };
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"lookup", "A boat came."},
                                             {"concordance", "boat"},
                                             {"cite", "A boat came."},
                                             {"export"},
                                             {"review", "list"}}) {
    const ProgramEnd end = ask(arguments);
    EXPECT_THAT(end, EndsWith(0)) << arguments[0];
    EXPECT_THAT(end.out, HasSubstr("boat")) << arguments[0];
  }
  const ProgramEnd status = ask({"status"});
  EXPECT_THAT(status, EndsWith(0));
  EXPECT_THAT(status.out,
              HasSubstr(absl::StrCat("only reads: follows ", data(), ", up")));
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"settings", "--age", "3"},
                                             {"prefer", "boat", "船"}}) {
    const ProgramEnd end = ask(arguments);
    EXPECT_THAT(end, EndsWith(1)) << arguments[0];
    EXPECT_THAT(end.err,
                HasSubstr(absl::StrCat("the one with --data ", data())));
  }
  // Its index is its own, and a start uses it.
  EXPECT_EQ(follower->Stop(), 0);
  EXPECT_TRUE(
      std::filesystem::exists(absl::StrCat(own(), "/lookup_index.snapshot")));
  follower = StartFollower();
  ASSERT_THAT(follower->AwaitListening(), IsOk());
  EXPECT_THAT(follower->log(), Not(HasSubstr("index_not_used")));
  RemoteServer reader(follower->address());
  EXPECT_TRUE(Finds(reader, "A boat came."));
}

TEST_F(FollowersTest, SaysInItsStatusThatTheDirectoryIsAway) {
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  ASSERT_NO_FATAL_FAILURE(Create("A boat came."));
  std::unique_ptr<ServerProgram> follower = StartFollower();
  ASSERT_THAT(follower->AwaitListening(), IsOk());
  const auto status = [&] {
    return testing_support::RunProgram(
        {DUILIAN_CLIENT_PROGRAM, "--server", follower->address(), "status"});
  };
  EXPECT_THAT(status().out, Not(HasSubstr("does not follow")));
  server_->Kill();
  const std::string away = folder_.path("away");
  std::filesystem::rename(data(), away);
  ASSERT_TRUE(SaysSoon(*follower, "\"not_following\"")) << follower->log();
  const ProgramEnd end = status();
  EXPECT_THAT(end, EndsWith(0));
  EXPECT_THAT(end.out, HasSubstr("does not follow now: data directory"));
  EXPECT_THAT(end.out, HasSubstr("put it back"));
  RemoteServer reader(follower->address());
  EXPECT_TRUE(Finds(reader, "A boat came."));
  std::filesystem::rename(away, data());
  ASSERT_TRUE(SaysSoon(*follower, "\"following_again\"")) << follower->log();
  EXPECT_THAT(status().out, Not(HasSubstr("does not follow")));
}

// A new store has files of the names and lengths that the old one's had, and
// here as many changes.
TEST_F(FollowersTest, SaysWhenAnotherStoreTookThePlaceOfItsOwn) {
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  ASSERT_NO_FATAL_FAILURE(Create("A boat came."));
  std::unique_ptr<ServerProgram> follower = StartFollower();
  ASSERT_THAT(follower->AwaitListening(), IsOk());
  server_->Kill();
  std::filesystem::remove_all(data());
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  ASSERT_NO_FATAL_FAILURE(Create("A ship came."));
  ASSERT_TRUE(SaysSoon(*follower, "\"lost\"")) << follower->log();
  EXPECT_THAT(follower->log(),
              HasSubstr(absl::StrCat("data directory ", data(),
                                     " holds another translation memory now")));
  EXPECT_THAT(follower->log(), HasSubstr("start this server again"));
  EXPECT_EQ(follower->Stop(), 0);
  follower = StartFollower();
  ASSERT_THAT(follower->AwaitListening(), IsOk());
  RemoteServer reader(follower->address());
  EXPECT_TRUE(Finds(reader, "A ship came.")) << follower->log();
  EXPECT_FALSE(Finds(reader, "A boat came."));
}

TEST_F(FollowersTest, WaitsForAServerThatHasNotBegun) {
  std::unique_ptr<ServerProgram> follower = StartFollower();
  ASSERT_TRUE(SaysSoon(*follower, "holds no translation memory yet"));
  EXPECT_EQ(follower->Stop(), 0);
  follower = StartFollower();
  ASSERT_TRUE(SaysSoon(*follower, "holds no translation memory yet"));
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  ASSERT_THAT(follower->AwaitListening(), IsOk());
  ASSERT_NO_FATAL_FAILURE(Create("A boat came."));
  RemoteServer reader(follower->address());
  EXPECT_TRUE(FindsSoon(reader, "A boat came.")) << follower->log();
}

}  // namespace
}  // namespace duilian::e2e
