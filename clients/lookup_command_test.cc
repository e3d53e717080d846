// duilian lookup, of a text in its place, against a server in this process.

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/command_line.h"
#include "clients/fake_server.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Finds nothing, and keeps the requests; refuses a query "bad", and any
// document "a b" in the words of the server.
class FakeMemory : public v1::TranslationMemoryService::Service {
 public:
  std::vector<v1::LookupRequest> lookups;  // that were answered

  grpc::Status Lookup(grpc::ServerContext*, const v1::LookupRequest* request,
                      v1::LookupResponse*) override {
    const std::string complaint = Complaint(*request);
    if (!complaint.empty()) {
      return {grpc::StatusCode::INVALID_ARGUMENT, complaint};
    }
    lookups.push_back(*request);
    return grpc::Status::OK;
  }

  grpc::Status BatchLookup(grpc::ServerContext*,
                           const v1::BatchLookupRequest* request,
                           v1::BatchLookupResponse* response) override {
    for (int i = 0; i < request->requests_size(); ++i) {
      const std::string complaint = Complaint(request->requests(i));
      if (complaint.empty()) continue;
      return {grpc::StatusCode::INVALID_ARGUMENT,
              absl::StrCat("requests[", i, "]: ", complaint)};
    }
    for (const v1::LookupRequest& one : request->requests()) {
      lookups.push_back(one);
      response->add_responses();
    }
    return grpc::Status::OK;
  }

 private:
  static std::string Complaint(const v1::LookupRequest& request) {
    if (request.query() == "bad") return "query: bad";
    if (request.document() != "projects/p/documents/a b") return "";
    return "document: 'a b' given, an id accepted; send one";
  }
};

class LookupCommandTest : public testing::Test {
 protected:
  Outcome Run(std::vector<std::string> arguments,
              const std::string& input = "") {
    memory_.lookups.clear();
    arguments.insert(arguments.begin(), "lookup");
    return server_.Run(std::move(arguments), input);
  }

  // "before<query>after" of each look-up.
  std::vector<std::string> Places() const {
    std::vector<std::string> places;
    for (const v1::LookupRequest& lookup : memory_.lookups) {
      places.push_back(absl::StrCat(lookup.previous_text(), "<", lookup.query(),
                                    ">", lookup.next_text()));
    }
    return places;
  }

  FakeMemory memory_;
  const FakeServer server_{&memory_};
};

TEST_F(LookupCommandTest, ATextIsLookedUpInItsPlace) {
  const Outcome outcome =
      Run({"--previous", "雨停了。", "出發。", "--next", "It was late.",
           "--translating", "walk", "--link-differences"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(Places(), ElementsAre("雨停了。<出發。>It was late."));
  EXPECT_EQ(memory_.lookups[0].document(), "projects/p/documents/walk");
  EXPECT_EQ(memory_.lookups[0].filter().document(), "");
  EXPECT_TRUE(memory_.lookups[0].link_differences());
}

TEST_F(LookupCommandTest, WhatIsNotAskedForIsNotSent) {
  EXPECT_EQ(Run({"word"}).code, kDone);
  EXPECT_THAT(Places(), ElementsAre("<word>"));
  EXPECT_EQ(memory_.lookups[0].document(), "");
  EXPECT_FALSE(memory_.lookups[0].link_differences());
}

TEST_F(LookupCommandTest, NeighboursAreSimplifiedAsTheTextIs) {
  EXPECT_EQ(
      Run({"這座", "--previous", "裡", "--next", "從", "--simplify"}).code,
      kDone);
  EXPECT_THAT(Places(), ElementsAre("里<这座>从"));
  EXPECT_EQ(Run({"--file", "-", "--simplify"}, "這\n裡\n").code, kDone);
  EXPECT_THAT(Places(), ElementsAre("<这>里", "这<里>"));
}

TEST_F(LookupCommandTest, LinesAreLookedUpBetweenTheirNeighbours) {
  EXPECT_EQ(
      Run({"--file", "-", "--translating", "walk"}, "one\r\n\n \ntwo\nthree\n")
          .code,
      kDone);
  EXPECT_THAT(Places(), ElementsAre("<one>two", "one<two>three", "two<three>"));
  EXPECT_EQ(memory_.lookups[2].document(), "projects/p/documents/walk");
}

TEST_F(LookupCommandTest, NeighboursStandInOtherCallsToo) {
  std::string lines;
  for (int i = 0; i < 101; ++i) absl::StrAppend(&lines, "q", i, "\n");
  EXPECT_EQ(Run({"--file", "-"}, lines).code, kDone);
  ASSERT_EQ(memory_.lookups.size(), 101u);
  EXPECT_EQ(memory_.lookups[99].next_text(), "q100");
  EXPECT_EQ(memory_.lookups[100].previous_text(), "q99");
}

TEST_F(LookupCommandTest, ALineThatCannotBeSentIsNobodysNeighbour) {
  const std::string lines =
      absl::StrCat("one\n\xFF\ntwo\n", std::string(2001, 'x'), "\nthree\n");
  EXPECT_EQ(Run({"--file", "-"}, lines).code, kFailed);
  EXPECT_THAT(Places(), ElementsAre("<one>", "<two>", "<three>"));
}

TEST_F(LookupCommandTest, ALineThatTheServerRefusesStandsWhereItStands) {
  EXPECT_EQ(Run({"--file", "-"}, "one\nbad\ntwo\n").code, kFailed);
  EXPECT_THAT(Places(), ElementsAre("<one>bad", "bad<two>"));
}

TEST_F(LookupCommandTest, AFileHasItsOwnNeighbours) {
  for (const char* flag : {"--previous", "--next"}) {
    const Outcome outcome = Run({"--file", "-", flag, "text"}, "one\n");
    EXPECT_EQ(outcome.code, kUsage);
    EXPECT_THAT(outcome.err,
                testing::MatchesRegex(absl::StrCat(
                    "duilian: (", flag, " excludes --file|--file excludes ",
                    flag, "); give one of the two; see duilian --help\n")));
  }
}

TEST_F(LookupCommandTest, ADocumentThatIsRefusedIsNamedByItsOwnFlag) {
  EXPECT_THAT(Run({"word", "--translating", "a b"}).err,
              HasSubstr("duilian: --translating: 'a b' given"));
  EXPECT_THAT(Run({"--file", "-", "--translating", "a b"}, "word\n").err,
              HasSubstr("duilian: - lines 1 to 1: --translating: 'a b' given"));
}

}  // namespace
}  // namespace duilian::clients
