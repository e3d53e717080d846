#include "aligner/turn_pairs.h"

#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/report_texts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<TurnMismatch> MismatchesOf(const ReportTexts& talk) {
  const TurnPairOptions options;
  return FindTurnMismatches(
      talk.english, talk.chinese, talk.beads,
      LearnSpeakers(talk.english, talk.chinese, talk.beads, options), options);
}

// Gives the turns anew, as the reader does when a label has changed.
void CountTurns(Transcript& side) {
  for (size_t i = 1; i < side.segments.size(); ++i) {
    const Segment& last = side.segments[i - 1];
    side.segments[i].turn =
        last.turn + (last.speaker == side.segments[i].speaker ? 0 : 1);
  }
}

TEST(TurnPairsTest, LearnsWhoIsWhoFromTheBeads) {
  const ReportTexts talk = ReportTexts::Talk();
  const auto speakers =
      LearnSpeakers(talk.english, talk.chinese, talk.beads, TurnPairOptions());
  ASSERT_THAT(speakers, SizeIs(2));
  EXPECT_EQ(speakers[0].chinese, "艾达");
  EXPECT_EQ(speakers[0].english, "Ada");
  EXPECT_EQ(speakers[0].beads, 4);
  EXPECT_EQ(speakers[0].share, 1.0);
  EXPECT_EQ(speakers[1].chinese, "老波");
  EXPECT_EQ(speakers[1].english, "Bo");
}

TEST(TurnPairsTest, SaysNothingOfALabelThatItsBeadsDoNotAgreeOn) {
  ReportTexts talk;
  for (int i = 0; i < 4; ++i) {
    talk.Add("Ada", "Boats.", "众人", "船。");
    talk.Add("Bo", "Oars.", "众人", "桨。");
  }
  EXPECT_THAT(
      LearnSpeakers(talk.english, talk.chinese, talk.beads, TurnPairOptions()),
      IsEmpty());
  EXPECT_THAT(MismatchesOf(talk), IsEmpty());
}

TEST(TurnPairsTest, NothingDepartsInARightTalkOrOneWithoutNames) {
  ReportTexts talk = ReportTexts::Talk();
  EXPECT_THAT(MismatchesOf(talk), IsEmpty());
  for (Segment& segment : talk.chinese.segments) segment.speaker.clear();
  EXPECT_THAT(MismatchesOf(talk), IsEmpty());
}

TEST(TurnPairsTest, TwoSwappedLabelsAreFound) {
  ReportTexts talk = ReportTexts::Talk();
  std::swap(talk.chinese.segments[4].speaker, talk.chinese.segments[5].speaker);
  CountTurns(talk.chinese);
  const auto found = MismatchesOf(talk);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].kind, TurnMismatchKind::kSwapped);
  EXPECT_EQ(found[0].english, (SegmentRange{4, 5}));
  EXPECT_EQ(found[0].english_speaker, "Ada");
  EXPECT_EQ(found[0].chinese_speaker, "老波");
  EXPECT_EQ(found[1].kind, TurnMismatchKind::kSwapped);
  EXPECT_EQ(found[1].english, (SegmentRange{5, 6}));
}

TEST(TurnPairsTest, AnswerUnderTheQuestionsSpeakerIsMerged) {
  ReportTexts talk = ReportTexts::Talk();
  talk.chinese.segments[5].speaker = "艾达";
  CountTurns(talk.chinese);
  const auto found = MismatchesOf(talk);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, TurnMismatchKind::kMerged);
  EXPECT_EQ(found[0].english, (SegmentRange{5, 6}));
  EXPECT_EQ(found[0].chinese, (SegmentRange{5, 6}));
  EXPECT_EQ(found[0].bead, 5u);
}

TEST(TurnPairsTest, PartOfAnAnswerUnderAnotherSpeakerIsSplit) {
  ReportTexts talk = ReportTexts::Talk();
  talk.Add("Bo", "He felled it himself in the spring.", "艾达",
           "春天他亲手砍下了它。", 0.9);
  talk.Add("Bo", "Then he let it dry for a year.", "艾达", "然后让它晾了一年。",
           0.7);
  const auto found = MismatchesOf(talk);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, TurnMismatchKind::kSplit);
  EXPECT_EQ(found[0].english, (SegmentRange{8, 10}));
  EXPECT_EQ(found[0].confidence, 0.7);
}

TEST(TurnPairsTest, ShortReplyInsideAnAnswerIsLetPass) {
  ReportTexts talk = ReportTexts::Talk();
  ReportTexts::AddTo(talk.english, "Ada", "Yeah.");
  ReportTexts::AddTo(talk.english, "Bo", "It dried for a whole year.");
  ReportTexts::AddTo(talk.chinese, "老波", "它晾了整整一年。");
  talk.beads.push_back({{8, 10}, {8, 9}, 0.99});
  EXPECT_THAT(MismatchesOf(talk), IsEmpty());
  talk.english.segments[8].text = "Yeah, and that is why it floats.";
  ASSERT_THAT(MismatchesOf(talk), SizeIs(1));
  EXPECT_EQ(MismatchesOf(talk)[0].english, (SegmentRange{8, 9}));
}

TEST(TurnPairsTest, DoubtfulBeadsAreNotHeldAgainstTheLabels) {
  ReportTexts talk = ReportTexts::Talk();
  talk.chinese.segments[5].speaker = "艾达";
  talk.beads[5].confidence = 0.4;
  EXPECT_THAT(MismatchesOf(talk), IsEmpty());
}

TEST(TurnPairsTest, FirstNameIsTheSamePerson) {
  ReportTexts talk = ReportTexts::Talk();
  for (int i = 0; i < 4; ++i) {
    talk.Add("Ada Quill", "Say on.", "艾达", "说下去。");
  }
  EXPECT_THAT(MismatchesOf(talk), IsEmpty());
}

// Whatever two neighbours of a long talk change labels, both are found, and
// nothing else.
TEST(TurnPairsTest, AnySwapInALongTalkIsFound) {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    ReportTexts talk;
    for (int turn = 0; turn < 20; ++turn) {
      const int sentences = 1 + static_cast<int>(random() % 3);
      for (int s = 0; s < sentences; ++s) {
        const bool asks = turn % 2 == 0;
        talk.Add(asks ? "Ada" : "Bo", "The boats come home.",
                 asks ? "艾达" : "老波", "船回来了。");
      }
    }
    const int swapped = 1 + static_cast<int>(random() % 17);
    std::set<int> expected;
    for (size_t i = 0; i < talk.chinese.segments.size(); ++i) {
      Segment& segment = talk.chinese.segments[i];
      if (segment.turn != swapped && segment.turn != swapped + 1) continue;
      segment.speaker = segment.speaker == "艾达" ? "老波" : "艾达";
      expected.insert(static_cast<int>(i));
    }
    CountTurns(talk.chinese);
    std::set<int> told;
    for (const TurnMismatch& mismatch : MismatchesOf(talk)) {
      EXPECT_EQ(mismatch.kind, TurnMismatchKind::kSwapped);
      for (int i = mismatch.english.begin; i < mismatch.english.end; ++i) {
        told.insert(i);
      }
    }
    EXPECT_EQ(told, expected);
  }
}

}  // namespace
}  // namespace duilian::aligner
