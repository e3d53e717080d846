#include "service/translation_memory_service.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/limits.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

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
using Stub = v1::TranslationMemoryService::Stub;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

void AddPair(const std::string& source, const std::string& target,
             v1::CreatePairsRequest& request) {
  v1::Pair& pair = *request.add_pairs();
  pair.mutable_source()->set_text(source);
  pair.mutable_target()->set_text(target);
}

class TranslationMemoryServiceTest : public testing::Test {
 protected:
  // The pairs as stored, in the order given.
  std::vector<v1::Pair> Create(
      const std::vector<std::pair<std::string, std::string>>& texts,
      const std::string& project = "projects/p") {
    v1::CreatePairsRequest request;
    request.set_parent(project);
    for (const auto& [source, target] : texts) {
      AddPair(source, target, request);
    }
    const auto reply =
        server_.Call(server_.memory(), &Stub::CreatePairs, request);
    EXPECT_THAT(reply, IsOk());
    return {reply.response.pairs().begin(), reply.response.pairs().end()};
  }

  Reply<v1::LookupResponse> Lookup(const v1::LookupRequest& request) {
    return server_.Call(server_.memory(), &Stub::Lookup, request);
  }
  Reply<v1::SearchConcordanceResponse> Search(const std::string& query) {
    v1::SearchConcordanceRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    return server_.Call(server_.memory(), &Stub::SearchConcordance, request);
  }
  Reply<v1::LookupResponse> Lookup(const std::string& query) {
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    return Lookup(request);
  }

  // After every refusal: the server answers.
  void ExpectAnswers() {
    EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListProjects,
                             v1::ListProjectsRequest()),
                IsOk());
  }

  TestServer server_;
};

TEST_F(TranslationMemoryServiceTest, AnswersFromWhatWasJustCreated) {
  const std::vector<v1::Pair> pairs =
      Create({{"The pump hums at night.", "水泵在夜里嗡嗡作响。"},
              {"Nobody answered the phone.", "没有人接电话。"}});
  ASSERT_THAT(pairs, SizeIs(2));
  EXPECT_EQ(pairs[0].origin(), v1::MANUAL);
  EXPECT_EQ(pairs[0].status(), v1::UNREVIEWED);
  EXPECT_EQ(pairs[0].source().language_code(), "en");
  EXPECT_EQ(pairs[0].target().language_code(), "zh");

  const auto exact = Lookup("The pump hums at night.");
  ASSERT_THAT(exact, IsOk());
  ASSERT_THAT(exact.response.matches(), SizeIs(1));
  EXPECT_EQ(exact.response.matches(0).score_percent(), 100);
  EXPECT_TRUE(exact.response.matches(0).identical());
  EXPECT_EQ(exact.response.matches(0).pair().name(), pairs[0].name());

  const auto chinese = Lookup("没有人接电话");
  ASSERT_THAT(chinese, IsOk());
  ASSERT_THAT(chinese.response.matches(), SizeIs(1));
  EXPECT_GE(chinese.response.matches(0).score_percent(), 70);
  EXPECT_LT(chinese.response.matches(0).score_percent(), 100);
}

