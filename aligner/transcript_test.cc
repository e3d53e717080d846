#include "aligner/transcript.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;
using text::Language;

// "kind turn.paragraph speaker@seconds: text" of each segment.
std::vector<std::string> Read(absl::string_view text, Language language) {
  const auto transcript = ReadTranscript(text, language, ReadLimits());
  EXPECT_THAT(transcript, IsOk());
  std::vector<std::string> lines;
  if (!transcript.ok()) return lines;
  for (const Segment& s : transcript->segments) {
    const char* kinds[] = {"speech", "heading", "front"};
    std::string line = absl::StrCat(kinds[static_cast<int>(s.kind)], " ",
                                    s.turn, ".", s.paragraph, " ", s.speaker);
    if (s.timestamp_seconds.has_value()) {
      absl::StrAppend(&line, "@", *s.timestamp_seconds);
    }
    lines.push_back(absl::StrCat(line, ": ", s.text));
  }
  return lines;
}

TEST(TranscriptTest, ReadsMarkdownWithSpeakersTimestampsAndHardWraps) {
  EXPECT_THAT(
      Read("## Opening\n"
           "\n"
           "Ann Lee [(00:00:05)](https://example.org/v?t=5) We build\n"
           "bridges. They stand, in a word- or\n"
           "mostly-\n"
           "steady way.\n"
           "\n"
           "[(00:00:21)](https://example.org/v?t=21) For a\n"
           "while.\n"
           "\n"
           "Bo Chen [(00:01:02)](https://example.org/v?t=62)\n"
           "How long?\n"
           "\n"
           "## Ends\n"
           "\n"
           "[(01:00:00)](https://example.org/v?t=3600) Not *forever*.\n",
           Language::kEnglish),
      ElementsAre("heading 0.0 : Opening",
                  "speech 1.1 Ann Lee@5: We build bridges.",
                  "speech 1.1 Ann Lee@5: They stand, in a word- or "
                  "mostly-steady way.",
                  "speech 1.2 Ann Lee@21: For a while.",
                  "speech 2.3 Bo Chen@62: How long?", "heading 3.4 : Ends",
                  "speech 4.5 Bo Chen@3600: Not forever."));
}

TEST(TranscriptTest, ReadsSpeakersOnLinesOfTheirOwn) {
  EXPECT_THAT(
      Read("桥梁之问\n"
           "李安\n你修过多少座桥？\n陈波\n三座。都还在。\n我很高兴。\n"
           "李安\n没错\n陈波\n没错\n"
           "后来的事\n"
           "李安\n然后呢\n陈波\nSure\n李安\nSure\n",
           Language::kChinese),
      ElementsAre("heading 0.0 : 桥梁之问", "speech 1.1 李安: 你修过多少座桥？",
                  "speech 2.2 陈波: 三座。", "speech 2.2 陈波: 都还在。",
                  "speech 2.3 陈波: 我很高兴。", "speech 3.4 李安: 没错",
                  "speech 4.5 陈波: 没错", "heading 5.6 : 后来的事",
                  "speech 6.7 李安: 然后呢", "speech 7.8 陈波: Sure",
                  "speech 8.9 李安: Sure"));
}

TEST(TranscriptTest, RepliesThatRecurAreNoSpeakers) {
  EXPECT_THAT(
      Read("李安\n好吗？\n陈波\n没错\n我说过。\n李安\n没错\n就这样。\n"
           "陈波\n好。\n",
           Language::kChinese),
      ElementsAre("speech 0.0 李安: 好吗？", "speech 1.1 陈波: 没错",
                  "speech 1.2 陈波: 我说过。", "speech 2.3 李安: 没错",
                  "speech 2.4 李安: 就这样。", "speech 3.5 陈波: 好。"));
}

