// The whole command line against a server in this process.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "clients/command_line.h"
#include "clients/fake_server.h"
#include "duilian/v1/alignment_service.grpc.pb.h"
#include "duilian/v1/import_service.grpc.pb.h"
#include "duilian/v1/report_service.grpc.pb.h"
#include "duilian/v1/review_service.grpc.pb.h"
#include "duilian/v1/settings_service.grpc.pb.h"
#include "duilian/v1/status_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

v1::Pair MakePair(int number) {
  v1::Pair pair;
  pair.set_name(absl::StrCat("projects/p/pairs/", number));
  pair.set_document("projects/p/documents/walk");
  pair.mutable_source()->set_text(absl::StrCat("Sentence ", number, "."));
  pair.mutable_target()->set_text(absl::StrCat("第", number, "句。"));
  for (v1::Side* side : {pair.mutable_source(), pair.mutable_target()}) {
    side->add_spans()->set_segment(number);
  }
  pair.set_status(v1::UNREVIEWED);
  pair.set_confidence(0.5);
  pair.set_etag(absl::StrCat("e", number));
  return pair;
}

// Holds `pairs` pairs, given out two a page however many are asked for.
class FakeMemory : public v1::TranslationMemoryService::Service {
 public:
  explicit FakeMemory(int pairs) : pairs_(pairs) {}

  std::vector<v1::BatchLookupRequest> batches;
  v1::LookupRequest lookup;
  std::string match_project = "projects/p";
  v1::SearchConcordanceRequest concordance;
  v1::SearchMeaningRequest meaning;
  v1::ListPairsRequest list;
  std::vector<std::string> terms_with_idle_stars;
  int pending_pairs = 0;
  int calls_to_refuse = 0;

  grpc::Status Lookup(grpc::ServerContext*, const v1::LookupRequest* request,
                      v1::LookupResponse* response) override {
    if (calls_to_refuse-- > 0) {
      return {grpc::StatusCode::UNAVAILABLE, "the server is starting"};
    }
    lookup = *request;
    if (request->query() == "bad") {
      return {grpc::StatusCode::INVALID_ARGUMENT,
              "query: 0 code points given, 1 to 2000 accepted\x1b[2J\nsecond"};
    }
    if (absl::StartsWith(request->query(), "nothing")) {
      return grpc::Status::OK;
    }
    v1::Match* match = response->add_matches();
    *match->mutable_pair() = MakePair(1);
    match->mutable_pair()->set_name(match_project + "/pairs/1");
    match->set_project(match_project);
    match->add_missing_placeholders("{0}");
    match->add_missing_placeholders("%s");
    match->set_score_percent(87);
    match->set_suitability_percent(86);
    match->set_explanation("'1' for '2'; unreviewed: -1");
    match->set_matched_language_code("en");
    v1::Penalty* penalty = match->add_penalties();
    penalty->set_kind(v1::Penalty::UNREVIEWED_ALIGNMENT);
    penalty->set_points(1);
    penalty->set_words("unreviewed");
    v1::Edit* edit = match->add_edits();
    edit->set_kind(v1::Edit::REPLACE);
    edit->mutable_query()->set_begin(9);
    edit->mutable_query()->set_end(10);
    edit->mutable_text()->set_begin(9);
    edit->mutable_text()->set_end(10);
    match->set_suggested_text("第2句。");
    match->add_substituted_numbers()->set_begin(1);
    match->mutable_substituted_numbers(0)->set_end(2);
    return grpc::Status::OK;
  }

  grpc::Status BatchLookup(grpc::ServerContext*,
                           const v1::BatchLookupRequest* request,
                           v1::BatchLookupResponse* response) override {
    batches.push_back(*request);
    for (int i = 0; i < request->requests_size(); ++i) {
      if (request->requests(i).query() == "bad") {
        return {grpc::StatusCode::INVALID_ARGUMENT,
                absl::StrCat("requests[", i,
                             "]: query_language_code: empty, send one")};
      }
      if (request->requests(i).query() == "unknown") {
        response->add_responses();
        continue;
      }
      *response->add_responses()->add_matches()->mutable_pair() = MakePair(i);
    }
    return grpc::Status::OK;
  }

  grpc::Status SearchConcordance(
      grpc::ServerContext*, const v1::SearchConcordanceRequest* request,
      v1::SearchConcordanceResponse* response) override {
    concordance = *request;
    if (absl::c_linear_search(request->other_projects(), request->parent())) {
      return {grpc::StatusCode::INVALID_ARGUMENT,
              "other_projects[0]: '" + request->parent() + "' given again"};
    }
    const int begin = Begin(request->page_token());
    for (int i = begin; i < begin + 2 && i < pairs_; ++i) {
      v1::ConcordanceHit* hit = response->add_hits();
      *hit->mutable_pair() = MakePair(i);
      v1::Highlight* highlight = hit->add_target_highlights();
      highlight->set_begin_byte(0);
      highlight->set_end_byte(3);
      if (!request->link_counterparts()) continue;
      // The word surely, the number hardly.
      v1::Highlight* counterpart = hit->add_source_counterparts();
      counterpart->set_end_byte(8);
      counterpart->set_confidence(0.9);
      counterpart = hit->add_source_counterparts();
      counterpart->set_begin_byte(9);
      counterpart->set_end_byte(10);
      counterpart->set_confidence(0.2);
    }
    response->set_next_page_token(Next(begin));
    response->mutable_terms_with_idle_stars()->Assign(
        terms_with_idle_stars.begin(), terms_with_idle_stars.end());
    return grpc::Status::OK;
  }

  grpc::Status SearchMeaning(grpc::ServerContext*,
                             const v1::SearchMeaningRequest* request,
                             v1::SearchMeaningResponse* response) override {
    if (calls_to_refuse-- > 0) {
      return {grpc::StatusCode::UNAVAILABLE, "the index is being made"};
    }
    meaning = *request;
    response->set_pending_pairs(pending_pairs);
    response->set_index_position(12);
    if (request->query() == "nothing") return grpc::Status::OK;
    v1::MeaningMatch* match = response->add_matches();
    *match->mutable_pair() = MakePair(4);
    match->set_similarity(0.75);
    match->set_source_similarity(0.8);
    match->set_target_similarity(0.5);
    return grpc::Status::OK;
  }

  grpc::Status ListPairs(grpc::ServerContext*,
                         const v1::ListPairsRequest* request,
                         v1::ListPairsResponse* response) override {
    list = *request;
    if (request->document() == "projects/p/documents/nope") {
      return grpc::Status::OK;
    }
    const int begin = Begin(request->page_token());
    for (int i = begin; i < begin + 2 && i < pairs_; ++i) {
      *response->add_pairs() = MakePair(i);
    }
    response->set_next_page_token(Next(begin));
    return grpc::Status::OK;
  }

