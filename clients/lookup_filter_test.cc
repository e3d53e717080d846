// The flags that keep a search among some of the pairs, in every command that
// has them.

#include "clients/lookup_filter.h"

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>
#include <vector>

#include "clients/command_line.h"
#include "clients/fake_server.h"
#include "duilian/v1/quote_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Finds nothing, and keeps the last filter; refuses a speaker "nobody" in the
// words of the server.
class FakeMemory : public v1::TranslationMemoryService::Service {
 public:
  v1::LookupFilter filter;
  std::string query;

  grpc::Status Lookup(grpc::ServerContext*, const v1::LookupRequest* request,
                      v1::LookupResponse*) override {
    return Keep(request->query(), request->filter());
  }
  grpc::Status BatchLookup(grpc::ServerContext*,
                           const v1::BatchLookupRequest* request,
                           v1::BatchLookupResponse* response) override {
    for (const v1::LookupRequest& one : request->requests()) {
      const grpc::Status status = Keep(one.query(), one.filter());
      if (!status.ok()) {
        return {status.error_code(), "requests[0]: " + status.error_message()};
      }
      response->add_responses();
    }
    return grpc::Status::OK;
  }
  grpc::Status SearchConcordance(grpc::ServerContext*,
                                 const v1::SearchConcordanceRequest* request,
                                 v1::SearchConcordanceResponse*) override {
    return Keep(request->query(), request->filter());
  }
  grpc::Status SearchMeaning(grpc::ServerContext*,
                             const v1::SearchMeaningRequest* request,
                             v1::SearchMeaningResponse*) override {
    return Keep(request->query(), request->filter());
  }
  grpc::Status ListPairs(grpc::ServerContext*, const v1::ListPairsRequest*,
                         v1::ListPairsResponse* response) override {
    response->add_pairs();
    return grpc::Status::OK;
  }

  grpc::Status Keep(const std::string& text, const v1::LookupFilter& sent) {
    query = text;
    filter = sent;
    if (sent.speaker() != "nobody") return grpc::Status::OK;
    return {grpc::StatusCode::INVALID_ARGUMENT,
            "filter.speaker: 'nobody' given, somebody accepted; say who"};
  }
};

class FakeQuotes : public v1::QuoteService::Service {
 public:
  explicit FakeQuotes(FakeMemory& memory) : memory_(memory) {}

  grpc::Status FindQuote(grpc::ServerContext*,
                         const v1::FindQuoteRequest* request,
                         v1::FindQuoteResponse*) override {
    return memory_.Keep(request->query(), request->filter());
  }

 private:
  FakeMemory& memory_;
};

class LookupFilterTest : public testing::TestWithParam<const char*> {
 protected:
  Outcome Run(std::vector<std::string> arguments,
              const std::string& input = "") const {
    arguments.insert(arguments.begin(), GetParam());
    return server_.Run(std::move(arguments), input);
  }

  FakeMemory memory_;
  FakeQuotes quotes_{memory_};
  const FakeServer server_{&memory_, &quotes_};
};

INSTANTIATE_TEST_SUITE_P(Commands, LookupFilterTest,
                         testing::Values("lookup", "concordance", "meaning",
                                         "cite"));

TEST_P(LookupFilterTest, EveryFlagReachesTheServer) {
  const Outcome outcome =
      Run({"--document", "walk", "--speaker", "林", "--status",
           "accepted,"
           "rejected",
           "word", "--min-confidence", "0.75", "--changed-after", "1970-01-02",
           "--changed-before", "1970-01-03"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(memory_.query, "word");  // the status did not take it
  EXPECT_EQ(memory_.filter.document(), "projects/p/documents/walk");
  EXPECT_EQ(memory_.filter.speaker(), "林");
  EXPECT_THAT(memory_.filter.statuses(),
              ElementsAre(v1::ACCEPTED, v1::REJECTED));
  EXPECT_EQ(memory_.filter.min_confidence(), 0.75);
  EXPECT_EQ(memory_.filter.changed_after().seconds(), 86'400);
  EXPECT_EQ(memory_.filter.changed_before().seconds(), 2 * 86'400);
}

TEST_P(LookupFilterTest, WithoutFlagsTheServersDefaultsHold) {
  EXPECT_EQ(Run({"word"}).code, kDone);
  EXPECT_THAT(memory_.filter.SerializeAsString(), IsEmpty());
}

TEST_P(LookupFilterTest, AStatusMayBeGivenAgain) {
  EXPECT_EQ(Run({"--status", "unreviewed", "--status", "rejected", "w"}).code,
            kDone);
  EXPECT_THAT(memory_.filter.statuses(),
              ElementsAre(v1::UNREVIEWED, v1::REJECTED));
}

TEST_P(LookupFilterTest, WrongValuesAreBadUsage) {
  const struct {
    std::vector<std::string> flag;
    const char* message;
  } cases[] = {
      {{"--status", "maybe"}, "--status: maybe not in"},
      {{"--min-confidence", "75"},
       "--min-confidence: \"75\" given, numbers 0 to 1 accepted"},
      {{"--min-confidence", "high"}, "\"high\" given, numbers 0 to 1 accepted"},
      {{"--min-confidence", "nan"}, "\"nan\" given, numbers 0 to 1 accepted"},
      {{"--speaker", "\xFF"}, "--speaker: byte 0 is not UTF-8"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.message);
    std::vector<std::string> arguments = c.flag;
    arguments.push_back("word");
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, kUsage);
    EXPECT_THAT(outcome.err, HasSubstr(c.message));
  }
}

TEST_P(LookupFilterTest, WhatTheServerRefusesIsNamedByTheFlag) {
  const Outcome outcome = Run({"--speaker", "nobody", "word"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err,
              HasSubstr("duilian: --speaker: 'nobody' given, somebody"));
}

using LookupFilterOfAFileTest = LookupFilterTest;
INSTANTIATE_TEST_SUITE_P(Lookup, LookupFilterOfAFileTest,
                         testing::Values("lookup"));

TEST_P(LookupFilterOfAFileTest, HoldsForAllOfItsLines) {
  EXPECT_EQ(Run({"--file", "-", "--min-confidence", "1"}, "word\n").code,
            kDone);
  EXPECT_EQ(memory_.filter.min_confidence(), 1);
  const Outcome outcome =
      Run({"--file", "-", "--speaker", "nobody"}, "one\ntwo\n");
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err,
              HasSubstr("duilian: - lines 1 to 2: --speaker: 'nobody' given"));
}

}  // namespace
}  // namespace duilian::clients
