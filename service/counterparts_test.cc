#include "service/counterparts.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/packed_model.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace duilian::service {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::TestServer;
using Stub = v1::TranslationMemoryService::Stub;

std::string Marked(const v1::Side& side, const v1::Highlight& highlight) {
  return side.text().substr(
      static_cast<size_t>(highlight.begin_byte()),
      static_cast<size_t>(highlight.end_byte() - highlight.begin_byte()));
}

class CounterpartsTest : public testing_support::PackedModelTest {
 protected:
  void SetUp() override {
    PackedModelTest::SetUp();
    if (IsSkipped()) return;
    Start(model_);
  }

  void Start(const aligner::Model* model) {
    server_ = std::make_unique<TestServer>(TestServer::Options{2, 16, model});
    v1::CreatePairsRequest request;
    request.set_parent("projects/p");
    v1::Pair& pair = *request.add_pairs();
    pair.mutable_source()->set_text(
        "We met the new engineer in Beijing yesterday.");
    pair.mutable_target()->set_text("我们昨天在北京见到了新来的工程师。");
    ASSERT_THAT(server_->Call(server_->memory(), &Stub::CreatePairs, request),
                IsOk());
  }

  v1::ConcordanceHit Search(const std::string& query, bool link = true) {
    v1::SearchConcordanceRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    request.set_link_counterparts(link);
    const auto reply =
        server_->Call(server_->memory(), &Stub::SearchConcordance, request);
    EXPECT_THAT(reply, IsOk());
    EXPECT_THAT(reply.response.hits(), SizeIs(1));
    return reply.response.hits_size() == 1 ? reply.response.hits(0)
                                           : v1::ConcordanceHit();
  }

  v1::Match LookUp(const std::string& query, bool link = true) {
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    request.set_threshold_percent(50);
    request.set_link_differences(link);
    v1::BatchLookupRequest batch;
    batch.set_parent("projects/p");
    *batch.add_requests() = request;
    const auto one = server_->Call(server_->memory(), &Stub::Lookup, request);
    const auto all =
        server_->Call(server_->memory(), &Stub::BatchLookup, batch);
    EXPECT_THAT(one, IsOk());
    EXPECT_THAT(all, IsOk());
    EXPECT_THAT(one.response.matches(), SizeIs(1));
    EXPECT_EQ(all.response.responses(0).SerializeAsString(),
              one.response.SerializeAsString());
    return one.response.matches_size() == 1 ? one.response.matches(0)
                                            : v1::Match();
  }

  std::unique_ptr<TestServer> server_;
};

TEST_F(CounterpartsTest, ConcordanceShowsWhatRendersTheQuery) {
  const v1::ConcordanceHit english = Search("engineer Beijing");
  ASSERT_THAT(english.target_counterparts(), SizeIs(2));
  EXPECT_EQ(Marked(english.pair().target(), english.target_counterparts(0)),
            "工程师");
  EXPECT_EQ(Marked(english.pair().target(), english.target_counterparts(1)),
            "北京");
  EXPECT_GT(english.target_counterparts(0).confidence(), 0.6);
  EXPECT_EQ(english.source_highlights(0).confidence(), 0);
  EXPECT_THAT(english.source_counterparts(), IsEmpty());

  const v1::ConcordanceHit chinese = Search("昨天");
  ASSERT_THAT(chinese.source_counterparts(), SizeIs(1));
  EXPECT_EQ(Marked(chinese.pair().source(), chinese.source_counterparts(0)),
            "yesterday");
  EXPECT_THAT(chinese.target_counterparts(), IsEmpty());
}

