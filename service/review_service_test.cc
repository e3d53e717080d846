#include "service/review_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
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
using Stub = v1::ReviewService::Stub;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// A project with one imported document of three pairs.
class ReviewServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    const testing_support::ImportReply imported = server_.Import(
        {{"projects/p/documents/talk",
          "It rains. We stay in.\nThe kettle boils at 7.\nTea is ready.\n",
          "下雨了,我们不出门。\n水壶在九点烧开。\n茶好了。\n"}});
    ASSERT_THAT(imported.status, IsOk());
    ASSERT_EQ(imported.results[0].outcome(),
              v1::ImportDocumentsResponse::STORED)
        << imported.results[0].error_message();
    v1::ListPairsRequest list;
    list.set_parent("projects/p");
    const auto reply = server_.Call(
        server_.memory(), &v1::TranslationMemoryService::Stub::ListPairs, list);
    pairs_.assign(reply.response.pairs().begin(), reply.response.pairs().end());
    ASSERT_THAT(pairs_, SizeIs(3));
  }

  Reply<v1::Pair> Review(const v1::Pair& pair,
                         const std::vector<std::string>& mask) {
    v1::ReviewPairRequest request;
    *request.mutable_pair() = pair;
    request.set_reviewer("林");
    for (const std::string& path : mask) {
      request.mutable_update_mask()->add_paths(path);
    }
    return server_.Call(server_.review(), &Stub::ReviewPair, request);
  }
  Reply<v1::Pair> SetStatus(v1::Pair pair, v1::ReviewStatus status) {
    pair.set_status(status);
    return Review(pair, {"status"});
  }

  std::vector<v1::QueuedPair> Queue() {
    v1::ListReviewQueueRequest request;
    request.set_parent("projects/p");
    const auto reply =
        server_.Call(server_.review(), &Stub::ListReviewQueue, request);
    EXPECT_THAT(reply, IsOk());
    return {reply.response.pairs().begin(), reply.response.pairs().end()};
  }

  std::vector<std::string> Matches(const std::string& query) {
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    const auto reply = server_.Call(
        server_.memory(), &v1::TranslationMemoryService::Stub::Lookup, request);
    EXPECT_THAT(reply, IsOk());
    std::vector<std::string> texts;
    for (const v1::Match& match : reply.response.matches()) {
      texts.push_back(match.pair().target().text());
    }
    return texts;
  }

  std::vector<std::string> History(const std::string& name) {
    v1::ListPairHistoryRequest request;
    request.set_name(name);
    const auto reply =
        server_.Call(server_.review(), &Stub::ListPairHistory, request);
    EXPECT_THAT(reply, IsOk());
    std::vector<std::string> actions;
    for (const v1::PairRevision& revision : reply.response.revisions()) {
      actions.push_back(
          absl::StrCat(revision.action(), " ", revision.reviewer()));
    }
    return actions;
  }

  TestServer server_;
  std::vector<v1::Pair> pairs_;
};

TEST_F(ReviewServiceTest, TheQueueHoldsWhatIsUnreviewedAndSaysWhyToLook) {
  EXPECT_THAT(Queue(), SizeIs(3));
  ASSERT_THAT(SetStatus(pairs_[0], v1::ACCEPTED), IsOk());
  const std::vector<v1::QueuedPair> queue = Queue();
  ASSERT_THAT(queue, SizeIs(2));
  EXPECT_EQ(queue[0].pair().name(), pairs_[1].name());
  EXPECT_THAT(queue[0].reasons(),
              testing::Contains(HasSubstr("number 7 has no counterpart")));
  EXPECT_THAT(queue[1].reasons(), IsEmpty());
}

TEST_F(ReviewServiceTest, ARejectedPairNeverAnswersUnlessAsked) {
  ASSERT_THAT(Matches("Tea is ready."), ElementsAre("茶好了。"));
  const auto rejected = SetStatus(pairs_[2], v1::REJECTED);
  ASSERT_THAT(rejected, IsOk());
  EXPECT_THAT(Matches("Tea is ready."), IsEmpty());
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("Tea is ready.");
  request.mutable_filter()->add_statuses(v1::REJECTED);
  EXPECT_THAT(server_
                  .Call(server_.memory(),
                        &v1::TranslationMemoryService::Stub::Lookup, request)
                  .response.matches(),
              SizeIs(1));
  ASSERT_THAT(SetStatus(rejected.response, v1::UNREVIEWED), IsOk());
  EXPECT_THAT(Matches("Tea is ready."), ElementsAre("茶好了。"));
  EXPECT_THAT(History(pairs_[2].name()),
              ElementsAre("import ", "reject 林", "reopen 林"));
}

