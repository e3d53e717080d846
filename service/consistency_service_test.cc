#include "service/consistency_service.h"

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/limits.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "tests/support/packed_model.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::Reply;
using testing_support::StatusIs;
using testing_support::TestServer;
using MemoryStub = v1::TranslationMemoryService::Stub;
using ConsistencyStub = v1::ConsistencyService::Stub;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::string Cut(const std::string& text, const v1::Highlight& highlight) {
  return text.substr(
      static_cast<size_t>(highlight.begin_byte()),
      static_cast<size_t>(highlight.end_byte() - highlight.begin_byte()));
}

// "埃隆 3!", the preferred one with an exclamation mark, a good one with a
// plus.
std::vector<std::string> InWords(
    const google::protobuf::RepeatedPtrField<v1::CompetingRendering>&
        renderings) {
  std::vector<std::string> words;
  for (const v1::CompetingRendering& rendering : renderings) {
    words.push_back(absl::StrCat(rendering.text(), " ", rendering.pairs(),
                                 rendering.preferred()   ? "!"
                                 : rendering.also_good() ? "+"
                                                         : ""));
  }
  return words;
}

class ConsistencyServiceTest : public testing_support::PackedModelTest {
 protected:
  void SetUp() override {
    PackedModelTest::SetUp();
    if (IsSkipped()) return;
    Start(model_);
  }

  void Start(const aligner::Model* model) {
    server_ = std::make_unique<TestServer>(TestServer::Options{2, 16, model});
    stub_ = v1::ConsistencyService::NewStub(server_->channel());
    const std::vector<std::pair<std::string, std::string>> texts = {
        {"I asked Elon about the boat.", "我问了埃隆那条船的事。"},
        {"Then Elon laughed and left.", "然后埃隆笑了笑就走了。"},
        {"The engineers like Elon.", "工程师们喜欢伊隆。"},
        {"We will build AGI in five years.", "我们五年内会造出通用人工智能。"},
        {"Is AGI dangerous?", "AGI 危险吗？"},
        {"The boats come home at noon.", "船中午回来。"},
        {"The boats come home at noon.", "小船晌午到家。"},
        {"Nobody knows when AGI will come.",
         "没有人知道通用人工智能（AGI）何时到来。"}};
    v1::CreatePairsRequest request;
    request.set_parent("projects/p");
    for (const auto& [source, target] : texts) {
      v1::Pair& pair = *request.add_pairs();
      pair.mutable_source()->set_text(source);
      pair.mutable_target()->set_text(target);
    }
    ASSERT_THAT(
        server_->Call(server_->memory(), &MemoryStub::CreatePairs, request),
        IsOk());
  }

  Reply<v1::PreferredRendering> Set(const v1::PreferredRendering& preferred) {
    v1::SetPreferredRenderingRequest request;
    request.set_parent("projects/p");
    *request.mutable_preferred_rendering() = preferred;
    return server_->Call(*stub_, &ConsistencyStub::SetPreferredRendering,
                         request);
  }
  Reply<v1::PreferredRendering> Set(
      const std::string& term, const std::string& rendering,
      const std::vector<std::string>& also_good = {}) {
    v1::PreferredRendering preferred;
    preferred.set_term(term);
    preferred.set_rendering(rendering);
    for (const std::string& good : also_good) preferred.add_also_good(good);
    return Set(preferred);
  }
  Reply<v1::ListPreferredRenderingsResponse> List(
      int page_size = 0, const std::string& token = "") {
    v1::ListPreferredRenderingsRequest request;
    request.set_parent("projects/p");
    request.set_page_size(page_size);
    request.set_page_token(token);
    return server_->Call(*stub_, &ConsistencyStub::ListPreferredRenderings,
                         request);
  }
  Reply<google::protobuf::Empty> Delete(const std::string& term) {
    v1::DeletePreferredRenderingRequest request;
    request.set_parent("projects/p");
    request.set_term(term);
    return server_->Call(*stub_, &ConsistencyStub::DeletePreferredRendering,
                         request);
  }

  Reply<v1::ReportConsistencyResponse> Report(
      const v1::ReportConsistencyRequest& request) {
    return server_->Call(*stub_, &ConsistencyStub::ReportConsistency, request);
  }
  v1::ReportConsistencyResponse Report() {
    v1::ReportConsistencyRequest request;
    request.set_parent("projects/p");
    const auto reply = Report(request);
    EXPECT_THAT(reply, IsOk());
    return reply.response;
  }