  grpc::Status GetPair(grpc::ServerContext*, const v1::GetPairRequest* request,
                       v1::Pair* response) override {
    const std::vector<std::string> parts = absl::StrSplit(request->name(), '/');
    int number = 0;
    if (!absl::SimpleAtoi(parts.back(), &number) || number >= pairs_) {
      return {grpc::StatusCode::NOT_FOUND,
              absl::StrCat(request->name(), " is not there")};
    }
    *response = MakePair(number);
    return grpc::Status::OK;
  }

  grpc::Status ListProjects(grpc::ServerContext*,
                            const v1::ListProjectsRequest*,
                            v1::ListProjectsResponse* response) override {
    v1::Project* project = response->add_projects();
    project->set_name("projects/p");
    project->set_documents(1);
    project->set_pairs(pairs_);
    return grpc::Status::OK;
  }

 private:
  static int Begin(const std::string& token) {
    int begin = 0;
    if (!absl::SimpleAtoi(token, &begin)) begin = 0;
    return begin;
  }
  std::string Next(int begin) const {
    return begin + 2 < pairs_ ? absl::StrCat(begin + 2) : "";
  }
  int pairs_;
};

class FakeStatus : public v1::StatusService::Service {
 public:
  bool follows = false;
  std::string failure;  // of following

  grpc::Status GetServerStatus(grpc::ServerContext*,
                               const v1::GetServerStatusRequest*,
                               v1::ServerStatus* response) override {
    response->set_index_position(7);
    if (follows) {
      response->mutable_following()->set_directory("/srv/memory");
      response->mutable_following()->mutable_as_of()->set_seconds(86'400);
      response->mutable_following()->set_failure(failure);
    }
    return grpc::Status::OK;
  }
};

class FakeSettings : public v1::SettingsService::Service {
 public:
  v1::UpdateProjectSettingsRequest update;
  int updates = 0;

  grpc::Status GetProjectSettings(grpc::ServerContext*,
                                  const v1::GetProjectSettingsRequest* request,
                                  v1::ProjectSettings* response) override {
    response->set_name(request->name());
    response->mutable_lookup_penalties()->set_unreviewed_alignment(1);
    response->set_etag("s1");
    return grpc::Status::OK;
  }

  grpc::Status UpdateProjectSettings(
      grpc::ServerContext*, const v1::UpdateProjectSettingsRequest* request,
      v1::ProjectSettings* response) override {
    update = *request;
    ++updates;
    *response->mutable_lookup_penalties() = request->lookup_penalties();
    return grpc::Status::OK;
  }
};

// Stores every document but those named "refuse"; breaks the stream at one
// named "break".
class FakeImport : public v1::ImportService::Service {
 public:
  struct Received {
    v1::DocumentHeader header;
    std::string source;
    std::string target;
    size_t longest_chunk = 0;
  };
  absl::Mutex mutex;  // of two streams
  std::vector<Received> received;
  int kept_pairs = 3;  // of an unchanged document

  grpc::Status ImportDocuments(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::ImportDocumentsResponse,
                               v1::ImportDocumentsRequest>* stream) override {
    v1::ImportDocumentsRequest request;
    Received document;
    while (stream->Read(&request)) {
      if (request.has_header()) {
        document = {request.header(), "", "", 0};
        if (request.header().name() == "projects/p/documents/break") {
          return {grpc::StatusCode::INTERNAL, "the disk went away"};
        }
        continue;
      }
      document.source += request.source_chunk();
      document.target += request.target_chunk();
      document.longest_chunk =
          std::max({document.longest_chunk, request.source_chunk().size(),
                    request.target_chunk().size()});
      if (!request.finish()) continue;
      if (!Await(document)) {
        return {grpc::StatusCode::INTERNAL, "the other one did not come"};
      }
      {
        absl::MutexLock lock(&mutex);
        received.push_back(document);
      }
      stream->Write(Answer(document));
    }
    return grpc::Status::OK;
  }

 private:
  // The patient document is answered when the one behind it has come.
  bool Await(const Received& document) {
    if (document.header.name() == "projects/p/documents/urgent") {
      urgent_came_.Notify();
    }
    return document.header.name() != "projects/p/documents/patient" ||
           urgent_came_.WaitForNotificationWithTimeout(absl::Seconds(30));
  }

  v1::ImportDocumentsResponse Answer(const Received& document) const {
    v1::ImportDocumentsResponse response;
    response.set_name(document.header.name());
    response.mutable_document()->set_pairs(3);
    response.set_mean_confidence(0.875);
    response.set_unpaired_target_segments(2);
    if (document.header.name() == "projects/p/documents/refuse") {
      response.set_outcome(v1::ImportDocumentsResponse::REFUSED);
      response.set_error_message(
          "target: looks like English, Chinese accepted; the two sides may be "
          "swapped: send the English text as the source and the Chinese one as "
          "the target");
      return response;
    }
    if (document.header.name() == "projects/p/documents/again") {
      response.set_outcome(v1::ImportDocumentsResponse::UNCHANGED);
      response.set_kept_pairs(kept_pairs);
      return response;
    }
    if (document.header.name() == "projects/p/documents/empty") {
      response.set_outcome(v1::ImportDocumentsResponse::STORED);
      response.mutable_document()->set_pairs(0);
      return response;
    }
    response.set_outcome(v1::ImportDocumentsResponse::STORED);
    v1::ImportWarning* warning = response.add_warnings();
    warning->set_side("target");
    warning->set_line(12);
    warning->set_message("a picture was skipped");
    return response;
  }

  absl::Notification urgent_came_;
};

class FakeReviews : public v1::ReviewService::Service {
 public:
  v1::ReviewPairRequest review;

  grpc::Status ListReviewQueue(grpc::ServerContext*,
                               const v1::ListReviewQueueRequest*,
                               v1::ListReviewQueueResponse* response) override {
    v1::QueuedPair* queued = response->add_pairs();
    *queued->mutable_pair() = MakePair(1);
    queued->add_reasons("3:2 bead");
    queued->add_reasons("number 7 has no counterpart");
    return grpc::Status::OK;
  }

