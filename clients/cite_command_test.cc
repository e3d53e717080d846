// duilian cite against a server in this process.

#include <grpcpp/grpcpp.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "clients/fake_server.h"
#include "duilian/v1/quote_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

void SetSpan(int begin, int end, v1::Highlight& highlight) {
  highlight.set_begin_byte(begin);
  highlight.set_end_byte(end);
}

// Knows one pair of bees, and finds "数蜜蜂" in it, whatever is asked for; of
// "nothing" nothing.
class FakeQuotes : public v1::QuoteService::Service {
 public:
  v1::FindQuoteRequest request;
  int calls_to_refuse = 0;

  grpc::Status FindQuote(grpc::ServerContext*,
                         const v1::FindQuoteRequest* asked,
                         v1::FindQuoteResponse* response) override {
    if (calls_to_refuse-- > 0) {
      return {grpc::StatusCode::UNAVAILABLE, "the server is starting"};
    }
    request = *asked;
    if (asked->query() == "nothing") return grpc::Status::OK;
    v1::QuotedPassage& passage = *response->add_passages();
    passage.set_score_percent(100);
    passage.set_language_code("zh");
    passage.set_document_title("Bees");
    passage.set_source_citation("Ada, \"Bees\", 00:01:02");
    passage.set_target_citation("艾达，《Bees》，00:01:02");
    v1::PassagePart& part = *passage.add_parts();
    v1::Pair& pair = *part.mutable_pair();
    pair.set_name("projects/p/pairs/7");
    pair.mutable_source()->set_text("We count the bees.");
    pair.mutable_target()->set_text("我们数蜜蜂。");
    pair.mutable_source()->set_previous_text("It is dawn.");
    pair.mutable_target()->set_previous_text("黎明了。");
    pair.mutable_source()->set_next_text("Few are left.");
    SetSpan(0, 9, *part.mutable_in_query());
    SetSpan(6, 15, *part.mutable_quoted());
    SetSpan(3, 17, *part.mutable_counterpart());
    part.mutable_counterpart()->set_confidence(0.75);
    return grpc::Status::OK;
  }
};

class CiteCommandTest : public testing::Test {
 protected:
  int Run(std::vector<std::string> arguments, const std::string& input = "") {
    Outcome outcome = server_.Run(std::move(arguments), input);
    out_ = std::move(outcome.out);
    err_ = std::move(outcome.err);
    return outcome.code;
  }

  FakeQuotes quotes_;
  const FakeServer server_{&quotes_};
  std::string out_, err_;
};

TEST_F(CiteCommandTest, ShowsTheWordsInTheirPlaceAndWhoSaidThem) {
  EXPECT_EQ(Run({"cite", "数蜜蜂", "--limit", "3", "--threshold", "60",
                 "--lang", "zh"}),
            0)
      << err_;
  EXPECT_EQ(
      out_,
      "     % | zh             | en                   | said by\n"
      "-------+----------------+----------------------+---------------------"
      "----------------------------\n"
      "before | 黎明了。       | It is dawn.          |\n"
      "   100 | 我们[数蜜蜂]。 | We [count the bees]. | Ada, \"Bees\", "
      "00:01:02 / 艾达，《Bees》，00:01:02\n"
      " after |                | Few are left.        |\n");
  EXPECT_EQ(quotes_.request.parent(), "projects/p");
  EXPECT_EQ(quotes_.request.query(), "数蜜蜂");
  EXPECT_EQ(quotes_.request.limit(), 3);
  EXPECT_EQ(quotes_.request.threshold_percent(), 60);
  EXPECT_EQ(quotes_.request.query_language_code(), "zh");
}

TEST_F(CiteCommandTest, AsksAgainWhileTheServerStarts) {
  quotes_.calls_to_refuse = 2;
  EXPECT_EQ(Run({"cite", "数蜜蜂"}), 0) << err_;
}

TEST_F(CiteCommandTest, MachinesGetTheWordsAndTheirBytes) {
  EXPECT_EQ(Run({"cite", "数蜜蜂", "--output", "json"}), 0) << err_;
  const json answer = json::parse(out_);
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(answer[0]["score_percent"], 100);
  EXPECT_EQ(answer[0]["source_citation"], "Ada, \"Bees\", 00:01:02");
  const json& part = answer[0]["parts"][0];
  EXPECT_EQ(part["in_query"]["text"], "数蜜蜂");
  EXPECT_EQ(part["quoted"]["begin_byte"], 6);
  EXPECT_EQ(part["counterpart"]["text"], "count the bees");
  EXPECT_EQ(part["counterpart"]["confidence"], 0.75);
  EXPECT_EQ(part["pair"]["name"], "projects/p/pairs/7");
  EXPECT_EQ(Run({"cite", "数蜜蜂", "--output", "tsv"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("passage\tscore_percent\tsource_citation\t"));
  EXPECT_THAT(out_, HasSubstr("数蜜蜂\t数蜜蜂\tcount the bees\t0.75\t"));
}

TEST_F(CiteCommandTest, APastedParagraphComesFromAFile) {
  EXPECT_EQ(Run({"cite", "--file", "-"}, "一。\n“二。”\n"), 0) << err_;
  EXPECT_EQ(quotes_.request.query(), "一。\n“二。”\n");
  EXPECT_EQ(Run({"cite", "--file", "-"}, "\xFF"), 1);
  EXPECT_THAT(err_, HasSubstr("UTF-8"));
}

TEST_F(CiteCommandTest, ShowsTheProjectWhereItIsAnother) {
  EXPECT_EQ(Run({"cite", "--also", "q", "数蜜蜂", "--also", "r"}), 0) << err_;
  EXPECT_THAT(quotes_.request.other_projects(),
              ElementsAre("projects/q", "projects/r"));
  EXPECT_THAT(out_, Not(HasSubstr("(in ")));
  EXPECT_EQ(Run({"cite", "--project", "q", "--also", "p", "数蜜蜂"}), 0)
      << err_;
  EXPECT_THAT(out_, HasSubstr("(in p)"));
}

TEST_F(CiteCommandTest, NotHereIsAnAnswer) {
  EXPECT_EQ(Run({"cite", "nothing"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("no stored pair says this; a lower"));
  EXPECT_EQ(Run({"cite", "nothing", "--threshold", "50"}), 0) << err_;
  EXPECT_EQ(out_, "no stored pair says this\n");
  EXPECT_EQ(Run({"cite", "nothing", "--output", "json"}), 0) << err_;
  EXPECT_EQ(json::parse(out_), json::array());
}

}  // namespace
}  // namespace duilian::clients
