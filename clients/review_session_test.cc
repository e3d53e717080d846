#include "clients/review_session.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/fake_review_backend.h"
#include "clients/review_screen.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kTwoSentences[] = "We left. It rained.";
constexpr char kTwoChinese[] = "我们走了。下雨了。";

FakeReviewBackend ThreePairs() {
  FakeReviewBackend backend(2);
  backend.Add("one", kTwoSentences, kTwoChinese);
  backend.Add("two", "Then it stopped.", "后来停了。");
  backend.Add("three", "Good.", "好。");
  return backend;
}

void PressAll(ReviewSession& session, absl::string_view keys) {
  for (const char key : keys) session.Press(key);
}

std::string CurrentName(const ReviewSession& session) {
  return session.current() == nullptr ? "" : session.current()->pair.name();
}

TEST(ReviewSessionTest, AcceptAndRejectGoOnToTheNextPair) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  EXPECT_EQ(CurrentName(session), "one");
  EXPECT_TRUE(session.more_to_come());
  session.Press('a');
  EXPECT_EQ(CurrentName(session), "two");
  session.Press('r');
  EXPECT_EQ(CurrentName(session), "three");
  EXPECT_FALSE(session.more_to_come());
  EXPECT_EQ(backend.pair("one").status(), v1::ACCEPTED);
  EXPECT_EQ(backend.pair("two").status(), v1::REJECTED);
  EXPECT_EQ(session.tally().accepted, 1u);
  EXPECT_EQ(session.tally().rejected, 1u);
}

TEST(ReviewSessionTest, NextLeavesThePairAsItIs) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "nnn");
  EXPECT_EQ(session.mode(), ReviewMode::kFinished);
  EXPECT_EQ(session.current(), nullptr);
  EXPECT_EQ(backend.pair("one").status(), v1::UNREVIEWED);
}

TEST(ReviewSessionTest, EmptyQueueIsFinishedAtOnce) {
  FakeReviewBackend backend(2);
  ReviewSession session(backend);
  EXPECT_EQ(session.mode(), ReviewMode::kFinished);
  session.Press('?');
  EXPECT_EQ(session.mode(), ReviewMode::kHelp);
  EXPECT_EQ(session.current(), nullptr);
  session.Press(' ');
  EXPECT_EQ(session.mode(), ReviewMode::kFinished);
}

TEST(ReviewSessionTest, PairsThatCameSinceAreFoundByLookingAgain) {
  FakeReviewBackend backend(2);
  ReviewSession session(backend);
  backend.Add("late", "Late.", "晚了。");
  session.Press('n');
  EXPECT_EQ(CurrentName(session), "late");
}

TEST(ReviewSessionTest, EditWritesTheSideChosenAndStays) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "et");
  ASSERT_EQ(session.mode(), ReviewMode::kEditText);
  EXPECT_EQ(session.text_to_edit(), kTwoChinese);
  session.Answer("我们走了，下雨了。");
  EXPECT_EQ(session.mode(), ReviewMode::kPair);
  EXPECT_EQ(CurrentName(session), "one");
  EXPECT_EQ(backend.pair("one").target().text(), "我们走了，下雨了。");
  EXPECT_EQ(backend.pair("one").source().text(), kTwoSentences);
  // The old text's doubt went with it.
  EXPECT_THAT(session.current()->reasons, testing::ElementsAre("edited"));
  session.Press('a');  // the etag of the edit is known
  EXPECT_EQ(backend.pair("one").status(), v1::ACCEPTED);
}

TEST(ReviewSessionTest, EditThatChangesNothingAsksNothingOfTheServer) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  const std::string etag = backend.pair("one").etag();
  PressAll(session, "es");
  session.Answer(kTwoSentences);
  EXPECT_EQ(backend.pair("one").etag(), etag);
  PressAll(session, "es");
  session.Cancel();
  EXPECT_EQ(session.mode(), ReviewMode::kPair);
  PressAll(session, "ex");
  EXPECT_EQ(session.mode(), ReviewMode::kPair);
  EXPECT_EQ(backend.pair("one").etag(), etag);
}