  grpc::Status ReviewPair(grpc::ServerContext*,
                          const v1::ReviewPairRequest* request,
                          v1::Pair* response) override {
    review = *request;
    *response = request->pair();
    response->set_etag("next");
    return grpc::Status::OK;
  }
};

// One finding, about a document "walk".
class FakeReports : public v1::ReportService::Service {
 public:
  grpc::Status ReportDocument(grpc::ServerContext*,
                              const v1::ReportDocumentRequest* request,
                              v1::ReportDocumentResponse* response) override {
    if (request->name() != "projects/p/documents/walk") {
      return {grpc::StatusCode::NOT_FOUND, request->name() + " is not there"};
    }
    response->mutable_source()->set_segments(4);
    response->mutable_source()->set_covered_segments(3);
    response->set_pairs(3);
    v1::Finding& finding = *response->add_findings();
    finding.set_kind(v1::NUMBER_DIFFERS);
    finding.set_confidence(0.75);
    finding.set_phrase("number 7 has no counterpart");
    for (v1::FindingSide* side :
         {finding.mutable_source(), finding.mutable_target()}) {
      side->set_begin_segment(2);
      side->set_end_segment(3);
    }
    finding.mutable_target()->set_text("第 7 句。");
    response->add_findings()->set_kind(v1::NEVER_TRANSLATED);
    return grpc::Status::OK;
  }
};

class FakeAlignment : public v1::AlignmentService::Service {
 public:
  grpc::Status AlignTranscripts(
      grpc::ServerContext*, const v1::AlignTranscriptsRequest* request,
      v1::AlignTranscriptsResponse* response) override {
    response->add_source_segments()->set_text(request->source_text());
    response->add_target_segments()->set_text(request->target_text());
    response->add_target_segments()->set_text("好。");
    v1::Bead* bead = response->add_beads();
    bead->add_source_segments(0);
    bead->add_target_segments(0);
    bead->add_target_segments(1);
    bead->set_confidence(0.97);
    response->add_warnings("line 3: a menu was skipped");
    return grpc::Status::OK;
  }

  grpc::Status AlignQuotes(grpc::ServerContext*,
                           const v1::AlignQuotesRequest* request,
                           v1::AlignQuotesResponse* response) override {
    for (const std::string& quote : request->quotes()) {
      v1::QuoteResult* result = response->add_results();
      if (quote == "Never said.") continue;
      v1::QuotePlace* place = result->add_places();
      place->set_text("说过。");
      place->add_segments(4);
      place->set_confidence(0.8);
    }
    return grpc::Status::OK;
  }

  grpc::Status ExtractFragments(
      grpc::ServerContext*, const v1::ExtractFragmentsRequest*,
      v1::ExtractFragmentsResponse* response) override {
    v1::Fragment* fragment = response->add_fragments();
    fragment->set_text("AGI");
    fragment->set_line(2);
    fragment->set_kind(v1::TERM);
    fragment->set_rendering("通用人工智能");
    return grpc::Status::OK;
  }
};

class CommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder =
        (std::filesystem::path(testing::TempDir()) / "duilian-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  Outcome Run(std::vector<std::string> arguments,
              const std::string& input = "") const {
    return server_.Run(std::move(arguments), input);
  }

  FakeMemory memory_{5};
  FakeImport import_;
  FakeReviews reviews_;
  FakeAlignment alignment_;
  FakeReports reports_;
  FakeSettings settings_;
  FakeStatus status_;
  const FakeServer server_{&memory_,  &import_,   &reviews_, &alignment_,
                           &reports_, &settings_, &status_};
  std::filesystem::path folder_;
};

