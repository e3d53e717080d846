#include "aligner/document_report.h"

#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "aligner/report_texts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

DocumentReport ReportOn(const ReportTexts& talk) {
  return ReportDocument(talk.english, talk.chinese, talk.beads,
                        ReportOptions());
}

TEST(DocumentReportTest, RightTalkIsCoveredAndHasNoFindings) {
  const DocumentReport report = ReportOn(ReportTexts::Talk());
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.english.sentences, 8);
  EXPECT_EQ(report.english.covered_sentences, 8);
  EXPECT_EQ(report.english.codepoints, report.english.covered_codepoints);
  EXPECT_EQ(report.chinese.covered_sentences, 8);
  EXPECT_EQ(report.pairs, 8);
  EXPECT_EQ(report.doubtful_pairs, 0);
  EXPECT_THAT(report.speakers, SizeIs(2));
}

TEST(DocumentReportTest, WhatStandsAloneIsARun) {
  ReportTexts talk = ReportTexts::Talk();
  talk.Add("Bo", "It still floats.", "", "", 0.9);
  talk.Add("Bo", "Come and see.", "", "", 0.7);
  talk.Add("", "", "老波", "欢迎订阅。请点赞。", 0.8);
  const DocumentReport report = ReportOn(talk);
  ASSERT_THAT(report.findings, SizeIs(2));
  EXPECT_EQ(report.findings[0].kind, FindingKind::kNeverTranslated);
  EXPECT_EQ(report.findings[0].english, (SegmentRange{8, 10}));
  EXPECT_EQ(report.findings[0].chinese.size(), 0);
  EXPECT_DOUBLE_EQ(report.findings[0].confidence, 0.8);
  EXPECT_EQ(report.findings[0].phrase, "");
  EXPECT_EQ(report.findings[1].kind, FindingKind::kWithoutSource);
  EXPECT_EQ(report.findings[1].chinese, (SegmentRange{8, 9}));
  EXPECT_EQ(report.english.sentences, 10);
  EXPECT_EQ(report.english.covered_sentences, 8);
  EXPECT_EQ(report.english.codepoints - report.english.covered_codepoints, 29u);
  EXPECT_EQ(report.chinese.codepoints - report.chinese.covered_codepoints, 9u);
}

TEST(DocumentReportTest, RunThatMayHaveACounterpartSaysSo) {
  ReportTexts talk = ReportTexts::Talk();
  talk.Add("Bo", "It still floats on the lake.", "", "", 0.1);
  const DocumentReport report = ReportOn(talk);
  ASSERT_THAT(report.findings, SizeIs(1));
  EXPECT_EQ(report.findings[0].phrase,
            "not paired, though it may have a counterpart");
}

TEST(DocumentReportTest, RepliesAreMarked) {
  ReportTexts talk = ReportTexts::Talk();
  talk.Add("Ada", "Oh, I see.", "", "", 0.9);
  talk.Add("Bo", "He is there now.", "老波", "他现在就在那里。");
  talk.Add("", "", "老波", "好的。", 0.9);
  const DocumentReport report = ReportOn(talk);
  ASSERT_THAT(report.findings, SizeIs(2));
  EXPECT_TRUE(report.findings[0].is_reply);
  EXPECT_TRUE(report.findings[1].is_reply);
}

TEST(DocumentReportTest, HeadingsAndFrontMatterAreNotMissed) {
  ReportTexts talk = ReportTexts::Talk();
  talk.Add("", "Part two of the talk", "", "", 0.9);
  talk.english.segments.back().kind = SegmentKind::kHeading;
  talk.Add("", "Subscribe to our letters", "", "", 0.9);
  talk.english.segments.back().kind = SegmentKind::kFrontMatter;
  talk.Add("", "Part 7: Boats", "", "关于船", 0.9);
  talk.english.segments.back().kind = SegmentKind::kHeading;
  talk.chinese.segments.back().kind = SegmentKind::kHeading;
  const DocumentReport report = ReportOn(talk);
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.english.sentences, 8);
  EXPECT_EQ(report.pairs, 8);
}