  // The best match of a look-up, and of the same in a batch.
  v1::Match LookUp(const std::string& query, bool link = false) {
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    request.set_link_differences(link);
    v1::BatchLookupRequest batch;
    batch.set_parent("projects/p");
    *batch.add_requests() = request;
    const auto one =
        server_->Call(server_->memory(), &MemoryStub::Lookup, request);
    const auto all =
        server_->Call(server_->memory(), &MemoryStub::BatchLookup, batch);
    EXPECT_THAT(one, IsOk());
    EXPECT_THAT(all, IsOk());
    EXPECT_EQ(all.response.responses(0).SerializeAsString(),
              one.response.SerializeAsString());
    return one.response.matches_size() > 0 ? one.response.matches(0)
                                           : v1::Match();
  }

  std::unique_ptr<TestServer> server_;
  std::unique_ptr<ConsistencyStub> stub_;
};

TEST_F(ConsistencyServiceTest, ReportsTheSameEnglishInOtherWords) {
  const v1::ReportConsistencyResponse report = Report();
  EXPECT_EQ(report.pairs(), 8);
  EXPECT_FALSE(report.more_pairs());
  ASSERT_THAT(report.sources(), SizeIs(1));
  const v1::SourceRenderings& group = report.sources(0);
  EXPECT_THAT(group.sources(), ElementsAre("The boats come home at noon."));
  EXPECT_EQ(group.pairs(), 2);
  EXPECT_THAT(InWords(group.renderings()),
              ElementsAre("船中午回来。 1", "小船晌午到家。 1"));
  EXPECT_EQ(group.renderings(1).places(0).pair(), "projects/p/pairs/7");
}

TEST_F(ConsistencyServiceTest, ReportsNamesAndTermsWithCompetingRenderings) {
  const v1::ReportConsistencyResponse report = Report();
  ASSERT_THAT(report.terms(), SizeIs(2));
  EXPECT_EQ(report.terms(0).term(), "AGI");
  EXPECT_THAT(InWords(report.terms(0).renderings()),
              ElementsAre("通用人工智能 2", "AGI 1"));
  EXPECT_EQ(report.terms(1).term(), "Elon");
  EXPECT_EQ(report.terms(1).pairs(), 3);
  EXPECT_THAT(InWords(report.terms(1).renderings()),
              ElementsAre("埃隆 2", "伊隆 1"));
  EXPECT_EQ(report.terms(1).renderings(1).places(0).pair(),
            "projects/p/pairs/3");
}

TEST_F(ConsistencyServiceTest, ThePreferredRenderingIsMarkedInTheReport) {
  ASSERT_THAT(Set("Elon", "伊隆"), IsOk());
  ASSERT_THAT(Set("AGI", "通用人工智能", {"AGI"}), IsOk());
  const v1::ReportConsistencyResponse report = Report();
  ASSERT_THAT(report.terms(), SizeIs(2));
  EXPECT_EQ(report.terms(0).term(), "Elon");
  EXPECT_EQ(report.terms(0).preferred_rendering(), "伊隆");
  EXPECT_THAT(InWords(report.terms(0).renderings()),
              ElementsAre("埃隆 2", "伊隆 1!"));
  EXPECT_THAT(InWords(report.terms(1).renderings()),
              ElementsAre("通用人工智能 2!", "AGI 1+"));
}

// A client that was told nothing accepts 4 MiB.
TEST_F(ConsistencyServiceTest, AnswersWithManyWarningsAreBounded) {
  constexpr int kTerms = 250, kMatches = 40;
  std::string rendering, query;
  for (int i = 0; i < 99; ++i) rendering += "长";
  for (int i = 0; i < kTerms; ++i) {
    const std::string term = absl::StrCat("qz", i);
    ASSERT_THAT(Set(term, rendering), IsOk());
    absl::StrAppend(&query, term, " ");
  }
  v1::CreatePairsRequest pairs;
  pairs.set_parent("projects/p");
  for (int i = 0; i < kMatches; ++i) {
    v1::Pair& pair = *pairs.add_pairs();
    pair.mutable_source()->set_text(query);
    pair.mutable_target()->set_text(absl::StrCat("第 ", i, " 条船。"));
  }
  ASSERT_THAT(server_->Call(server_->memory(), &MemoryStub::CreatePairs, pairs),
              IsOk());
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query(query);
  request.set_limit(100);
  const auto reply =
      server_->Call(server_->memory(), &MemoryStub::Lookup, request);
  ASSERT_THAT(reply, IsOk());
  EXPECT_GT(reply.response.matches_size(), 10);
  EXPECT_LT(reply.response.matches_size(), kMatches);
  EXPECT_EQ(reply.response.matches(0).warnings_size(), kTerms);
  EXPECT_LT(reply.response.ByteSizeLong(), size_t{4} << 20);
}

