#include "service/import_service.h"

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace duilian::service {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::ImportReply;
using testing_support::IsOk;
using testing_support::SentDocument;
using testing_support::StatusIs;
using testing_support::TestServer;
using Result = v1::ImportDocumentsResponse;

constexpr char kName[] = "projects/p/documents/talk";
constexpr char kSource[] = "It rains.\nThe kettle boils.\n\nTea is ready.\n";
constexpr char kTarget[] = "下雨了。\n水开了。\n\n茶好了。\n";

class ImportServiceTest : public testing::Test {
 protected:
  std::vector<v1::Pair> Pairs(const std::string& project = "projects/p") {
    v1::ListPairsRequest request;
    request.set_parent(project);
    request.set_page_size(1'000);
    const auto reply =
        server_.Call(server_.memory(),
                     &v1::TranslationMemoryService::Stub::ListPairs, request);
    return {reply.response.pairs().begin(), reply.response.pairs().end()};
  }

  // The one result of one document over a stream that ends well.
  Result ImportOne(const SentDocument& document) {
    const ImportReply reply = server_.Import({document});
    EXPECT_THAT(reply.status, IsOk());
    EXPECT_THAT(reply.results, SizeIs(1));
    return reply.results.empty() ? Result() : reply.results[0];
  }

  TestServer server_;
};

MATCHER_P2(IsRefusedWith, code, message, "is refused") {
  *result_listener << "outcome " << arg.outcome() << ", code "
                   << arg.error_code() << ": " << arg.error_message();
  return arg.outcome() == Result::REFUSED &&
         arg.error_code() == static_cast<int>(code) &&
         testing::ExplainMatchResult(message, arg.error_message(),
                                     result_listener);
}

TEST_F(ImportServiceTest, StoresAlignedLinesAsPairs) {
  const Result result = ImportOne({kName, kSource, kTarget, true, "A talk"});
  EXPECT_EQ(result.outcome(), Result::STORED) << result.error_message();
  EXPECT_EQ(result.name(), kName);
  EXPECT_EQ(result.document().title(), "A talk");
  EXPECT_EQ(result.document().pairs(), 3);
  EXPECT_EQ(result.document().source_segments(), 4);
  EXPECT_EQ(result.unpaired_source_segments(), 0);
  EXPECT_EQ(result.mean_confidence(), 1);
  const std::vector<v1::Pair> pairs = Pairs();
  ASSERT_THAT(pairs, SizeIs(3));
  EXPECT_EQ(pairs[1].source().text(), "The kettle boils.");
  EXPECT_EQ(pairs[1].target().text(), "水开了。");
  EXPECT_EQ(pairs[1].origin(), v1::IMPORTED);
  EXPECT_EQ(pairs[1].document(), kName);
  EXPECT_EQ(pairs[1].source().previous_text(), "It rains.");
  EXPECT_EQ(pairs[1].model_version(), "");
  ASSERT_THAT(pairs[1].target().spans(), SizeIs(1));
  const v1::Span& span = pairs[1].target().spans(0);
  EXPECT_EQ(std::string(kTarget).substr(
                static_cast<size_t>(span.begin_byte()),
                static_cast<size_t>(span.end_byte() - span.begin_byte())),
            "水开了。");
}

TEST_F(ImportServiceTest, ChunksMayCutCharacters) {
  SentDocument document = {kName, kSource, kTarget};
  document.chunk_bytes = 1;
  EXPECT_EQ(ImportOne(document).outcome(), Result::STORED);
  EXPECT_EQ(Pairs()[2].target().text(), "茶好了。");
}

TEST_F(ImportServiceTest, TheSameDocumentAgainChangesNothing) {
  ASSERT_EQ(ImportOne({kName, kSource, kTarget}).outcome(), Result::STORED);
  const std::vector<v1::Pair> before = Pairs();
  const Result again = ImportOne({kName, kSource, kTarget});
  EXPECT_EQ(again.outcome(), Result::UNCHANGED);
  EXPECT_EQ(again.document().pairs(), 3);
  const std::vector<v1::Pair> after = Pairs();
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].SerializeAsString(), before[i].SerializeAsString());
  }
}

TEST_F(ImportServiceTest, AnotherTextReplacesWhatNobodyReviewed) {
  ASSERT_EQ(ImportOne({kName, kSource, kTarget}).outcome(), Result::STORED);
  v1::ReviewPairRequest review;
  *review.mutable_pair() = Pairs()[0];
  review.mutable_pair()->set_status(v1::ACCEPTED);
  review.mutable_update_mask()->add_paths("status");
  review.set_reviewer("林");
  ASSERT_THAT(server_.Call(server_.review(),
                           &v1::ReviewService::Stub::ReviewPair, review),
              IsOk());
  const Result replaced = ImportOne({kName, "It snows.\n", "下雪了。\n"});
  EXPECT_EQ(replaced.outcome(), Result::REPLACED);
  EXPECT_EQ(replaced.kept_pairs(), 1);
  EXPECT_EQ(replaced.added_pairs(), 1);
  EXPECT_EQ(replaced.dropped_pairs(), 2);
  EXPECT_EQ(replaced.outdated_pairs(), 1);
  std::vector<std::string> texts;
  for (const v1::Pair& pair : Pairs()) texts.push_back(pair.source().text());
  EXPECT_THAT(texts, testing::UnorderedElementsAre("It rains.", "It snows."));
}

