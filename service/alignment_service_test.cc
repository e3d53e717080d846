#include "service/alignment_service.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/packed_model.h"
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
using testing_support::StatusIs;
using testing_support::TestServer;
using Stub = v1::AlignmentService::Stub;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

constexpr char kSource[] =
    "The bridge opened in May.\nNobody came.\nWe danced anyway.\n";
constexpr char kTarget[] = "桥在五月开通。\n没有人来。\n我们还是跳了舞。\n";

class AlignmentServiceTest : public testing_support::PackedModelTest {
 protected:
  void SetUp() override {
    PackedModelTest::SetUp();
    if (IsSkipped()) return;
    server_ = std::make_unique<TestServer>(TestServer::Options{2, 16, model_});
  }

  v1::AlignTranscriptsRequest Request() {
    v1::AlignTranscriptsRequest request;
    request.set_source_text(kSource);
    request.set_target_text(kTarget);
    request.set_format(v1::LINES);
    return request;
  }

  std::unique_ptr<TestServer> server_;
};

TEST_F(AlignmentServiceTest, BeadsCoverBothSidesInOrder) {
  const auto reply =
      server_->Call(server_->alignment(), &Stub::AlignTranscripts, Request());
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.beads(), SizeIs(3));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(reply.response.beads(i).source_segments(), ElementsAre(i));
    EXPECT_THAT(reply.response.beads(i).target_segments(), ElementsAre(i));
    EXPECT_GE(reply.response.beads(i).confidence(), 0);
    EXPECT_LE(reply.response.beads(i).confidence(), 1);
  }
  const v1::TextSegment& segment = reply.response.target_segments(1);
  EXPECT_EQ(segment.text(), "没有人来。");
  EXPECT_EQ(segment.line(), 2);
  EXPECT_EQ(segment.timestamp_seconds(), -1);
  EXPECT_EQ(std::string(kTarget).substr(
                static_cast<size_t>(segment.begin_byte()),
                static_cast<size_t>(segment.end_byte() - segment.begin_byte())),
            segment.text());
  EXPECT_EQ(reply.response.model_version(), model_->version());
}

TEST_F(AlignmentServiceTest, FragmentsAreLinkedToTheirEnglish) {
  v1::AlignTranscriptsRequest request;
  request.set_format(v1::LINES);
  request.set_source_text("Meta opened Llama.\nNobody came.\n");
  request.set_target_text("Meta 开源了 Lama。\n没有人去用 API。\n");
  const auto reply =
      server_->Call(server_->alignment(), &Stub::AlignTranscripts, request);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.beads(), SizeIs(2));
  ASSERT_THAT(reply.response.beads(0).fragments(), SizeIs(2));
  EXPECT_EQ(reply.response.beads(0).fragments(0).finding(),
            v1::FragmentLink::SAME);
  const v1::FragmentLink& lama = reply.response.beads(0).fragments(1);
  EXPECT_EQ(lama.text(), "Lama");
  EXPECT_EQ(lama.begin_byte(), 15);
  EXPECT_EQ(lama.end_byte(), 19);
  EXPECT_EQ(lama.finding(), v1::FragmentLink::MISSPELLED);
  EXPECT_EQ(lama.source_text(), "Llama");
  EXPECT_EQ(lama.source_begin_byte(), 12);
  EXPECT_EQ(lama.source_end_byte(), 17);
  ASSERT_THAT(reply.response.beads(1).fragments(), SizeIs(1));
  const v1::FragmentLink& api = reply.response.beads(1).fragments(0);
  EXPECT_EQ(api.target_segment(), 1);
  EXPECT_EQ(api.finding(), v1::FragmentLink::MISSING);
  EXPECT_EQ(api.source_text(), "");
}

