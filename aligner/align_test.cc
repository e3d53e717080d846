#include "aligner/align.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aligner/quotes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::IsOk;
using testing_support::StatusIs;
using text::Language;

const Model& TheModel() {
  static const auto* const model =
      new absl::StatusOr<std::unique_ptr<const Model>>(
          Model::Load(DUILIAN_MODEL_PACK));
  return *model->value();
}

Transcript Lines(const std::vector<std::string>& lines, Language language) {
  auto read = ReadLines(absl::StrJoin(lines, "\n"), language, ReadLimits());
  return read.ok() ? *std::move(read) : Transcript();
}

const std::vector<std::string>& Chinese() {
  static const auto* const lines = new std::vector<std::string>{
      "我们昨天把数据库迁移到了新的服务器上。",
      "整个过程花了 40 分钟,比预想的要短。",
      "你担心过数据会丢吗?",
      "没有,我们事先做了三次完整的备份。",
      "不过夜里网络断了一次,我当时很紧张。",
      "后来发现只是有人踢掉了网线。",
      "下个月我们打算用 RocksDB 重写存储层。",
      "如果一切顺利,查询会快一倍。",
  };
  return *lines;
}

const std::vector<std::string>& English() {
  static const auto* const lines = new std::vector<std::string>{
      "Yesterday we moved the database to the new servers.",
      "The whole thing took 40 minutes.",
      "That was shorter than we had expected.",
      "Were you worried about losing data?",
      "No, we had made three full backups before.",
      "But at night the network went down once and I was very nervous.",
      "It turned out that somebody had kicked the cable out.",
      "Next month we want to rewrite the storage layer with RocksDB.",
      "If all goes well, queries will be twice as fast.",
  };
  return *lines;
}

std::string Ladder(const std::vector<Bead>& beads) {
  std::string out;
  for (const Bead& bead : beads) {
    absl::StrAppend(&out, bead.source.begin, "-", bead.source.end, ":",
                    bead.target.begin, "-", bead.target.end, " ");
  }
  return out;
}

TEST(AlignTest, FindsTheTranslationsOfAShortInterview) {
  const auto beads =
      Align(TheModel(), Lines(Chinese(), Language::kChinese),
            Lines(English(), Language::kEnglish), AlignOptions());
  ASSERT_THAT(beads, IsOk());
  EXPECT_EQ(Ladder(*beads),
            "0-1:0-1 1-2:1-3 2-3:3-4 3-4:4-5 4-5:5-6 5-6:6-7 6-7:7-8 7-8:8-9 ");
  for (const Bead& bead : *beads) {
    EXPECT_GE(bead.confidence, 0.5);
    EXPECT_LE(bead.confidence, 1);
  }
}

TEST(AlignTest, SwappingTheSidesSwapsTheBeads) {
  const Transcript zh = Lines(Chinese(), Language::kChinese);
  const Transcript en = Lines(English(), Language::kEnglish);
  const auto there = Align(TheModel(), zh, en, AlignOptions());
  const auto back = Align(TheModel(), en, zh, AlignOptions());
  ASSERT_THAT(there, IsOk());
  ASSERT_THAT(back, IsOk());
  ASSERT_EQ(there->size(), back->size());
  for (size_t b = 0; b < there->size(); ++b) {
    EXPECT_EQ((*there)[b].source, (*back)[b].target);
    EXPECT_EQ((*there)[b].target, (*back)[b].source);
    EXPECT_EQ((*there)[b].confidence, (*back)[b].confidence);
  }
}

TEST(AlignTest, BeadsCoverBothSidesOnceInOrderWhateverTheTexts) {
  std::vector<std::string> odd = English();
  odd.insert(odd.begin() + 3, {"", "Yeah.", "???", "42"});
  const Transcript zh = Lines(Chinese(), Language::kChinese);
  const Transcript en = Lines(odd, Language::kEnglish);
  const auto beads = Align(TheModel(), zh, en, AlignOptions());
  ASSERT_THAT(beads, IsOk());
  int source = 0, target = 0;
  for (const Bead& bead : *beads) {
    EXPECT_EQ(bead.source.begin, source);
    EXPECT_EQ(bead.target.begin, target);
    EXPECT_GT(bead.source.size() + bead.target.size(), 0);
    source = bead.source.end;
    target = bead.target.end;
  }
  EXPECT_EQ(source, static_cast<int>(zh.segments.size()));
  EXPECT_EQ(target, static_cast<int>(en.segments.size()));
}

