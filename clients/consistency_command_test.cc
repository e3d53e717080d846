// duilian consistency and duilian prefer against a server in this process, and
// the warnings of duilian lookup.

#include <grpcpp/grpcpp.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/fake_server.h"
#include "duilian/v1/consistency_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

void AddRendering(
    const std::string& text, int pairs,
    google::protobuf::RepeatedPtrField<v1::CompetingRendering>& renderings) {
  v1::CompetingRendering& rendering = *renderings.Add();
  rendering.set_text(text);
  rendering.set_pairs(pairs);
  rendering.add_places()->set_pair(absl::StrCat("projects/p/pairs/", pairs));
}

class FakeConsistency : public v1::ConsistencyService::Service {
 public:
  v1::ReportConsistencyRequest report;
  v1::SetPreferredRenderingRequest set;
  v1::DeletePreferredRenderingRequest deleted;
  bool is_consistent = false;
  bool has_more = false;
  int pairs = 9;

  grpc::Status ReportConsistency(
      grpc::ServerContext*, const v1::ReportConsistencyRequest* request,
      v1::ReportConsistencyResponse* response) override {
    report = *request;
    response->set_pairs(pairs);
    response->set_more_pairs(has_more);
    if (is_consistent) return grpc::Status::OK;
    v1::TermRenderings& term = *response->add_terms();
    term.set_term("Elon");
    term.set_pairs(5);
    AddRendering("埃隆", 3, *term.mutable_renderings());
    AddRendering("伊隆", 1, *term.mutable_renderings());
    term.mutable_renderings(1)->set_preferred(true);
    term.set_preferred_rendering("伊隆");
    term.set_pairs_without(1);
    response->set_omitted_terms(4);
    response->set_partly_compared_sources(has_more ? 3 : 0);
    v1::SourceRenderings& group = *response->add_sources();
    group.add_sources("It never rains here.");
    group.add_sources("It never rains there.");
    group.set_pairs(2);
    AddRendering("这里从不下雨。", 2, *group.mutable_renderings());
    return grpc::Status::OK;
  }

  grpc::Status SetPreferredRendering(
      grpc::ServerContext*, const v1::SetPreferredRenderingRequest* request,
      v1::PreferredRendering* response) override {
    set = *request;
    *response = request->preferred_rendering();
    return grpc::Status::OK;
  }

  grpc::Status DeletePreferredRendering(
      grpc::ServerContext*, const v1::DeletePreferredRenderingRequest* request,
      google::protobuf::Empty*) override {
    if (request->term() == "Bo") {
      return {grpc::StatusCode::NOT_FOUND, "no such term"};
    }
    deleted = *request;
    return grpc::Status::OK;
  }

  grpc::Status ListPreferredRenderings(
      grpc::ServerContext*, const v1::ListPreferredRenderingsRequest* request,
      v1::ListPreferredRenderingsResponse* response) override {
    if (is_consistent) return grpc::Status::OK;
    const bool first = request->page_token().empty();
    v1::PreferredRendering& one = *response->add_preferred_renderings();
    one.set_term(first ? "AGI" : "Elon");
    one.set_rendering(first ? "通用人工智能" : "埃隆");
    if (first) one.add_also_good("AGI");
    if (first) response->set_next_page_token("more");
    return grpc::Status::OK;
  }
};

class FakeMemory : public v1::TranslationMemoryService::Service {
 public:
  grpc::Status Lookup(grpc::ServerContext*, const v1::LookupRequest*,
                      v1::LookupResponse* response) override {
    v1::Match& match = *response->add_matches();
    match.set_score_percent(87);
    match.mutable_pair()->mutable_source()->set_text("Elon left.");
    match.mutable_pair()->mutable_target()->set_text("伊隆走了。");
    v1::MatchWarning& warning = *match.add_warnings();
    warning.set_message("say 埃隆");
    warning.set_term("Elon");
    return grpc::Status::OK;
  }
};

class ConsistencyCommandTest : public testing::Test {
 protected:
  int Run(std::vector<std::string> arguments) {
    Outcome outcome = server_.Run(std::move(arguments));
    out_ = std::move(outcome.out);
    err_ = std::move(outcome.err);
    return outcome.code;
  }

  FakeConsistency consistency_;
  FakeMemory memory_;
  const FakeServer server_{&consistency_, &memory_};
  std::string out_, err_;
};

TEST_F(ConsistencyCommandTest, TellsTermsThenSentencesWithTheirPlaces) {
  EXPECT_EQ(
      Run({"consistency", "--near", "90", "--words", "4", "--limit", "20"}), 0)
      << err_;
  EXPECT_EQ(out_,
            "9 pairs compared\n"
            "\n"
            "names and terms with competing renderings: 5, of which the first "
            "1\n"
            "term | rendering        | pairs | which\n"
            "-----+------------------+-------+------\n"
            "Elon | 埃隆             |     3 | 3 …\n"
            "     | 伊隆 (preferred) |     1 | 1\n"
            "     | none of these    |     1 | …\n"
            "\n"
            "the same English in different words: 1\n"
            "en                    | zh             | pairs | which\n"
            "----------------------+----------------+-------+------\n"
            "It never rains here.  | 这里从不下雨。 |     2 | 2 …\n"
            "It never rains there. |                |       |\n");
  EXPECT_EQ(consistency_.report.parent(), "projects/p");
  EXPECT_EQ(consistency_.report.near_percent(), 90);
  EXPECT_EQ(consistency_.report.min_source_words(), 4);
  EXPECT_EQ(consistency_.report.limit(), 20);
}