TEST(TranscriptTest, ReadsEveryFormOfOpening) {
  const struct {
    const char* name;
    const char* text;
    const char* segment;
  } cases[] = {
      {"brackets_and_colon", "Ann Lee (00:01:13): Yes.",
       "speech 0.0 Ann Lee@73: Yes."},
      {"full_width", "李安（01:13）：好。", "speech 0.0 李安@73: 好。"},
      {"time_first", "[00:01:13] Ann: Yes.", "speech 0.0 Ann@73: Yes."},
      {"bold", "**Ann Lee** [(01:13)](x) Yes.", "speech 0.0 Ann Lee@73: Yes."},
      {"bold_whole", "**Ann Lee (01:13):** Yes.",
       "speech 0.0 Ann Lee@73: Yes."},
      {"own_line", "发言人1 00:01:13\n好。", "speech 0.0 发言人1@73: 好。"},
      {"bare_time", "00:01:13 Yes.", "speech 0.0 @73: Yes."},
      {"time_alone", "01:13\nYes.", "speech 0.0 @73: Yes."},
      {"fraction", "(00:01:13.500) Yes.", "speech 0.0 @73: Yes."},
      {"a_time_told", "12:30 was too late.",
       "speech 0.0 : 12:30 was too late."},
      {"no_time", "We met (61:75) there.",
       "speech 0.0 : We met (61:75) there."},
      {"no_name", "we rest at noon (12:30) or later.",
       "speech 0.0 : we rest at noon (12:30) or later."},
      {"aside", "[inaudible 00:46:25] for that.",
       "speech 0.0 : [inaudible 00:46:25] for that."},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(Read(c.text, Language::kEnglish), ElementsAre(c.segment));
  }
}

TEST(TranscriptTest, LabelsAreSpeakersWhenTheyRecur) {
  EXPECT_THAT(Read("Ann: Is it: a bridge?\nBo: Yes.\nAnn: Big?\nBo: No.\n"
                   "Guest: Hm.\n",
                   Language::kEnglish),
              ElementsAre("speech 0.0 Ann: Is it: a bridge?",
                          "speech 1.1 Bo: Yes.", "speech 2.2 Ann: Big?",
                          "speech 3.3 Bo: No.", "speech 4.4 Guest: Hm."));
  EXPECT_THAT(Read("问：好吗？\n答：好。\n问：真的？\n答：真的。\n结论：好。",
                   Language::kChinese),
              ElementsAre("speech 0.0 问: 好吗？", "speech 1.1 答: 好。",
                          "speech 2.2 问: 真的？", "speech 3.3 答: 真的。",
                          "speech 3.4 答: 结论：好。"));
  EXPECT_THAT(
      Read("谈桥：要稳。\n谈路：要直。", Language::kChinese),
      ElementsAre("speech 0.0 : 谈桥：要稳。", "speech 0.1 : 谈路：要直。"));
}

TEST(TranscriptTest, SummariesOnTopStayAndMenusDoNot) {
  EXPECT_THAT(
      Read("本文要点：\n谈桥：要稳。\n李安\n好吗？\n陈波\n好。\n李安\n行。\n"
           "陈波\n走。\n原文：https://example.org/a\n",
           Language::kChinese),
      ElementsAre("speech 0.0 : 本文要点：", "speech 0.1 : 谈桥：要稳。",
                  "speech 1.2 李安: 好吗？", "speech 2.3 陈波: 好。",
                  "speech 3.4 李安: 行。", "speech 4.5 陈波: 走。",
                  "front 4.6 陈波: 原文：https://example.org/a"));
  EXPECT_THAT(
      Read("# Site\n\nSkip to content\n\n* [Home](/)\n\n## Contents\n\n"
           "* 0:00 - Opening\n\n## Opening\n\nAnn Lee (0:01): Hello.\n\n"
           "### More\n\n[Next talk](https://example.org/next)\n",
           Language::kEnglish),
      ElementsAre("front 0.0 : Site", "front 1.1 : Skip to content",
                  "front 1.2 : Home", "front 2.3 : Contents",
                  "front 3.4 : 0:00 - Opening", "heading 4.5 : Opening",
                  "speech 5.6 Ann Lee@1: Hello.", "front 6.7 : More",
                  "front 7.8 Ann Lee: Next talk"));
}