TEST(DocumentReportTest, FindsWhatDoesNotFitInsideAPair) {
  const struct {
    const char* english;
    const char* chinese;
    FindingKind kind;
    const char* phrase;
  } cases[] = {
      {"He built 7 boats.", "他造了 9 艘船。", FindingKind::kNumber,
       "number 9 has no counterpart"},
      {"He built a boat.", "Hugo 造了一艘船。", FindingKind::kName,
       "Hugo is not in the English"},
      {"He never built a boat.", "他造了一艘船。", FindingKind::kNegation,
       "negation never is not in the Chinese"},
      {"He went down to the harbour every morning before dawn to look at all "
       "of the boats that had come in with the tide during the night.",
       "他去港口。", FindingKind::kShortened,
       "Chinese is much shorter than usual"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.phrase);
    ReportTexts talk = ReportTexts::Talk();
    talk.Add("Bo", c.english, "老波", c.chinese, 0.9);
    const DocumentReport report = ReportOn(talk);
    ASSERT_THAT(report.findings, testing::Not(IsEmpty()));
    EXPECT_EQ(report.findings[0].kind, c.kind);
    EXPECT_EQ(report.findings[0].phrase, c.phrase);
    EXPECT_EQ(report.findings[0].english, (SegmentRange{8, 9}));
    EXPECT_EQ(report.findings[0].chinese, (SegmentRange{8, 9}));
    EXPECT_EQ(report.findings[0].confidence, 0.9);
    // A pair that is likely wrong itself is only counted.
    talk.beads.back().confidence = 0.3;
    EXPECT_THAT(ReportOn(talk).findings, IsEmpty());
    EXPECT_EQ(ReportOn(talk).doubtful_pairs, 1);
  }
}

TEST(DocumentReportTest, NameThatWasJustSaidMayStandForAPronoun) {
  ReportTexts talk = ReportTexts::Talk();
  talk.Add("Ada", "And who is Hugo?", "艾达", "Hugo 是谁？");
  talk.Add("Bo", "He is my cousin.", "老波", "Hugo 是我表弟。");
  EXPECT_THAT(ReportOn(talk).findings, IsEmpty());
}

TEST(DocumentReportTest, TurnsAreTold) {
  ReportTexts talk = ReportTexts::Talk();
  talk.chinese.segments[5].speaker = "艾达";
  talk.chinese.segments[5].turn = talk.chinese.segments[4].turn;
  const DocumentReport report = ReportOn(talk);
  ASSERT_THAT(report.findings, SizeIs(1));
  EXPECT_EQ(report.findings[0].kind, FindingKind::kMergedTurn);
  EXPECT_EQ(report.findings[0].phrase, "the turn of Bo runs into that of 艾达");
}

TEST(DocumentReportTest, EveryKindHasAWordOfItsOwn) {
  std::set<absl::string_view> words;
  for (int kind = 0; kind <= static_cast<int>(FindingKind::kNegation); ++kind) {
    words.insert(KindWord(static_cast<FindingKind>(kind)));
  }
  EXPECT_THAT(words, SizeIs(static_cast<size_t>(FindingKind::kNegation) + 1));
}

bool IsInside(const SegmentRange& range, const Transcript& side) {
  return range.begin >= 0 && range.begin <= range.end &&
         range.end <= static_cast<int>(side.segments.size());
}

// Any beads of any texts: ranges stand inside, in order, and what is covered
// and what is told to stand alone make up the whole.
TEST(DocumentReportTest, RangesStandInTheTranscripts) {
  const char* const english[] = {"Yes.", "He has 7 boats.", "I never saw it.",
                                 "Marlow came home in the end."};
  const char* const chinese[] = {"是。", "他有 8 艘船。", "我没见过。",
                                 "他到家了。"};
  for (uint32_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    ReportTexts talk;
    for (int i = 0; i < 30; ++i) {
      const int shape = static_cast<int>(random() % 4);
      const char* const speakers[] = {"", "Ada", "Bo"};
      const char* const labels[] = {"", "艾达", "老波"};
      talk.Add(speakers[random() % 3], shape == 0 ? "" : english[random() % 4],
               labels[random() % 3], shape == 1 ? "" : chinese[random() % 4],
               static_cast<double>(random() % 101) / 100);
    }
    const DocumentReport report = ReportOn(talk);
    int alone = 0;
    for (const Finding& finding : report.findings) {
      EXPECT_TRUE(IsInside(finding.english, talk.english));
      EXPECT_TRUE(IsInside(finding.chinese, talk.chinese));
      EXPECT_GT(finding.english.size() + finding.chinese.size(), 0);
      EXPECT_GE(finding.confidence, 0);
      EXPECT_LE(finding.confidence, 1);
      const bool is_run = finding.kind == FindingKind::kNeverTranslated;
      if (is_run) alone += finding.english.size();
      if (finding.english.size() > 0 && finding.chinese.size() > 0) continue;
      EXPECT_TRUE(is_run || finding.kind == FindingKind::kWithoutSource);
    }
    EXPECT_EQ(report.english.covered_sentences + alone,
              report.english.sentences);
  }
}

}  // namespace
}  // namespace duilian::aligner