TEST_F(TranslationMemoryServiceTest, GetsAPairByItsName) {
  const std::vector<v1::Pair> pairs = Create({{"A cup.", "一个杯子。"}});
  v1::GetPairRequest request;
  request.set_name(pairs[0].name());
  const auto reply = server_.Call(server_.memory(), &Stub::GetPair, request);
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply.response.SerializeAsString(), pairs[0].SerializeAsString());
  request.set_name("projects/p/pairs/4711");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::GetPair, request),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("projects/p/pairs/4711 is not there")));
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, AnUnknownProjectIsNotFound) {
  Create({{"A cup.", "一个杯子。"}});
  const auto not_found =
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere"));
  v1::LookupRequest lookup;
  lookup.set_parent("projects/nowhere");
  lookup.set_query("A cup.");
  EXPECT_THAT(Lookup(lookup), not_found);
  v1::SearchConcordanceRequest concordance;
  concordance.set_parent("projects/nowhere");
  concordance.set_query("cup");
  EXPECT_THAT(
      server_.Call(server_.memory(), &Stub::SearchConcordance, concordance),
      not_found);
  v1::ListPairsRequest list;
  list.set_parent("projects/nowhere");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListPairs, list),
              not_found);
  v1::GetPairRequest get;
  get.set_name("projects/nowhere/pairs/1");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::GetPair, get), not_found);
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, ABadLookupIsRefusedInWords) {
  Create({{"A cup.", "一个杯子。"}});
  const struct {
    const char* name;
    void (*spoil)(v1::LookupRequest&);
    const char* message;
  } cases[] = {
      {"over-long query",
       [](v1::LookupRequest& r) {
         std::string query;
         for (int i = 0; i < 2'001; ++i) query += "长";
         r.set_query(query);
       },
       "query: 2,001 code points, 1 to 2,000 code points accepted; shorten"},
      {"no query", [](v1::LookupRequest& r) { r.clear_query(); },
       "query: empty"},
      {"not UTF-8", [](v1::LookupRequest& r) { r.set_query("caf\xe9 noir"); },
       "query: byte 3 is not UTF-8"},
      {"no parent", [](v1::LookupRequest& r) { r.clear_parent(); },
       "parent: '' given, projects/{project} accepted"},
      {"a language",
       [](v1::LookupRequest& r) { r.set_query_language_code("fr"); },
       "query_language_code: 'fr' given, en and zh accepted"},
      {"threshold", [](v1::LookupRequest& r) { r.set_threshold_percent(49); },
       "threshold_percent: 49 given, 50 to 100 accepted"},
      {"limit", [](v1::LookupRequest& r) { r.set_limit(101); },
       "limit: 101 given, 1 to 100 accepted"},
      {"document",
       [](v1::LookupRequest& r) {
         r.mutable_filter()->set_document("projects/q/documents/d");
       },
       "filter.document: 'projects/q/documents/d' given"},
      {"confidence",
       [](v1::LookupRequest& r) { r.mutable_filter()->set_min_confidence(2); },
       "filter.min_confidence: 2 given, 0 to 1 accepted"},
      {"status",
       [](v1::LookupRequest& r) {
         r.mutable_filter()->add_statuses(v1::REVIEW_STATUS_UNSPECIFIED);
       },
       "filter.statuses: 0 given"},
      {"no year",
       [](v1::LookupRequest& r) {
         r.mutable_filter()->mutable_changed_after()->set_seconds(1LL << 40);
       },
       "filter.changed_after: 1099511627776 seconds and 0 nanoseconds given, a "
       "time of the years 1 to 9999 accepted"},
      {"no fraction",
       [](v1::LookupRequest& r) {
         r.mutable_filter()->mutable_changed_before()->set_nanos(-1);
       },
       "filter.changed_before: 0 seconds and -1 nanoseconds given"},
      {"no time between",
       [](v1::LookupRequest& r) {
         r.mutable_filter()->mutable_changed_after()->set_seconds(60);
         r.mutable_filter()->mutable_changed_before()->set_seconds(60);
       },
       "filter.changed_before: 1970-01-01T00:01:00Z given, a time later than "
       "changed_after, 1970-01-01T00:01:00Z, accepted"},
      {"other project's name",
       [](v1::LookupRequest& r) { r.add_other_projects("q"); },
       "other_projects[0]: 'q' given"},
      {"other project twice",
       [](v1::LookupRequest& r) {
         r.add_other_projects("projects/q");
         r.add_other_projects("projects/q");
       },
       "other_projects[1]: 'projects/q' given again"},
      {"the parent among the others",
       [](v1::LookupRequest& r) { r.add_other_projects("projects/p"); },
       "other_projects[0]: 'projects/p' given again"},
      {"eleven others",
       [](v1::LookupRequest& r) {
         for (int i = 0; i < 11; ++i) {
           r.add_other_projects(absl::StrCat("projects/q", i));
         }
       },
       "other_projects: 11 given, 0 to 10 accepted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query("A cup.");
    c.spoil(request);
    EXPECT_THAT(Lookup(request), StatusIs(kInvalid, HasSubstr(c.message)));
  }
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, AQueryOfNoScriptIsSearchedOnBothSides) {
  Create({{"In 2024.", "２０２４"},
          {"2024", "二零二四年"},
          {"👍", "好"},
          {"2024", "2024"}});
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("2024");
  const auto reply = Lookup(request);
  ASSERT_THAT(reply, IsOk());
  std::vector<std::string> targets;
  for (const v1::Match& match : reply.response.matches()) {
    EXPECT_EQ(match.score_percent(), 100);
    targets.push_back(match.pair().target().text());
  }
  // Each pair once, the newest first.
  EXPECT_THAT(targets, testing::ElementsAre("2024", "二零二四年", "２０２４"));
  request.set_limit(1);
  EXPECT_THAT(Lookup(request).response.matches(), SizeIs(1));
  request.set_query_language_code("zh");
  request.set_limit(9);
  EXPECT_THAT(Lookup(request).response.matches(), SizeIs(2));

  v1::BatchLookupRequest batch;
  batch.set_parent("projects/p");
  for (const char* query : {"好", "👍", "...", "2024"}) {
    batch.add_requests()->set_query(query);
  }
  const auto answers =
      server_.Call(server_.memory(), &Stub::BatchLookup, batch);
  ASSERT_THAT(answers, IsOk());
  ASSERT_THAT(answers.response.responses(), SizeIs(4));
  EXPECT_THAT(answers.response.responses(0).matches(), SizeIs(1));
  EXPECT_EQ(answers.response.responses(1).matches(0).pair().target().text(),
            "好");
  EXPECT_THAT(answers.response.responses(2).matches(), IsEmpty());
}

// Nearly all names, and Chinese all the same.
TEST_F(TranslationMemoryServiceTest, AQueryWithAFewChineseCharactersAsksBoth) {
  Create({{"RAG and MCP", "RAG 和 MCP"}, {"Press Enter.", "按Enter。"}});
  for (const char* query : {"RAG 和 MCP", "按Enter。"}) {
    SCOPED_TRACE(query);
    const auto reply = Lookup(query);
    ASSERT_THAT(reply, IsOk());
    ASSERT_THAT(reply.response.matches(), SizeIs(1));
    EXPECT_EQ(reply.response.matches(0).score_percent(), 100);
    EXPECT_EQ(reply.response.matches(0).matched_language_code(), "zh");
  }
}

// A client that was told nothing accepts 4 MiB.
TEST_F(TranslationMemoryServiceTest, AnswersOfLongPairsAreBounded) {
  std::string endless;
  for (int i = 0; i < 19'990; ++i) endless += "长";
  for (int call = 0; call < 3; ++call) {
    std::vector<std::pair<std::string, std::string>> texts;
    for (int i = 0; i < 25; ++i) {
      texts.emplace_back("It goes on.", absl::StrCat(endless, call, i));
    }
    Create(texts);
  }
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("It goes on.");
  request.set_limit(100);
  const auto reply = Lookup(request);
  ASSERT_THAT(reply, IsOk());
  EXPECT_GT(reply.response.matches_size(), 40);
  EXPECT_LT(reply.response.ByteSizeLong(), size_t{4} << 20);

  v1::BatchLookupRequest batch;
  batch.set_parent("projects/p");
  for (int i = 0; i < 30; ++i) *batch.add_requests() = request;
  EXPECT_THAT(
      server_.Call(server_.memory(), &Stub::BatchLookup, batch),
      StatusIs(absl::StatusCode::kResourceExhausted,
               AllOf(HasSubstr("more than 67,108,864 bytes"),
                     HasSubstr("send fewer at once, or a lower limit"))));
  batch.mutable_requests()->DeleteSubrange(2, 28);
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::BatchLookup, batch),
              IsOk());
}

TEST_F(TranslationMemoryServiceTest, TellsEachScoreAndWhereTheTextsDiffer) {
  ASSERT_THAT(server_
                  .Import({{"projects/p/documents/talk",
                            "We trust GPT-4 now.\n", "我们现在信任GPT-4。\n"}})
                  .status,
              IsOk());
  const auto reply = Lookup("[X1X]So we trust ＧＰＴ-5 now.");
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.matches(), SizeIs(1));
  const v1::Match& match = reply.response.matches(0);
  EXPECT_EQ(match.score_percent(), 81);
  EXPECT_EQ(match.similarity_percent(), 81);
  EXPECT_EQ(match.token_percent(), 66);
  EXPECT_EQ(match.number_blind_percent(), 86);
  EXPECT_EQ(match.quality_percent(), 100);
  EXPECT_EQ(match.suitability_percent(), 81);
  EXPECT_EQ(match.translations(), 1);
  EXPECT_EQ(match.reviewer(), "");
  EXPECT_EQ(match.matched_language_code(), "en");
  EXPECT_THAT(match.missing_placeholders(), ElementsAre("[X1X]"));
  ASSERT_THAT(match.edits(), SizeIs(2));
  EXPECT_EQ(match.edits(0).kind(), v1::Edit::DELETE);
  EXPECT_EQ(match.edits(0).query().ShortDebugString(), "begin: 5 end: 8");
  EXPECT_EQ(match.edits(0).text().ShortDebugString(), "");
  EXPECT_EQ(match.edits(1).kind(), v1::Edit::REPLACE);
  EXPECT_EQ(match.edits(1).query().ShortDebugString(), "begin: 21 end: 22");
  EXPECT_EQ(match.edits(1).text().ShortDebugString(), "begin: 13 end: 14");
  EXPECT_EQ(match.explanation(),
            "2 differences: lacks 'So', 'GPT-4' for 'ＧＰＴ-5'; the "
            "translation lacks [X1X]");
}