TEST(TranscriptTest, FrontMatterIsToldWithItsLines) {
  const auto transcript = ReadTranscript(
      "---\ntitle: Bridges\n---\n\n[Home](/)\n\nAnn (0:01): Hello [x](/y.\n",
      Language::kEnglish, ReadLimits());
  ASSERT_THAT(transcript, IsOk());
  EXPECT_THAT(transcript->warnings,
              ElementsAre("lines 2-5: read as front matter (menus, contents, "
                          "links), not as the talk",
                          "line 7: the address of a link does not end; kept as "
                          "text"));
}

TEST(TranscriptTest, MarkupLeavesWhatAReaderSees) {
  const struct {
    const char* text;
    const char* visible;
  } cases[] = {
      {"See [the **long** one](https://e.org/a_(b) \"title\") and ![x](y)go to "
       "the other side.",
       "See the long one and go to the other side."},
      {"Q* and Q* are _not_ snake_case *here*.",
       "Q* and Q* are not snake_case here."},
      {"[![logo](https://a/\nb)](/c) Talk on a bridge 2 * 3 * 4.",
       " Talk on a bridge 2 * 3 * 4."},
      {"An <i>old</i> <font color=\"red\">boat</font>, if a <b or c> d.",
       "An old boat, if a <b or c> d."},
      {"The tag `<b>` is <u>bold</u>.", "The tag `<b>` is bold."},
      {"这是**重点**和 \\*星号\\*。", "这是重点和 *星号*。"},
      {"An [aside](not an address) stays.",
       "An [aside](not an address) stays."},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const std::string want = absl::StrCat(
        "speech 0.0 : ", absl::StripLeadingAsciiWhitespace(c.visible));
    EXPECT_THAT(Read(c.text, Language::kEnglish), ElementsAre(want));
  }
}

TEST(TranscriptTest, LinesOfAListAreNotOneParagraph) {
  EXPECT_THAT(
      Read("Fish soup\nServes four\n300 g of cod\nTwo onions\n"
           "Fry the onions. Add the cod\n",
           Language::kEnglish),
      ElementsAre("speech 0.0 : Fish soup", "speech 0.1 : Serves four",
                  "speech 0.2 : 300 g of cod", "speech 0.3 : Two onions",
                  "speech 0.4 : Fry the onions.", "speech 0.4 : Add the cod"));
  EXPECT_THAT(Read("The boat that Ann\nhad painted was not\nthe one in\n"
                   "Norway. It\nsank.\n",
                   Language::kEnglish),
              ElementsAre(HasSubstr(": The boat that Ann had painted was not "
                                    "the one in Norway."),
                          HasSubstr(": It sank.")));
}

// Of SubRip: no number or time is text, a cue on two lines is one paragraph,
// and what recurs is a reply.
TEST(TranscriptTest, ReadsSubtitles) {
  EXPECT_THAT(Read("1\r\n"
                   "00:00:01,200 --> 00:00:03,400\r\n"
                   "<i>The boat is late</i>\r\n"
                   "again today. Still\r\n"
                   "\r\n"
                   "2\r\n"
                   "00:01:02,000 --> 00:01:04,000  X1:40 X2:600\r\n"
                   "- Really\r\n"
                   "- Really\r\n"
                   "\r\n"
                   "3\r\n"
                   "01:00:05,000 --> 01:00:06,000\r\n"
                   "Really\r\n"
                   "4\r\n"
                   "01:00:07,000 --> 01:00:08,000\r\n"
                   "1984\r\n",
                   Language::kEnglish),
              ElementsAre("speech 0.0 @1: The boat is late again today.",
                          "speech 0.0 @1: Still", "speech 0.1 @62: Really",
                          "speech 0.2 : Really", "speech 0.3 @3605: Really",
                          "speech 0.4 @3607: 1984"));
  EXPECT_THAT(Read("1\n00:00:01,000 --> 00:00:02,000\n船又晚了\n\n"
                   "2\n00:00:02,000 --> 00:00:03,000\n好的\n\n"
                   "3\n00:00:03,000 --> 00:00:04,000\n好的\n",
                   Language::kChinese),
              ElementsAre("speech 0.0 @1: 船又晚了", "speech 0.1 @2: 好的",
                          "speech 0.2 @3: 好的"));
}