TEST_F(ImportServiceTest, ATitleAloneChangesNoPair) {
  ASSERT_EQ(ImportOne({kName, kSource, kTarget, true, "Old"}).outcome(),
            Result::STORED);
  const std::vector<v1::Pair> before = Pairs();
  const Result again = ImportOne({kName, kSource, kTarget, true, "New"});
  EXPECT_EQ(again.outcome(), Result::RETITLED);
  EXPECT_EQ(again.document().title(), "New");
  EXPECT_EQ(again.kept_pairs(), 3);
  EXPECT_EQ(again.added_pairs() + again.dropped_pairs(), 0);
  const std::vector<v1::Pair> after = Pairs();
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].SerializeAsString(), before[i].SerializeAsString());
  }
}

// What a reviewer did to a document stays when its text changes elsewhere.
TEST_F(ImportServiceTest, ReviewsOutliveANewTextAroundThem) {
  const std::string source = "It rains. A lot.\nTea.\nCups.\nThe end.\n";
  const std::string target = "下雨了。很大。\n茶。\n杯子。\n完。\n";
  const Result first = ImportOne({kName, source, target});
  EXPECT_EQ(first.added_pairs(), 4);
  EXPECT_EQ(first.kept_pairs() + first.dropped_pairs(), 0);
  const std::vector<v1::Pair> pairs = Pairs();
  v1::SplitPairRequest split;
  split.set_name(pairs[0].name());
  split.set_etag(pairs[0].etag());
  split.set_source_offset(10);
  split.set_target_offset(12);
  split.set_reviewer("林");
  ASSERT_THAT(server_.Call(server_.review(),
                           &v1::ReviewService::Stub::SplitPair, split),
              IsOk());
  v1::MergePairsRequest merge;
  for (const size_t i : {1u, 2u}) {
    merge.add_names(pairs[i].name());
    merge.add_etags(pairs[i].etag());
  }
  merge.set_reviewer("林");
  ASSERT_THAT(server_.Call(server_.review(),
                           &v1::ReviewService::Stub::MergePairs, merge),
              IsOk());
  v1::ReviewPairRequest edit;
  *edit.mutable_pair() = pairs[3];
  edit.mutable_pair()->mutable_target()->set_text("全文完。");
  edit.mutable_update_mask()->add_paths("target.text");
  edit.set_reviewer("林");
  ASSERT_THAT(server_.Call(server_.review(),
                           &v1::ReviewService::Stub::ReviewPair, edit),
              IsOk());

  const Result again =
      ImportOne({kName, "Hello.\n" + source, "你好。\n" + target});
  EXPECT_EQ(again.outcome(), Result::REPLACED);
  EXPECT_EQ(again.kept_pairs(), 4);
  EXPECT_EQ(again.added_pairs(), 1);
  EXPECT_EQ(again.dropped_pairs(), 0);
  EXPECT_EQ(again.outdated_pairs(), 0);
  EXPECT_EQ(again.unpaired_source_segments(), 0);
  EXPECT_EQ(again.unpaired_target_segments(), 0);
  std::vector<std::string> texts;
  for (const v1::Pair& pair : Pairs()) {
    texts.push_back(pair.source().text() + "|" + pair.target().text());
  }
  EXPECT_THAT(texts, ElementsAre("It rains.|下雨了。", "Tea. Cups.|茶。杯子。",
                                 "The end.|全文完。", "A lot.|很大。",
                                 "Hello.|你好。"));
}

// A line of `bytes` bytes that no limit but its own refuses.
std::string LongLine(size_t bytes) {
  std::string line;
  while (line.size() < bytes) line += "word ";
  return line + "\n";
}