TEST_F(TranslationMemoryServiceTest, SuggestsATranslationWithTheNewNumbers) {
  Create({{"5 apples.", "5个苹果。"}});
  const auto reply = Lookup("1,250 apples.");
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.matches(), SizeIs(1));
  const v1::Match& match = reply.response.matches(0);
  EXPECT_EQ(match.suggested_text(), "1,250个苹果。");
  ASSERT_THAT(match.substituted_numbers(), SizeIs(1));
  EXPECT_EQ(match.substituted_numbers(0).ShortDebugString(), "end: 5");
  EXPECT_EQ(match.suitability_percent(), 99);
  ASSERT_THAT(match.penalties(), SizeIs(1));
  EXPECT_EQ(match.penalties(0).kind(), v1::Penalty::NUMBERS_SUBSTITUTED);
  EXPECT_EQ(match.penalties(0).points(), 1);
  EXPECT_EQ(match.penalties(0).words(), "numbers substituted");
}

TEST_F(TranslationMemoryServiceTest, FullContextIsOfTheNamedDocument) {
  for (const char* name : {"talk", "other"}) {
    ASSERT_THAT(server_
                    .Import({{absl::StrCat("projects/p/documents/", name),
                              "It rains.\nYes.\nTea is ready.\n",
                              absl::StrCat("下雨了。\n",
                                           name[0] == 't' ? "对。" : "是。",
                                           "\n茶好了。\n")}})
                    .status,
                IsOk());
  }
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("Yes.");
  request.set_previous_text("It rains.");
  request.set_next_text("Tea is ready.");
  request.set_document("projects/p/documents/talk");
  const auto reply = Lookup(request);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.matches(), SizeIs(2));
  EXPECT_EQ(reply.response.matches(0).pair().target().text(), "对。");
  EXPECT_EQ(reply.response.matches(0).score_percent(), 102);
  EXPECT_EQ(reply.response.matches(1).score_percent(), 101);
  EXPECT_EQ(reply.response.matches(1).translations(), 2);
  request.set_document("projects/q/documents/talk");
  EXPECT_THAT(Lookup(request), StatusIs(kInvalid, HasSubstr("document: ")));
}