TEST(TranscriptTest, ReadsWebVttSubtitles) {
  EXPECT_THAT(Read("WEBVTT - the harbour\n"
                   "Kind: captions\n"
                   "\n"
                   "NOTE made by hand\n"
                   "and by ear\n"
                   "\n"
                   "opening\n"
                   "00:05.000 --> 00:07.500 align:start\n"
                   "<c.loud>The boat is late.\n"
                   "\n"
                   "01:00.000 --> 01:02.000\n"
                   "Bo: It is.\n"
                   "\n"
                   "01:03.000 --> 01:04.000\n"
                   "Ann: # Rowing home #\n"
                   "Bo: Row.\n"
                   "Ann: I do.\n",
                   Language::kEnglish),
              ElementsAre("speech 0.0 @5: The boat is late.",
                          "speech 1.1 Bo@60: It is.",
                          "speech 2.2 Ann@63: # Rowing home #",
                          "speech 3.3 Bo: Row.", "speech 4.4 Ann: I do."));
}

TEST(TranscriptTest, AnArrowBetweenNumbersIsNoSubtitle) {
  EXPECT_THAT(Read("12 --> 13\n\n1:02 --> 1:03\n\nIf <b> is small, go on.\n",
                   Language::kEnglish),
              ElementsAre("speech 0.0 : 12 --> 13", HasSubstr("--> 1:03"),
                          HasSubstr("is small, go on.")));
}

TEST(TranscriptTest, SpansAndLinesPointIntoTheTextAsRead) {
  const std::string text =
      "\xEF\xBB\xBF# 题\r\n\r\n李安 (0:01)：**先**说。[再说](/x)。\r乙。\n";
  const auto transcript =
      ReadTranscript(text, Language::kChinese, ReadLimits());
  ASSERT_THAT(transcript, IsOk());
  std::vector<std::string> seen;
  for (const Segment& s : transcript->segments) {
    seen.push_back(absl::StrCat(s.line, " ", s.text, " = ",
                                text.substr(s.span.begin, s.span.size())));
  }
  EXPECT_THAT(seen, ElementsAre("1 题 = 题", "3 先说。 = 先**说。",
                                "3 再说。 = 再说](/x)。", "4 乙。 = 乙。"));
}

TEST(TranscriptTest, LinesAreSegmentsAsGiven) {
  const auto transcript = ReadLines("\xEF\xBB\xBF# one. two\r\n\n  三。四\n",
                                    Language::kEnglish, ReadLimits());
  ASSERT_THAT(transcript, IsOk());
  ASSERT_THAT(transcript->segments, SizeIs(3));
  EXPECT_EQ(transcript->segments[0].text, "# one. two");
  EXPECT_EQ(transcript->segments[1].text, "");
  EXPECT_EQ(transcript->segments[2].text, "  三。四");
  EXPECT_EQ(transcript->segments[2].line, 3);
}

TEST(TranscriptTest, RefusalSaysWhatCameWhatIsAcceptedAndWhatToDo) {
  ReadLimits limits;
  limits.max_bytes = 1000;
  limits.max_line_bytes = 100;
  limits.max_lines = 5;
  limits.max_segments = 3;
  const struct {
    const char* name;
    std::string text;
    absl::StatusCode code;
    const char* message;
  } cases[] = {
      {"empty", "", absl::StatusCode::kInvalidArgument, "the text is empty"},
      {"blank", " \n\t\n", absl::StatusCode::kInvalidArgument,
       "nothing to align: 2 lines"},
      {"mark_alone", "\xEF\xBB\xBF", absl::StatusCode::kInvalidArgument,
       "nothing to align"},
      {"not_utf8", "好\n\xB6\xD4", absl::StatusCode::kInvalidArgument,
       "byte 4 (line 2) is 0xB6, which is not UTF-8"},
      {"nul", std::string("a\nb\0c", 5), absl::StatusCode::kInvalidArgument,
       "byte 3 (line 2) is NUL"},
      {"bytes", std::string(1001, 'a'), absl::StatusCode::kResourceExhausted,
       "1001 bytes; at most 1000 are accepted; split"},
      {"long_line", "a\n" + std::string(101, 'a'),
       absl::StatusCode::kResourceExhausted,
       "line 2 has 101 bytes; at most 100 are accepted"},
      {"lines", "a\nb\nc\nd\ne\nf\n", absl::StatusCode::kResourceExhausted,
       "line 6: the text has more than 5 lines"},
      {"segments", "A.\nB.\nC.\nD.\n", absl::StatusCode::kResourceExhausted,
       "line 4: the text has more than 3 segments"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(ReadTranscript(c.text, Language::kEnglish, limits),
                StatusIs(c.code, HasSubstr(c.message)));
    EXPECT_THAT(ReadLines(c.text, Language::kEnglish, limits),
                StatusIs(c.code, HasSubstr(c.message)));
  }
  EXPECT_THAT(
      ReadTranscript("* [Home](/)\n", Language::kEnglish, limits),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("front matter")));
}

