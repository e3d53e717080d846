// A server that only reads, beside the one that writes.

#include "service/store_follower.h"

#include <algorithm>
#include <atomic>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "duilian/v1/consistency_service.grpc.pb.h"
#include "duilian/v1/settings_service.grpc.pb.h"
#include "duilian/v1/status_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "service/writing_methods.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_file.h"
#include "tests/support/test_server.h"

namespace duilian::service {
namespace {

using testing::HasSubstr;
using testing_support::IsOk;
using testing_support::Reply;
using testing_support::StatusIs;
using testing_support::StatusOf;
using testing_support::TestServer;
using Memory = v1::TranslationMemoryService::Stub;

// The store of a server in this process, as a follower has it.
class FollowedStore : public storage::FollowingStore {
 public:
  explicit FollowedStore(storage::OrderedStore& store) : store_(&store) {}

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const storage::Snapshot* snapshot) const override {
    return store_.load()->MultiGet(keys, snapshot);
  }
  absl::StatusOr<std::vector<std::vector<storage::KeyValue>>> MultiScan(
      absl::Span<const storage::KeyRange> ranges,
      const storage::Snapshot* snapshot) const override {
    return store_.load()->MultiScan(ranges, snapshot);
  }
  absl::Status Write(const storage::WriteBatch&) override {
    ADD_FAILURE() << "a follower wrote";
    return absl::FailedPreconditionError("not to be written");
  }
  std::unique_ptr<storage::Snapshot> TakeSnapshot() const override {
    return store_.load()->TakeSnapshot();
  }
  absl::Status CatchUp() override {
    absl::MutexLock lock(&mutex_);
    if (replacement_ != nullptr) store_ = replacement_;
    return next_;
  }
  void Close() override { closed_ = true; }
  bool is_closed() const { return closed_; }

  void Answer(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    next_ = std::move(status);
  }

  // From the next call of CatchUp() on.
  void ReplaceBy(storage::OrderedStore& store) {
    absl::MutexLock lock(&mutex_);
    replacement_ = &store;
  }

 private:
  std::atomic<storage::OrderedStore*> store_;
  std::atomic<bool> closed_ = false;
  absl::Mutex mutex_;
  absl::Status next_ ABSL_GUARDED_BY(mutex_);
  storage::OrderedStore* replacement_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

class StoreFollowerTest : public testing::Test {
 protected:
  static TestServer::Options Following(storage::FollowingStore& store) {
    TestServer::Options options;
    options.following = &store;
    return options;
  }

  int64_t Create(const std::string& source) { return Create(primary_, source); }

  static int64_t Create(TestServer& server, const std::string& source) {
    v1::CreatePairsRequest request;
    request.set_parent("projects/p");
    request.add_pairs()->mutable_source()->set_text(source);
    request.mutable_pairs(0)->mutable_target()->set_text("船到了。");
    EXPECT_THAT(server.Call(server.memory(), &Memory::CreatePairs, request),
                IsOk());
    return Status(server).index_position();
  }

  static Reply<v1::LookupResponse> Find(TestServer& server,
                                        const std::string& text) {
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query(text);
    request.set_threshold_percent(100);
    return server.Call(server.memory(), &Memory::Lookup, request);
  }

  static v1::ServerStatus Status(TestServer& server) {
    const auto stub = v1::StatusService::NewStub(server.channel());
    const auto reply =
        server.Call(*stub, &v1::StatusService::Stub::GetServerStatus,
                    v1::GetServerStatusRequest());
    EXPECT_THAT(reply, IsOk());
    return reply.response;
  }

  TestServer primary_;
  FollowedStore store_{primary_.store()};
};

TEST_F(StoreFollowerTest, FindsSoonWhatTheOtherServerStored) {
  Create("The first boat came.");
  TestServer follower(Following(store_));
  // What was there before the start is there at once.
  EXPECT_EQ(Find(follower, "The first boat came.").response.matches_size(), 1);
  for (int i = 0; i < 20; ++i) {
    const std::string text = absl::StrCat("Boat ", i, " came.");
    const int64_t position = Create(text);
    const absl::Time last = absl::Now() + absl::Minutes(1);
    while (Status(follower).index_position() < position && absl::Now() < last) {
    }
    const Reply<v1::LookupResponse> found = Find(follower, text);
    // From the position on that the other one told.
    ASSERT_EQ(found.response.matches_size(), 1) << text;
    EXPECT_EQ(found.response.matches(0).pair().source().text(), text);
  }
}

TEST_F(StoreFollowerTest, RefusesEveryWriteAndSaysWhereItBelongs) {
  Create("A boat came.");
  TestServer follower(Following(store_));
  const auto refused =
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("this server only reads: it follows /srv/memory, "
                         "which another duiliand writes; send the call to that "
                         "server, the one with --data /srv/memory"));
  const auto call = [&](auto& stub, auto method, const auto& request) {
    return StatusOf(follower.Call(stub, method, request));
  };
  using Review = v1::ReviewService::Stub;
  using Settings = v1::SettingsService::Stub;
  using Consistency = v1::ConsistencyService::Stub;
  const auto settings = v1::SettingsService::NewStub(follower.channel());
  const auto consistency = v1::ConsistencyService::NewStub(follower.channel());
  const absl::Status statuses[] = {
      call(follower.memory(), &Memory::CreatePairs, v1::CreatePairsRequest()),
      call(follower.memory(), &Memory::DeletePair, v1::DeletePairRequest()),
      call(follower.memory(), &Memory::DeleteDocument,
           v1::DeleteDocumentRequest()),
      call(follower.review(), &Review::ReviewPair, v1::ReviewPairRequest()),
      call(follower.review(), &Review::SplitPair, v1::SplitPairRequest()),
      call(follower.review(), &Review::MergePairs, v1::MergePairsRequest()),
      call(follower.review(), &Review::UndoReview, v1::UndoReviewRequest()),
      call(*settings, &Settings::UpdateProjectSettings,
           v1::UpdateProjectSettingsRequest()),
      call(*consistency, &Consistency::SetPreferredRendering,
           v1::SetPreferredRenderingRequest()),
      call(*consistency, &Consistency::DeletePreferredRendering,
           v1::DeletePreferredRenderingRequest()),
      follower.Import({{"projects/p/documents/d", "A boat.", "一条船。"}})
          .status,
  };
  for (size_t i = 0; i < std::size(statuses); ++i) {
    EXPECT_THAT(statuses[i], refused) << i;
  }
  EXPECT_EQ(Find(follower, "A boat came.").response.matches_size(), 1);
}

TEST_F(StoreFollowerTest, EveryMethodIsKnownToReadOrToWrite) {
  size_t methods = 0, writing = 0;
  for (const char* service :
       {"Alignment", "TranslationMemory", "Import", "Review", "Report",
        "Settings", "Quote", "Consistency", "Status"}) {
    const std::string name = absl::StrCat("duilian.v1.", service, "Service");
    const google::protobuf::ServiceDescriptor* described =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            name);
    ASSERT_NE(described, nullptr) << name;
    for (int i = 0; i < described->method_count(); ++i) {
      const std::string& method = described->method(i)->name();
      bool reads = false;
      for (const char* verb : {"Align", "BatchLookup", "Extract", "Find", "Get",
                               "List", "Lookup", "Report", "Search"}) {
        reads = reads || absl::StartsWith(method, verb);
      }
      EXPECT_EQ(Writes(absl::StrCat(name, "/", method)), !reads) << method;
      ++methods;
      writing += !reads;
    }
  }
  EXPECT_GT(methods, 25u);
  EXPECT_EQ(writing, 11u);
}