TEST_F(ImportServiceTest, ABadDocumentIsRefusedInWordsAndTheStreamGoesOn) {
  std::string million;
  for (int i = 0; i <= 1'000'000; ++i) million += "a\n";
  const struct {
    const char* name;
    SentDocument document;
    absl::StatusCode code;
    std::vector<std::string> words;
  } cases[] = {
      {"empty source",
       {kName, "", kTarget},
       absl::StatusCode::kInvalidArgument,
       {"source: ", "empty"}},
      {"empty target",
       {kName, kSource, ""},
       absl::StatusCode::kInvalidArgument,
       {"target: ", "empty"}},
      {"blank target",
       {kName, kSource, "\n \n"},
       absl::StatusCode::kInvalidArgument,
       {"target: "}},
      {"not UTF-8",
       {kName, kSource, std::string("下雨了。\n\xe6\xb0", 15)},
       absl::StatusCode::kInvalidArgument,
       {"target: ", "byte 13"}},
      {"sides swapped",
       {kName, kTarget, kSource},
       absl::StatusCode::kInvalidArgument,
       {"source: looks like Chinese, English accepted", "swapped"}},
      {"two English sides",
       {kName, kSource, kSource},
       absl::StatusCode::kInvalidArgument,
       {"target: looks like English, Chinese accepted"}},
      {"another script",
       {kName, "Идёт дождь, чай готов.\n", kTarget},
       absl::StatusCode::kInvalidArgument,
       {"source: looks like neither English nor Chinese"}},
      {"lines differ",
       {kName, "One.\nTwo.\n", "一。\n"},
       absl::StatusCode::kInvalidArgument,
       {"aligned_lines: 2 source lines and 1 target lines"}},
      {"a 50 MB line",
       {kName, LongLine(50'000'000), kTarget},
       absl::StatusCode::kResourceExhausted,
       {"source: ", "line 1"}},
      {"a million lines and one",
       {kName, million, kTarget},
       absl::StatusCode::kResourceExhausted,
       {"source: ", "1000000"}},
      {"bad name",
       {"projects/P/documents/talk", kSource, kTarget},
       absl::StatusCode::kInvalidArgument,
       {"header.name: 'projects/P/documents/talk' given"}},
      {"no model",
       {kName, kSource, kTarget, /*aligned_lines=*/false},
       absl::StatusCode::kFailedPrecondition,
       {"start duiliand with --model PACK"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const ImportReply reply = server_.Import(
        {c.document, {"projects/p/documents/next", "Fine.\n", "好。\n"}});
    ASSERT_THAT(reply.status, IsOk());
    ASSERT_THAT(reply.results, SizeIs(2));
    EXPECT_EQ(reply.results[0].name(), c.document.name);
    for (const std::string& word : c.words) {
      EXPECT_THAT(reply.results[0], IsRefusedWith(c.code, HasSubstr(word)));
    }
    EXPECT_THAT(reply.results[1].outcome(),
                testing::AnyOf(Result::STORED, Result::UNCHANGED));
  }
  EXPECT_THAT(Pairs(), SizeIs(1)) << "a refused document left something";
}

TEST_F(ImportServiceTest, ABrokenProtocolEndsTheStreamAndKeepsWhatWasStored) {
  grpc::ClientContext context;
  const auto stream = server_.imports().ImportDocuments(&context);
  ASSERT_TRUE(
      testing_support::SendDocument({kName, kSource, kTarget}, *stream));
  Result result;
  ASSERT_TRUE(stream->Read(&result));
  v1::ImportDocumentsRequest stray;
  stray.set_source_chunk("no header");
  ASSERT_TRUE(stream->Write(stray));
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&result));
  EXPECT_THAT(testing_support::FromGrpc(stream->Finish()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("came before any header"),
                             HasSubstr("answered so far are stored"))));
  EXPECT_THAT(Pairs(), SizeIs(3));
}

TEST_F(ImportServiceTest, AStreamThatEndsInsideOfADocumentLosesThatOneOnly) {
  grpc::ClientContext context;
  const auto stream = server_.imports().ImportDocuments(&context);
  ASSERT_TRUE(
      testing_support::SendDocument({kName, kSource, kTarget}, *stream));
  Result result;
  ASSERT_TRUE(stream->Read(&result));
  v1::ImportDocumentsRequest part;
  part.mutable_header()->set_name("projects/q/documents/half");
  ASSERT_TRUE(stream->Write(part));
  stream->WritesDone();
  EXPECT_THAT(
      testing_support::FromGrpc(stream->Finish()),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("the stream ended inside of projects/q/documents/"
                         "half, finish: true is accepted")));
  EXPECT_THAT(Pairs(), SizeIs(3));
  EXPECT_THAT(Pairs("projects/q"), IsEmpty());
}

