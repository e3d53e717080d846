// Searches by meaning over the wire, and the thread that keeps their index.

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/meaning_follower.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"
#include "tests/support/packed_model.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace duilian::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::Reply;
using testing_support::StatusIs;
using testing_support::TestServer;
using Stub = v1::TranslationMemoryService::Stub;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

v1::SearchMeaningRequest Ask(const std::string& query) {
  v1::SearchMeaningRequest request;
  request.set_parent("projects/p");
  request.set_query(query);
  return request;
}

class MeaningSearchTest : public testing_support::PackedModelTest {
 protected:
  void SetUp() override {
    PackedModelTest::SetUp();
    if (IsSkipped()) return;
    TestServer::Options options;
    options.model = model_;
    server_ = std::make_unique<TestServer>(options);
    ASSERT_TRUE(server_->AwaitLog({"meaning_index_ready"}));
  }

  void Create(const std::vector<std::pair<std::string, std::string>>& texts,
              const std::string& project = "projects/p") {
    v1::CreatePairsRequest request;
    request.set_parent(project);
    for (const auto& [source, target] : texts) {
      v1::Pair& pair = *request.add_pairs();
      pair.mutable_source()->set_text(source);
      pair.mutable_target()->set_text(target);
    }
    const auto reply =
        server_->Call(server_->memory(), &Stub::CreatePairs, request);
    ASSERT_THAT(reply, IsOk());
    for (const v1::Pair& pair : reply.response.pairs()) pairs_.push_back(pair);
  }

  Reply<v1::SearchMeaningResponse> Search(
      const v1::SearchMeaningRequest& request) {
    return server_->Call(server_->memory(), &Stub::SearchMeaning, request);
  }
  // The answer once nothing is pending; a minute at most.
  v1::SearchMeaningResponse SearchUpToDate(
      const v1::SearchMeaningRequest& request) {
    Reply<v1::SearchMeaningResponse> reply;
    for (int tries = 0; tries < 6000; ++tries) {
      reply = Search(request);
      EXPECT_THAT(reply, IsOk());
      if (!reply.status.ok() || reply.response.pending_pairs() == 0) break;
      absl::SleepFor(absl::Milliseconds(10));
    }
    EXPECT_EQ(reply.response.pending_pairs(), 0);
    return reply.response;
  }

  std::unique_ptr<TestServer> server_;
  std::vector<v1::Pair> pairs_;
};

TEST_F(MeaningSearchTest, EitherLanguageFindsWhatMeansTheSameInOtherWords) {
  Create({{"The ferry left an hour late because of the fog.",
           "因为有雾，渡轮晚开了一个小时。"},
          {"Bees find their way home by the sun.", "蜜蜂靠太阳找到回家的路。"},
          {"The hospital has no more beds.", "医院已经没有床位了。"}});
  const struct {
    const char* query;
    size_t pair;
  } cases[] = {{"雾很大，船开晚了。", 0},
               {"The boat departed late in heavy fog.", 0},
               {"How do insects navigate back to the hive?", 1},
               {"诊所的病床都满了。", 2}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const v1::SearchMeaningResponse response = SearchUpToDate(Ask(c.query));
    ASSERT_THAT(response.matches(), SizeIs(3));
    EXPECT_EQ(response.matches(0).pair().name(), pairs_[c.pair].name());
    EXPECT_EQ(response.index_position(), 1);
    double last = 1;
    for (const v1::MeaningMatch& match : response.matches()) {
      EXPECT_GE(match.similarity(), 0);
      EXPECT_LE(match.similarity(), last);
      last = match.similarity();
    }
  }
}