TEST_F(ConsistencyServiceTest, ThatOfAWholeSourceIsMarked) {
  ASSERT_THAT(Set("the boats come home at noon", "小船晌午到家"), IsOk());
  v1::ReportConsistencyResponse report = Report();
  ASSERT_THAT(report.sources(), SizeIs(1));
  EXPECT_THAT(InWords(report.sources(0).renderings()),
              ElementsAre("船中午回来。 1", "小船晌午到家。 1!"));
  ASSERT_THAT(Set("The boats come home at noon.", "船回来",
                  {"小船晌午到家！", "船中午回来了"}),
              IsOk());
  report = Report();
  EXPECT_THAT(InWords(report.sources(0).renderings()),
              ElementsAre("船中午回来。 1", "小船晌午到家。 1+"));
}

TEST_F(ConsistencyServiceTest, TheReportIsOfTheDocumentAndAsSureAsAsked) {
  v1::ReportConsistencyRequest request;
  request.set_parent("projects/p");
  request.set_document("projects/p/documents/none");
  auto reply = Report(request);
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply.response.pairs(), 0);
  request.clear_document();
  request.set_limit(1);
  reply = Report(request);
  EXPECT_THAT(reply.response.terms(), SizeIs(1));
  EXPECT_EQ(reply.response.omitted_terms(), 1);
}

TEST_F(ConsistencyServiceTest, ALookUpWarnsWhereAStoredTranslationDeparts) {
  EXPECT_THAT(LookUp("The engineers like Elon.").warnings(), IsEmpty());
  ASSERT_THAT(Set("Elon", "埃隆"), IsOk());
  EXPECT_THAT(LookUp("I asked Elon about the boat.").warnings(), IsEmpty());
  const v1::Match match = LookUp("The engineers like Elon.");
  ASSERT_THAT(match.warnings(), SizeIs(1));
  const v1::MatchWarning& warning = match.warnings(0);
  EXPECT_EQ(warning.kind(), v1::PREFERRED_RENDERING_MISSING);
  EXPECT_EQ(warning.term(), "Elon");
  EXPECT_EQ(warning.preferred_rendering(), "埃隆");
  EXPECT_EQ(warning.message(),
            "Elon is to be rendered 埃隆; this translation does not have that");
  EXPECT_EQ(Cut(match.pair().source().text(), warning.term_place()), "Elon");
  EXPECT_FALSE(warning.has_rendered_as());
  // In Chinese, too, and with what stands there instead.
  const v1::Match linked = LookUp("工程师们喜欢伊隆。", /*link=*/true);
  ASSERT_THAT(linked.warnings(), SizeIs(1));
  EXPECT_EQ(
      Cut(linked.pair().target().text(), linked.warnings(0).rendered_as()),
      "伊隆");
  EXPECT_THAT(linked.warnings(0).message(), HasSubstr("; here it is 伊隆"));
  // What is good as well is no reason to warn.
  ASSERT_THAT(Set("Elon", "埃隆", {"伊隆"}), IsOk());
  EXPECT_THAT(LookUp("The engineers like Elon.").warnings(), IsEmpty());
  ASSERT_THAT(Set("Elon", "埃隆"), IsOk());
  ASSERT_THAT(Delete("elon"), IsOk());
  EXPECT_THAT(LookUp("The engineers like Elon.").warnings(), IsEmpty());
}

