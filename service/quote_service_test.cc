#include "service/quote_service.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/packed_model.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace duilian::service {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::Reply;
using testing_support::StatusIs;
using testing_support::TestServer;
using Stub = v1::QuoteService::Stub;

constexpr char kEnglish[] =
    "Ada (00:01:02): We count the bees at dawn. Nobody sees all of them.\n\n"
    "Bo (00:01:40): We met the new engineer in Beijing yesterday.\n\n"
    "Ada (00:02:00): It never rains in this valley.\n";
constexpr char kChinese[] =
    "艾达 00:01:02\n我们黎明时数蜜蜂。谁也看不全它们。\n\n"
    "老波 00:01:40\n我们昨天在北京见到了新来的工程师。\n\n"
    "艾达 00:02:00\n这座山谷里从不下雨。\n";

std::string Cut(const std::string& text, const v1::Highlight& highlight) {
  return text.substr(
      static_cast<size_t>(highlight.begin_byte()),
      static_cast<size_t>(highlight.end_byte() - highlight.begin_byte()));
}

class QuoteServiceTest : public testing_support::PackedModelTest {
 protected:
  void SetUp() override {
    PackedModelTest::SetUp();
    if (IsSkipped()) return;
    Start(model_);
  }

  void Start(const aligner::Model* model) {
    server_ = std::make_unique<TestServer>(TestServer::Options{2, 16, model});
    stub_ = Stub(server_->channel());
    const auto import = server_->Import(
        {model == nullptr
             ? testing_support::
                   SentDocument{"projects/p/documents/bees",
                                "We met the new engineer.\nNobody "
                                "sees all of them.\n",
                                "我们见到了新来的工程师。\n谁也看不"
                                "全它们。\n"}
             : testing_support::SentDocument{
                   "projects/p/documents/bees", kEnglish, kChinese,
                   /*aligned_lines=*/false, "A talk about bees"}});
    ASSERT_THAT(import.status, IsOk());
  }

  static v1::FindQuoteRequest Ask(const std::string& query) {
    v1::FindQuoteRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    return request;
  }
  Reply<v1::FindQuoteResponse> Find(const v1::FindQuoteRequest& request) {
    return server_->Call(*stub_, &v1::QuoteService::Stub::FindQuote, request);
  }
  // The one place.
  v1::QuotedPassage FindOne(const std::string& query) {
    const auto reply = Find(Ask(query));
    EXPECT_THAT(reply, IsOk());
    EXPECT_THAT(reply.response.passages(), SizeIs(1));
    return reply.response.passages_size() == 1 ? reply.response.passages(0)
                                               : v1::QuotedPassage();
  }

  static std::unique_ptr<v1::QuoteService::Stub> Stub(
      const std::shared_ptr<grpc::Channel>& channel) {
    return v1::QuoteService::NewStub(channel);
  }

  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::QuoteService::Stub> stub_;
};

TEST_F(QuoteServiceTest, AWholeSentenceIsToldWithAllThatIsKnownOfIt) {
  const v1::QuotedPassage place = FindOne("我们黎明时，数蜜蜂！");
  EXPECT_EQ(place.score_percent(), 100);
  EXPECT_EQ(place.language_code(), "zh");
  EXPECT_EQ(place.document_title(), "A talk about bees");
  EXPECT_EQ(place.source_citation(), "Ada, \"A talk about bees\", 00:01:02");
  EXPECT_EQ(place.target_citation(), "艾达，《A talk about bees》，00:01:02");
  ASSERT_THAT(place.parts(), SizeIs(1));
  const v1::PassagePart& part = place.parts(0);
  EXPECT_EQ(part.pair().source().text(), "We count the bees at dawn.");
  EXPECT_EQ(Cut(part.pair().source().text(), part.counterpart()),
            "We count the bees at dawn.");
  EXPECT_EQ(part.counterpart().confidence(), part.pair().confidence());
  EXPECT_EQ(Cut(part.pair().target().text(), part.quoted()),
            "我们黎明时数蜜蜂。");
  EXPECT_EQ(part.pair().source().next_text(), "Nobody sees all of them.");
  EXPECT_EQ(part.pair().document(), "projects/p/documents/bees");
}

TEST_F(QuoteServiceTest, APartIsAnsweredWithTheWordsThatRenderIt) {
  const v1::QuotedPassage chinese = FindOne("新来的工程师");
  ASSERT_THAT(chinese.parts(), SizeIs(1));
  const v1::PassagePart& part = chinese.parts(0);
  EXPECT_EQ(Cut(part.pair().source().text(), part.counterpart()),
            "new engineer");
  EXPECT_GT(part.counterpart().confidence(), 0.5);
  EXPECT_LE(part.counterpart().confidence(), 1);
  EXPECT_EQ(chinese.source_citation(), "Bo, \"A talk about bees\", 00:01:40");

  const v1::QuotedPassage english = FindOne("in Beijing");
  EXPECT_EQ(english.language_code(), "en");
  ASSERT_THAT(english.parts(), SizeIs(1));
  EXPECT_EQ(Cut(english.parts(0).pair().target().text(),
                english.parts(0).counterpart()),
            "在北京");
}

