// A backup that is made while the server is written, and put back.

#include <atomic>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/client_and_server.h"
#include "tests/support/remote_server.h"

namespace duilian::e2e {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::RemoteServer;
using testing_support::SentDocument;
using Memory = v1::TranslationMemoryService::Stub;

SentDocument Document(int number) {
  SentDocument document;
  document.name = absl::StrCat("projects/p/documents/log-", number);
  for (int line = 0; line < 20; ++line) {
    absl::StrAppend(&document.source, "Gauge ", number, " read ", line,
                    " metres.\n");
    absl::StrAppend(&document.target, "水位计", number, "读数", line, "米。\n");
  }
  return document;
}

class PutBackTest : public ClientAndServerTest {
 protected:
  std::string backups() const { return folder_.path("backups"); }

  std::string Backup() const {
    const ProgramEnd end = Duilian({"backup", "--output", "json"});
    EXPECT_THAT(end, EndsWith(0));
    return end.exit_code == 0
               ? json::parse(end.out)[0]["directory"].get<std::string>()
               : "";
  }

  static bool Import(RemoteServer& remote, int number) {
    const auto reply = remote.Import({Document(number)});
    return reply.status.ok() && reply.results.size() == 1 &&
           reply.results[0].outcome() == v1::ImportDocumentsResponse::STORED;
  }

  // How many of the documents are there, whole.
  static int DocumentsIn(RemoteServer& remote) {
    int there = 0;
    while (true) {
      const auto pairs =
          remote.ListAll("projects/p", Document(there).name).response;
      if (pairs.empty()) return there;
      EXPECT_THAT(pairs, SizeIs(20));
      ++there;
    }
  }
};

TEST_F(PutBackTest, OneThatIsPutBackHasAllThatWasAcknowledgedBeforeIt) {
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data(), "--backups", backups()}));
  std::atomic<int> imported = 0;
  std::atomic<bool> over = false;
  std::thread writer([&] {
    RemoteServer remote(server_->address());
    while (!over && Import(remote, imported)) ++imported;
  });
  while (imported < 10) std::this_thread::yield();
  const int before = imported;
  const std::string backup = Backup();
  const int after_it = imported;
  while (imported < after_it + 5) std::this_thread::yield();
  over = true;
  writer.join();
  EXPECT_EQ(server_->Stop(), 0);

  std::filesystem::rename(data(), folder_.path("lost"));
  std::filesystem::copy(backup, data(),
                        std::filesystem::copy_options::recursive);
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  RemoteServer restored(server_->address());
  const int there = DocumentsIn(restored);
  EXPECT_GE(there, before);
  EXPECT_LT(there, imported);
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("水位计9读数7米。");
  const auto found = restored.Call(restored.memory(), &Memory::Lookup, request);
  ASSERT_THAT(found, IsOk());
  ASSERT_GT(found.response.matches_size(), 0);
  EXPECT_TRUE(found.response.matches(0).identical());
  EXPECT_TRUE(Import(restored, there));
}

TEST_F(PutBackTest, AFollowerAndAServerWithoutADirectoryRefuse) {
  ASSERT_NO_FATAL_FAILURE(Serve({"--data", data()}));
  const ProgramEnd end = Duilian({"backup"});
  EXPECT_THAT(end, EndsWith(1));
  EXPECT_THAT(end.err, AllOf(HasSubstr("keeps no backups"),
                             HasSubstr("start it with --backups DIR")));
  testing_support::ServerProgram both(
      DUILIAN_SERVER_PROGRAM, {"--follow", data(), "--data",
                               folder_.path("own"), "--backups", backups()});
  EXPECT_THAT(both.AwaitListening().message(),
              AllOf(HasSubstr("--backups"), HasSubstr("--follow")));
}

}  // namespace
}  // namespace duilian::e2e
