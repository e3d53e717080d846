// The small parts that requests share: checks, tokens, etags, statuses, wire.

#include <string>

#include "absl/strings/str_cat.h"
#include "duilian/v1/translation_memory_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/checks.h"
#include "service/digest.h"
#include "service/etag.h"
#include "service/listen_address.h"
#include "service/page_token.h"
#include "service/status.h"
#include "service/wire_text.h"
#include "tests/support/status_matchers.h"

namespace duilian::service {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::IsOk;
using testing_support::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(ChecksTest, LimitsAreInCodePoints) {
  std::string chinese;
  for (int i = 0; i < 10; ++i) chinese += "译";
  EXPECT_THAT(CheckText(chinese, {"query", 1, 10}), IsOk());
  EXPECT_THAT(CheckText(chinese + "文", {"query", 1, 10}),
              StatusIs(kInvalid, HasSubstr("query: 11 code points, 1 to 10 "
                                           "code points accepted; shorten")));
  EXPECT_THAT(CheckText("", {"query", 1, 2'000}),
              StatusIs(kInvalid, HasSubstr("query: empty, 1 to 2,000 code "
                                           "points accepted; fill it in")));
  EXPECT_THAT(CheckText("ab\xff", {"query", 1, 10}),
              StatusIs(kInvalid, HasSubstr("query: byte 2 is not UTF-8")));
}

TEST(ChecksTest, APageIsNeverLargerThanTheLimitAndNeverNegative) {
  EXPECT_EQ(*ReadPageSize(0, kListPages), 50u);
  EXPECT_EQ(*ReadPageSize(7, kListPages), 7u);
  EXPECT_EQ(*ReadPageSize(5'000, kListPages), 1'000u);
  EXPECT_THAT(ReadPageSize(-1, kListPages),
              StatusIs(kInvalid, HasSubstr("page_size: -1 given, 0 to 1,000 "
                                           "accepted")));
}

TEST(ChecksTest, NumbersAreGroupedInThrees) {
  const struct {
    uint64_t number;
    const char* written;
  } cases[] = {
      {0, "0"}, {999, "999"}, {1'000, "1,000"}, {67'108'864, "67,108,864"}};
  for (const auto& c : cases) EXPECT_EQ(Grouped(c.number), c.written);
}

TEST(PageTokensTest, GiveBackThePlaceAndAreSafeInAUrl) {
  const PageTokens tokens({"ListPairs", "p"});
  const std::string place("\0\xfe\xff/+=", 6);
  const std::string token = tokens.Format(place);
  EXPECT_THAT(token, testing::MatchesRegex("[A-Za-z0-9_-]+"));
  EXPECT_EQ(**tokens.Parse(token), place);
  EXPECT_EQ(tokens.Format(std::nullopt), "");
  EXPECT_EQ(*tokens.Parse(""), std::nullopt);
}

TEST(PageTokensTest, AreRefusedByAnyOtherListAndWhenDamaged) {
  const std::string token = PageTokens({"ListPairs", "p", "d"}).Format("x");
  const auto not_ours = StatusIs(kInvalid, HasSubstr("not made for this list"));
  EXPECT_THAT(PageTokens({"ListPairs", "p", ""}).Parse(token), not_ours);
  EXPECT_THAT(PageTokens({"ListPairs", "pd", ""}).Parse(token), not_ours);
  const PageTokens tokens({"ListPairs", "p", "d"});
  for (size_t i = 0; i < token.size(); ++i) {
    SCOPED_TRACE(i);
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(tokens.Parse(damaged), not_ours);
  }
  EXPECT_THAT(tokens.Parse("next, please"), not_ours);
  EXPECT_THAT(tokens.Parse("AA"), not_ours);
  EXPECT_THAT(tokens.Parse(std::string(100'000, 'A')), not_ours);
}

TEST(DigestTest, IsSha256OfThePartsAndTheirLengths) {
  EXPECT_EQ(Digest().Add("ab").Add("c").Finish(),
            Digest().Add("ab").Add("c").Finish());
  EXPECT_NE(Digest().Add("ab").Add("c").Finish(),
            Digest().Add("a").Add("bc").Finish());
  EXPECT_EQ(Digest().Finish().size(), 32u);
}

TEST(EtagTest, ChangesWithTheRevisionAndSaysWhatToDo) {
  storage::TranslationUnit unit;
  unit.revision = 26;
  const std::string etag = Etag(unit);
  EXPECT_THAT(CheckEtag(etag, unit, "projects/p/pairs/1"), IsOk());
  unit.revision = 27;
  EXPECT_NE(Etag(unit), etag);
  EXPECT_THAT(CheckEtag(etag, unit, "projects/p/pairs/1"),
              StatusIs(absl::StatusCode::kAborted,
                       AllOf(HasSubstr("projects/p/pairs/1 changed"),
                             HasSubstr("read it again"))));
  EXPECT_THAT(CheckEtag("", unit, "projects/p/pairs/1"),
              StatusIs(kInvalid, HasSubstr("etag: empty")));
}

TEST(StatusTest, EveryCodeKeepsItsNumberAndUnknownNeverLeaves) {
  for (int code = 1; code <= 16; ++code) {
    SCOPED_TRACE(code);
    const grpc::Status out =
        ToGrpcStatus(absl::Status(static_cast<absl::StatusCode>(code), "why"));
    const int wanted = code == 2 ? 13 : code;
    EXPECT_EQ(static_cast<int>(out.error_code()), wanted);
    EXPECT_EQ(out.error_message(), "why");
  }
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
}

TEST(StatusTest, ALongMessageIsCutOnACharactersEdge) {
  std::string message;
  for (int i = 0; i < 5'000; ++i) message += "长";
  const std::string out =
      ToGrpcStatus(absl::InternalError(message)).error_message();
  EXPECT_LT(out.size(), 2'000u);
  EXPECT_THAT(out, testing::EndsWith("长…"));
}

TEST(WireTextTest, NamesTheFieldAndTheByteThatIsNotUtf8) {
  v1::BatchLookupRequest request;
  request.set_parent("projects/p");
  request.add_requests()->set_query("好");
  v1::LookupRequest& second = *request.add_requests();
  second.mutable_filter()->set_speaker("Zo\xc3");
  v1::BatchLookupRequest parsed;
  EXPECT_THAT(ParseRequest(request.SerializeAsString(), parsed),
              StatusIs(kInvalid, HasSubstr("requests[1].filter.speaker: byte 2 "
                                           "is not UTF-8")));
  second.mutable_filter()->set_speaker("Zoë");
  ASSERT_THAT(ParseRequest(request.SerializeAsString(), parsed), IsOk());
  EXPECT_EQ(parsed.requests(1).filter().speaker(), "Zoë");
}

TEST(WireTextTest, BytesThatAreNoMessageAreTheCallersFault) {
  v1::LookupRequest request;
  request.set_query("a query");
  const std::string whole = request.SerializeAsString();
  v1::LookupRequest parsed;
  EXPECT_THAT(ParseRequest(whole.substr(0, whole.size() - 1), parsed),
              StatusIs(kInvalid, HasSubstr("no duilian.v1.LookupRequest")));
}

TEST(ListenAddressTest, SplitsHostAndPort) {
  const struct {
    const char* text;
    const char* host;
    int port;
    bool loopback;
  } cases[] = {
      {"127.0.0.1:50351", "127.0.0.1", 50351, true},
      {"127.8.9.1:0", "127.8.9.1", 0, true},
      {"localhost:1", "localhost", 1, true},
      {"[::1]:65535", "::1", 65535, true},
      {"0.0.0.0:80", "0.0.0.0", 80, false},
      {"[::]:80", "::", 80, false},
      {"example.test:80", "example.test", 80, false},
      {"127.evil.test:80", "127.evil.test", 80, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const absl::StatusOr<ListenAddress> address = ParseListenAddress(c.text);
    ASSERT_THAT(address, IsOk());
    EXPECT_EQ(address->host, c.host);
    EXPECT_EQ(address->port, c.port);
    EXPECT_EQ(IsLoopback(address->host), c.loopback);
  }
  for (const char* text : {"", "50351", "localhost", ":50351", "a:b", "a:65536",
                           "a:-1", "::1:5"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(ParseListenAddress(text),
                StatusIs(kInvalid, HasSubstr("HOST:PORT")));
  }
}

}  // namespace
}  // namespace duilian::service