TEST_F(QuoteServiceTest, APastedParagraphIsToldPairByPair) {
  const std::string query =
      "数蜜蜂。 谁也看不全它们。我们昨天在北京见到了新来的工程师";
  const v1::QuotedPassage place = FindOne(query);
  EXPECT_EQ(place.score_percent(), 100);
  ASSERT_THAT(place.parts(), SizeIs(3));
  EXPECT_EQ(Cut(query, place.parts(0).in_query()), "数蜜蜂");
  EXPECT_EQ(Cut(query, place.parts(1).in_query()), "谁也看不全它们");
  EXPECT_EQ(place.parts(2).pair().source().text(),
            "We met the new engineer in Beijing yesterday.");
  EXPECT_EQ(place.source_citation(),
            "Ada and Bo, \"A talk about bees\", 00:01:02–00:01:40");
  EXPECT_EQ(place.target_citation(),
            "艾达、老波，《A talk about bees》，00:01:02–00:01:40");
}

TEST_F(QuoteServiceTest, NotHereIsAnAnswer) {
  const auto reply = Find(Ask("港口从不出售。"));
  ASSERT_THAT(reply, IsOk());
  EXPECT_THAT(reply.response.passages(), IsEmpty());
}

TEST_F(QuoteServiceTest, AServerWithoutAModelLeavesPartsUnlinked) {
  Start(nullptr);
  EXPECT_FALSE(FindOne("新来的工程师").parts(0).has_counterpart());
  EXPECT_TRUE(FindOne("谁也看不全它们").parts(0).has_counterpart());
}

TEST_F(QuoteServiceTest, WhatIsInNoScriptIsSearchedOnBothSides) {
  v1::CreatePairsRequest create;
  create.set_parent("projects/p");
  v1::Pair& pair = *create.add_pairs();
  pair.mutable_source()->set_text("2024 was dry.");
  pair.mutable_target()->set_text("2024 年很干旱。");
  ASSERT_THAT(
      server_->Call(server_->memory(),
                    &v1::TranslationMemoryService::Stub::CreatePairs, create),
      IsOk());
  const auto reply = Find(Ask("2024"));
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.passages(), SizeIs(2));
  EXPECT_EQ(reply.response.passages(0).language_code(), "en");
  EXPECT_EQ(reply.response.passages(1).language_code(), "zh");
  EXPECT_EQ(reply.response.passages(0).source_citation(), "");
}

TEST_F(QuoteServiceTest, OtherProjectsAreSearchedWhereNamed) {
  // A document of the same name, with another title.
  ASSERT_THAT(server_
                  ->Import({testing_support::SentDocument{
                      "projects/q/documents/bees",
                      "Cy: The herons count the bees at dawn.\n",
                      "赛：苍鹭黎明时数蜜蜂。\n",
                      /*aligned_lines=*/false, "A walk"}})
                  .status,
              IsOk());
  v1::FindQuoteRequest request = Ask("黎明时数蜜蜂");
  EXPECT_THAT(Find(request).response.passages(), SizeIs(1));
  request.add_other_projects("projects/q");
  const auto reply = Find(request);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.passages(), SizeIs(2));
  std::map<std::string, std::string> titles;
  for (const v1::QuotedPassage& passage : reply.response.passages()) {
    const std::string& name = passage.parts(0).pair().name();
    titles[name.substr(0, name.find("/pairs/"))] = passage.document_title();
  }
  EXPECT_EQ(titles["projects/p"], "A talk about bees");
  EXPECT_EQ(titles["projects/q"], "A walk");
}

TEST_F(QuoteServiceTest, RefusalsSayWhatIsAccepted) {
  const struct {
    const char* name;
    void (*change)(v1::FindQuoteRequest&);
    absl::StatusCode code;
    const char* words;
  } cases[] = {
      {"empty", [](auto& r) { r.set_query(""); },
       absl::StatusCode::kInvalidArgument, "query: empty"},
      {"too_long", [](auto& r) { r.set_query(std::string(2'001, 'a')); },
       absl::StatusCode::kInvalidArgument, "2,001 code points"},
      {"no_word", [](auto& r) { r.set_query("……"); },
       absl::StatusCode::kInvalidArgument, "punctuation and signs given"},
      {"threshold", [](auto& r) { r.set_threshold_percent(49); },
       absl::StatusCode::kInvalidArgument, "50 to 100 accepted"},
      {"limit", [](auto& r) { r.set_limit(51); },
       absl::StatusCode::kInvalidArgument, "1 to 50 accepted"},
      {"language", [](auto& r) { r.set_query_language_code("fr"); },
       absl::StatusCode::kInvalidArgument, "en and zh accepted"},
      {"another_project", [](auto& r) { r.set_parent("projects/none"); },
       absl::StatusCode::kNotFound, "none"},
      {"other_project", [](auto& r) { r.add_other_projects("q"); },
       absl::StatusCode::kInvalidArgument, "other_projects[0]: 'q' given"},
      {"its_own", [](auto& r) { r.add_other_projects("projects/p"); },
       absl::StatusCode::kInvalidArgument, "other_projects[0]: 'projects/p'"},
      {"none_of_the_others",
       [](auto& r) { r.add_other_projects("projects/none"); },
       absl::StatusCode::kNotFound, "none"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::FindQuoteRequest request = Ask("蜜蜂");
    c.change(request);
    EXPECT_THAT(Find(request), StatusIs(c.code, HasSubstr(c.words)));
  }
}

}  // namespace
}  // namespace duilian::service