TEST_F(StoreFollowerTest, SaysWhenItCannotFollowAndWhenItCanAgain) {
  Create("A boat came.");
  TestServer follower(Following(store_));
  store_.Answer(absl::UnavailableError("the disk is gone"));
  ASSERT_TRUE(follower.AwaitLog({"not_following", "the disk is gone"}));
  EXPECT_EQ(Status(follower).following().failure(), "the disk is gone");
  Create("A boat left.");
  EXPECT_EQ(Find(follower, "A boat came.").response.matches_size(), 1);
  store_.Answer(absl::OkStatus());
  ASSERT_TRUE(follower.AwaitLog({"following_again", "up to change 2"}));
  EXPECT_EQ(Status(follower).following().failure(), "");
  EXPECT_EQ(Find(follower, "A boat left.").response.matches_size(), 1);
  const std::vector<std::string> log = follower.log();
  EXPECT_EQ(std::count_if(log.begin(), log.end(),
                          [](const std::string& line) {
                            return absl::StrContains(line, "not_following");
                          }),
            1);
}

TEST_F(StoreFollowerTest, TellsWhatItFollowsAndUpToWhen) {
  EXPECT_FALSE(Status(primary_).has_following());
  TestServer follower(Following(store_));
  const int64_t position = Create("A boat came.");
  const int64_t acknowledged = absl::ToUnixSeconds(absl::Now());
  follower.Advance(absl::Hours(1));
  const absl::Time last = absl::Now() + absl::Minutes(1);
  v1::ServerStatus status;
  do {
    status = Status(follower);
  } while (status.following().as_of().seconds() <= acknowledged &&
           absl::Now() < last);
  EXPECT_EQ(status.following().directory(), "/srv/memory");
  EXPECT_GT(status.following().as_of().seconds(), acknowledged);
  EXPECT_EQ(status.index_position(), position);
}

TEST_F(StoreFollowerTest, AStoreThatWasPutBackIsFollowedNoMore) {
  Create("A boat came.");
  Create("A boat left.");
  TestServer older;
  TestServer follower(Following(store_));
  EXPECT_EQ(Find(follower, "A boat left.").response.matches_size(), 1);
  Create(older, "A boat came.");
  store_.ReplaceBy(older.store());
  ASSERT_TRUE(follower.AwaitLog({"lost", "it ends at change 1, after change 2",
                                 "start this server again"}));
  EXPECT_THAT(Find(follower, "A boat came."),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("put back to an older state")));
}

TEST_F(StoreFollowerTest, AnotherStoreIsKnownByItsChanges) {
  Create("A boat came.");
  Create("A boat left.");
  TestServer another;
  TestServer follower(Following(store_));
  EXPECT_EQ(Find(follower, "A boat left.").response.matches_size(), 1);
  for (const char* text : {"A boat came.", "A ship left.", "A ship came."}) {
    Create(another, text);
  }
  store_.ReplaceBy(another.store());
  ASSERT_TRUE(
      follower.AwaitLog({"lost", "its changes up to 2 are others now"}));
  // Or else the index would be saved as one of the other store.
  EXPECT_TRUE(store_.is_closed());
  EXPECT_THAT(Find(follower, "A boat came."),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("start this server again")));
}

// With a period of an hour, this would last as long.
TEST(AwaitStoreTest, WaitingEndsWhenItIsToldTo) {
  AwaitedStore awaited;
  awaited.options.directory = testing_support::TestFile("nothing-yet");
  awaited.options.own_directory = testing_support::TestFile("own");
  awaited.period = absl::Hours(1);
  int asked = 0, told = 0;
  awaited.stopped = [&] { return ++asked == 3; };
  awaited.waiting = [&] { ++told; };
  EXPECT_THAT(AwaitStore(awaited), StatusIs(absl::StatusCode::kCancelled,
                                            HasSubstr("nothing to follow")));
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace duilian::service
