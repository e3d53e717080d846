// The soak's own answers, by hand.

#include "tests/soak/project_model.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::soak {
namespace {

using testing::HasSubstr;
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
  EXPECT_THAT(model_.Containing("lamp", TextSide::kEnglish),
              UnorderedElementsAre("a"));
  EXPECT_THAT(model_.Containing("lam", TextSide::kEnglish), SizeIs(0));
  EXPECT_THAT(model_.Containing("绳子", TextSide::kChinese),
              UnorderedElementsAre("b"));
  EXPECT_THAT(model_.Containing("灯亮", TextSide::kChinese), SizeIs(0));
  model_.pairs()[0].pair.set_status(v1::REJECTED);
  EXPECT_THAT(model_.Like("The lamp.", TextSide::kEnglish, 100), SizeIs(0));
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