TEST(ReviewSessionTest, SplitAsksForACutOnEachSide) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  session.Press('s');
  EXPECT_EQ(session.mode(), ReviewMode::kSplitSource);
  session.Press('9');
  EXPECT_THAT(session.message(), HasSubstr("no cut has this label"));
  session.Press('1');
  EXPECT_EQ(session.mode(), ReviewMode::kSplitTarget);
  session.Press('1');
  EXPECT_EQ(session.mode(), ReviewMode::kPair);
  EXPECT_EQ(backend.pair("one").source().text(), "We left. ");
  EXPECT_EQ(backend.pair("one").target().text(), "我们走了。");
  session.Press('a');
  EXPECT_EQ(CurrentName(session), "one-second");
  EXPECT_EQ(session.current()->pair.target().text(), "下雨了。");
}

TEST(ReviewSessionTest, EscapeLeavesThePairWhole) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "s1\x1b");
  EXPECT_EQ(session.mode(), ReviewMode::kPair);
  EXPECT_FALSE(backend.Holds("one-second"));
}

TEST(ReviewSessionTest, OneClauseIsNotOfferedForCutting) {
  FakeReviewBackend backend(2);
  backend.Add("short", "Good. Fine.", "好");
  ReviewSession session(backend);
  session.Press('s');
  EXPECT_EQ(session.mode(), ReviewMode::kPair);
  EXPECT_THAT(session.message(), HasSubstr("the Chinese is one clause"));
}

TEST(ReviewSessionTest, MergeTakesTheNextPairOutOfTheQueue) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  session.Press('m');
  EXPECT_EQ(CurrentName(session), "one");
  EXPECT_EQ(session.current()->pair.target().text(),
            "我们走了。下雨了。后来停了。");
  session.Press('a');
  EXPECT_EQ(CurrentName(session), "three");
  session.Press('m');
  EXPECT_THAT(session.message(), HasSubstr("last pair of its document"));
}

TEST(ReviewSessionTest, UndoGoesBackStepByStep) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "ar");
  session.Press('u');
  EXPECT_EQ(CurrentName(session), "two");
  EXPECT_EQ(backend.pair("two").status(), v1::UNREVIEWED);
  session.Press('u');
  EXPECT_EQ(CurrentName(session), "one");
  EXPECT_EQ(backend.pair("one").status(), v1::UNREVIEWED);
  EXPECT_EQ(session.tally().accepted, 0u);
  session.Press('u');
  EXPECT_THAT(session.message(), HasSubstr("nothing to take back"));
}

TEST(ReviewSessionTest, UndoingTwoStepsOfOnePairDoesNotRedoTheSecond) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "et");
  session.Answer("改了。");
  session.Press('a');
  session.Press('u');
  EXPECT_EQ(backend.pair("one").status(), v1::UNREVIEWED);
  EXPECT_EQ(backend.pair("one").target().text(), "改了。");
  session.Press('u');
  EXPECT_EQ(backend.pair("one").status(), v1::UNREVIEWED);
  EXPECT_EQ(backend.pair("one").target().text(), kTwoChinese);
}

TEST(ReviewSessionTest, UndoneSplitLeavesNoSecondPartInTheQueue) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "s11u");
  EXPECT_EQ(session.current()->pair.source().text(), kTwoSentences);
  session.Press('n');
  EXPECT_EQ(CurrentName(session), "two");
  EXPECT_FALSE(backend.Holds("one-second"));
}

TEST(ReviewSessionTest, UndoneMergeBringsTheNextPairBack) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "mu");
  EXPECT_EQ(session.current()->pair.source().text(), kTwoSentences);
  session.Press('n');
  EXPECT_EQ(CurrentName(session), "two");
}

TEST(ReviewSessionTest, SplitBelowAnUndoneStepIsNotRedoneByMistake) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  PressAll(session, "s11");
  PressAll(session, "auu");
  EXPECT_THAT(session.message(), HasSubstr("cannot be taken back"));
  EXPECT_EQ(backend.pair("one").status(), v1::UNREVIEWED);
  EXPECT_TRUE(backend.Holds("one-second"));
}

