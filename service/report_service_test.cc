#include "service/report_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/limits.h"
#include "service/stored_report.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using storage::TranslationUnit;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;
using testing_support::TestServer;

TranslationUnit Unit(int source, const std::string& english,
                     const std::string& asker, int target,
                     const std::string& chinese, const std::string& label) {
  TranslationUnit unit;
  unit.source.text = english;
  unit.source.speaker = asker;
  unit.source.spans = {{source, 0, 1}};
  unit.target.text = chinese;
  unit.target.speaker = label;
  unit.target.spans = {{target, 0, 1}};
  unit.confidence = 0.97;
  return unit;
}

// Eight right units, segment by segment.
std::vector<TranslationUnit> Talk() {
  std::vector<TranslationUnit> units;
  for (int i = 0; i < 8; ++i) {
    const bool asks = i % 2 == 0;
    units.push_back(Unit(i, "The boats come home.", asks ? "Ada" : "Bo", i,
                         "船回来了。", asks ? "艾达" : "老波"));
  }
  return units;
}

storage::Document Document(int source, int target) {
  storage::Document document;
  document.source_segments = source;
  document.target_segments = target;
  return document;
}

TEST(StoredReportTest, RightDocumentIsCoveredAndHasNoFindings) {
  const auto report = ReportOn(Document(8, 8), Talk());
  EXPECT_EQ(report.source().segments(), 8);
  EXPECT_EQ(report.source().covered_segments(), 8);
  EXPECT_EQ(report.target().covered_segments(), 8);
  EXPECT_EQ(report.pairs(), 8);
  EXPECT_THAT(report.findings(), IsEmpty());
  ASSERT_THAT(report.speakers(), SizeIs(2));
  EXPECT_EQ(report.speakers(0).source(), "Ada");
  EXPECT_EQ(report.speakers(0).target(), "艾达");
}

TEST(StoredReportTest, TellsWhatNoUnitHoldsByItsNeighbours) {
  std::vector<TranslationUnit> units = Talk();
  units[7].source.spans[0].segment = 11;
  units[6].source.next_text = "It rained for a long time.";
  units[7].source.previous_text = "Then the wind fell again.";
  const auto report = ReportOn(Document(12, 9), units);
  EXPECT_EQ(report.source().covered_segments(), 8);
  EXPECT_EQ(report.target().segments(), 9);
  EXPECT_EQ(report.target().covered_segments(), 8);
  ASSERT_THAT(report.findings(), SizeIs(2));
  const v1::Finding& run = report.findings(0);
  EXPECT_EQ(run.kind(), v1::NEVER_TRANSLATED);
  EXPECT_EQ(run.source().begin_segment(), 7);
  EXPECT_EQ(run.source().end_segment(), 11);
  EXPECT_EQ(run.source().text(),
            "It rained for a long time. … Then the wind fell again.");
  EXPECT_FALSE(run.has_confidence());
  EXPECT_EQ(report.findings(1).kind(), v1::WITHOUT_SOURCE);
  EXPECT_EQ(report.findings(1).target().begin_segment(), 8);
}

// Two lines of a menu before the talk and one behind it, a heading in an
// untranslated run, and a line with nothing on it.
TEST(StoredReportTest, HeadingsFrontMatterAndEmptyLinesAreNotMissed) {
  std::vector<TranslationUnit> units = Talk();
  for (TranslationUnit& unit : units) unit.source.spans[0].segment += 2;
  units[7].source.spans[0].segment = 12;
  units[6].source.next_text = "It rained for a long time.";
  units[7].source.previous_text = "Then the wind fell again.";
  storage::Document document = Document(14, 9);
  document.source_asides = {{0, 2, storage::AsideKind::kFrontMatter},
                            {10, 11, storage::AsideKind::kHeading},
                            {13, 99, storage::AsideKind::kFrontMatter}};
  document.target_asides = {{8, 9, storage::AsideKind::kEmpty}};
  const auto report = ReportOn(document, units);
  EXPECT_EQ(report.source().segments(), 10);
  EXPECT_EQ(report.source().covered_segments(), 8);
  EXPECT_EQ(report.target().segments(), 8);
  EXPECT_EQ(report.target().covered_segments(), 8);
  ASSERT_THAT(report.findings(), SizeIs(1));
  const v1::Finding& run = report.findings(0);
  EXPECT_EQ(run.kind(), v1::NEVER_TRANSLATED);
  EXPECT_EQ(run.source().begin_segment(), 9);
  EXPECT_EQ(run.source().end_segment(), 12);
  EXPECT_EQ(run.source().text(),
            "It rained for a long time. Then the wind fell again.");
}

