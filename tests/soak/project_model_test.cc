// The soak's own answers, by hand.

#include "tests/soak/project_model.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::soak {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing_support::IsOk;
using testing_support::StatusIs;

v1::Pair PairOf(const std::string& name, const Line& line,
                v1::ReviewStatus status = v1::UNREVIEWED) {
  v1::Pair pair;
  pair.set_name(name);
  pair.mutable_source()->set_text(line.english);
  pair.mutable_target()->set_text(line.chinese);
  pair.set_status(status);
  pair.set_origin(v1::IMPORTED);
  pair.set_etag(name);
  return pair;
}

const Line kLamp = {"The lamp.", "灯，亮。"};
const Line kLamps = {"The lamps.", "灯亮。"};
const Line kRope = {"A rope.", "绳子。"};

class ProjectModelTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(model_.TakeImported(0, {kLamp, kRope},
                                    {PairOf("a", kLamp), PairOf("b", kRope)}),
                IsOk());
  }
  ProjectModel model_{"projects/p", "talk", 2};
};

TEST_F(ProjectModelTest, FindsByDistanceAndByWords) {
  const ExpectedMatches like =
      model_.Like("The lamps.", TextSide::kEnglish, 90);
  ASSERT_THAT(like, SizeIs(1));
  EXPECT_EQ(like.begin()->second.score_percent, 90);
  EXPECT_THAT(model_.Like("The lamps.", TextSide::kEnglish, 91), SizeIs(0));
  const auto english = [&](const std::vector<Phrase>& phrases) {
    return model_.Containing(phrases, TextSide::kEnglish);
  };
  EXPECT_THAT(english({{"lamp"}}), UnorderedElementsAre("a"));
  EXPECT_THAT(english({{"lam"}}), SizeIs(0));
  EXPECT_THAT(english({{"lam*"}}), UnorderedElementsAre("a"));
  EXPECT_THAT(english({{"*ope"}}), UnorderedElementsAre("b"));
  EXPECT_THAT(english({{"*op*"}, {"a"}}), UnorderedElementsAre("b"));
  EXPECT_THAT(english({{"*op"}}), SizeIs(0));
  EXPECT_THAT(english({{"the", "la*"}}), UnorderedElementsAre("a"));
  EXPECT_THAT(english({{"lamp", "the"}}), SizeIs(0));
  EXPECT_THAT(model_.Containing({{"绳子"}}, TextSide::kChinese),
              UnorderedElementsAre("b"));
  EXPECT_THAT(model_.Containing({{"灯亮"}}, TextSide::kChinese), SizeIs(0));
  model_.pairs()[0].pair.set_status(v1::REJECTED);
  EXPECT_THAT(model_.Like("The lamp.", TextSide::kEnglish, 100), SizeIs(0));
}

TEST_F(ProjectModelTest, FindsQuotesByTheFewestChanges) {
  const auto quoting = [&](absl::string_view quote, TextSide side, int least) {
    return model_.Quoting(UnitsOf(quote, side), side, least);
  };
  EXPECT_THAT(quoting("lamp", TextSide::kEnglish, 100),
              UnorderedElementsAre(Pair("a", 100)));
  EXPECT_THAT(quoting("the old lamp", TextSide::kEnglish, 60),
              UnorderedElementsAre(Pair("a", 66)));
  EXPECT_THAT(quoting("灯亮了", TextSide::kChinese, 60),
              UnorderedElementsAre(Pair("a", 66)));
  EXPECT_THAT(quoting("灯亮了", TextSide::kChinese, 67), SizeIs(0));
}

TEST(ScoreInContextTest, CountsNeighboursAndTheDocument) {
  v1::Pair pair = PairOf("a", kLamp);
  pair.set_document("d");
  pair.mutable_source()->set_previous_text("A rope.");
  const auto score = [&](const QueryPlace& place) {
    return ScoreInContext(pair, TextSide::kEnglish, place);
  };
  EXPECT_EQ(score({"", "", ""}), 100);
  EXPECT_EQ(score({"a  rope.", "", "d"}), 101);
  EXPECT_EQ(score({"A rope.", "A kettle.", "d"}), 101);
  pair.mutable_source()->set_next_text("A kettle.");
  EXPECT_EQ(score({"A rope.", "A kettle.", ""}), 102);
  EXPECT_EQ(score({"A rope.", "A kettle.", "d"}), 102);
  EXPECT_EQ(score({"A rope.", "A kettle.", "e"}), 101);
  EXPECT_EQ(
      ScoreInContext(pair, TextSide::kChinese, {"A rope.", "A kettle.", ""}),
      100);
}

TEST_F(ProjectModelTest, AChangedImportKeepsWhatWasReviewedAndNoMore) {
  EXPECT_THAT(model_.TakeImported(0, {kLamps, kRope},
                                  {PairOf("b", kRope), PairOf("c", kLamps)}),
              IsOk());
  model_.pairs()[0].pair.set_status(v1::ACCEPTED);  // b
  EXPECT_THAT(
      model_.TakeImported(0, {kLamps, kLamp},
                          {PairOf("c", kLamps), PairOf("d", kLamp)}),
      StatusIs(absl::StatusCode::kInternal, HasSubstr("got no such pair")));
}

TEST_F(ProjectModelTest, APairTooManyAndOneTooFewAreTold) {
  EXPECT_THAT(model_.TakeImported(
                  0, {kLamp, kRope},
                  {PairOf("a", kLamp), PairOf("b", kRope), PairOf("c", kRope)}),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("one more")));
  EXPECT_THAT(
      model_.TakeImported(1, {kLamps}, {}),
      StatusIs(absl::StatusCode::kInternal, HasSubstr("a new pair of line 1")));
}

}  // namespace
}  // namespace duilian::soak