TEST(ReviewSessionTest, StaleEtagShowsThePairAsItStandsNow) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  backend.ChangeBehindTheBack("one");
  session.Press('a');
  EXPECT_EQ(CurrentName(session), "one");
  EXPECT_THAT(session.message(), HasSubstr("one has changed"));
  EXPECT_THAT(session.message(), HasSubstr("here it is as it stands now"));
  EXPECT_EQ(session.current()->pair.source().text(), "changed by someone else");
  EXPECT_EQ(session.tally().accepted, 0u);
  session.Press('a');
  EXPECT_EQ(backend.pair("one").status(), v1::ACCEPTED);
}

TEST(ReviewSessionTest, PairThatIsGoneIsPassedOver) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  backend.RemoveBehindTheBack("one");
  session.Press('a');
  EXPECT_EQ(CurrentName(session), "two");
  EXPECT_THAT(session.message(), HasSubstr("gone by now"));
}

TEST(ReviewSessionTest, FailedStepIsToldAndCanBeRepeated) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  backend.FailNext(absl::UnavailableError("no answer; start duiliand"));
  session.Press('a');
  EXPECT_THAT(session.message(), HasSubstr("start duiliand"));
  EXPECT_EQ(CurrentName(session), "one");
  session.Press('a');
  EXPECT_EQ(backend.pair("one").status(), v1::ACCEPTED);
  backend.FailNext(absl::UnavailableError("no answer"));
  session.Press('u');
  EXPECT_THAT(session.message(), HasSubstr("no answer"));
  session.Press('u');
  EXPECT_EQ(backend.pair("one").status(), v1::UNREVIEWED);
}

TEST(ReviewSessionTest, QueueThatCannotBeReadCanBeAskedForAgain) {
  FakeReviewBackend backend = ThreePairs();
  backend.FailNext(absl::UnavailableError("no answer; start duiliand"));
  ReviewSession session(backend);
  EXPECT_EQ(session.mode(), ReviewMode::kFinished);
  EXPECT_THAT(session.message(), HasSubstr("start duiliand"));
  session.Press('n');
  EXPECT_EQ(CurrentName(session), "one");
}

TEST(ReviewSessionTest, HistoryAndHelpComeBackToThePair) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  session.Press('h');
  ASSERT_EQ(session.mode(), ReviewMode::kHistory);
  ASSERT_EQ(session.history().size(), 1u);
  EXPECT_EQ(session.history()[0].action(), "import");
  session.Press('x');
  session.Press('?');
  EXPECT_EQ(session.mode(), ReviewMode::kHelp);
  session.Press('x');
  EXPECT_EQ(session.mode(), ReviewMode::kPair);
  session.Press('q');
  EXPECT_EQ(session.mode(), ReviewMode::kQuit);
}

TEST(CutLabelTest, DigitsThenLettersThenNone) {
  EXPECT_EQ(CutLabel(0), '1');
  EXPECT_EQ(CutLabel(8), '9');
  EXPECT_EQ(CutLabel(9), 'a');
  EXPECT_EQ(CutLabel(34), 'z');
  EXPECT_EQ(CutLabel(35), '\0');
}

TEST(ReviewScreenTest, ShowsThePairItsNeighboursAndTheDoubt) {
  FakeReviewBackend backend(2);
  backend.Add("p/pairs/7", "It rained.\x1b[2J", "下雨了。");
  ReviewSession session(backend);
  const std::string screen = DrawReview(session, {true, false, 60});
  EXPECT_THAT(screen, HasSubstr("pair 1 of 1  7"));
  EXPECT_THAT(screen, HasSubstr("doubt low confidence (confidence 0.00)"));
  EXPECT_THAT(screen, HasSubstr("   en It rained.␛[2J\n"));
  EXPECT_THAT(screen, HasSubstr("   zh 下雨了。\n"));
  EXPECT_THAT(screen, HasSubstr("[a]ccept"));
  EXPECT_THAT(screen, Not(HasSubstr("\x1b")));
}

TEST(ReviewScreenTest, CutsAreShownBehindTheirKeys) {
  FakeReviewBackend backend = ThreePairs();
  ReviewSession session(backend);
  session.Press('s');
  EXPECT_EQ(DrawReview(session, {true, false, 60}),
            "where does the second part of the English begin?\n"
            "     We left.\n"
            "  1  It rained.\n"
            "key of the piece, Escape to leave it whole: ");
}

}  // namespace
}  // namespace duilian::clients