TEST(AlignTest, AnUntranslatedParagraphIsLeftOutAndChangesNothingElse) {
  std::vector<std::string> longer = English();
  longer.insert(
      longer.begin() + 4,
      {"This episode is brought to you by a company that sells socks.",
       "Their wool is soft and their prices are fair.",
       "Use our code at the checkout for a discount."});
  const auto beads = Align(TheModel(), Lines(Chinese(), Language::kChinese),
                           Lines(longer, Language::kEnglish), AlignOptions());
  ASSERT_THAT(beads, IsOk());
  std::string paired;
  for (const Bead& bead : *beads) {
    if (bead.source.size() == 0 || bead.target.size() == 0) continue;
    absl::StrAppend(&paired, bead.source.begin, ":", bead.target.begin, " ");
  }
  EXPECT_EQ(paired, "0:0 1:1 2:3 3:7 4:8 5:9 6:10 7:11 ");
}

TEST(AlignTest, FrontMatterIsLeftAloneWithFullConfidence) {
  Transcript en = Lines(English(), Language::kEnglish);
  const Transcript zh = Lines(Chinese(), Language::kChinese);
  Segment menu;
  menu.text = "Yesterday we moved the database";  // likest to the first line
  menu.kind = SegmentKind::kFrontMatter;
  en.segments.insert(en.segments.begin(), menu);
  en.segments.push_back(menu);
  const auto beads = Align(TheModel(), zh, en, AlignOptions());
  ASSERT_THAT(beads, IsOk());
  EXPECT_EQ(beads->front().target, (SegmentRange{0, 1}));
  EXPECT_EQ(beads->front().source.size(), 0);
  EXPECT_EQ(beads->front().confidence, 1);
  EXPECT_EQ(beads->back().target, (SegmentRange{10, 11}));
  EXPECT_EQ(beads->back().source.size(), 0);
  EXPECT_EQ((*beads)[1].target, (SegmentRange{1, 2}));
}

// A part that was not translated: its heading is no second sentence of the text
// before it.
TEST(AlignTest, AHeadingIsNoPartOfTheTextBesideIt) {
  const auto zh = ReadTranscript(
      "# 配置\n\n修改配置后不需要重启，工具会在下一次请求之前重新读取文件。\n\n"
      "# 获取帮助\n\n运行 tidectl help 查看全部命令，或者在论坛上提问。\n",
      Language::kChinese, ReadLimits());
  const auto en = ReadTranscript(
      "# Configuration\n\nThere is no need to restart after a change: the tool "
      "reads the file again before the next request.\n\n"
      "# Uninstalling\n\nDelete the folder and remove it from your path.\n\n"
      "# Getting help\n\nRun tidectl help for a list of all commands, or ask "
      "in "
      "the forum.\n",
      Language::kEnglish, ReadLimits());
  ASSERT_THAT(zh, IsOk());
  ASSERT_THAT(en, IsOk());
  const auto beads = Align(TheModel(), *zh, *en, AlignOptions());
  ASSERT_THAT(beads, IsOk());
  EXPECT_EQ(Ladder(*beads), "0-1:0-1 1-2:1-2 2-2:2-3 2-2:3-4 2-3:4-5 3-4:5-6 ");
}

TEST(AlignTest, ASentenceWithoutACounterpartIsSureOfIt) {
  std::vector<std::string> longer = English();
  longer.insert(
      longer.begin() + 4,
      "This episode is brought to you by a company that sells socks.");
  const auto beads = Align(TheModel(), Lines(Chinese(), Language::kChinese),
                           Lines(longer, Language::kEnglish), AlignOptions());
  ASSERT_THAT(beads, IsOk());
  int alone = 0;
  for (const Bead& bead : *beads) {
    if (bead.source.size() > 0) continue;
    ++alone;
    EXPECT_EQ(bead.target, (SegmentRange{4, 5}));
    EXPECT_GT(bead.confidence, 0.5);
  }
  EXPECT_EQ(alone, 1);
}