TEST_F(ImportServiceTest, ACancelledStreamLosesOnlyTheUnfinishedDocument) {
  {
    grpc::ClientContext context;
    const auto stream = server_.imports().ImportDocuments(&context);
    ASSERT_TRUE(
        testing_support::SendDocument({kName, kSource, kTarget}, *stream));
    Result result;
    ASSERT_TRUE(stream->Read(&result));
    v1::ImportDocumentsRequest part;
    part.mutable_header()->set_name("projects/q/documents/half");
    ASSERT_TRUE(stream->Write(part));
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_TRUE(server_.AwaitLog({"ImportService/ImportDocuments", "CANCELLED"}));
  EXPECT_THAT(Pairs(), SizeIs(3));
  EXPECT_THAT(Pairs("projects/q"), IsEmpty());
}

TEST_F(ImportServiceTest, ADocumentWhoseCallExpiresMeanwhileIsNotStored) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::hours(1));
  const auto stream = server_.imports().ImportDocuments(&context);
  server_.store().Close();
  ASSERT_TRUE(
      testing_support::SendDocument({kName, kSource, kTarget}, *stream));
  server_.store().AwaitWaiting(1);
  // On the server's clock alone, so that nothing here waits for an hour.
  server_.Advance(absl::Hours(2));
  server_.store().Open();
  Result result;
  ASSERT_TRUE(stream->Read(&result));
  EXPECT_THAT(result, IsRefusedWith(absl::StatusCode::kCancelled,
                                    HasSubstr("before the document was "
                                              "stored; send it again")));
  stream->WritesDone();
  EXPECT_THAT(testing_support::FromGrpc(stream->Finish()),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       HasSubstr("allow it more time")));
  EXPECT_THAT(Pairs(), IsEmpty());
}

TEST_F(ImportServiceTest, DocumentsOfOneStreamAreAnsweredInOrder) {
  grpc::ClientContext context;
  const auto stream = server_.imports().ImportDocuments(&context);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(testing_support::SendDocument(
        {absl::StrCat("projects/p/documents/d", i),
         absl::StrCat("Line ", i, ".\n"), "一行。\n"},
        *stream));
  }
  stream->WritesDone();
  Result result;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(stream->Read(&result));
    EXPECT_EQ(result.name(), absl::StrCat("projects/p/documents/d", i));
    EXPECT_EQ(result.outcome(), Result::STORED);
  }
  EXPECT_FALSE(stream->Read(&result));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ImportServiceTest, WhatWasImportedIsLookedUpAtOnce) {
  ASSERT_EQ(ImportOne({kName, kSource, kTarget}).outcome(), Result::STORED);
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("the kettle boils");
  const auto reply = server_.Call(
      server_.memory(), &v1::TranslationMemoryService::Stub::Lookup, request);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.matches(), SizeIs(1));
  EXPECT_EQ(reply.response.matches(0).pair().target().text(), "水开了。");
}

TEST_F(ImportServiceTest, ABrokenDiskRefusesTheDocumentAndLaterTakesIt) {
  server_.store().FailWrites(
      absl::ResourceExhaustedError("the disk is full; free some space"));
  EXPECT_THAT(ImportOne({kName, kSource, kTarget}),
              IsRefusedWith(absl::StatusCode::kResourceExhausted,
                            HasSubstr("the disk is full")));
  server_.store().FailWrites(absl::OkStatus());
  EXPECT_EQ(ImportOne({kName, kSource, kTarget}).outcome(), Result::STORED);
}

TEST(ImportWithModelTest, ATranscriptIsAlignedAndCarriesItsSpeakers) {
  if (!std::ifstream(DUILIAN_MODEL_PACK).good()) {
    GTEST_SKIP() << "no model pack at " DUILIAN_MODEL_PACK;
  }
  const auto model = aligner::Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  TestServer server(TestServer::Options{2, 16, model->get()});
  const ImportReply reply = server.Import(
      {{kName,
        "Mara (00:00:05): Did the prototype work? I heard it burned.\n\n"
        "Joon (00:00:12): It burned once. After that we moved the battery.\n",
        "Mara: 原型机能用吗?我听说它烧了。\n\n"
        "Joon: 它烧过一次。之后我们换了电池的位置。\n",
        /*aligned_lines=*/false}});
  ASSERT_THAT(reply.status, IsOk());
  ASSERT_EQ(reply.results[0].outcome(), Result::STORED)
      << reply.results[0].error_message();
  v1::ListPairsRequest list;
  list.set_parent("projects/p");
  const auto pairs = server.Call(
      server.memory(), &v1::TranslationMemoryService::Stub::ListPairs, list);
  ASSERT_THAT(pairs, IsOk());
  ASSERT_THAT(pairs.response.pairs(), SizeIs(4));
  const v1::Pair& last = pairs.response.pairs(3);
  EXPECT_EQ(last.source().text(), "After that we moved the battery.");
  EXPECT_EQ(last.target().text(), "之后我们换了电池的位置。");
  EXPECT_EQ(last.source().speaker(), "Joon");
  EXPECT_EQ(last.source().timestamp().seconds(), 12);
  EXPECT_EQ(last.origin(), v1::ALIGNED);
  EXPECT_EQ(last.model_version(), (*model)->version());
  EXPECT_GT(last.confidence(), 0.5);
}

}  // namespace
}  // namespace duilian::service