TEST_F(ReviewServiceTest, AnEditIsFoundAtOnceAndMakesThePairManual) {
  v1::Pair edited = pairs_[1];
  edited.mutable_target()->set_text("水壶七点烧开。");
  edited.mutable_source()->set_text("is not in the mask");
  edited.set_status(v1::ACCEPTED);
  const auto reply = Review(edited, {"target.text", "status"});
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply.response.origin(), v1::MANUAL);
  EXPECT_EQ(reply.response.status(), v1::ACCEPTED);
  EXPECT_EQ(reply.response.source().text(), "The kettle boils at 7.");
  EXPECT_NE(reply.response.etag(), pairs_[1].etag());
  EXPECT_THAT(Matches("The kettle boils at 7."), ElementsAre("水壶七点烧开。"));
  EXPECT_THAT(History(pairs_[1].name()), ElementsAre("import ", "edit 林"));
}

TEST_F(ReviewServiceTest, AStaleEtagIsAbortedAndChangesNothing) {
  ASSERT_THAT(SetStatus(pairs_[0], v1::ACCEPTED), IsOk());
  const auto aborted = StatusIs(absl::StatusCode::kAborted,
                                HasSubstr("changed since it was read; read it "
                                          "again and decide again"));
  EXPECT_THAT(SetStatus(pairs_[0], v1::REJECTED), aborted);
  v1::SplitPairRequest split;
  split.set_name(pairs_[0].name());
  split.set_etag(pairs_[0].etag());
  split.set_source_offset(10);
  split.set_target_offset(10);
  split.set_reviewer("林");
  EXPECT_THAT(server_.Call(server_.review(), &Stub::SplitPair, split), aborted);
  v1::MergePairsRequest merge;
  for (int i : {1, 0}) {
    merge.add_names(pairs_[static_cast<size_t>(i)].name());
    merge.add_etags(pairs_[static_cast<size_t>(i)].etag());
  }
  merge.set_reviewer("林");
  EXPECT_THAT(server_.Call(server_.review(), &Stub::MergePairs, merge),
              aborted);
  v1::UndoReviewRequest undo;
  undo.set_name(pairs_[0].name());
  undo.set_etag(pairs_[0].etag());
  undo.set_reviewer("林");
  EXPECT_THAT(server_.Call(server_.review(), &Stub::UndoReview, undo), aborted);
  EXPECT_THAT(History(pairs_[0].name()), ElementsAre("import ", "accept 林"));
}

TEST_F(ReviewServiceTest, ABadReviewIsRefusedInWords) {
  const struct {
    const char* name;
    std::vector<std::string> mask;
    void (*spoil)(v1::ReviewPairRequest&);
    const char* message;
  } cases[] = {
      {"no mask", {}, [](v1::ReviewPairRequest&) {}, "update_mask: empty"},
      {"unknown path",
       {"status", "confidence"},
       [](v1::ReviewPairRequest&) {},
       "update_mask: 'confidence' given, status, source.text and target.text"},
      {"no status",
       {"status"},
       [](v1::ReviewPairRequest& r) { r.mutable_pair()->clear_status(); },
       "pair.status: 0 given"},
      {"empty text",
       {"source.text"},
       [](v1::ReviewPairRequest& r) {
         r.mutable_pair()->mutable_source()->clear_text();
       },
       "pair.source.text: empty"},
      {"nobody",
       {"status"},
       [](v1::ReviewPairRequest& r) { r.clear_reviewer(); },
       "reviewer: empty, 1 to 100 code points accepted"},
      {"no etag",
       {"status"},
       [](v1::ReviewPairRequest& r) { r.mutable_pair()->clear_etag(); },
       "etag: empty"},
      {"no pair",
       {"status"},
       [](v1::ReviewPairRequest& r) { r.clear_pair(); },
       "pair.name: '' given"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::ReviewPairRequest request;
    *request.mutable_pair() = pairs_[0];
    request.set_reviewer("林");
    for (const std::string& path : c.mask) {
      request.mutable_update_mask()->add_paths(path);
    }
    c.spoil(request);
    EXPECT_THAT(server_.Call(server_.review(), &Stub::ReviewPair, request),
                StatusIs(kInvalid, HasSubstr(c.message)));
  }
  EXPECT_THAT(History(pairs_[0].name()), ElementsAre("import "));
}

TEST_F(ReviewServiceTest, ASplitIsMergedAndUndoneWithAllItsPairs) {
  v1::SplitPairRequest split;
  split.set_name(pairs_[0].name());
  split.set_etag(pairs_[0].etag());
  split.set_source_offset(static_cast<int>(std::string("It rains. ").size()));
  split.set_target_offset(static_cast<int>(std::string("下雨了,").size()));
  split.set_reviewer("林");
  const auto parts = server_.Call(server_.review(), &Stub::SplitPair, split);
  ASSERT_THAT(parts, IsOk());
  EXPECT_EQ(parts.response.first().name(), pairs_[0].name());
  EXPECT_EQ(parts.response.first().source().text(), "It rains.");
  EXPECT_EQ(parts.response.second().source().text(), "We stay in.");
  EXPECT_EQ(parts.response.second().target().text(), "我们不出门。");
  EXPECT_EQ(parts.response.second().document(), pairs_[0].document());
  EXPECT_THAT(Matches("We stay in."), ElementsAre("我们不出门。"));

  v1::MergePairsRequest merge;
  for (const v1::Pair* pair :
       {&parts.response.first(), &parts.response.second()}) {
    merge.add_names(pair->name());
    merge.add_etags(pair->etag());
  }
  merge.set_reviewer("王");
  const auto merged = server_.Call(server_.review(), &Stub::MergePairs, merge);
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged.response.source().text(), pairs_[0].source().text());
  EXPECT_EQ(merged.response.target().text(), pairs_[0].target().text());
  EXPECT_THAT(Queue(), SizeIs(3));

  v1::UndoReviewRequest undo;
  undo.set_name(merged.response.name());
  undo.set_etag(merged.response.etag());
  undo.set_reviewer("王");
  const auto undone = server_.Call(server_.review(), &Stub::UndoReview, undo);
  ASSERT_THAT(undone, IsOk());
  EXPECT_THAT(undone.response.pairs(), SizeIs(2));
  EXPECT_THAT(Queue(), SizeIs(4));
  EXPECT_THAT(Matches("We stay in."), ElementsAre("我们不出门。"));
  EXPECT_THAT(History(pairs_[0].name()),
              ElementsAre("import ", "split 林", "merge 王", "undo 王"));
}