TEST_F(MeaningSearchTest, LimitLeastSimilarityAndFilterAreMinded) {
  Create({{"It is raining again.", "又下雨了。"},
          {"The rain has stopped.", "雨停了。"},
          {"The committee meets on Monday.", "委员会周一开会。"}});
  v1::SearchMeaningRequest request = Ask("又下雨了。");
  request.set_limit(2);
  EXPECT_THAT(SearchUpToDate(request).matches(), SizeIs(2));
  request.set_min_similarity(0.7);
  const v1::SearchMeaningResponse response = SearchUpToDate(request);
  ASSERT_THAT(response.matches(), SizeIs(1));
  EXPECT_EQ(response.matches(0).pair().name(), pairs_[0].name());
  EXPECT_NEAR(response.matches(0).target_similarity(), 1, 1e-4);
  request.mutable_filter()->add_statuses(v1::REJECTED);
  EXPECT_THAT(SearchUpToDate(request).matches(), IsEmpty());
}

TEST_F(MeaningSearchTest, OtherProjectsAreSearchedWhereNamed) {
  Create({{"The committee meets on Monday.", "委员会周一开会。"}});
  Create({{"It is raining again.", "又下雨了。"}}, "projects/q");
  v1::SearchMeaningRequest request = Ask("又下雨了。");
  EXPECT_THAT(SearchUpToDate(request).matches(), SizeIs(1));
  request.add_other_projects("projects/q");
  const v1::SearchMeaningResponse response = SearchUpToDate(request);
  ASSERT_THAT(response.matches(), SizeIs(2));
  EXPECT_EQ(response.matches(0).pair().name(), pairs_[1].name());
  EXPECT_EQ(response.matches(1).pair().name(), pairs_[0].name());
  request.add_other_projects("projects/q");
  EXPECT_THAT(Search(request),
              StatusIs(kInvalid, HasSubstr("other_projects[1]")));
  request.set_other_projects(1, "projects/nowhere");
  EXPECT_THAT(Search(request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
}

TEST_F(MeaningSearchTest, AnswersOfLongPairsAreBounded) {
  std::string endless;
  for (int i = 0; i < 19'990; ++i) endless += "雨";
  for (int call = 0; call < 3; ++call) {
    std::vector<std::pair<std::string, std::string>> texts;
    for (int i = 0; i < 25; ++i) {
      texts.emplace_back("It is raining.", absl::StrCat(endless, call, i));
    }
    Create(texts);
  }
  v1::SearchMeaningRequest request = Ask("It is raining.");
  request.set_limit(100);
  const v1::SearchMeaningResponse response = SearchUpToDate(request);
  EXPECT_GT(response.matches_size(), 40);
  EXPECT_LT(response.ByteSizeLong(), size_t{4} << 20);
}

TEST_F(MeaningSearchTest, DeletedPairsAreForgotten) {
  Create({{"It is raining.", "下雨了。"}, {"We left.", "我们走了。"}});
  v1::DeletePairRequest remove;
  remove.set_name(pairs_[0].name());
  ASSERT_THAT(server_->Call(server_->memory(), &Stub::DeletePair, remove),
              IsOk());
  const v1::SearchMeaningResponse response = SearchUpToDate(Ask("下雨了。"));
  ASSERT_THAT(response.matches(), SizeIs(1));
  EXPECT_EQ(response.matches(0).pair().name(), pairs_[1].name());
}

TEST_F(MeaningSearchTest, RefusesWhatTheContractRefuses) {
  Create({{"It is raining.", "下雨了。"}});
  EXPECT_THAT(Search(Ask("")), StatusIs(kInvalid, HasSubstr("query: empty")));
  EXPECT_THAT(Search(Ask(std::string(2001, 'x'))),
              StatusIs(kInvalid, HasSubstr("query: 2,001 code points, 1 to "
                                           "2,000 code points accepted")));
  EXPECT_THAT(Search(Ask(" ")),
              StatusIs(kInvalid, HasSubstr("nothing but white space")));
  EXPECT_THAT(Search(Ask("……!?")),
              StatusIs(kInvalid, HasSubstr("nothing but white space")));
  EXPECT_THAT(Search(Ask("\xFF")), StatusIs(kInvalid, HasSubstr("UTF-8")));
  v1::SearchMeaningRequest request = Ask("x");
  request.set_min_similarity(1.5);
  EXPECT_THAT(Search(request),
              StatusIs(kInvalid, HasSubstr("min_similarity: 1.5 given, 0 to 1 "
                                           "accepted")));
  request = Ask("x");
  request.set_limit(101);
  EXPECT_THAT(Search(request), StatusIs(kInvalid, HasSubstr("limit: 101")));
  request = Ask("x");
  request.set_query_language_code("fr");
  EXPECT_THAT(Search(request),
              StatusIs(kInvalid, HasSubstr("en and zh accepted")));
  request = Ask("x");
  request.set_parent("projects/other");
  EXPECT_THAT(Search(request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("other")));
}

TEST(MeaningSearchWithoutModelTest, SaysWhatIsNeeded) {
  TestServer server;
  EXPECT_THAT(
      server.Call(server.memory(), &Stub::SearchMeaning, Ask("x")),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("without a model pack, which searches by meaning "
                         "need; start duiliand with --model")));
}

// --- The thread ---

// Texts of one letter each have a direction of their own.
storage::MeaningModel LetterModel(const std::string& version) {
  return {version, 32, [](absl::string_view text, text::Language) {
            std::vector<float> vector(32);
            if (!text.empty()) vector[static_cast<size_t>(text[0]) % 32] = 1;
            return vector;
          }};
}

class MeaningFollowerTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = storage::TranslationMemory::Open(*store_).value();
  }
  void TearDown() override { storage::RemoveSnapshot(snapshot_); }

  std::unique_ptr<MeaningFollower> Started(const std::string& version = "1") {
    auto follower = std::make_unique<MeaningFollower>(
        *memory_, LetterModel(version), clock_, log_, options_);
    follower->Start(snapshot_, limits_);
    return follower;
  }

  void Put(const std::string& text) {
    EXPECT_THAT(
        memory_->Apply("demo", {storage::Store(storage::MakeUnit(text, text))},
                       storage::By("mei", storage::Action::kEdit), ""),
        IsOk());
  }

  // A thousand units in each of so many changes.
  void PutThousands(int changes) {
    for (int change = 0; change < changes; ++change) {
      std::vector<storage::UnitChange> units;
      for (int i = 0; i < 1000; ++i) {
        const std::string text = absl::StrCat(change, " ", i);
        units.push_back(storage::Store(storage::MakeUnit(text, text)));
      }
      ASSERT_THAT(
          memory_->Apply("demo", units,
                         storage::By("mei", storage::Action::kEdit), ""),
          IsOk());
    }
  }

  // Deletes all that PutThousands(1) stored.
  void DeleteAThousand() {
    storage::ListOptions all;
    all.limit = 1000;
    const auto page = memory_->ListUnits("demo", all);
    ASSERT_THAT(page, IsOk());
    std::vector<storage::UnitChange> gone;
    for (const storage::TranslationUnit& unit : page->items) {
      gone.push_back(storage::Remove(unit));
    }
    ASSERT_THAT(
        memory_->Apply("demo", gone,
                       storage::By("mei", storage::Action::kDelete), ""),
        IsOk());
  }

  // Whether the index comes to stand at the memory's last change, in a minute.
  bool ComesUpToDate(const MeaningFollower& follower) const {
    for (int tries = 0; tries < 6000; ++tries) {
      if (follower.index().position() == memory_->last_position()) return true;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  }

  // Whether so many followers have loaded their index, in a minute.
  bool AreReady(size_t followers) const {
    for (int tries = 0; tries < 6000; ++tries) {
      if (Logged("meaning_index_ready") == followers) return true;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  }

  size_t Logged(const std::string& words) const {
    absl::MutexLock lock(&mutex_);
    size_t count = 0;
    for (const std::string& line : lines_) {
      count += absl::StrContains(line, words);
    }
    return count;
  }

  const std::string snapshot_ = absl::StrCat(
      testing::TempDir(), "/meaning_follower_test_", getpid(), ".snapshot");
  Clock clock_ = absl::Now;
  SnapshotLimits limits_ = kMeaningSaving;
  storage::MeaningIndexOptions options_;
  mutable absl::Mutex mutex_;
  std::vector<std::string> lines_;
  JsonLog log_{absl::Now, [this](absl::string_view line) {
                 absl::MutexLock lock(&mutex_);
                 lines_.emplace_back(line);
                 return true;
               }};
  const std::unique_ptr<storage::OrderedStore> store_ =
      storage::NewMemoryStore();
  std::unique_ptr<storage::TranslationMemory> memory_;
};

TEST_F(MeaningFollowerTest, FollowsWhenWokenAndKeepsTheIndexBetweenRuns) {
  Put("a");
  {
    const std::unique_ptr<MeaningFollower> follower = Started();
    ASSERT_TRUE(AreReady(1));
    Put("b");
    follower->Wake();
    EXPECT_TRUE(ComesUpToDate(*follower));
    follower->Stop();
  }
  EXPECT_TRUE(std::filesystem::exists(snapshot_));
  const std::unique_ptr<MeaningFollower> again = Started();
  ASSERT_TRUE(AreReady(2));
  again->Stop();
  EXPECT_EQ(Logged("meaning_index_not_used"), 0u);
  storage::MeaningQuery query;
  query.text = "b";
  const auto answer = again->index().Search("demo", query);
  ASSERT_THAT(answer, IsOk());
  ASSERT_THAT(answer->hits, SizeIs(2));
  EXPECT_EQ(answer->hits[0].unit.source.text, "b");
}

TEST_F(MeaningFollowerTest, TellsHowFarTheIndexIsWhileItIsMade) {
  PutThousands(3);
  std::atomic<int> looks = 0;
  clock_ = [&] { return absl::UnixEpoch() + ++looks * absl::Seconds(11); };
  const std::unique_ptr<MeaningFollower> follower = Started();
  ASSERT_TRUE(AreReady(1));
  follower->Stop();
  EXPECT_GE(Logged("meaning_index_making"), 1u);
  EXPECT_GE(Logged(" of 3,000 pairs"), 1u);
}

TEST_F(MeaningFollowerTest, TellsWhyASnapshotIsNotUsed) {
  Put("a");
  {
    const std::unique_ptr<MeaningFollower> follower = Started();
    ASSERT_TRUE(AreReady(1));
  }
  const std::unique_ptr<MeaningFollower> other = Started("2");
  ASSERT_TRUE(AreReady(2));
  other->Stop();
  EXPECT_EQ(Logged("meaning_index_not_used"), 1u);
  EXPECT_EQ(Logged("was made with the model '1', now '2' is in use"), 1u);
}

TEST_F(MeaningFollowerTest, SavesWhatItTookInWithoutBeingStopped) {
  Put("a");
  limits_.worth_saving = 1;
  limits_.pause = absl::ZeroDuration();
  const std::unique_ptr<MeaningFollower> follower = Started();
  for (int tries = 0; tries < 6000 && Logged("meaning_index_saved") == 0;
       ++tries) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(Logged("meaning_index_saved"), 1u);
  storage::MeaningIndex loaded(*memory_, LetterModel("1"));
  storage::LoadOptions options;
  options.snapshot = snapshot_;
  const auto summary = loaded.Load(options);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot, IsOk());
  EXPECT_EQ(summary->units_read, 0);
}

TEST_F(MeaningFollowerTest, SavesOnTheWayThroughALongLog) {
  Put("a");
  {
    const std::unique_ptr<MeaningFollower> follower = Started();
    ASSERT_TRUE(AreReady(1));
  }
  PutThousands(30);
  limits_.most_behind = 5'000;
  limits_.pause = absl::Hours(1);
  limits_.rest = 0;
  const std::unique_ptr<MeaningFollower> again = Started();
  EXPECT_TRUE(ComesUpToDate(*again));
  EXPECT_GE(Logged("meaning_index_saved"), 2u);
}

TEST_F(MeaningFollowerTest, MakesListsOnTheWayThroughALongLog) {
  Put("a");
  {
    const std::unique_ptr<MeaningFollower> follower = Started();
    ASSERT_TRUE(AreReady(1));
  }
  PutThousands(50);
  options_.most_compared = options_.most_without_lists = 5'000;
  const std::unique_ptr<MeaningFollower> again = Started();
  EXPECT_TRUE(ComesUpToDate(*again));
  again->Stop();
  // Behind the first ten thousand, of which there are soon too many.
  EXPECT_GE(Logged("meaning_index_remade"), 1u);
}

TEST_F(MeaningFollowerTest, MakesListsWhenNothingComesForAWhile) {
  Put("a");
  options_.most_compared = 5'000;
  limits_.pause = absl::Hours(1);
  {
    const std::unique_ptr<MeaningFollower> follower = Started();
    ASSERT_TRUE(AreReady(1));
    PutThousands(6);
    follower->Wake();
    EXPECT_TRUE(ComesUpToDate(*follower));
  }
  EXPECT_EQ(Logged("meaning_index_remade"), 0u);
  limits_.pause = absl::ZeroDuration();
  const std::unique_ptr<MeaningFollower> again = Started();
  for (int tries = 0; tries < 6000 && Logged("meaning_index_remade") == 0;
       ++tries) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(Logged("meaning_index_remade"), 1u);
}

TEST_F(MeaningFollowerTest, MakesListsAlthoughReviewsGoOn) {
  options_.most_compared = 5'000;
  std::atomic<int> seconds = 0;
  clock_ = [&] { return absl::FromUnixSeconds(seconds); };
  const std::unique_ptr<MeaningFollower> follower = Started();
  ASSERT_TRUE(AreReady(1));
  PutThousands(6);
  follower->Wake();
  ASSERT_TRUE(ComesUpToDate(*follower));
  for (int review = 0; review < 20; ++review) {
    ++seconds;
    Put(absl::StrCat("review ", review));
    follower->Wake();
    ASSERT_TRUE(ComesUpToDate(*follower));
  }
  follower->Stop();
  EXPECT_EQ(Logged("meaning_index_remade"), 1u);
}

// However long it takes: an hour between any two looks at the clock.
TEST_F(MeaningFollowerTest, OutgrownProjectsWaitForTheEndOfALongLog) {
  Put("a");
  {
    const std::unique_ptr<MeaningFollower> follower = Started();
    ASSERT_TRUE(AreReady(1));
  }
  PutThousands(50);
  options_.most_compared = 5'000;
  std::atomic<int> hours = 0;
  clock_ = [&] { return absl::FromUnixSeconds(3600 * ++hours); };
  const std::unique_ptr<MeaningFollower> again = Started();
  for (int tries = 0; tries < 6000 && Logged("meaning_index_remade") == 0;
       ++tries) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(again->index().position(), memory_->last_position());
  again->Stop();
  EXPECT_EQ(Logged("meaning_index_remade"), 1u);
}

// Reviews and imports that never pause must not make memory grow.
TEST_F(MeaningFollowerTest, ForgetsWhatIsGoneAlthoughChangesGoOn) {
  clock_ = [] { return absl::UnixEpoch(); };
  const std::unique_ptr<MeaningFollower> follower = Started();
  ASSERT_TRUE(AreReady(1));
  PutThousands(1);
  follower->Wake();
  ASSERT_TRUE(ComesUpToDate(*follower));
  const size_t a_thousand = follower->index().Memory();
  for (int round = 0; round < 20; ++round) {
    DeleteAThousand();
    PutThousands(1);
    follower->Wake();
    ASSERT_TRUE(ComesUpToDate(*follower));
  }
  follower->Stop();
  EXPECT_LT(follower->index().Memory(), 10 * a_thousand);
}

TEST_F(MeaningFollowerTest, StopsWithoutHavingStarted) {
  MeaningFollower follower(*memory_, LetterModel("1"), clock_, log_);
  follower.Wake();
  follower.Stop();
  EXPECT_FALSE(std::filesystem::exists(snapshot_));
}

}  // namespace
}  // namespace duilian::service