TEST_F(AlignmentServiceTest, BadTextsAreRefusedInWords) {
  const struct {
    const char* name;
    void (*spoil)(v1::AlignTranscriptsRequest&);
    absl::StatusCode code;
    std::vector<std::string> words;
  } cases[] = {
      {"empty source",
       [](v1::AlignTranscriptsRequest& r) { r.clear_source_text(); },
       kInvalid,
       {"source_text: ", "empty"}},
      {"not UTF-8",
       [](v1::AlignTranscriptsRequest& r) { r.set_target_text("桥\xff"); },
       kInvalid,
       {"target_text: byte 3 is not UTF-8"}},
      {"swapped",
       [](v1::AlignTranscriptsRequest& r) {
         r.mutable_source_text()->swap(*r.mutable_target_text());
       },
       kInvalid,
       {"source_text: looks like Chinese, English accepted"}},
      {"too long",
       [](v1::AlignTranscriptsRequest& r) {
         std::string text;
         while (text.size() <= 4'000'000) text += "a line of text\n";
         r.set_source_text(text);
       },
       absl::StatusCode::kResourceExhausted,
       {"source_text: ", "4000000"}},
      {"format",
       [](v1::AlignTranscriptsRequest& r) {
         r.set_format(static_cast<v1::TextFormat>(9));
       },
       kInvalid,
       {"format: 9 given, TRANSCRIPT (1) and LINES (2) accepted"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::AlignTranscriptsRequest request = Request();
    c.spoil(request);
    const auto reply =
        server_->Call(server_->alignment(), &Stub::AlignTranscripts, request);
    for (const std::string& word : c.words) {
      EXPECT_THAT(reply, StatusIs(c.code, HasSubstr(word)));
    }
  }
  EXPECT_THAT(
      server_->Call(server_->alignment(), &Stub::AlignTranscripts, Request()),
      IsOk());
}

TEST_F(AlignmentServiceTest, AnAnswerThatTakesTooMuchIsRefused) {
  const AlignmentMethods methods(model_, /*max_answer_bytes=*/20);
  const Call call = {[] { return false; }, absl::UnixEpoch()};
  const auto refused = [](const std::string& fields,
                          const std::string& remedy) {
    return StatusIs(
        absl::StatusCode::kResourceExhausted,
        AllOf(HasSubstr(fields + ": the answer takes more than 20 bytes"),
              HasSubstr(remedy)));
  };
  EXPECT_THAT(methods.AlignTranscripts(Request(), call),
              refused("source_text, target_text", "send them in parts"));
  v1::AlignQuotesRequest quotes;
  quotes.set_text(kTarget);
  quotes.set_text_language_code("zh");
  quotes.set_format(v1::LINES);
  quotes.add_quotes("We danced anyway.");
  EXPECT_THAT(methods.AlignQuotes(quotes, call),
              refused("quotes", "send fewer at once"));
  v1::ExtractFragmentsRequest fragments;
  fragments.set_text("通用人工智能(AGI)还没有来。");
  EXPECT_THAT(methods.ExtractFragments(fragments, call),
              refused("text", "send it in parts"));
}

TEST_F(AlignmentServiceTest, AQuoteIsFoundWhereItIsTranslated) {
  v1::AlignQuotesRequest request;
  request.set_text(kTarget);
  request.set_text_language_code("zh-Hans");
  request.set_format(v1::LINES);
  request.add_quotes("We danced anyway.");
  const auto reply =
      server_->Call(server_->alignment(), &Stub::AlignQuotes, request);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.results(), SizeIs(1));
  ASSERT_FALSE(reply.response.results(0).places().empty());
  const v1::QuotePlace& place = reply.response.results(0).places(0);
  EXPECT_THAT(place.segments(), ElementsAre(2));
  EXPECT_EQ(place.text(), "我们还是跳了舞。");
  EXPECT_EQ(std::string(kTarget).substr(
                static_cast<size_t>(place.begin_byte()),
                static_cast<size_t>(place.end_byte() - place.begin_byte())),
            place.text());
}

TEST_F(AlignmentServiceTest, BadQuotesAreRefusedByIndex) {
  const struct {
    const char* name;
    void (*spoil)(v1::AlignQuotesRequest&);
    const char* message;
  } cases[] = {
      {"none", [](v1::AlignQuotesRequest& r) { r.clear_quotes(); },
       "quotes: 0 given, 1 to 1,000 accepted"},
      {"empty", [](v1::AlignQuotesRequest& r) { r.add_quotes(""); },
       "quotes[1]: empty, 1 to 5,000 code points accepted"},
      {"language",
       [](v1::AlignQuotesRequest& r) { r.set_text_language_code("de"); },
       "text_language_code: 'de' given, en and zh accepted"},
      {"wrong language",
       [](v1::AlignQuotesRequest& r) { r.set_text_language_code("en"); },
       "text: looks like Chinese, English accepted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    v1::AlignQuotesRequest request;
    request.set_text(kTarget);
    request.set_text_language_code("zh");
    request.add_quotes("Nobody came.");
    c.spoil(request);
    EXPECT_THAT(
        server_->Call(server_->alignment(), &Stub::AlignQuotes, request),
        StatusIs(kInvalid, HasSubstr(c.message)));
  }
}

TEST(AlignmentWithoutModelTest, FragmentsNeedNoModelButAlignmentDoes) {
  TestServer server;
  v1::ExtractFragmentsRequest fragments;
  fragments.set_text("第一行。\n通用人工智能(AGI)还没有来。");
  const auto reply =
      server.Call(server.alignment(), &Stub::ExtractFragments, fragments);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(reply.response.fragments(), SizeIs(1));
  const v1::Fragment& fragment = reply.response.fragments(0);
  EXPECT_EQ(fragment.text(), "AGI");
  EXPECT_EQ(fragment.line(), 2);
  EXPECT_EQ(fragment.rendering(), "通用人工智能");
  EXPECT_EQ(fragments.text().substr(static_cast<size_t>(fragment.begin_byte()),
                                    static_cast<size_t>(fragment.end_byte() -
                                                        fragment.begin_byte())),
            "AGI");
  fragments.clear_text();
  EXPECT_THAT(
      server.Call(server.alignment(), &Stub::ExtractFragments, fragments),
      StatusIs(kInvalid, HasSubstr("text: 0 bytes given")));
  v1::AlignTranscriptsRequest align;
  align.set_source_text(kSource);
  align.set_target_text(kTarget);
  EXPECT_THAT(server.Call(server.alignment(), &Stub::AlignTranscripts, align),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("start duiliand with --model PACK")));
}

}  // namespace
}  // namespace duilian::service