TEST_F(ConsistencyCommandTest, MachinesGetAllOfIt) {
  EXPECT_EQ(Run({"consistency", "--output", "json"}), 0) << err_;
  const json report = json::parse(out_);
  EXPECT_EQ(report["pairs"], 9);
  EXPECT_EQ(report["terms"][0]["renderings"][1]["preferred"], true);
  EXPECT_EQ(report["terms"][0]["renderings"][0]["places"][0]["pair"],
            "projects/p/pairs/3");
  EXPECT_EQ(report["sources"][0]["sources"][1], "It never rains there.");
  EXPECT_EQ(Run({"consistency", "--output", "tsv"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("kind\tenglish\trendering\tpairs\t"),
                          HasSubstr("term\tElon\t伊隆\t1\t0\tpreferred\t1\n")));
}

TEST_F(ConsistencyCommandTest, OnlyPairsThatTheFlagsAskForAreCompared) {
  EXPECT_EQ(Run({"consistency", "--speaker", "Ada", "--status", "accepted",
                 "--min-confidence", "0.5", "--changed-after", "2026-11-20",
                 "--changed-before", "2026-11-27"}),
            0)
      << err_;
  EXPECT_EQ(consistency_.report.speaker(), "Ada");
  EXPECT_THAT(consistency_.report.statuses(), ElementsAre(v1::ACCEPTED));
  EXPECT_EQ(consistency_.report.min_confidence(), 0.5);
  EXPECT_EQ(consistency_.report.changed_after().seconds(), 1'795'132'800);
  EXPECT_EQ(consistency_.report.changed_before().seconds(), 1'795'737'600);
  EXPECT_EQ(consistency_.report.document(), "");
  consistency_.has_more = true;
  EXPECT_EQ(Run({"consistency"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("9 pairs compared; there are more: ask for "
                              "single documents, or for what changed in some "
                              "time (--changed-after)\n"));
  EXPECT_THAT(out_, HasSubstr("\n3 English texts are like too many others to "
                              "be compared with all of them"));
  EXPECT_EQ(Run({"consistency", "--output", "json"}), 0) << err_;
  EXPECT_EQ(json::parse(out_)["partly_compared_sources"], 3);
}

TEST_F(ConsistencyCommandTest, AConsistentProjectIsToldSo) {
  consistency_.is_consistent = true;
  EXPECT_EQ(Run({"consistency"}), 0) << err_;
  EXPECT_EQ(out_, "9 pairs compared\n\nnothing is rendered in two ways\n");
  consistency_.pairs = 1;
  EXPECT_EQ(Run({"consistency"}), 0) << err_;
  EXPECT_EQ(out_, "1 pair compared\n\nnothing is rendered in two ways\n");
  consistency_.pairs = 0;
  EXPECT_EQ(Run({"consistency", "--speaker", "nobody"}), 0) << err_;
  EXPECT_EQ(out_,
            "0 pairs compared\n\nno pair is there that the flags ask for\n");
}

TEST_F(ConsistencyCommandTest, PreferSetsListsAndDeletes) {
  EXPECT_EQ(Run({"prefer", "AGI", "通用人工智能", "--also", "AGI", "--also",
                 "强人工智能", "--reviewer", "mei"}),
            0)
      << err_;
  const v1::PreferredRendering& set = consistency_.set.preferred_rendering();
  EXPECT_EQ(set.term(), "AGI");
  EXPECT_EQ(set.rendering(), "通用人工智能");
  EXPECT_EQ(set.also_good_size(), 2);
  EXPECT_EQ(set.reviewer(), "mei");
  EXPECT_EQ(Run({"prefer"}), 0) << err_;
  EXPECT_EQ(out_,
            "term | rendering    | also good | reviewer\n"
            "-----+--------------+-----------+---------\n"
            "AGI  | 通用人工智能 | AGI       |\n"
            "Elon | 埃隆         |           |\n");
  EXPECT_EQ(Run({"prefer", "--output", "tsv"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("AGI\t通用人工智能\tAGI\t\n"));
  EXPECT_EQ(Run({"prefer", "--delete", "AGI"}), 0) << err_;
  EXPECT_EQ(consistency_.deleted.term(), "AGI");
  EXPECT_EQ(Run({"prefer", "--delete", "Bo"}), 1);
  EXPECT_THAT(err_, HasSubstr("no such term"));
  EXPECT_EQ(Run({"prefer", "AGI"}), 2);
  // An empty term is the server's to refuse, and no list.
  EXPECT_EQ(Run({"prefer", "", "甲"}), 0) << err_;
  EXPECT_EQ(consistency_.set.preferred_rendering().rendering(), "甲");
  consistency_.is_consistent = true;
  EXPECT_EQ(Run({"prefer"}), 0);
  EXPECT_THAT(out_, HasSubstr("duilian prefer TERM RENDERING sets one"));
}

TEST_F(ConsistencyCommandTest, LookupWarnsBelowTheMatch) {
  EXPECT_EQ(Run({"lookup", "Elon left."}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("  ! |    | say 埃隆   |"));
  EXPECT_EQ(Run({"lookup", "Elon left.", "--output", "json"}), 0) << err_;
  EXPECT_EQ(json::parse(out_)[0]["matches"][0]["warnings"][0]["term"], "Elon");
  EXPECT_EQ(Run({"lookup", "Elon left.", "--output", "tsv"}), 0) << err_;
  EXPECT_THAT(out_,
              AllOf(HasSubstr("\twarnings\tmissing_placeholders\tproject\t"),
                    HasSubstr("\tsay 埃隆\t\t\t")));
}

}  // namespace
}  // namespace duilian::clients