// What is alone among much that is alone is surer of it than by itself; the
// sentence behind, which a reply joins, keeps its counterpart.
TEST(AlignTest, AStretchWithoutACounterpartIsSureOfAllItsSentences) {
  std::vector<std::string> longer = English();
  longer.insert(
      longer.begin() + 5,
      {"This episode is brought to you by a company that sells socks.",
       "Their wool is soft and their prices are fair.",
       "The first shop opened in Leeds in the nineties.", "Really.",
       "My aunt still knits for them every winter.", "Hers are the blue ones.",
       "Use our code at the checkout for a discount.", "Okay."});
  const auto beads = Align(TheModel(), Lines(Chinese(), Language::kChinese),
                           Lines(longer, Language::kEnglish), AlignOptions());
  ASSERT_THAT(beads, IsOk());
  for (const Bead& bead : *beads) {
    SCOPED_TRACE(bead.target.begin);
    if (bead.target.begin >= 5 && bead.target.begin < 12) {
      EXPECT_EQ(bead.source.size(), 0);
      EXPECT_GT(bead.confidence, 0.95);
    } else if (bead.target.begin >= 12) {
      EXPECT_EQ(bead.source.size(), 1);
    }
  }
}

TEST(AlignTest, OneLanguageOnBothSidesIsRefused) {
  const Transcript zh = Lines(Chinese(), Language::kChinese);
  EXPECT_THAT(Align(TheModel(), zh, zh, AlignOptions()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("both sides are zh")));
  EXPECT_THAT(Align(TheModel(), zh, Transcript(), AlignOptions()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("target has no segments")));
}

TEST(AlignTest, StopsWhenTold) {
  AlignOptions options;
  options.cancelled = [] { return true; };
  EXPECT_THAT(Align(TheModel(), Lines(Chinese(), Language::kChinese),
                    Lines(English(), Language::kEnglish), options),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("cancelled")));
}

TEST(QuotesTest, FindsQuotesOutOfOrderBothWays) {
  const auto places =
      AlignQuotes(TheModel(), Lines(English(), Language::kEnglish),
                  {"下个月我们打算用 RocksDB 重写存储层。",
                   "整个过程花了 40 分钟,比预想的要短。"},
                  QuoteOptions());
  ASSERT_THAT(places, IsOk());
  ASSERT_EQ(places->size(), 2u);
  ASSERT_FALSE((*places)[0].empty());
  EXPECT_EQ((*places)[0][0].segments, (SegmentRange{7, 8}));
  ASSERT_FALSE((*places)[1].empty());
  EXPECT_EQ((*places)[1][0].segments, (SegmentRange{1, 3}));

  const auto back = AlignQuotes(
      TheModel(), Lines(Chinese(), Language::kChinese),
      {"Next month we want to rewrite the storage layer with RocksDB."},
      QuoteOptions());
  ASSERT_THAT(back, IsOk());
  ASSERT_FALSE((*back)[0].empty());
  EXPECT_EQ((*back)[0][0].segments, (SegmentRange{6, 7}));
}

TEST(QuotesTest, AnAnswerDoesNotHangOnTheOtherQuotes) {
  const Transcript en = Lines(English(), Language::kEnglish);
  const std::vector<std::string> quotes = {
      "下个月我们打算用 RocksDB 重写存储层。",
      "整个过程花了 40 分钟,比预想的要短。",
      "春天的时候,山上的桃花开得特别好看。"};
  const auto together = AlignQuotes(TheModel(), en, quotes, QuoteOptions());
  ASSERT_THAT(together, IsOk());
  for (size_t q = 0; q < quotes.size(); ++q) {
    SCOPED_TRACE(quotes[q]);
    const auto alone = AlignQuotes(TheModel(), en, {quotes[q]}, QuoteOptions());
    ASSERT_THAT(alone, IsOk());
    ASSERT_EQ((*alone)[0].size(), (*together)[q].size());
    for (size_t p = 0; p < (*alone)[0].size(); ++p) {
      EXPECT_EQ((*alone)[0][p].segments, (*together)[q][p].segments);
      EXPECT_EQ((*alone)[0][p].confidence, (*together)[q][p].confidence);
    }
  }
}

TEST(QuotesTest, AShortSentenceOfTheQuoteIsNotDropped) {
  std::vector<std::string> lines = English();
  lines.insert(lines.begin() + 3,
               {"Most of our neighbours, maybe all of them, still mend their "
                "fishing nets by hand on the beach.",
                "Drying and folding them."});
  const auto places =
      AlignQuotes(TheModel(), Lines(lines, Language::kEnglish),
                  {"我们的大多数邻居,也许是所有邻居,仍然在海滩上用手补渔网,"
                   "并把它们晾干、叠好。"},
                  QuoteOptions());
  ASSERT_THAT(places, IsOk());
  ASSERT_FALSE((*places)[0].empty());
  EXPECT_EQ((*places)[0][0].segments, (SegmentRange{3, 5}));
}