TEST_F(TranslationMemoryServiceTest, EqualPairsAreOneMatchThatCountsThem) {
  Create({{"Yeah.", "没错。"}, {"Yeah.", "没错。"}, {"Yes.", "没错。"}});
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("没错。");
  const auto reply = Lookup(request);
  ASSERT_THAT(reply.response.matches(), SizeIs(2));
  EXPECT_EQ(reply.response.matches(0).pair().source().text(), "Yes.");
  EXPECT_EQ(reply.response.matches(0).occurrences(), 1);
  EXPECT_EQ(reply.response.matches(1).occurrences(), 2);
}

TEST_F(TranslationMemoryServiceTest, DeletesADocumentAndNothingElse) {
  Create({{"A cup.", "一个杯子。"}});
  for (const char* name : {"talk", "other"}) {
    ASSERT_THAT(
        server_
            .Import({{absl::StrCat("projects/p/documents/", name),
                      "It rains.\nTea is ready.\n", "下雨了。\n茶好了。\n"}})
            .status,
        IsOk());
  }
  v1::DeleteDocumentRequest request;
  request.set_name("projects/p/documents/talk");
  const auto reply =
      server_.Call(server_.memory(), &Stub::DeleteDocument, request);
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply.response.deleted_pairs(), 2);
  EXPECT_EQ(reply.response.deleted_reviewed_pairs(), 0);
  v1::LookupRequest lookup;
  lookup.set_parent("projects/p");
  lookup.set_query("Tea is ready.");
  const auto left = Lookup(lookup);
  ASSERT_THAT(left.response.matches(), SizeIs(1));
  EXPECT_EQ(left.response.matches(0).pair().document(),
            "projects/p/documents/other");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::DeleteDocument, request),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("document \"talk\" is not in project")));
  request.set_name("projects/p/pairs/1");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::DeleteDocument, request),
              StatusIs(kInvalid, HasSubstr("name: 'projects/p/pairs/1'")));
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, ABatchIsAnsweredInOrderOrRefusedByIndex) {
  Create({{"A cup.", "一个杯子。"}, {"A plate.", "一个盘子。"}});
  v1::BatchLookupRequest request;
  request.set_parent("projects/p");
  for (const char* query : {"A plate.", "A cup.", "Nothing like it at all"}) {
    request.add_requests()->set_query(query);
  }
  const auto reply =
      server_.Call(server_.memory(), &Stub::BatchLookup, request);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.responses(), SizeIs(3));
  EXPECT_EQ(reply.response.responses(0).matches(0).pair().target().text(),
            "一个盘子。");
  EXPECT_EQ(reply.response.responses(1).matches(0).pair().target().text(),
            "一个杯子。");
  EXPECT_THAT(reply.response.responses(2).matches(), IsEmpty());

  request.mutable_requests(1)->set_limit(-1);
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::BatchLookup, request),
              StatusIs(kInvalid, HasSubstr("requests[1]: limit: -1 given")));
  request.mutable_requests(1)->clear_limit();
  request.mutable_requests(2)->set_parent("projects/q");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::BatchLookup, request),
              StatusIs(kInvalid, HasSubstr("requests[2].parent")));
  request.clear_requests();
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::BatchLookup, request),
              StatusIs(kInvalid, HasSubstr("requests: 0 given, 1 to 100")));
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, ConcordanceShowsWhereTheQueryStands) {
  Create({{"A red cup.", "一个红杯子。"}, {"A red door.", "一扇红门。"}});
  const auto reply = Search("杯子");
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.hits(), SizeIs(1));
  const v1::ConcordanceHit& hit = reply.response.hits(0);
  ASSERT_THAT(hit.target_highlights(), SizeIs(1));
  const v1::Highlight& place = hit.target_highlights(0);
  EXPECT_EQ(hit.pair().target().text().substr(
                static_cast<size_t>(place.begin_byte()),
                static_cast<size_t>(place.end_byte() - place.begin_byte())),
            "杯子");
  EXPECT_THAT(
      Search(std::string(501, 'q')),
      StatusIs(kInvalid, HasSubstr("query: 501 code points, 1 to 500")));
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, ConcordanceTellsOfStarsItPassesOver) {
  Create({{"A red cup-holder.", "一个红杯托。"}});
  const auto reply = Search("red cup-*");
  ASSERT_THAT(reply, IsOk());
  EXPECT_THAT(reply.response.hits(), SizeIs(1));
  EXPECT_THAT(reply.response.terms_with_idle_stars(), ElementsAre("cup-*"));
}

