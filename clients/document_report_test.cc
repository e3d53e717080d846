#include "clients/document_report.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

using testing::HasSubstr;
using testing::Not;

ReportedFinding Run(const std::string& kind, const std::string& words,
                    bool is_reply) {
  ReportedFinding finding;
  finding.kind = kind;
  finding.confidence = 0.93;
  finding.is_reply = is_reply;
  ReportedSide& side = kind == "without-source" ? finding.zh : finding.en;
  side = {4, 6, 12, 13, "Bo", 3725, words};
  return finding;
}

PrintedReport Report() {
  PrintedReport report;
  report.en = {10, 9, 200, 150};
  report.zh = {8, 8, 90, 90};
  report.pairs = 8;
  report.doubtful_pairs = 1;
  report.speakers = {{"老波", "Bo", 4, 1.0}, {"Ada", "Ada", 3, 1.0}};
  report.findings = {Run("never-translated", "It still floats.", false),
                     Run("never-translated", "Okay.", true),
                     Run("never-translated", "Okay.", true)};
  for (const char* phrase :
       {"number 7 has no counterpart", "number 9 has no counterpart"}) {
    report.findings.push_back({"number",
                               0.81,
                               false,
                               phrase,
                               {7, 8, 20, 20, "Bo", 60, "He built 7 boats."},
                               {6, 7, 9, 9, "老波", {}, "他造了 9 艘船。"}});
  }
  report.model_version = "m1";
  return report;
}

std::string Print(const PrintedReport& report, OutputFormat format,
                  size_t columns = 100) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err, {false, false, columns}, {}};
  PrintReport(report, format, console);
  return out.str();
}

TEST(DocumentReportTest, PageTellsWhatDeservesALook) {
  const std::string page = Print(Report(), OutputFormat::kTable);
  EXPECT_THAT(page,
              HasSubstr("English |   9 of 10 |  90.0 | 150 of 200 |  75.0\n"));
  EXPECT_THAT(page, HasSubstr("8 pairs, 1 of them likely wrong"));
  EXPECT_THAT(page, HasSubstr("speakers: 老波 is Bo\n"));
  EXPECT_THAT(page, HasSubstr("English never translated: 1\n"));
  EXPECT_THAT(page, HasSubstr("0.93 | 12-13 | 1:02:05 | Bo "));
  EXPECT_THAT(page, HasSubstr("and short replies: Okay. (2)\n"));
  EXPECT_THAT(page, HasSubstr("numbers that differ: 2\n"));
  EXPECT_THAT(page, HasSubstr("number 7 has no counterpart"));
  EXPECT_THAT(page, Not(HasSubstr("Chinese without a source")));
  // The pair that two findings are about is shown once.
  const size_t first = page.find("他造了");
  ASSERT_NE(first, page.npos);
  EXPECT_EQ(page.find("他造了", first + 1), page.npos);
}

TEST(DocumentReportTest, StoredDocumentIsToldOfBySegments) {
  PrintedReport report = Report();
  report.is_stored = true;
  report.omitted_findings = 1;
  report.findings[0].confidence.reset();
  for (ReportedFinding& finding : report.findings) {
    finding.en.first_line = finding.en.last_line = 0;
    finding.zh.first_line = finding.zh.last_line = 0;
  }
  const std::string page = Print(report, OutputFormat::kTable);
  EXPECT_THAT(page, HasSubstr("covered | segments |     %\n"));
  EXPECT_THAT(page, HasSubstr("     |      4-5 | 1:02:05 | Bo "));
  EXPECT_THAT(page, HasSubstr("0.81 |        7 | number 7"));
  EXPECT_THAT(page, HasSubstr("\nand 1 more finding behind these\n"));
  const auto json = nlohmann::json::parse(Print(report, OutputFormat::kJson));
  EXPECT_EQ(json["en"]["covered_segments"], 9);
  EXPECT_FALSE(json["findings"][0].contains("confidence"));
  EXPECT_FALSE(json["findings"][0]["en"].contains("first_line"));
  EXPECT_EQ(json["omitted_findings"], 1);
}

TEST(DocumentReportTest, NoLineIsWiderThanTheTerminal) {
  std::istringstream lines(Print(Report(), OutputFormat::kTable, 90));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(text::DisplayWidth(line), 90u) << line;
  }
}

TEST(DocumentReportTest, NothingFoundIsSaid) {
  PrintedReport report = Report();
  report.findings.clear();
  EXPECT_THAT(Print(report, OutputFormat::kTable),
              HasSubstr("\nnothing to look into\n"));
}

TEST(DocumentReportTest, WhatATerminalCouldObeyIsMadeHarmless) {
  PrintedReport report = Report();
  report.speakers[0].zh = "\x1b[31m老波";
  report.findings[0].en.text = "\x1b]0;title\x07";
  for (const OutputFormat format :
       {OutputFormat::kTable, OutputFormat::kJson}) {
    EXPECT_FALSE(absl::StrContains(Print(report, format), "\x1b"));
  }
}

TEST(DocumentReportTest, JsonHasAllOfIt) {
  const auto json = nlohmann::json::parse(Print(Report(), OutputFormat::kJson));
  EXPECT_EQ(json["model_version"], "m1");
  EXPECT_EQ(json["en"]["covered_codepoints"], 150);
  EXPECT_EQ(json["zh"]["sentences"], 8);
  EXPECT_EQ(json["doubtful_pairs"], 1);
  EXPECT_EQ(json["speakers"][0]["en"], "Bo");
  ASSERT_EQ(json["findings"].size(), 5u);
  const auto& run = json["findings"][0];
  EXPECT_EQ(run["kind"], "never-translated");
  EXPECT_EQ(run["en"]["begin"], 4);
  EXPECT_EQ(run["en"]["timestamp_seconds"], 3725);
  EXPECT_EQ(run["en"]["text"], "It still floats.");
  EXPECT_FALSE(run["zh"].contains("text"));
  EXPECT_EQ(json["findings"][1]["is_reply"], true);
  EXPECT_EQ(json["findings"][3]["phrase"], "number 7 has no counterpart");
  EXPECT_EQ(json["findings"][3]["zh"]["text"], "他造了 9 艘船。");
}

TEST(DocumentReportTest, TsvHasARowAFinding) {
  std::istringstream lines(Print(Report(), OutputFormat::kTsv));
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(line.substr(0, 32), "kind\tconfidence\tis_reply\tphrase\t");
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(
      line,
      "never-translated\t0.9300\tfalse\t\t0\t0\t4\t6\t\t12-13\t\tBo\t3725\t"
      "\tIt still floats.");
  int more = 0;
  while (std::getline(lines, line)) ++more;
  EXPECT_EQ(more, 4);
}

}  // namespace
}  // namespace duilian::clients