TEST(QuotesTest, ASentenceMaySayMoreThanTheQuote) {
  std::vector<std::string> lines = English();
  lines.insert(lines.begin() + 3,
               "I expect that the repair of the bridge will take three weeks "
               "and I think it is our job to keep the harbour open meanwhile.");
  const auto places =
      AlignQuotes(TheModel(), Lines(lines, Language::kEnglish),
                  {"谈修桥:我预计这座桥的修理要花三个星期。"}, QuoteOptions());
  ASSERT_THAT(places, IsOk());
  ASSERT_FALSE((*places)[0].empty());
  EXPECT_EQ((*places)[0][0].segments, (SegmentRange{3, 4}));
}

TEST(QuotesTest, ASpeakerMayLeaveANameOut) {
  std::vector<std::string> lines = English();
  lines.insert(lines.begin() + 3,
               {"Everybody here still drives an Orion-6, and so do I.",
                "I think the distance between 7 and 6 will be as great as that "
                "between 6 and 5, and we had better get used to it now."});
  const auto places = AlignQuotes(TheModel(), Lines(lines, Language::kEnglish),
                                  {"我认为 Orion-7 和 Orion-6 之间的差距会和 "
                                   "Orion-6 与 Orion-5 的差距一样大。"},
                                  QuoteOptions());
  ASSERT_THAT(places, IsOk());
  ASSERT_EQ((*places)[0].size(), 1u);
  EXPECT_EQ((*places)[0][0].segments, (SegmentRange{4, 5}));
}

TEST(QuotesTest, LabelsAreLeftOut) {
  EXPECT_EQ(WithoutLabel("谈修桥：三个星期。"), "三个星期。");
  EXPECT_EQ(WithoutLabel("On bridges: three weeks"), " three weeks");
  EXPECT_EQ(WithoutLabel("Three weeks for a bridge, they said: no more."),
            "Three weeks for a bridge, they said: no more.");
  EXPECT_EQ(WithoutLabel("谈修桥："), "谈修桥：");
}

TEST(QuotesTest, AQuoteOfBlanksHasNoPlace) {
  const auto places =
      AlignQuotes(TheModel(), Lines(English(), Language::kEnglish), {"\u3000"},
                  QuoteOptions());
  ASSERT_THAT(places, IsOk());
  EXPECT_THAT(*places, ElementsAre(IsEmpty()));
}

TEST(QuotesTest, FrontMatterIsNoPlace) {
  Transcript en = Lines(English(), Language::kEnglish);
  en.segments[7].kind = SegmentKind::kFrontMatter;
  const auto places =
      AlignQuotes(TheModel(), en, {"下个月我们打算用 RocksDB 重写存储层。"},
                  QuoteOptions());
  ASSERT_THAT(places, IsOk());
  for (const QuotePlace& place : (*places)[0]) {
    EXPECT_TRUE(place.segments.end <= 7 || place.segments.begin > 7);
  }
}

TEST(QuotesTest, NoPlaceIsAnAnswer) {
  const auto places =
      AlignQuotes(TheModel(), Lines(English(), Language::kEnglish),
                  {"春天的时候,山上的桃花开得特别好看。"}, QuoteOptions());
  ASSERT_THAT(places, IsOk());
  EXPECT_THAT(*places, ElementsAre(IsEmpty()));
}

TEST(QuotesTest, RefusalsNameTheQuote) {
  const Transcript en = Lines(English(), Language::kEnglish);
  EXPECT_THAT(AlignQuotes(TheModel(), en, {"没有。", "  "}, QuoteOptions()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("quotes[1]: is empty")));
  EXPECT_THAT(
      AlignQuotes(TheModel(), en, {"Use our code please"}, QuoteOptions()),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("quotes[0]: is in the text's own language, en")));
}

TEST(ModelTest, NamesItselfAndItsSources) {
  EXPECT_THAT(std::string(TheModel().version()), HasSubstr("zh-en-1-"));
  EXPECT_THAT(std::string(TheModel().provenance()), HasSubstr("licence"));
}

}  // namespace
}  // namespace duilian::aligner