TEST(TranscriptTest, RefusesAFiftyMegabyteLineByItsNumber) {
  const std::string text = "Hello.\n" + std::string(50u << 20, 'x') + "\n";
  EXPECT_THAT(ReadTranscript(text, Language::kEnglish, ReadLimits()),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("line 2 has 52428800 bytes")));
}

TEST(TranscriptTest, AMillionLinesAreReadAndOneMoreIsNot) {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += i % 8 == 0 ? "Hm.\n" : "\n";
  const auto transcript =
      ReadTranscript(text, Language::kEnglish, ReadLimits());
  ASSERT_THAT(transcript, IsOk());
  EXPECT_THAT(transcript->segments, SizeIs(125'000));
  EXPECT_EQ(transcript->segments.back().line, 999'993);
  EXPECT_THAT(
      ReadTranscript(text + "Hm.\n", Language::kEnglish, ReadLimits()),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("1000001")));
}

TEST(TranscriptTest, TellsWhenTheLanguageLooksWrong) {
  const auto transcript =
      ReadTranscript("这是中文。", Language::kEnglish, ReadLimits());
  ASSERT_THAT(transcript, IsOk());
  EXPECT_THAT(
      transcript->warnings,
      ElementsAre(AllOf(HasSubstr("given as en"), HasSubstr("looks like zh"))));
}

std::string Normalized(absl::string_view text) {
  return absl::StrJoin(
      absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty()), " ");
}

// Share of the gold's lines that are segments of the source, as multisets.
double ShareReproduced(const std::string& source, const std::string& gold,
                       Language language) {
  const auto transcript = ReadTranscript(source, language, ReadLimits());
  EXPECT_THAT(transcript, IsOk());
  if (!transcript.ok()) return 0;
  std::map<std::string, int> segments;
  size_t count = 0;
  for (const Segment& s : transcript->segments) {
    if (s.kind == SegmentKind::kFrontMatter) continue;
    ++segments[Normalized(s.text)];
    ++count;
  }
  size_t found = 0, lines = 0;
  for (const auto line : absl::StrSplit(gold, '\n', absl::SkipEmpty())) {
    ++lines;
    int& left = segments[Normalized(line)];
    found += left > 0;
    --left;
  }
  // Neither missing lines nor segments of our own invention.
  return static_cast<double>(found) /
         static_cast<double>(std::max(lines, count));
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TranscriptTest, ReproducesTheInterviewsSegments) {
  const std::string folder = DUILIAN_SHARED_DIR "/data/interview/";
  const struct {
    const char* source;
    const char* gold;
    Language language;
    double floor;
  } cases[] = {
      {"zh.source.txt", "zh.lines.txt", Language::kChinese, 0.987},
      {"en.source.md", "en.lines.txt", Language::kEnglish, 0.987},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.source);
    const std::string source = ReadFile(folder + c.source);
    if (source.empty()) {
      GTEST_SKIP() << folder << c.source
                   << " is absent: the real interview lies beside the "
                      "repository and is not part of it";
    }
    const double share =
        ShareReproduced(source, ReadFile(folder + c.gold), c.language);
    RecordProperty(c.gold, absl::StrCat(share));
    EXPECT_GE(share, c.floor);
  }
}

}  // namespace
}  // namespace duilian::aligner