TEST(StoredReportTest, AHeadingThatAUnitHoldsIsNotCounted) {
  storage::Document document = Document(8, 8);
  document.source_asides = {{3, 4, storage::AsideKind::kHeading}};
  const auto report = ReportOn(document, Talk());
  EXPECT_EQ(report.source().segments(), 7);
  EXPECT_EQ(report.source().covered_segments(), 7);
  EXPECT_THAT(report.findings(), IsEmpty());
}

TEST(StoredReportTest, OnlyWhatIsKnownWholeIsAShortReply) {
  std::vector<TranslationUnit> units = Talk();
  units[7].source.spans[0].segment = 8;
  units[6].source.next_text = "Okay.";
  const auto reply = ReportOn(Document(9, 8), units);
  ASSERT_THAT(reply.findings(), SizeIs(1));
  EXPECT_TRUE(reply.findings(0).is_reply());
  EXPECT_EQ(reply.findings(0).source().text(), "Okay.");
  units[7].source.spans[0].segment = 20;
  const auto run = ReportOn(Document(21, 8), units);
  ASSERT_THAT(run.findings(), SizeIs(1));
  EXPECT_FALSE(run.findings(0).is_reply());
  EXPECT_EQ(run.findings(0).source().text(), "Okay. …");
}

TEST(StoredReportTest, RejectedUnitsAndThoseWithoutAPlaceHoldNothing) {
  std::vector<TranslationUnit> units = Talk();
  units[3].status = storage::ReviewStatus::kRejected;
  units[5].source.spans.clear();
  const auto report = ReportOn(Document(8, 8), units);
  EXPECT_EQ(report.pairs(), 6);
  EXPECT_EQ(report.source().covered_segments(), 6);
}

TEST(StoredReportTest, TellsWhatDiffersInsideAUnit) {
  std::vector<TranslationUnit> units = Talk();
  units[4].source.text = "He built 7 boats and never sold one.";
  units[4].target.text = "他造了 9 艘船，都卖了。";
  const auto report = ReportOn(Document(8, 8), units);
  ASSERT_THAT(report.findings(), SizeIs(3));
  EXPECT_EQ(report.findings(0).kind(), v1::NUMBER_DIFFERS);
  EXPECT_EQ(report.findings(0).phrase(), "number 9 has no counterpart");
  EXPECT_EQ(report.findings(2).kind(), v1::NEGATION_DIFFERS);
  EXPECT_EQ(report.findings(2).source().begin_segment(), 4);
  EXPECT_EQ(report.findings(2).confidence(), 0.97);
  units[4].confidence = 0.2;
  EXPECT_THAT(ReportOn(Document(8, 8), units).findings(), IsEmpty());
  EXPECT_EQ(ReportOn(Document(8, 8), units).doubtful_pairs(), 1);
  // A person has said that it is right.
  units[4].status = storage::ReviewStatus::kAccepted;
  ASSERT_THAT(ReportOn(Document(8, 8), units).findings(), SizeIs(3));
}

TEST(StoredReportTest, TellsATurnThatChangesItsSpeaker) {
  std::vector<TranslationUnit> units = Talk();
  units[4].target.speaker = "老波";
  const auto report = ReportOn(Document(8, 8), units);
  ASSERT_THAT(report.findings(), SizeIs(1));
  EXPECT_EQ(report.findings(0).kind(), v1::MERGED_TURN);
  EXPECT_EQ(report.findings(0).phrase(),
            "the turn of Ada runs into that of 老波");
}