TEST_F(CommandsTest, LookupSendsWhatWasAskedAndPrintsTheMatch) {
  const Outcome outcome =
      Run({"lookup", "Sentence", "1.", "--threshold", "60", "--limit", "3",
           "--lang", "en", "--document", "walk"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.out,
            "fit |  % | zh        | en          | why                         |"
            " status     | document\n"
            "----+----+-----------+-------------+-----------------------------+"
            "------------+---------\n"
            " 86 | 87 | 第[2]句。 | Sentence 1. | '1' for '2'; unreviewed: -1 |"
            " unreviewed | walk\n");
  EXPECT_EQ(memory_.lookup.parent(), "projects/p");
  EXPECT_EQ(memory_.lookup.query(), "Sentence 1.");
  EXPECT_EQ(memory_.lookup.threshold_percent(), 60);
  EXPECT_EQ(memory_.lookup.limit(), 3);
  EXPECT_EQ(memory_.lookup.query_language_code(), "en");
  EXPECT_EQ(memory_.lookup.filter().document(), "projects/p/documents/walk");
}

TEST_F(CommandsTest, LookupNamesTheProjectsOfOthers) {
  const Outcome table =
      Run({"lookup", "--also", "q", "Sentence", "--also", "r"});
  EXPECT_EQ(table.code, kDone) << table.err;
  ASSERT_EQ(memory_.lookup.other_projects_size(), 2);
  EXPECT_EQ(memory_.lookup.query(), "Sentence");
  EXPECT_EQ(memory_.lookup.other_projects(0), "projects/q");
  EXPECT_EQ(memory_.lookup.other_projects(1), "projects/r");
  EXPECT_THAT(table.out, HasSubstr("| walk\n"));
  memory_.match_project = "projects/q";
  EXPECT_THAT(Run({"lookup", "Sentence"}).out, HasSubstr("| q/walk\n"));
  EXPECT_THAT(Run({"lookup", "Sentence", "--output", "tsv"}).out,
              HasSubstr("\t{0} %s\tq\t"));
  const json answer =
      json::parse(Run({"lookup", "Sentence", "--output", "json"}).out);
  EXPECT_EQ(answer[0]["matches"][0]["project"], "projects/q");
}

TEST_F(CommandsTest, SettingsAreShownAndChanged) {
  Outcome outcome = Run({"settings"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("setting"));
  EXPECT_THAT(outcome.out, HasSubstr("unreviewed_alignment |     1 | Points"));
  EXPECT_EQ(settings_.updates, 0);
  outcome = Run({"settings", "--age", "2", "--width", "0", "--output", "tsv"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out,
              StartsWith("setting\tvalue\nunreviewed_alignment\t"));
  EXPECT_EQ(settings_.updates, 1);
  EXPECT_EQ(settings_.update.name(), "projects/p/settings");
  EXPECT_EQ(settings_.update.lookup_penalties().ShortDebugString(),
            "width_difference: 0 age: 2");
  const json answer = json::parse(Run({"settings", "--output", "json"}).out);
  EXPECT_EQ(answer[0]["lookup_penalties"]["unreviewed_alignment"], 1);
  EXPECT_EQ(answer[0]["etag"], "s1");
}

TEST_F(CommandsTest, LookupAsJsonIsAnArray) {
  const Outcome outcome = Run({"--output", "json", "lookup", "Sentence 1."});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  const json answer = json::parse(outcome.out);
  EXPECT_EQ(answer[0]["query"], "Sentence 1.");
  EXPECT_EQ(answer[0]["matches"][0]["score_percent"], 87);
  EXPECT_EQ(answer[0]["matches"][0]["pair"]["target"]["text"], "第1句。");
  const json& match = answer[0]["matches"][0];
  EXPECT_EQ(match["suitability_percent"], 86);
  EXPECT_EQ(match["penalties"][0]["kind"], "unreviewed_alignment");
  EXPECT_EQ(match["penalties"][0]["points"], 1);
  EXPECT_EQ(match["edits"][0]["kind"], "replace");
  EXPECT_EQ(match["edits"][0]["text"]["begin"], 9);
  EXPECT_EQ(match["suggested_text"], "第2句。");
  EXPECT_EQ(match["substituted_numbers"][0]["end"], 2);
  EXPECT_EQ(match["missing_placeholders"], json({"{0}", "%s"}));
  const std::string tsv = Run({"lookup", "x", "--output", "tsv"}).out;
  EXPECT_THAT(tsv, HasSubstr("\tmissing_placeholders\tproject\t"));
  EXPECT_THAT(tsv, HasSubstr("\t{0} %s\tp\t"));
}

TEST_F(CommandsTest, FileOfQueriesGoesInBatchesOfAHundred) {
  std::string queries;
  for (int i = 0; i < 150; ++i) absl::StrAppend(&queries, "query ", i, "\n\n");
  const Outcome outcome =
      Run({"lookup", "--file", "-", "--output", "tsv"}, queries);
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  ASSERT_EQ(memory_.batches.size(), 2u);
  EXPECT_EQ(memory_.batches[0].requests_size(), 100);
  EXPECT_EQ(memory_.batches[1].requests_size(), 50);
  EXPECT_EQ(memory_.batches[1].requests(49).query(), "query 149");
  const std::vector<std::string> lines = absl::StrSplit(outcome.out, '\n');
  EXPECT_EQ(lines.size(), 152u);  // header, 150 rows, and nothing behind
  EXPECT_THAT(lines[0], StartsWith("query\tscore_percent\tidentical\tname\t"));
}

TEST_F(CommandsTest, BadQueriesOfAFileAreToldByTheirLinesAndTheOthersAnswered) {
  const std::string queries =
      absl::StrCat("\xEF\xBB\xBFgood\n\nbad\n\xFF\nunknown\n",
                   std::string(2001, 'x'), "\nfine\n");
  const Outcome outcome =
      Run({"lookup", "--file", "-", "--output", "tsv"}, queries);
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("duilian: - line 3: --lang: empty"));
  EXPECT_THAT(outcome.err, HasSubstr("duilian: - line 4: byte 0 is not UTF-8"));
  EXPECT_THAT(outcome.err,
              HasSubstr("duilian: - line 6: the query: 2001 code"));
  EXPECT_THAT(outcome.err, HasSubstr("3 of 6 lines refused"));
  const std::vector<std::string> lines = absl::StrSplit(outcome.out, '\n');
  ASSERT_EQ(lines.size(), 5u) << outcome.out;
  EXPECT_THAT(lines[1], StartsWith("good\t0\tfalse\tprojects/p/pairs/0\t"));
  EXPECT_THAT(lines[2], StartsWith("unknown\t\t\t\t"));
  EXPECT_THAT(lines[3], StartsWith("fine\t0\tfalse\tprojects/p/pairs/2\t"));
  const json as_json = json::parse(
      Run({"lookup", "--file", "-", "--output", "json"}, queries).out);
  EXPECT_EQ(as_json.size(), 6u);
  EXPECT_EQ(as_json[1]["line"], 3);
  EXPECT_EQ(as_json[1]["error"], "--lang: empty, send one");
  EXPECT_EQ(Run({"lookup", "--file", "-"}, "bad\n").out,
            "no line was answered\n");
}

TEST_F(CommandsTest, QueryWithoutAMatchStaysInTheTable) {
  const Outcome outcome = Run({"lookup", "--file", "-"}, "unknown\n");
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("unknown |   - |   | no match |"));
}

TEST_F(CommandsTest, ReportTellsOfAStoredDocument) {
  const Outcome page = Run({"report", "walk"});
  EXPECT_EQ(page.code, kDone) << page.err;
  EXPECT_THAT(page.out, AllOf(HasSubstr("English |   3 of 4 |  75.0\n"),
                              HasSubstr("numbers that differ: 1\n"),
                              HasSubstr("0.75 |        2 | number 7")));
  const json report =
      json::parse(Run({"report", "walk", "--output", "json"}).out);
  EXPECT_EQ(report["findings"][0]["kind"], "number");
  EXPECT_EQ(report["findings"][0]["zh"]["text"], "第 7 句。");
  EXPECT_EQ(report["findings"][1]["kind"], "never-translated");
  const Outcome unknown = Run({"report", "nope"});
  EXPECT_EQ(unknown.code, kFailed);
  EXPECT_EQ(unknown.out, "");
  EXPECT_THAT(unknown.err, HasSubstr("documents/nope is not there"));
}

TEST_F(CommandsTest, UnknownDocumentIsAnError) {
  const std::vector<std::string> commands[] = {{"lookup", "x"},
                                               {"concordance", "x"},
                                               {"meaning", "x"},
                                               {"export"},
                                               {"review", "list"}};
  for (std::vector<std::string> command : commands) {
    SCOPED_TRACE(command[0]);
    command.insert(command.end(), {"--document", "nope"});
    const Outcome outcome = Run(command);
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err,
                HasSubstr("--document: projects/p holds no pair of "
                          "a document nope"));
  }
}