TEST_F(ConsistencyServiceTest, PreferredRenderingsAreListedPageByPage) {
  EXPECT_THAT(List().response.preferred_renderings(), IsEmpty());
  v1::PreferredRendering agi;
  agi.set_term("AGI");
  agi.set_rendering("通用人工智能");
  agi.set_reviewer("mei");
  ASSERT_THAT(Set(agi), IsOk());
  ASSERT_THAT(Set("Elon", "埃隆"), IsOk());
  const auto first = List(1);
  ASSERT_THAT(first.response.preferred_renderings(), SizeIs(1));
  EXPECT_EQ(first.response.preferred_renderings(0).term(), "AGI");
  EXPECT_EQ(first.response.preferred_renderings(0).reviewer(), "mei");
  EXPECT_TRUE(first.response.preferred_renderings(0).has_create_time());
  const auto second = List(1, first.response.next_page_token());
  ASSERT_THAT(second.response.preferred_renderings(), SizeIs(1));
  EXPECT_EQ(second.response.preferred_renderings(0).rendering(), "埃隆");
  EXPECT_EQ(second.response.next_page_token(), "");
}

TEST_F(ConsistencyServiceTest, RefusalsSayWhatIsAccepted) {
  EXPECT_THAT(Set("", "埃隆"), StatusIs(kInvalid, HasSubstr("term: empty")));
  EXPECT_THAT(Set("——", "埃隆"), StatusIs(kInvalid, HasSubstr("a letter")));
  EXPECT_THAT(Set("埃隆", "Elon"),
              StatusIs(kInvalid, HasSubstr("English accepted")));
  EXPECT_THAT(Set("Elon", "…"),
              StatusIs(kInvalid, AllOf(HasSubstr("preferred_rendering.rend"),
                                       HasSubstr("a Chinese"))));
  EXPECT_THAT(Set("Elon", std::string(101, 'a')),
              StatusIs(kInvalid, HasSubstr("101 code points")));
  EXPECT_THAT(Set("Elon", "埃隆", std::vector<std::string>(11, "甲")),
              StatusIs(kInvalid, HasSubstr("also_good")));
  EXPECT_THAT(Delete("Bo"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("list them")));
  const struct {
    const char* name;
    void (*change)(v1::ReportConsistencyRequest&);
    absl::StatusCode code;
    const char* words;
  } cases[] = {
      {"near", [](auto& r) { r.set_near_percent(49); }, kInvalid,
       "50 to 100 accepted"},
      {"words", [](auto& r) { r.set_min_source_words(51); }, kInvalid,
       "1 to 50 accepted"},
      {"limit", [](auto& r) { r.set_limit(201); }, kInvalid,
       "1 to 200 accepted"},
      {"places", [](auto& r) { r.set_max_places(51); }, kInvalid,
       "1 to 50 accepted"},
      {"confidence", [](auto& r) { r.set_min_confidence(std::nan("")); },
       kInvalid, "0 to 1 accepted"},
      {"document", [](auto& r) { r.set_document("projects/q/documents/d"); },
       kInvalid, "document"},
      {"speaker", [](auto& r) { r.set_speaker(std::string(201, 'a')); },
       kInvalid, "speaker: 201 code points"},
      {"status", [](auto& r) { r.add_statuses(v1::REVIEW_STATUS_UNSPECIFIED); },
       kInvalid, "statuses: 0 given"},
      {"times",
       [](auto& r) {
         r.mutable_changed_after()->set_seconds(2);
         r.mutable_changed_before()->set_seconds(1);
       },
       kInvalid, "changed_before"},
      {"project", [](auto& r) { r.set_parent("projects/none"); },
       absl::StatusCode::kNotFound, "none"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::ReportConsistencyRequest request;
    request.set_parent("projects/p");
    c.change(request);
    EXPECT_THAT(Report(request), StatusIs(c.code, HasSubstr(c.words)));
  }
}

TEST_F(ConsistencyServiceTest, AServerWithoutAModelReportsWhatItCanTell) {
  Start(nullptr);
  ASSERT_THAT(Set("Elon", "埃隆"), IsOk());
  const v1::ReportConsistencyResponse report = Report();
  EXPECT_THAT(report.sources(), SizeIs(1));
  ASSERT_THAT(report.terms(), SizeIs(1));
  EXPECT_EQ(report.terms(0).term(), "AGI");
  EXPECT_THAT(LookUp("The engineers like Elon.", true).warnings(), SizeIs(1));
}

TEST_F(ConsistencyServiceTest, TheAnswerIsBounded) {
  for (int batch = 0; batch < 5; ++batch) {
    v1::CreatePairsRequest request;
    request.set_parent("projects/many");
    for (int i = 0; i < 100; ++i) {
      v1::Pair& pair = *request.add_pairs();
      pair.mutable_source()->set_text(
          absl::StrCat("Boat ", batch, std::string(2'000, 'x'), " of the year ",
                       i / 4, "."));
      std::string target = "译";
      for (int k = 0; k < 2'000; ++k) target += i % 4 == 0 ? "船" : "舟";
      pair.mutable_target()->set_text(absl::StrCat(target, i));
    }
    ASSERT_THAT(
        server_->Call(server_->memory(), &MemoryStub::CreatePairs, request),
        IsOk());
  }
  v1::ReportConsistencyRequest request;
  request.set_parent("projects/many");
  request.set_near_percent(100);
  request.set_limit(100);
  const auto reply = Report(request);
  ASSERT_THAT(reply, IsOk());
  EXPECT_THAT(reply.response.sources(), SizeIs(100));
  EXPECT_EQ(reply.response.omitted_sources(), 25);
  EXPECT_EQ(text::CountCodepoints(reply.response.sources(0).sources(0)),
            kMaxRenderingTextCodepoints);
  EXPECT_EQ(
      text::CountCodepoints(reply.response.sources(0).renderings(0).text()),
      kMaxRenderingTextCodepoints);
  EXPECT_LT(reply.response.ByteSizeLong(), size_t{4} << 20);
}

// The methods over a store in memory, with limits of their own.
class ReportTest : public testing::Test {
 protected:
  ReportTest() : memory_(storage::TranslationMemory::Open(*store_).value()) {}

  // "Elon 3" of the terms, and the texts of the sources, of what was compared.
  static std::vector<std::string> InWords(
      const v1::ReportConsistencyResponse& report) {
    std::vector<std::string> words = {absl::StrCat(report.pairs(), " pairs")};
    if (report.more_pairs()) words.push_back("and more");
    for (const v1::SourceRenderings& group : report.sources()) {
      words.push_back(absl::StrCat(group.sources(0), " ", group.pairs()));
    }
    return words;
  }

  storage::TranslationUnit Unit(const std::string& english,
                                const std::string& chinese) {
    storage::TranslationUnit unit = storage::MakeUnit(english, chinese);
    unit.update_time_us = 5'000'000;
    return unit;
  }

  void Put(const std::vector<storage::TranslationUnit>& units) {
    std::vector<storage::UnitChange> changes;
    for (const storage::TranslationUnit& unit : units) {
      changes.push_back(storage::Store(unit));
    }
    ASSERT_THAT(memory_->Apply("p", changes,
                               storage::By("mei", storage::Action::kEdit), ""),
                IsOk());
    ASSERT_THAT(index_.CatchUp(), IsOk());
  }

  static v1::ReportConsistencyRequest Request() {
    v1::ReportConsistencyRequest request;
    request.set_parent("projects/p");
    return request;
  }
  static Call Waited(std::function<bool()> cancelled = [] { return false; }) {
    return {std::move(cancelled), absl::UnixEpoch()};
  }

  std::vector<std::string> Reported(const v1::ReportConsistencyRequest& request,
                                    const ReportLimits& limits = {}) {
    const auto report = ConsistencyMethods(stores_, nullptr, limits)
                            .ReportConsistency(request, Waited());
    EXPECT_THAT(report, IsOk());
    return report.ok() ? InWords(*report) : std::vector<std::string>();
  }

  std::unique_ptr<storage::OrderedStore> store_ = storage::NewMemoryStore();
  std::unique_ptr<storage::TranslationMemory> memory_;
  storage::LookupIndex index_{*memory_};
  JsonLog log_{[] { return absl::UnixEpoch(); },
               [](absl::string_view) { return true; }};
  const Stores stores_{*memory_, index_, log_};
};

TEST_F(ReportTest, OnlyPairsThatTheRequestAsksForAreCompared) {
  std::vector<storage::TranslationUnit> units = {
      Unit("The boats come home.", "船回来了。"),
      Unit("The boats come home.", "小船到家。"),
      Unit("It never rains here.", "这里从不下雨。"),
      Unit("It never rains here.", "此地无雨。"),
      Unit("The river is low today.", "今天水浅。"),
      Unit("The river is low today.", "河水今日不深。")};
  units[0].source.speaker = units[4].source.speaker = "Ada";
  units[1].target.speaker = "Ada";
  units[3].status = storage::ReviewStatus::kAccepted;
  units[3].confidence = 0.1;
  units[2].update_time_us = units[3].update_time_us = 6'000'000;
  units[5].status = storage::ReviewStatus::kRejected;
  Put(units);
  const struct {
    const char* name;
    void (*change)(v1::ReportConsistencyRequest&);
    std::vector<std::string> expected;
  } cases[] = {
      {"all",
       [](auto&) {},
       {"5 pairs", "The boats come home. 2", "It never rains here. 2"}},
      {"speaker of either side",
       [](auto& r) { r.set_speaker("Ada"); },
       {"3 pairs", "The boats come home. 2"}},
      {"accepted", [](auto& r) { r.add_statuses(v1::ACCEPTED); }, {"1 pairs"}},
      {"rejected, too",
       [](auto& r) {
         r.add_statuses(v1::REJECTED);
         r.add_statuses(v1::UNREVIEWED);
       },
       {"5 pairs", "The boats come home. 2", "The river is low today. 2"}},
      {"after",
       [](auto& r) { r.mutable_changed_after()->set_seconds(6); },
       {"2 pairs", "It never rains here. 2"}},
      {"before",
       [](auto& r) { r.mutable_changed_before()->set_seconds(6); },
       {"3 pairs", "The boats come home. 2"}},
      {"after, and accepted",
       [](auto& r) {
         r.mutable_changed_after()->set_seconds(6);
         r.add_statuses(v1::ACCEPTED);
       },
       {"1 pairs"}},
      {"sure, or accepted",
       [](auto& r) { r.set_min_confidence(0.6); },
       {"1 pairs"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::ReportConsistencyRequest request = Request();
    c.change(request);
    EXPECT_EQ(Reported(request), c.expected);
  }
}

TEST_F(ReportTest, TellsOfPairsBeyondItsLimits) {
  Put({Unit("The boats come home.", "船回来了。"),
       Unit("The boats come home.", "小船到家。"),
       Unit("The boats come home.", "船归。")});
  EXPECT_THAT(Reported(Request(), {.pairs = 3}),
              ElementsAre("3 pairs", "The boats come home. 3"));
  EXPECT_THAT(Reported(Request(), {.pairs = 2}),
              ElementsAre("2 pairs", "and more", "The boats come home. 2"));
  // 20 bytes of English and 15 of Chinese each, but for the last.
  EXPECT_THAT(Reported(Request(), {.bytes = 70}),
              ElementsAre("2 pairs", "and more", "The boats come home. 2"));
  EXPECT_THAT(Reported(Request(), {.bytes = 69}),
              ElementsAre("1 pairs", "and more"));
}

TEST_F(ReportTest, LargeReportsAreMadeOneAtATime) {
  Put({Unit("The boats come home.", "船回来了。"),
       Unit("The boats come home.", "小船到家。"),
       Unit("It never rains here.", "这里从不下雨。")});
  for (const ReportLimits& limits :
       {ReportLimits{.small_pairs = 2}, ReportLimits{.small_bytes = 70}}) {
    const ConsistencyMethods methods(stores_, nullptr, limits);
    int refused = 0;
    const auto ask_again = [&] {
      const auto second = methods.ReportConsistency(Request(), Waited());
      if (second.ok()) return false;
      EXPECT_THAT(second, StatusIs(absl::StatusCode::kResourceExhausted,
                                   HasSubstr("ask again when it is done")));
      ++refused;
      // A small one is made.
      v1::ReportConsistencyRequest small = Request();
      small.set_min_confidence(1);
      EXPECT_THAT(methods.ReportConsistency(small, Waited()), IsOk());
      return false;
    };
    EXPECT_THAT(methods.ReportConsistency(Request(), Waited(ask_again)),
                IsOk());
    EXPECT_GT(refused, 0);
    EXPECT_THAT(methods.ReportConsistency(Request(), Waited()), IsOk());
  }
}

TEST_F(ReportTest, EndsWhereverItIsWhenTheCallerHasGone) {
  Put({Unit("The boats come home.", "船回来了。"),
       Unit("The boats come home.", "小船到家。")});
  const ConsistencyMethods methods(stores_, nullptr, {.small_pairs = 1});
  int asked = 0, last = 0;
  const auto report = [&] {
    asked = 0;
    return methods.ReportConsistency(Request(),
                                     Waited([&] { return asked++ == last; }));
  };
  while (report().status().code() == absl::StatusCode::kCancelled) ++last;
  // While it reads, compares sources (three times) and searches terms (four
  // times).
  EXPECT_EQ(last, 8);
  EXPECT_THAT(report(), IsOk());
}

}  // namespace
}  // namespace duilian::service