TEST_F(TranslationMemoryServiceTest, ConcordanceFindsPartsOfWordsPageByPage) {
  Create({{"A transformed cup.", "甲。"},
          {"Information!", "乙。"},
          {"Forms of a cup", "丙。"},
          {"A cup.", "丁。"}});
  v1::SearchConcordanceRequest request;
  request.set_parent("projects/p");
  request.set_page_size(1);
  request.set_query("*form*");
  std::vector<std::string> found;
  do {
    const auto reply =
        server_.Call(server_.memory(), &Stub::SearchConcordance, request);
    ASSERT_THAT(reply, IsOk());
    for (const v1::ConcordanceHit& hit : reply.response.hits()) {
      found.push_back(hit.pair().source().text());
      EXPECT_THAT(hit.source_highlights(), SizeIs(1));
    }
    request.set_page_token(reply.response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(found, ElementsAre("Forms of a cup", "Information!",
                                 "A transformed cup."));

  // A page of another part's search is none of this one's.
  const auto first =
      server_.Call(server_.memory(), &Stub::SearchConcordance, request);
  ASSERT_THAT(first, IsOk());
  request.set_page_token(first.response.next_page_token());
  request.set_query("form*");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::SearchConcordance, request),
              StatusIs(kInvalid, HasSubstr("page_token")));
  request.clear_page_token();
  request.set_query(absl::StrJoin(std::vector<std::string>(17, "form*"), " "));
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::SearchConcordance, request),
              StatusIs(kInvalid, HasSubstr("17 words with a * given")));
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, PagesHoldEveryPairOnce) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (int i = 0; i < 23; ++i) {
    texts.emplace_back(absl::StrCat("Cup ", i, "."), "杯子。");
  }
  Create(texts);
  v1::ListPairsRequest list;
  list.set_parent("projects/p");
  list.set_page_size(5);
  std::set<std::string> listed;
  int pages = 0;
  do {
    const auto reply = server_.Call(server_.memory(), &Stub::ListPairs, list);
    ASSERT_THAT(reply, IsOk());
    for (const v1::Pair& pair : reply.response.pairs()) {
      EXPECT_TRUE(listed.insert(pair.name()).second) << pair.name();
    }
    list.set_page_token(reply.response.next_page_token());
    ++pages;
  } while (!list.page_token().empty());
  EXPECT_THAT(listed, SizeIs(23));
  EXPECT_EQ(pages, 5);

  v1::SearchConcordanceRequest search;
  search.set_parent("projects/p");
  search.set_query("cup");
  search.set_page_size(10);
  std::set<std::string> found;
  do {
    const auto reply =
        server_.Call(server_.memory(), &Stub::SearchConcordance, search);
    ASSERT_THAT(reply, IsOk());
    for (const v1::ConcordanceHit& hit : reply.response.hits()) {
      EXPECT_TRUE(found.insert(hit.pair().name()).second);
    }
    search.set_page_token(reply.response.next_page_token());
  } while (!search.page_token().empty());
  EXPECT_EQ(found, listed);
}

TEST_F(TranslationMemoryServiceTest, APageTokenIsGoodForItsOwnListOnly) {
  Create({{"A.", "甲。"}, {"B.", "乙。"}, {"C.", "丙。"}});
  Create({{"A.", "甲。"}, {"B.", "乙。"}}, "projects/q");
  v1::ListPairsRequest request;
  request.set_parent("projects/p");
  request.set_page_size(1);
  const auto first = server_.Call(server_.memory(), &Stub::ListPairs, request);
  ASSERT_THAT(first, IsOk());
  request.set_page_token(first.response.next_page_token());
  request.set_page_size(2);
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListPairs, request),
              IsOk());
  const auto refused =
      StatusIs(kInvalid, AllOf(HasSubstr("page_token"),
                               HasSubstr("leave it empty to begin again")));
  request.add_statuses(v1::ACCEPTED);
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListPairs, request),
              refused);
  request.clear_statuses();
  request.set_parent("projects/q");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListPairs, request),
              refused);
  request.set_parent("projects/p");
  request.set_page_token("garbage");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListPairs, request),
              refused);
  ExpectAnswers();
}

