#include "service/unit_edits.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/limits.h"
#include "tests/support/status_matchers.h"

namespace duilian::service {
namespace {

using storage::SegmentSpan;
using storage::TranslationUnit;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::IsOk;
using testing_support::StatusIs;

// Two English segments and one Chinese one, as an import would store them.
TranslationUnit Sample() {
  TranslationUnit unit;
  unit.id = 7;
  unit.revision = 3;
  unit.document = "talk";
  unit.origin = storage::Origin::kAligned;
  unit.confidence = 0.6;
  unit.model_version = "m1";
  unit.source = {"en",
                 "It rains. We stay in.",
                 {{4, 100, 109}, {5, 110, 121}},
                 "Ann",
                 5'000,
                 "Before.",
                 "After."};
  unit.target = {
      "zh",    "下雨了,我们不出门。", {{9, 300, 328}}, "安", 5'000, "之前。",
      "之后。"};
  return unit;
}

TEST(SplitUnitTest, EachPartKeepsTheSpansOfItsOwnBytes) {
  const TranslationUnit unit = Sample();
  const absl::StatusOr<UnitParts> parts = SplitUnit(
      unit, {10, static_cast<int64_t>(std::string("下雨了,").size())});
  ASSERT_THAT(parts, IsOk());
  EXPECT_EQ(parts->first.source.text, "It rains.");
  EXPECT_EQ(parts->second.source.text, "We stay in.");
  EXPECT_THAT(parts->first.source.spans, ElementsAre(SegmentSpan{4, 100, 109}));
  EXPECT_THAT(parts->second.source.spans,
              ElementsAre(SegmentSpan{5, 110, 121}));
  EXPECT_EQ(parts->first.target.text, "下雨了,");
  EXPECT_EQ(parts->second.target.text, "我们不出门。");
  EXPECT_THAT(parts->first.target.spans, ElementsAre(SegmentSpan{9, 300, 310}));
  EXPECT_THAT(parts->second.target.spans,
              ElementsAre(SegmentSpan{9, 310, 328}));
}

TEST(SplitUnitTest, ThePartsBecomeNeighboursAndTheSecondIsNew) {
  const absl::StatusOr<UnitParts> parts = SplitUnit(Sample(), {9, 9});
  ASSERT_THAT(parts, IsOk());
  EXPECT_EQ(parts->first.id, 7u);
  EXPECT_EQ(parts->first.revision, 3u);
  EXPECT_EQ(parts->second.id, 0u);
  EXPECT_EQ(parts->second.revision, 0u);
  EXPECT_EQ(parts->first.source.previous_text, "Before.");
  EXPECT_EQ(parts->first.source.next_text, "We stay in.");
  EXPECT_EQ(parts->second.source.previous_text, "It rains.");
  EXPECT_EQ(parts->second.source.next_text, "After.");
  EXPECT_EQ(parts->second.document, "talk");
  EXPECT_EQ(parts->second.model_version, "m1");
}

TEST(SplitUnitTest, ASegmentThatHoldsTheCutOfAnEditedTextStaysWithBoth) {
  TranslationUnit unit = Sample();
  unit.origin = storage::Origin::kManual;
  unit.source.text = "It is raining. So we stay in.";
  const absl::StatusOr<UnitParts> parts = SplitUnit(unit, {15, 10});
  ASSERT_THAT(parts, IsOk());
  EXPECT_THAT(parts->first.source.spans,
              ElementsAre(SegmentSpan{4, 100, 109}, SegmentSpan{5, 110, 121}));
  EXPECT_THAT(parts->second.source.spans,
              ElementsAre(SegmentSpan{5, 110, 121}));
  EXPECT_THAT(parts->first.target.spans, ElementsAre(SegmentSpan{9, 300, 328}));
  EXPECT_THAT(parts->second.target.spans,
              ElementsAre(SegmentSpan{9, 300, 328}));
}

TEST(SplitUnitTest, RefusesACutThatLeavesNothingOrHalvesACharacter) {
  const struct {
    const char* name;
    CutPoints cuts;
    const char* message;
  } cases[] = {
      {"at the beginning", {0, 10}, "source_offset: 0 given"},
      {"negative", {-4, 10}, "source_offset: -4 given"},
      {"at the end", {21, 10}, "source_offset: 21 given"},
      {"inside of a character", {10, 1}, "target_offset: 1 given"},
      {"beyond the end", {10, 4'000}, "text of 28 bytes"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(
        SplitUnit(Sample(), c.cuts),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)));
  }
  TranslationUnit spaced = Sample();
  spaced.target.text = "　对";
  EXPECT_THAT(SplitUnit(spaced, {10, 3}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("something more than white space")));
}

TEST(MergeUnitsTest, UndoesASplit) {
  TranslationUnit unit = Sample();
  const absl::StatusOr<UnitParts> parts = SplitUnit(unit, {10, 10});
  ASSERT_THAT(parts, IsOk());
  const absl::StatusOr<TranslationUnit> merged =
      MergeUnits({parts->first, parts->second});
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged->source, unit.source);
  EXPECT_EQ(merged->target.text, unit.target.text);
  EXPECT_THAT(merged->target.spans,
              ElementsAre(SegmentSpan{9, 300, 310}, SegmentSpan{9, 310, 328}));
  EXPECT_EQ(merged->target.next_text, "之后。");
}

TEST(MergeUnitsTest, TakesTheLeastConfidenceAndTheStatusThatAllAgreeOn) {
  TranslationUnit accepted = Sample();
  accepted.status = storage::ReviewStatus::kAccepted;
  TranslationUnit unsure = Sample();
  unsure.confidence = 0.2;
  EXPECT_EQ(MergeUnits({accepted, accepted})->status,
            storage::ReviewStatus::kAccepted);
  const absl::StatusOr<TranslationUnit> mixed = MergeUnits({accepted, unsure});
  ASSERT_THAT(mixed, IsOk());
  EXPECT_EQ(mixed->status, storage::ReviewStatus::kUnreviewed);
  EXPECT_EQ(mixed->confidence, 0.2);
  unsure.origin = storage::Origin::kManual;
  EXPECT_EQ(MergeUnits({accepted, unsure})->origin, storage::Origin::kManual);
  EXPECT_EQ(MergeUnits({accepted, unsure})->model_version, "");
}

TEST(MergeUnitsTest, RefusesSeveralDocumentsAndSidesThatGrowTooLong) {
  TranslationUnit other = Sample();
  other.document = "another";
  EXPECT_THAT(MergeUnits({Sample(), other}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("pairs of several documents")));
  TranslationUnit longest = Sample();
  longest.target.text.clear();
  for (size_t i = 0; i < kMaxSideCodepoints; ++i) longest.target.text += "长";
  EXPECT_THAT(MergeUnits({longest, Sample()}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("target: the joined text is over 20,000")));
}

}  // namespace
}  // namespace duilian::service