TEST_F(CounterpartsTest, LookupShowsWhatDiffersOnBothSides) {
  const v1::Match match =
      LookUp("We met the new engineer in Shanghai yesterday.");
  EXPECT_EQ(Marked(match.pair().source(), match.difference()), "Beijing");
  EXPECT_EQ(Marked(match.pair().target(), match.difference_counterpart()),
            "北京");
  EXPECT_GT(match.difference_counterpart().confidence(), 0.6);

  // The first byte of 明 is that of 昨, too: characters are not halved.
  const v1::Match chinese = LookUp("我们明天在北京见到了新来的工程师。");
  EXPECT_EQ(Marked(chinese.pair().target(), chinese.difference()), "昨");
  EXPECT_EQ(Marked(chinese.pair().source(), chinese.difference_counterpart()),
            "yesterday");

  const v1::Match equal =
      LookUp("We met the new engineer in Beijing yesterday.");
  EXPECT_FALSE(equal.has_difference());
  EXPECT_FALSE(equal.has_difference_counterpart());
  const v1::Match lacking =
      LookUp("We met the new engineer in cold Beijing yesterday.");
  EXPECT_FALSE(lacking.has_difference());
}

TEST_F(CounterpartsTest, NothingIsLinkedUnasked) {
  EXPECT_THAT(Search("engineer", /*link=*/false).target_counterparts(),
              IsEmpty());
  EXPECT_FALSE(LookUp("We met the new engineer in Shanghai yesterday.",
                      /*link=*/false)
                   .has_difference());
}

TEST_F(CounterpartsTest, AServerWithoutAModelLeavesThemOut) {
  Start(nullptr);
  EXPECT_THAT(Search("engineer").target_counterparts(), IsEmpty());
  EXPECT_FALSE(LookUp("We met the new engineer in Shanghai yesterday.")
                   .has_difference_counterpart());
}

// What renders "quoted" of a pair's Chinese.
std::string Rendered(const aligner::Model& model, const std::string& chinese,
                     const std::string& quoted, const std::string& english) {
  v1::PassagePart part;
  part.mutable_pair()->mutable_source()->set_text(english);
  part.mutable_pair()->mutable_target()->set_text(chinese);
  part.mutable_pair()->set_confidence(0.75);
  const size_t begin = chinese.find(quoted);
  part.mutable_quoted()->set_begin_byte(static_cast<int>(begin));
  part.mutable_quoted()->set_end_byte(static_cast<int>(begin + quoted.size()));
  LinkQuoted(model, text::Language::kChinese, part);
  return Marked(part.pair().source(), part.counterpart());
}

TEST_F(CounterpartsTest, AQuotedClauseIsRenderedFromEdgeToEdge) {
  // The gloss and a last word are too little to be told apart.
  EXPECT_EQ(Rendered(*model_, "有人在六月份把盒子带到了特罗姆瑟（Tromsø）。",
                     "有人在六月份把盒子带到了特罗姆瑟",
                     "Somebody took a box to Tromsø, in June."),
            "Somebody took a box to Tromsø, in June.");
  // What stands last in the English may stand first in the Chinese.
  EXPECT_EQ(Rendered(*model_, "昨天我们见到了新来的工程师。", "新来的工程师",
                     "We met the new engineer yesterday."),
            "new engineer");
  // No clause begins or ends there.
  const std::string chinese =
      "实际上却是擦掉了一个大得多的块。要是偏偏在这时候断电，旁边的数据也就"
      "跟着没了。";
  const std::string english =
      "What it really did was erase a much bigger block, and if the power goes "
      "right then, your neighbors are gone too.";
  EXPECT_EQ(Rendered(*model_, chinese, "断电，旁边的数据", english),
            "power goes right then, your neighbors");
}

TEST_F(CounterpartsTest, TheFirstEightHighlightsAreLinked) {
  v1::ConcordanceHit hit;
  hit.mutable_pair()->mutable_source()->set_text("one two");
  hit.mutable_pair()->mutable_target()->set_text("一二");
  for (int i = 0; i < kMostLinkedHighlights; ++i) {
    v1::Highlight& one = *hit.add_source_highlights();
    one.set_end_byte(3);
  }
  v1::Highlight& two = *hit.add_source_highlights();
  two.set_begin_byte(4);
  two.set_end_byte(7);
  LinkHighlights(*model_, hit);
  ASSERT_THAT(hit.target_counterparts(), SizeIs(1));
  EXPECT_EQ(Marked(hit.pair().target(), hit.target_counterparts(0)), "一");
}

}  // namespace
}  // namespace duilian::service