TEST_F(ReviewServiceTest, ABadMergeIsRefusedInWords) {
  const struct {
    const char* name;
    std::vector<std::string> names;
    int etags;
    const char* message;
  } cases[] = {
      {"one", {pairs_[0].name()}, 1, "names: 1 given, 2 to 10 accepted"},
      {"twice",
       {pairs_[0].name(), pairs_[0].name()},
       2,
       "each pair once accepted"},
      {"no etags",
       {pairs_[0].name(), pairs_[1].name()},
       1,
       "etags: 1 given for 2 names"},
      {"projects",
       {pairs_[0].name(), "projects/q/pairs/1"},
       2,
       "pairs of one project accepted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::MergePairsRequest request;
    for (const std::string& name : c.names) request.add_names(name);
    for (int i = 0; i < c.etags; ++i) request.add_etags(pairs_[0].etag());
    request.set_reviewer("林");
    EXPECT_THAT(server_.Call(server_.review(), &Stub::MergePairs, request),
                StatusIs(kInvalid, HasSubstr(c.message)));
  }
  EXPECT_THAT(Queue(), SizeIs(3));
}

TEST_F(ReviewServiceTest, ASplitInsideOfACharacterIsRefused) {
  v1::SplitPairRequest request;
  request.set_name(pairs_[0].name());
  request.set_etag(pairs_[0].etag());
  request.set_source_offset(9);
  request.set_target_offset(1);
  request.set_reviewer("林");
  EXPECT_THAT(server_.Call(server_.review(), &Stub::SplitPair, request),
              StatusIs(kInvalid, HasSubstr("target_offset: 1 given, the first "
                                           "byte of a character")));
}

TEST_F(ReviewServiceTest, AnImportCannotBeUndone) {
  v1::UndoReviewRequest undo;
  undo.set_name(pairs_[0].name());
  undo.set_etag(pairs_[0].etag());
  undo.set_reviewer("林");
  EXPECT_EQ(
      server_.Call(server_.review(), &Stub::UndoReview, undo).status.code(),
      absl::StatusCode::kFailedPrecondition);
}

TEST_F(ReviewServiceTest, HistoryIsPagedOldestFirst) {
  v1::Pair pair = pairs_[0];
  for (int i = 0; i < 4; ++i) {
    const auto reply =
        SetStatus(pair, i % 2 == 0 ? v1::ACCEPTED : v1::REJECTED);
    ASSERT_THAT(reply, IsOk());
    pair = reply.response;
  }
  v1::ListPairHistoryRequest request;
  request.set_name(pair.name());
  request.set_page_size(2);
  std::vector<std::string> actions;
  do {
    const auto reply =
        server_.Call(server_.review(), &Stub::ListPairHistory, request);
    ASSERT_THAT(reply, IsOk());
    EXPECT_LE(reply.response.revisions_size(), 2);
    for (const v1::PairRevision& revision : reply.response.revisions()) {
      actions.push_back(revision.action());
    }
    request.set_page_token(reply.response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(actions,
              ElementsAre("import", "accept", "reject", "accept", "reject"));
}

}  // namespace
}  // namespace duilian::service