TEST_F(CommandsTest, WrongUsageSaysWhatIsAccepted) {
  const struct {
    std::vector<std::string> arguments;
    const char* message;
  } cases[] = {
      {{"lokup", "x"}, "\"lokup\" is no command; choose one of align, import"},
      {{"status", "--timeout", "0"},
       "--timeout: \"0\" given, a number above 0 accepted"},
      {{"concordance", "x", "--limit", "0"},
       "--limit: \"0\" given, whole numbers above 0 accepted"},
      {{"lookup", "x", "--limit", "0"},
       "--limit: \"0\" given, whole numbers 1 to 100 accepted"},
      {{"lookup", "x", "--threshold", "49"},
       "--threshold: \"49\" given, whole numbers 50 to 100 accepted"},
      {{"lookup", "x", "--lang", "fr"},
       "--lang: \"fr\" given, en and zh accepted"},
      {{"lookup", "\xFF"}, "byte 0 is not UTF-8, which alone is accepted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.message);
    const Outcome outcome = Run(c.arguments);
    EXPECT_EQ(outcome.code, kUsage);
    EXPECT_THAT(outcome.err, HasSubstr(c.message));
  }
}

TEST_F(CommandsTest, ServersMessageIsOneHarmlessLine) {
  const Outcome outcome = Run({"lookup", "bad"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.err,
            "duilian: the query: 0 code points given, 1 to 2000 accepted␛[2J "
            "second\n");
}

TEST_F(CommandsTest, CallThatOnlyReadsIsTriedAgainWhileTheServerStarts) {
  for (const char* command : {"lookup", "meaning"}) {
    SCOPED_TRACE(command);
    memory_.calls_to_refuse = 2;
    const Outcome outcome = Run({command, "Sentence 1."});
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
  }
}

TEST_F(CommandsTest, AnEndlessTimeoutIsNoneThatHasPassed) {
  for (const char* seconds : {"1e18", "1e300", "inf"}) {
    SCOPED_TRACE(seconds);
    const Outcome outcome =
        Run({"lookup", "Sentence 1.", "--timeout", seconds});
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
  }
}

TEST_F(CommandsTest, AServerThatIsThereButNotReadySaysItselfWhatToDo) {
  memory_.calls_to_refuse = 100;
  const Outcome outcome = Run({"lookup", "Sentence 1."});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.err, "duilian: the server is starting\n");
}

TEST_F(CommandsTest, AbsentServerIsToldWithTheWayOut) {
  server_.server().Shutdown();
  const Outcome outcome = Run({"lookup", "x"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, StartsWith("duilian: no answer from a server at "));
  EXPECT_THAT(outcome.err, HasSubstr("start duiliand"));
}

TEST_F(CommandsTest, ConcordancePagesUpToTheLimitAndMarksTheWords) {
  const Outcome outcome = Run({"concordance", "第", "--limit", "3"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("[第]2句。"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("[第]3句。")));
  EXPECT_THAT(outcome.err,
              HasSubstr("the first 3 are shown and there are more"));
  EXPECT_EQ(Run({"concordance", "第", "--limit", "5"}).err, "");
}

TEST_F(CommandsTest, ConcordanceSendsQuotesAndPartsOfWordsAsTheyAre) {
  const Outcome outcome =
      Run({"concordance", "\"*tence", "of", "th*\"", "*unk*"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(memory_.concordance.query(), "\"*tence of th*\" *unk*");
  const Outcome help = Run({"concordance", "--help"});
  EXPECT_THAT(help.out, HasSubstr("'*lation' any that end so"));
}

TEST_F(CommandsTest, OtherSearchesNameTheProjectsOfOthers) {
  EXPECT_THAT(
      Run({"concordance", "--also", "q", "第", "--also", "r", "--limit", "1"})
          .out,
      HasSubstr("| walk\n"));
  EXPECT_EQ(memory_.concordance.query(), "第");
  EXPECT_THAT(memory_.concordance.other_projects(),
              ElementsAre("projects/q", "projects/r"));
  EXPECT_THAT(Run({"meaning", "--also", "q", "下雨了。"}).out,
              HasSubstr("| walk\n"));
  EXPECT_EQ(memory_.meaning.query(), "下雨了。");
  EXPECT_THAT(memory_.meaning.other_projects(), ElementsAre("projects/q"));
  EXPECT_THAT(Run({"concordance", "--project", "q", "--also", "q", "第"}).err,
              HasSubstr("duilian: --also: 'projects/q' given again"));
  // The pairs are of p, which is another project to this one.
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"concordance", "第", "--limit", "1"},
        std::vector<std::string>{"meaning", "下雨了。"}}) {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--project", "q", "--also", "p"});
    EXPECT_THAT(Run(arguments).out, HasSubstr("| p/walk\n"));
  }
}

TEST_F(CommandsTest, ConcordanceSaysWhatItDoesNotUnderstand) {
  const Outcome open = Run({"concordance", "\"第 句"});
  EXPECT_EQ(open.code, kFailed);
  EXPECT_THAT(open.err, HasSubstr("a quotation mark is opened and not closed"));
  const Outcome minus = Run({"concordance", "第 -句"});
  EXPECT_EQ(minus.code, kDone);
  EXPECT_THAT(minus.err, HasSubstr("-句 excludes nothing"));
}

TEST_F(CommandsTest, ConcordanceWarnsOnceOfWhatTheServerPassesOver) {
  memory_.terms_with_idle_stars = {"GPT-*", "模*\n型"};
  const Outcome outcome = Run({"concordance", "第", "GPT-*", "模*型"});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_THAT(outcome.out, HasSubstr("[Sentence] 2."));  // of a second page
  EXPECT_EQ(
      outcome.err,
      "duilian: warning: GPT-* has a * that stands for nothing; it "
      "stands for letters where a word of two letters or more begins or ends\n"
      "duilian: warning: 模* 型 has a * that stands for nothing; it "
      "stands for letters where a word of two letters or more begins or "
      "ends\n");
  memory_.terms_with_idle_stars.assign(7, "*");
  EXPECT_THAT(Run({"concordance", "第"}).err,
              AllOf(EndsWith("\nduilian: warning: so have 2 more\n"),
                    ContainsRegex("^(duilian: warning: [*].*\n){5}")));
}

TEST_F(CommandsTest, ConcordanceMarksWhatSurelyRendersTheWords) {
  const Outcome outcome = Run({"concordance", "第", "--limit", "1"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("[Sentence] 0."));
  const Outcome as_json =
      Run({"concordance", "第", "--limit", "1", "--output", "json"});
  const json hit = json::parse(as_json.out)[0];
  EXPECT_EQ(hit["source_counterparts"].size(), 2u);
  EXPECT_EQ(hit["source_counterparts"][1]["confidence"], 0.2);
  const Outcome as_tsv =
      Run({"concordance", "第", "--limit", "1", "--output", "tsv"});
  EXPECT_THAT(as_tsv.out,
              HasSubstr("\tsource_counterparts\ttarget_counterparts\n"));
  EXPECT_THAT(as_tsv.out, HasSubstr("\t0-8,9-10\t\n"));
}

TEST_F(CommandsTest, MeaningSendsTheSentenceAndPrintsInEveryFormat) {
  const Outcome table =
      Run({"meaning", "It", "rained.", "--min", "40", "--limit", "7", "--lang",
           "en", "--document", "walk"});
  EXPECT_EQ(table.code, kDone) << table.err;
  EXPECT_EQ(table.err, "");
  EXPECT_THAT(table.out, HasSubstr("0.75 | 第4句。 | Sentence 4. | 0.50"));
  EXPECT_EQ(memory_.meaning.query(), "It rained.");
  EXPECT_EQ(memory_.meaning.query_language_code(), "en");
  EXPECT_EQ(memory_.meaning.limit(), 7);
  EXPECT_DOUBLE_EQ(memory_.meaning.min_similarity(), 0.4);
  EXPECT_EQ(memory_.meaning.filter().document(), "projects/p/documents/walk");
  const Outcome tsv = Run({"meaning", "下雨了。", "--output", "tsv"});
  EXPECT_THAT(tsv.out, StartsWith("similarity\tsource_similarity\t"
                                  "target_similarity\tname\t"));
  EXPECT_THAT(tsv.out, HasSubstr("\n0.7500\t0.8000\t0.5000\tprojects/p/"));
  const json answer =
      json::parse(Run({"meaning", "下雨了。", "--output", "json"}).out)[0];
  EXPECT_EQ(answer["query"], "下雨了。");
  EXPECT_EQ(answer["index_position"], 12);
  EXPECT_EQ(answer["pending_pairs"], 0);
  EXPECT_EQ(answer["matches"][0]["similarity"], 0.75);
  EXPECT_EQ(answer["matches"][0]["pair"]["name"], "projects/p/pairs/4");
}

TEST_F(CommandsTest, MeaningSaysWhatItLacks) {
  memory_.pending_pairs = 31;
  const Outcome behind = Run({"meaning", "nothing", "--min", "90"});
  EXPECT_EQ(behind.code, kDone);
  EXPECT_THAT(behind.out, HasSubstr("no pair is as near in meaning"));
  EXPECT_THAT(behind.err, HasSubstr("31 changed pairs are not in the meaning "
                                    "index yet"));
  memory_.pending_pairs = 0;
  EXPECT_THAT(Run({"meaning", "nothing"}).out,
              HasSubstr("no pair to compare with"));
}

TEST_F(CommandsTest, ExportStreamsEveryPage) {
  const Outcome outcome = Run({"export", "--status", "accepted,unreviewed"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  const std::vector<std::string> lines = absl::StrSplit(outcome.out, '\n');
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_THAT(lines[0], StartsWith("name\tdocument\tstatus\torigin\t"));
  EXPECT_THAT(lines[5], StartsWith("projects/p/pairs/4\t"));
  const Outcome as_json = Run({"export", "--output", "json"});
  EXPECT_EQ(json::parse(as_json.out).size(), 5u);
}

TEST_F(CommandsTest, TimesOfChangesAreReadInTheirZones) {
  EXPECT_EQ(Run({"lookup", "Sentence", "--changed-after", "2026-11-26",
                 "--changed-before", "2026-11-27T08:00:00.25+08:00"})
                .code,
            kDone);
  const v1::LookupFilter& filter = memory_.lookup.filter();
  EXPECT_EQ(filter.changed_after().seconds(), 1'795'651'200);
  EXPECT_EQ(filter.changed_after().nanos(), 0);
  EXPECT_EQ(filter.changed_before().seconds(), 1'795'651'200 + 86'400);
  EXPECT_EQ(filter.changed_before().nanos(), 250'000'000);
  EXPECT_EQ(Run({"export", "--changed-before", "1969-12-31T23:59:59.5Z"}).code,
            kDone);
  EXPECT_FALSE(memory_.list.has_changed_after());
  EXPECT_EQ(memory_.list.changed_before().seconds(), -1);
  EXPECT_EQ(memory_.list.changed_before().nanos(), 500'000'000);
  for (const char* no_time :
       {"", "tomorrow", "2026-13-01", "infinite-future", "2026-11-26T08:00"}) {
    const Outcome outcome = Run({"meaning", "x", "--changed-after", no_time});
    EXPECT_EQ(outcome.code, kUsage) << no_time;
    EXPECT_THAT(outcome.err, HasSubstr("a date or a time with its zone"));
  }
}

TEST_F(CommandsTest, StatusTellsHealthAndCounts) {
  const Outcome outcome = Run({"status"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out,
              StartsWith(absl::StrCat(server_.address(), ": serving\n")));
  EXPECT_THAT(outcome.out, HasSubstr("p       |         1 |     5 |"));
}

TEST_F(CommandsTest, StatusTellsWhatAFollowerFollowsAndUpToWhen) {
  EXPECT_THAT(Run({"status"}).out, Not(HasSubstr("follows")));
  status_.follows = true;
  EXPECT_THAT(Run({"status"}).out,
              HasSubstr(": serving\nonly reads: follows /srv/memory, up to "
                        "1970-01-02T00:00:00Z\n\n"));
  const json answer = json::parse(Run({"status", "--output", "json"}).out);
  EXPECT_EQ(answer["index_position"], 7);
  EXPECT_EQ(answer["following"]["directory"], "/srv/memory");
  EXPECT_EQ(answer["following"]["as_of"], "1970-01-02T00:00:00Z");
  EXPECT_FALSE(answer["following"].contains("failure"));
  status_.failure = "the disk\nis gone";
  EXPECT_THAT(Run({"status"}).out,
              HasSubstr(", up to 1970-01-02T00:00:00Z\n"
                        "does not follow now: the disk is gone\n\n"));
  EXPECT_EQ(
      json::parse(
          Run({"status", "--output", "json"}).out)["following"]["failure"],
      "the disk\nis gone");
}

TEST_F(CommandsTest, StatusOfOneProjectIsOfThatAlone) {
  EXPECT_THAT(Run({"status", "--project", "p"}).out, HasSubstr("p       |"));
  const Outcome unknown = Run({"status", "--project", "nope"});
  EXPECT_EQ(unknown.code, kFailed);
  EXPECT_THAT(unknown.err,
              HasSubstr("projects/nope has never stored anything"));
}

TEST_F(CommandsTest, TraditionalQueriesAreAskedAsWrittenOrInSimplified) {
  Run({"lookup", "這座山谷裡從不下雨。"});
  EXPECT_EQ(memory_.lookup.query(), "這座山谷裡從不下雨。");
  Run({"lookup", "這座山谷裡從不下雨。", "--simplify"});
  EXPECT_EQ(memory_.lookup.query(), "这座山谷里从不下雨。");
  const Outcome nothing = Run({"lookup", "nothing 這座"});
  EXPECT_THAT(nothing.out, HasSubstr("no match; a lower --threshold"));
  EXPECT_THAT(nothing.out, HasSubstr("--simplify asks in those"));
  EXPECT_THAT(Run({"lookup", "nothing 这座"}).out,
              Not(HasSubstr("--simplify")));
  Run({"lookup", "--file", "-", "--simplify"}, "這座山谷\n");
  EXPECT_EQ(memory_.batches.back().requests(0).query(), "这座山谷");
}

TEST_F(CommandsTest, FileWithoutAQueryIsSaidSo) {
  const Outcome outcome = Run({"lookup", "--file", "-"}, " \n\n");
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.out, "no query: standard input holds no line with text\n");
}

TEST_F(CommandsTest, ServerThatDoesNotServeFailsTheStatus) {
  server_.server().GetHealthCheckService()->SetServingStatus(false);
  const Outcome outcome = Run({"status", "--output", "json"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(json::parse(outcome.out)["serving"], false);
  EXPECT_THAT(outcome.err, HasSubstr("not serving"));
}

TEST_F(CommandsTest, ImportSendsBothSidesInChunks) {
  const std::string zh = Write("zh.txt", std::string(600'000, 'z'));
  const std::string en = Write("en.txt", "We left.\n");
  const Outcome outcome = Run({"import", "--zh", zh, "--en", en, "--document",
                               "walk", "--title", "A walk", "--lines"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.out,
            "stored walk: 3 pairs, confidence 0.87; unpaired 2 zh, 0 en\n"
            "  warning: zh line 12: a picture was skipped\n");
  ASSERT_EQ(import_.received.size(), 1u);
  EXPECT_EQ(import_.received[0].header.name(), "projects/p/documents/walk");
  EXPECT_EQ(import_.received[0].header.title(), "A walk");
  EXPECT_EQ(import_.received[0].header.format(), v1::LINES);
  EXPECT_EQ(import_.received[0].target.size(), 600'000u);
  EXPECT_EQ(import_.received[0].source, "We left.\n");
  EXPECT_EQ(import_.received[0].longest_chunk, 256u << 10);
}

TEST_F(CommandsTest, AnUnchangedDocumentIsToldWithThePairsThatItHasNow) {
  const std::vector<std::string> import = {"import",
                                           "--zh",
                                           Write("zh.txt", "我们走了。"),
                                           "--en",
                                           Write("en.txt", "We left."),
                                           "--document",
                                           "again"};
  import_.kept_pairs = 2;
  EXPECT_EQ(Run(import).out,
            "unchanged again: 2 pairs; it was imported with 3, and the same "
            "texts bring none of them back\n");
  std::vector<std::string> as_tsv = import;
  as_tsv.insert(as_tsv.end(), {"--output", "tsv"});
  EXPECT_THAT(Run(as_tsv).out, HasSubstr("\tunchanged\t2\t"));
  import_.kept_pairs = 4;  // one was split
  EXPECT_EQ(Run(import).out,
            "unchanged again: 4 pairs; it was imported with 3\n");
}

TEST_F(CommandsTest, UnchangedDocumentIsSaidSoAndNothingMore) {
  const Outcome outcome =
      Run({"import", "--zh", Write("zh.txt", "我们走了。"), "--en",
           Write("en.txt", "We left."), "--document", "again"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.out, "unchanged again: 3 pairs\n");
  const Outcome as_json = Run({"import", "--zh", Write("zh.txt", "我们走了。"),
                               "--en", Write("en.txt", "We left."),
                               "--document", "again", "--output", "json"});
  const json result = json::parse(as_json.out)[0];
  EXPECT_EQ(result["pairs"], 3);
  EXPECT_FALSE(result.contains("mean_confidence")) << as_json.out;
  EXPECT_FALSE(result.contains("unpaired_source_segments")) << as_json.out;
}

TEST_F(CommandsTest, DocumentWithoutPairsIsWarnedOf) {
  const Outcome outcome =
      Run({"import", "--zh", Write("zh.txt", "我们走了。"), "--en",
           Write("en.txt", "We left."), "--document", "empty"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("warning: no pair was found"));
}

TEST_F(CommandsTest, RefusedImportNamesTheFlagAndTheFile) {
  const std::string zh = Write("zh.txt", "We left.");
  const Outcome outcome =
      Run({"import", "--zh", zh, "--en", Write("en.txt", "We left."),
           "--document", "refuse"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.out,
            absl::StrCat("refused refuse: --zh ", zh,
                         ": looks like English, Chinese accepted; give the "
                         "Chinese text to --zh and the English one to --en\n"));
}

TEST_F(CommandsTest, ManifestImportsAllAndFailsWhenOneWasRefused) {
  Write("zh.txt", "我们走了。\n");
  Write("en.txt", "We left.\n");
  const std::string manifest =
      Write("all.tsv",
            "\xEF\xBB\xBF# id, Chinese, English, title\n"
            "one\tzh.txt\ten.txt\tOne\n"
            "\n"
            "refuse\tzh.txt\ten.txt\n"
            "two\tzh.txt\ten.txt\tTwo\r\n");
  const Outcome outcome =
      Run({"import", "--manifest", manifest, "--streams", "1"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.out, HasSubstr("stored one: "));
  EXPECT_THAT(
      outcome.out,
      HasSubstr(absl::StrCat("refused refuse: ", (folder_ / "zh.txt").string(),
                             ": looks like English")));
  EXPECT_THAT(outcome.out, HasSubstr("stored two: "));
  EXPECT_THAT(outcome.err, HasSubstr("1 of 3 documents refused"));
  ASSERT_EQ(import_.received.size(), 3u);
  EXPECT_EQ(import_.received[2].header.title(), "Two");
}

TEST_F(CommandsTest, TwoDocumentsAreUnderWayAtTheSameTime) {
  Write("zh.txt", "我们走了。\n");
  Write("en.txt", "We left.\n");
  const std::string manifest = Write("all.tsv",
                                     "patient\tzh.txt\ten.txt\n"
                                     "urgent\tzh.txt\ten.txt\n");
  const Outcome outcome = Run({"import", "--manifest", manifest});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("stored patient: "));
  EXPECT_THAT(outcome.out, HasSubstr("stored urgent: "));
}

TEST_F(CommandsTest, BrokenImportSaysWhichDocumentsAreStored) {
  Write("zh.txt", "我们走了。\n");
  Write("en.txt", "We left.\n");
  const std::string manifest = Write("all.tsv",
                                     "one\tzh.txt\ten.txt\n"
                                     "break\tzh.txt\ten.txt\n"
                                     "two\tzh.txt\ten.txt\n");
  const Outcome outcome = Run(
      {"import", "--manifest", manifest, "--output", "json", "--streams", "1"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("the disk went away"));
  EXPECT_THAT(outcome.err, HasSubstr("stored: one; refused: none; no result "
                                     "came for: break, two;"));
  EXPECT_THAT(outcome.err, HasSubstr("repeating the same command is safe"));
  EXPECT_EQ(json::parse(outcome.out)[0]["outcome"], "stored");
}

TEST_F(CommandsTest, ManifestIsReadToItsEndBeforeAnythingIsSent) {
  const struct {
    const char* name;
    const char* text;
    const char* message;
  } cases[] = {
      {"too_few", "one\tzh.txt\n", "line 1 of the manifest: 2 fields given"},
      {"empty", "# nothing\n", "the manifest names no document"},
      {"absent", "\none\tnone.txt\tnone.txt\n", "line 2 of the manifest: "},
      {"named", "one\tnone.txt\tnone.txt\n", "none.txt cannot be opened"},
      {"twice", "one\tzh.txt\ten.txt\none\tzh.txt\ten.txt\n",
       "line 2 of the manifest: document one given, and line 1 gives it"},
      {"not UTF-8", "one\n\xFF\n",
       "the manifest: byte 4 (line 2) is not UTF-8"},
      {"folder", "one\t.\t.\n", "is not a plain file"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Outcome outcome =
        Run({"import", "--manifest", Write("all.tsv", c.text)});
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_THAT(outcome.err, HasSubstr(c.message));
    EXPECT_THAT(import_.received, IsEmpty());
  }
}

TEST_F(CommandsTest, RemoteAlignPrintsTheLadder) {
  const Outcome outcome =
      Run({"align", "--remote", "--zh", Write("zh.txt", "我们走了。"), "--en",
           Write("en.txt", "We left."), "--output", "ladder"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.out, "[0, 1]:[0]:0.9700\n");
  EXPECT_EQ(outcome.err, "duilian: warning: line 3: a menu was skipped\n");
}

TEST_F(CommandsTest, AlignPrintsBothSidesInEveryFormat) {
  const std::vector<std::string> align = {
      "align",   "--remote",
      "--zh",    Write("zh.txt", "我们走了。"),
      "--en",    Write("en.txt", "We left."),
      "--output"};
  const auto run = [&](const char* format) {
    std::vector<std::string> arguments = align;
    arguments.push_back(format);
    return Run(arguments).out;
  };
  EXPECT_THAT(run("table"), HasSubstr("0.97 | 我们走了。好。 | We left.\n"));
  EXPECT_THAT(run("tsv"),
              HasSubstr("0,1\t0\t0.9700\t我们走了。好。\tWe left.\n"));
  EXPECT_EQ(json::parse(run("json"))["beads"][0]["zh"], json({0, 1}));
}

TEST_F(CommandsTest, QuoteThatTheTextDoesNotHoldIsSaidSo) {
  const Outcome outcome = Run({"quotes", "--text", Write("zh.txt", "说过。"),
                               "--lang", "zh", "Said once.", "Never said."});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("0.80 | Said once.  | 说过。"));
  EXPECT_THAT(outcome.out, HasSubstr("- | Never said. | not in this text"));
}

TEST_F(CommandsTest, LanguageThatTheTextDoesNotHaveIsToldWithTheOther) {
  const Outcome outcome =
      Run({"quotes", "--text", Write("zh.txt", "我们说过。"), "--lang", "en",
           "Said once."});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("zh.txt: looks like Chinese, where --lang "
                                     "en was given; use --lang zh"));
}

TEST_F(CommandsTest, BadQuotesOfAFileAreToldByTheirLines) {
  const Outcome outcome =
      Run({"quotes", "--text", Write("zh.txt", "我们说过。"), "--lang", "zh",
           "--quotes", "-"},
          absl::StrCat("\xFF\n\nSaid once.\n", std::string(5001, 'x'), "\n"));
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.out, HasSubstr("Said once."));
  EXPECT_THAT(outcome.err, HasSubstr("duilian: - line 1: byte 0 is not UTF-8"));
  EXPECT_THAT(outcome.err, HasSubstr("duilian: - line 4: 5001 code points"));
  EXPECT_THAT(outcome.err, HasSubstr("2 of 3 quotes refused"));
}

TEST_F(CommandsTest, EnglishTextIsWarnedOfByFragments) {
  const Outcome outcome = Run({"fragments", "-"}, "It rained.");
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("- looks like English"));
}

TEST_F(CommandsTest, TextOverTheServersLimitIsToldInBytes) {
  const Outcome outcome = Run({"fragments", "-"}, std::string(5 << 20, ' '));
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("what is to be sent takes 52428"),
                    HasSubstr("at most 4194304 are accepted in one call")));
}

TEST_F(CommandsTest, FragmentsNameTheirChinese) {
  const Outcome outcome = Run({"fragments", "-", "--output", "tsv"}, "AGI");
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.out,
            "line\tbegin_byte\tend_byte\tkind\ttext\trendering\n"
            "2\t0\t0\tterm\tAGI\t通用人工智能\n");
}

TEST_F(CommandsTest, ReviewListShowsTheDoubts) {
  const Outcome outcome = Run({"review", "list", "--output", "tsv"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("3:2 bead; number 7 has no counterpart\t"
                                     "projects/p/pairs/1\t"));
}

TEST_F(CommandsTest, ReviewScriptSendsEtagMaskAndReviewer) {
  const Outcome outcome =
      Run({"review", "--script", "--reviewer", "林"}, "accept 3\nedit 9 x\n");
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.out, "accepted projects/p/pairs/3 (accepted, etag next)\n");
  EXPECT_THAT(outcome.err, HasSubstr("duilian: line 2: "));
  const Outcome nameless =
      Run({"review", "--script", "--reviewer", ""}, "accept 3\naccept 4\n");
  EXPECT_EQ(nameless.code, kFailed);
  EXPECT_EQ(nameless.out, "");
  EXPECT_THAT(nameless.err, HasSubstr("say who reviews with --reviewer NAME"));
  EXPECT_EQ(reviews_.review.pair().etag(), "e3");
  EXPECT_EQ(reviews_.review.reviewer(), "林");
  EXPECT_THAT(reviews_.review.update_mask().paths(), ElementsAre("status"));
}

TEST_F(CommandsTest, ReviewWithoutATerminalNamesTheOtherWays) {
  const Outcome outcome = Run({"review"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("duilian review --script"));
}

}  // namespace
}  // namespace duilian::clients
