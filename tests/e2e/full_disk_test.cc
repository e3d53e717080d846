// A disk that fills up under the server: a small one of the test's own.

#include <sched.h>
#include <sys/mount.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/client_and_server.h"
#include "tests/support/remote_server.h"

namespace duilian::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::RemoteServer;
using testing_support::SentDocument;
using testing_support::StatusIs;
using Result = v1::ImportDocumentsResponse;

constexpr char kDisk[] = "size=48m,mode=777";
constexpr size_t kBallastBytes = 12u << 20;
constexpr int kPairsADocument = 400;
constexpr int kMoreThanFit = 200;

// In a mount namespace of its own, so that it is gone when the test is.
bool MountSmallDisk(const std::string& path) {
  std::filesystem::create_directories(path);
  return (unshare(CLONE_NEWNS) == 0 ||
          unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("tmpfs", path.c_str(), "tmpfs", 0, kDisk) == 0;
}

// Words that no compression makes much smaller; about 400 kB of them.
SentDocument LargeDocument(int number) {
  std::mt19937 random(static_cast<uint32_t>(number));
  SentDocument document;
  document.name = absl::StrCat("projects/p/documents/large-", number);
  for (int line = 0; line < kPairsADocument; ++line) {
    absl::StrAppend(&document.source, "Line ", line, " of ", number);
    for (int word = 0; word < 125; ++word) {
      absl::StrAppend(&document.source, " ",
                      absl::Hex(random(), absl::kZeroPad7));
    }
    absl::StrAppend(&document.source, ".\n");
    absl::StrAppend(&document.target, "第", number, "篇的第", line, "行。\n");
  }
  return document;
}

class FullDiskTest : public ClientAndServerTest {
 protected:
  void TearDown() override {
    server_.reset();
    umount2(disk().c_str(), MNT_DETACH);
  }

  std::string disk() const { return folder_.path("disk"); }
  std::vector<std::string> Flags() const {
    return {"--data", disk() + "/data"};
  }

  // Imports documents 0, 1, 2 … and returns the first result that is refused.
  Result ImportUntilFull(RemoteServer& remote) {
    for (stored_ = 0; stored_ < kMoreThanFit; ++stored_) {
      const auto reply = remote.Import({LargeDocument(stored_)});
      EXPECT_THAT(reply.status, IsOk());
      if (reply.results.empty()) return Result();
      if (reply.results[0].outcome() != Result::STORED) return reply.results[0];
    }
    return Result();
  }

  void ExpectAllThere(RemoteServer& remote) {
    for (int i = 0; i < stored_; ++i) {
      const auto listed = remote.ListAll("projects/p", LargeDocument(i).name);
      EXPECT_THAT(listed.status, IsOk());
      EXPECT_THAT(listed.response, SizeIs(kPairsADocument)) << "document " << i;
    }
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query("第0篇的第7行。");
    const auto found = remote.Call(
        remote.memory(), &v1::TranslationMemoryService::Stub::Lookup, request);
    EXPECT_THAT(found.status, IsOk());
    ASSERT_GT(found.response.matches_size(), 0);
    EXPECT_TRUE(found.response.matches(0).identical());
  }

  absl::Status AcceptFirst(RemoteServer& remote) {
    const auto pairs = remote.ListAll("projects/p", LargeDocument(0).name);
    if (pairs.response.empty()) return absl::NotFoundError("no pairs");
    v1::ReviewPairRequest request;
    *request.mutable_pair() = pairs.response[0];
    request.mutable_pair()->set_status(v1::ACCEPTED);
    request.mutable_update_mask()->add_paths("status");
    request.set_reviewer("Tian");
    return remote
        .Call(remote.review(), &v1::ReviewService::Stub::ReviewPair, request)
        .status;
  }

  int stored_ = 0;
};

TEST_F(FullDiskTest, IsToldLosesNothingAndIsOverOnceThereIsSpace) {
  if (!MountSmallDisk(disk())) {
    GTEST_SKIP() << "this user may not mount a small disk; run it as root, or "
                    "where user namespaces are allowed";
  }
  const std::string ballast = disk() + "/ballast";
  testing_support::WriteWholeFile(ballast, std::string(kBallastBytes, 'b'));
  Serve(Flags());
  auto remote = std::make_unique<RemoteServer>(server_->address());
  const Result refused = ImportUntilFull(*remote);
  ASSERT_EQ(refused.outcome(), Result::REFUSED) << refused.ShortDebugString();
  const auto full =
      AllOf(HasSubstr("the disk is full"), HasSubstr("free some space"));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_message(), full);
  EXPECT_GT(stored_, 0);
  EXPECT_THAT(Duilian({"status"}), EndsWith(0));
  ExpectAllThere(*remote);
  // A review needs less than a document: leave it less.
  const std::string filler = disk() + "/filler";
  testing_support::WriteWholeFile(
      filler, std::string(std::filesystem::space(disk()).available / 2, 'f'));
  EXPECT_THAT(AcceptFirst(*remote),
              StatusIs(absl::StatusCode::kResourceExhausted, full));

  std::filesystem::remove(filler);
  std::filesystem::remove(ballast);
  const auto again = remote->Import({LargeDocument(stored_)});
  ASSERT_THAT(again.results, SizeIs(1));
  EXPECT_EQ(again.results[0].outcome(), Result::STORED)
      << again.results[0].error_message();
  ++stored_;
  EXPECT_THAT(AcceptFirst(*remote), IsOk());
  ExpectAllThere(*remote);
  remote.reset();  // the server's drain waits for a client that is connected
  EXPECT_EQ(server_->Stop(), 0);

  Serve(Flags());
  RemoteServer restarted(server_->address());
  ExpectAllThere(restarted);
}

}  // namespace
}  // namespace duilian::e2e