// A client that was told nothing accepts 4 MiB.
TEST(StoredReportTest, AReportOfManyLongFindingsAndSpeakersIsBounded) {
  constexpr int kUnits = 2'200;  // two a speaker
  std::string anchors, waves;
  for (int i = 0; i < 250; ++i) anchors += "⚓🌊";
  for (int i = 0; i < 195; ++i) waves += "🌊";
  std::vector<TranslationUnit> units;
  for (int i = 0; i < kUnits; ++i) {
    units.push_back(Unit(i, absl::StrCat("He built 7 boats. ", anchors),
                         absl::StrCat("Ada ", i / 2, waves), i,
                         absl::StrCat("他造了一些船。", anchors),
                         absl::StrCat("艾达", i / 2, waves)));
  }
  const auto report = ReportOn(Document(kUnits, kUnits), units);
  EXPECT_LT(report.ByteSizeLong(), size_t{4} << 20);
  EXPECT_EQ(report.speakers_size(), kMaxReportedSpeakers);
  EXPECT_GT(report.findings_size(), 100);
  EXPECT_EQ(report.findings_size() + report.omitted_findings(), kUnits);
}

TEST(StoredReportTest, FindingsAndTheirTextsAreBounded) {
  std::vector<TranslationUnit> units;
  std::string tail;
  for (int i = 0; i < 400; ++i) tail += " boats";
  for (int i = 0; i < kMaxFindings + 5; ++i) {
    units.push_back(Unit(i, absl::StrCat("He built 7 boats,", tail, "."), "", i,
                         "他造了一些船。", ""));
  }
  for (TranslationUnit& unit : units) {
    for (int i = 0; i < 200; ++i) unit.target.text += "小船又一条船";
  }
  const auto report =
      ReportOn(Document(kMaxFindings + 5, kMaxFindings + 5), units);
  EXPECT_EQ(report.findings_size(), kMaxFindings);
  EXPECT_EQ(report.omitted_findings(), 5);
  EXPECT_EQ(text::CountCodepoints(report.findings(0).source().text()),
            kMaxFindingTextCodepoints);
  EXPECT_LT(report.ByteSizeLong(), size_t{4} << 20);
}

class ReportServiceTest : public testing::Test {
 protected:
  ReportServiceTest() : stub_(v1::ReportService::NewStub(server_.channel())) {}

  testing_support::Reply<v1::ReportDocumentResponse> Report(
      const std::string& name) {
    v1::ReportDocumentRequest request;
    request.set_name(name);
    return server_.Call(*stub_, &v1::ReportService::Stub::ReportDocument,
                        request);
  }

  TestServer server_;
  const std::unique_ptr<v1::ReportService::Stub> stub_;
};

TEST_F(ReportServiceTest, ReportsOnADocumentThatWasImported) {
  const auto import = server_.Import(
      {{"projects/p/documents/talk",
        "He built 7 boats.\nThe harbour is empty.\nIt never rains here.\n",
        "他造了 9 艘船。\n港口空着。\n这里从不下雨。\n"}});
  ASSERT_THAT(import.status, IsOk());
  const auto reply = Report("projects/p/documents/talk");
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply.response.pairs(), 3);
  EXPECT_EQ(reply.response.source().covered_segments(), 3);
  ASSERT_THAT(reply.response.findings(), SizeIs(2));
  EXPECT_EQ(reply.response.findings(0).kind(), v1::NUMBER_DIFFERS);
  EXPECT_EQ(reply.response.findings(0).target().text(), "他造了 9 艘船。");
}

TEST_F(ReportServiceTest, AnEmptyLineIsNothingThatLacksATranslation) {
  const auto import =
      server_.Import({{"projects/p/documents/talk",
                       "The harbour is empty.\n\nIt never rains here.\n",
                       "港口空着。\n没有人。\n这里从不下雨。\n"}});
  ASSERT_THAT(import.status, IsOk());
  const auto reply = Report("projects/p/documents/talk");
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply.response.source().segments(), 2);
  ASSERT_THAT(reply.response.findings(), SizeIs(1));
  EXPECT_EQ(reply.response.findings(0).kind(), v1::WITHOUT_SOURCE);
}

TEST_F(ReportServiceTest, RefusalsSayWhatIsAccepted) {
  EXPECT_THAT(Report("projects/p/pairs/7"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("name")));
  EXPECT_THAT(
      Report("projects/p/documents/none"),
      StatusIs(absl::StatusCode::kNotFound,
               HasSubstr("projects/p/documents/none is not there; import it")));
}

}  // namespace
}  // namespace duilian::service