TEST_F(TranslationMemoryServiceTest, APageEndsBeforeItOutgrowsAClient) {
  std::string longest;
  for (int i = 0; i < 20'000; ++i) longest += "长";
  const std::vector<std::pair<std::string, std::string>> ten(
      10, {"Long.", longest});
  for (int i = 0; i < 8; ++i) Create(ten);
  v1::ListPairsRequest request;
  request.set_parent("projects/p");
  request.set_page_size(1'000);
  int pairs = 0;
  do {
    const auto reply =
        server_.Call(server_.memory(), &Stub::ListPairs, request);
    ASSERT_THAT(reply, IsOk());
    EXPECT_LT(reply.response.ByteSizeLong(), 4u << 20);
    pairs += reply.response.pairs_size();
    request.set_page_token(reply.response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(pairs, 80);
}

// A thousand pairs with so many bytes of them all, in a project whose name is
// as long as may be.
v1::CreatePairsRequest LargeCreation(size_t bytes) {
  v1::CreatePairsRequest request;
  request.set_parent(absl::StrCat("projects/", std::string(63, 'p')));
  for (int i = 0; i < 1'000; ++i) AddPair("A.", "甲。", request);
  size_t sent = 0;
  for (v1::Pair& pair : *request.mutable_pairs()) {
    std::string& text = *pair.mutable_source()->mutable_text();
    text.resize(bytes / 1'000 - 100, 'x');
    sent += pair.ByteSizeLong();
  }
  // Up to so much, nothing that tells a length grows.
  while (sent < bytes) {
    for (v1::Pair& pair : *request.mutable_pairs()) {
      if (sent == bytes) break;
      pair.mutable_source()->mutable_text()->push_back('x');
      ++sent;
    }
  }
  return request;
}

TEST_F(TranslationMemoryServiceTest, TheLargestCreationIsAnsweredToAnyClient) {
  // It accepts what gRPC accepts when nothing is said.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  const auto told_nothing =
      v1::TranslationMemoryService::NewStub(grpc::CreateCustomChannel(
          absl::StrCat("127.0.0.1:", server_.server().port()),
          grpc::InsecureChannelCredentials(), arguments));
  const v1::CreatePairsRequest request = LargeCreation(kMaxCreatedBytes);
  const auto reply = server_.Call(*told_nothing, &Stub::CreatePairs, request);
  ASSERT_THAT(reply, IsOk());
  EXPECT_THAT(reply.response.pairs(), SizeIs(1'000));
  EXPECT_GT(reply.response.ByteSizeLong(), kMaxCreatedBytes);
  EXPECT_EQ(reply.response.pairs(999).source().text(),
            request.pairs(999).source().text());
}

TEST_F(TranslationMemoryServiceTest, ALargerCreationIsRefusedAndStoresNothing) {
  EXPECT_THAT(
      server_.Call(server_.memory(), &Stub::CreatePairs,
                   LargeCreation(kMaxCreatedBytes + 1)),
      StatusIs(absl::StatusCode::kResourceExhausted,
               HasSubstr("pairs: 3,145,729 bytes given, up to 3,145,728 "
                         "accepted in one call; nothing was stored")));
  EXPECT_THAT(server_
                  .Call(server_.memory(), &Stub::ListProjects,
                        v1::ListProjectsRequest())
                  .response.projects(),
              IsEmpty());
}

TEST_F(TranslationMemoryServiceTest, CreatingTwiceUnderOneRequestIdIsOnce) {
  v1::CreatePairsRequest request;
  request.set_parent("projects/p");
  request.set_request_id("import-7");
  AddPair("A cup.", "一个杯子。", request);
  const auto first =
      server_.Call(server_.memory(), &Stub::CreatePairs, request);
  const auto second =
      server_.Call(server_.memory(), &Stub::CreatePairs, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first.response.SerializeAsString(),
            second.response.SerializeAsString());
  v1::ListPairsRequest list;
  list.set_parent("projects/p");
  EXPECT_THAT(
      server_.Call(server_.memory(), &Stub::ListPairs, list).response.pairs(),
      SizeIs(1));
}

TEST_F(TranslationMemoryServiceTest, ABadPairRefusesAllOfThem) {
  const struct {
    const char* name;
    void (*spoil)(v1::CreatePairsRequest&);
    const char* message;
  } cases[] = {
      {"no target",
       [](v1::CreatePairsRequest& r) {
         r.mutable_pairs(1)->mutable_target()->clear_text();
       },
       "pairs[1].target.text: empty, 1 to 20,000 code points accepted"},
      {"too long",
       [](v1::CreatePairsRequest& r) {
         r.mutable_pairs(0)->mutable_source()->set_text(
             std::string(20'001, 'x'));
       },
       "pairs[0].source.text: 20,001 code points"},
      {"language",
       [](v1::CreatePairsRequest& r) {
         r.mutable_pairs(0)->mutable_source()->set_language_code("zh");
       },
       "pairs[0].source.language_code: 'zh' given, en accepted"},
      {"timestamp",
       [](v1::CreatePairsRequest& r) {
         r.mutable_pairs(1)->mutable_source()->mutable_timestamp()->set_seconds(
             -1);
       },
       "pairs[1].source.timestamp: -1 seconds"},
      {"request id", [](v1::CreatePairsRequest& r) { r.set_request_id("a b"); },
       "request_id: 'a b' given"},
      {"none", [](v1::CreatePairsRequest& r) { r.clear_pairs(); },
       "pairs: 0 given, 1 to 1,000 accepted; send more"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::CreatePairsRequest request;
    request.set_parent("projects/p");
    AddPair("A.", "甲。", request);
    AddPair("B.", "乙。", request);
    c.spoil(request);
    EXPECT_THAT(server_.Call(server_.memory(), &Stub::CreatePairs, request),
                StatusIs(kInvalid, HasSubstr(c.message)));
  }
  EXPECT_THAT(server_
                  .Call(server_.memory(), &Stub::ListProjects,
                        v1::ListProjectsRequest())
                  .response.projects(),
              IsEmpty());
}

TEST_F(TranslationMemoryServiceTest, DeletesWhatTheEtagSaysAndNothingElse) {
  const std::vector<v1::Pair> pairs =
      Create({{"A cup.", "一个杯子。"}, {"A plate.", "一个盘子。"}});
  v1::DeletePairRequest request;
  request.set_name(pairs[0].name());
  request.set_etag("r1f");
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::DeletePair, request),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("changed since")));
  EXPECT_THAT(Lookup("A cup.").response.matches(), SizeIs(1));
  request.set_etag(pairs[0].etag());
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::DeletePair, request),
              IsOk());
  EXPECT_THAT(Lookup("A cup.").response.matches(), IsEmpty());
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::DeletePair, request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("not there")));
  request.set_name(pairs[1].name());
  request.clear_etag();
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::DeletePair, request),
              IsOk());
}

TEST_F(TranslationMemoryServiceTest, OtherProjectsAreSearchedWhereNamed) {
  Create({{"The mill turns.", "磨坊在转。"}});
  const v1::Pair theirs =
      Create({{"The mill turns.", "风车在转。"}}, "projects/q")[0];
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query("The mill turns.");
  EXPECT_THAT(Lookup(request).response.matches(), SizeIs(1));
  request.add_other_projects("projects/q");
  const auto reply = Lookup(request);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.matches(), SizeIs(2));
  EXPECT_EQ(reply.response.matches(0).project(), "projects/p");
  const v1::Match& match = reply.response.matches(1);
  EXPECT_EQ(match.project(), "projects/q");
  EXPECT_EQ(match.pair().name(), theirs.name());
  EXPECT_EQ(match.penalties().rbegin()->kind(), v1::Penalty::OTHER_PROJECT);
  EXPECT_THAT(match.explanation(), HasSubstr("other project: -1"));
  v1::BatchLookupRequest batch;
  batch.set_parent("projects/p");
  *batch.add_requests() = request;
  *batch.add_requests() = request;
  batch.mutable_requests(1)->clear_other_projects();
  const auto replies =
      server_.Call(server_.memory(), &Stub::BatchLookup, batch);
  ASSERT_THAT(replies, IsOk());
  EXPECT_THAT(replies.response.responses(0).matches(), SizeIs(2));
  EXPECT_THAT(replies.response.responses(1).matches(), SizeIs(1));
  request.add_other_projects("projects/nowhere");
  EXPECT_THAT(Lookup(request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
}

TEST_F(TranslationMemoryServiceTest, AConcordanceOfOtherProjectsHasItsTokens) {
  const std::vector<v1::Pair> ours =
      Create({{"The mill turns.", "磨坊在转。"}, {"A mill.", "一个磨坊。"}});
  const std::vector<v1::Pair> theirs =
      Create({{"The mill stops.", "风车停了。"}}, "projects/q");
  Create({{"The old mill.", "老磨坊。"}}, "projects/r");
  v1::SearchConcordanceRequest request;
  request.set_parent("projects/p");
  request.set_query("mill");
  request.set_page_size(2);
  request.add_other_projects("projects/q");
  const auto search = [&](const v1::SearchConcordanceRequest& asked) {
    return server_.Call(server_.memory(), &Stub::SearchConcordance, asked);
  };
  const auto first = search(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(first.response.hits(), SizeIs(2));
  EXPECT_EQ(first.response.hits(0).pair().name(), ours[1].name());
  EXPECT_EQ(first.response.hits(1).pair().name(), ours[0].name());
  request.set_page_token(first.response.next_page_token());
  const auto second = search(request);
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(second.response.hits(), SizeIs(1));
  EXPECT_EQ(second.response.hits(0).pair().name(), theirs[0].name());
  EXPECT_EQ(second.response.next_page_token(), "");
  v1::SearchConcordanceRequest more = request;
  more.add_other_projects("projects/r");
  v1::SearchConcordanceRequest fewer = request;
  fewer.clear_other_projects();
  for (const v1::SearchConcordanceRequest& another : {more, fewer}) {
    EXPECT_THAT(search(another), StatusIs(kInvalid, HasSubstr("page_token")));
  }
  more.clear_page_token();
  more.add_other_projects("projects/q");
  EXPECT_THAT(search(more), StatusIs(kInvalid, HasSubstr("other_projects[2]")));
  fewer.clear_page_token();
  fewer.add_other_projects("projects/nowhere");
  EXPECT_THAT(search(fewer),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
}

TEST_F(TranslationMemoryServiceTest, AskingByTheLastChangeFindsNoOther) {
  const v1::Pair old = Create({{"The ferry is late.", "渡轮晚点了。"}})[0];
  server_.Advance(absl::Hours(1));
  const std::vector<v1::Pair> fresh =
      Create({{"The ferry is late again.", "渡轮又晚点了。"},
              {"The ferry was late.", "渡轮晚点过。"}});
  const google::protobuf::Timestamp then = fresh[0].update_time();
  const auto names = [](const auto& list, const auto& pair_of) {
    std::set<std::string> found;
    for (const auto& one : list) found.insert(pair_of(one).name());
    return found;
  };
  const auto pair_of = [](const auto& one) { return one.pair(); };
  const std::set<std::string> just_old = {old.name()};
  const std::set<std::string> just_fresh = {fresh[0].name(), fresh[1].name()};
  for (const bool after : {true, false}) {
    const std::set<std::string>& wanted = after ? just_fresh : just_old;
    v1::LookupRequest lookup;
    lookup.set_parent("projects/p");
    lookup.set_query("The ferry is late.");
    lookup.set_threshold_percent(50);
    v1::SearchConcordanceRequest concordance;
    concordance.set_parent("projects/p");
    concordance.set_query("ferry");
    v1::ListPairsRequest list;
    list.set_parent("projects/p");
    list.set_page_size(1);
    for (v1::LookupFilter* filter :
         {lookup.mutable_filter(), concordance.mutable_filter()}) {
      *(after ? filter->mutable_changed_after()
              : filter->mutable_changed_before()) = then;
    }
    *(after ? list.mutable_changed_after() : list.mutable_changed_before()) =
        then;
    EXPECT_EQ(names(Lookup(lookup).response.matches(), pair_of), wanted);
    EXPECT_EQ(
        names(server_
                  .Call(server_.memory(), &Stub::SearchConcordance, concordance)
                  .response.hits(),
              pair_of),
        wanted);
    std::set<std::string> listed;
    std::string token;
    do {
      list.set_page_token(token);
      const auto page = server_.Call(server_.memory(), &Stub::ListPairs, list);
      ASSERT_THAT(page, IsOk());
      for (const v1::Pair& pair : page.response.pairs()) {
        listed.insert(pair.name());
      }
      token = page.response.next_page_token();
      if (token.empty()) continue;
      v1::ListPairsRequest all = list;
      all.clear_changed_after();
      all.clear_changed_before();
      all.set_page_token(token);
      EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListPairs, all),
                  StatusIs(kInvalid, HasSubstr("page_token")));
    } while (!token.empty());
    EXPECT_EQ(listed, wanted);
  }
  v1::ListPairsRequest list;
  list.set_parent("projects/p");
  list.mutable_changed_after()->set_nanos(1'000'000'000);
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::ListPairs, list),
              StatusIs(kInvalid, HasSubstr("changed_after: 0 seconds and "
                                           "1000000000 nanoseconds given")));
}

TEST_F(TranslationMemoryServiceTest, ProjectsAreListedWithWhatTheyHold) {
  Create({{"A.", "甲。"}, {"B.", "乙。"}}, "projects/beta");
  Create({{"A.", "甲。"}}, "projects/alpha");
  v1::ListProjectsRequest request;
  request.set_page_size(1);
  const auto first =
      server_.Call(server_.memory(), &Stub::ListProjects, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(first.response.projects(), SizeIs(1));
  EXPECT_EQ(first.response.projects(0).name(), "projects/alpha");
  EXPECT_EQ(first.response.projects(0).pairs(), 1);
  request.set_page_token(first.response.next_page_token());
  const auto second =
      server_.Call(server_.memory(), &Stub::ListProjects, request);
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(second.response.projects(), SizeIs(1));
  EXPECT_EQ(second.response.projects(0).name(), "projects/beta");
  EXPECT_EQ(second.response.projects(0).pairs(), 2);
  EXPECT_EQ(second.response.next_page_token(), "");
}

TEST_F(TranslationMemoryServiceTest, AFullDiskIsToldAndLosesNothing) {
  Create({{"A cup.", "一个杯子。"}});
  server_.store().FailWrites(
      absl::ResourceExhaustedError("the disk is full; free some space"));
  v1::CreatePairsRequest request;
  request.set_parent("projects/p");
  AddPair("B.", "乙。", request);
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::CreatePairs, request),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("the disk is full")));
  EXPECT_THAT(Lookup("A cup.").response.matches(), SizeIs(1));
  server_.store().FailWrites(absl::OkStatus());
  EXPECT_THAT(server_.Call(server_.memory(), &Stub::CreatePairs, request),
              IsOk());
}

}  // namespace
}  // namespace duilian::service
