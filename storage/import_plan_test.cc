#include "storage/import_plan.h"

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/segment_match.h"

namespace duilian::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A side of one-letter segments, each `kSegmentBytes` long with a gap of one.
constexpr int64_t kSegmentBytes = 9;

std::vector<SegmentPrint> PrintsOf(const std::string& letters,
                                   int64_t first_byte = 0) {
  std::vector<SegmentPrint> prints;
  int64_t begin = first_byte;
  for (const char letter : letters) {
    prints.push_back(
        {begin, begin + kSegmentBytes, static_cast<uint64_t>(letter)});
    begin += kSegmentBytes + 1;
  }
  return prints;
}

TEST(MatchSegmentsTest, FindsWhatIsStillThere) {
  const struct {
    const char* name;
    const char* before;
    const char* after;
    std::vector<int32_t> places;
  } cases[] = {
      {"nothing changed", "abc", "abc", {0, 1, 2}},
      {"one inserted", "abc", "axbc", {0, 2, 3}},
      {"one gone", "abc", "ac", {0, -1, 1}},
      {"one rewritten", "abc", "axc", {0, -1, 2}},
      {"one moved", "abcd", "bcda", {3, 0, 1, 2}},
      {"all new", "abc", "xyz", {-1, -1, -1}},
      {"repeated ones go with their neighbours",
       "xrarby",
       "arbrz",
       {-1, -1, 0, 1, 2, -1}},
      {"none before", "", "abc", {}},
      {"none after", "ab", "", {-1, -1}},
      {"fewer of a repeated one", "rrr", "r", {0, -1, -1}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(MatchSegments(PrintsOf(c.before), PrintsOf(c.after)), c.places);
  }
}

TEST(MatchSegmentsTest, TextsOfAnotherLengthDiffer) {
  std::vector<SegmentPrint> after = PrintsOf("a");
  ++after[0].end_byte;
  EXPECT_THAT(MatchSegments(PrintsOf("a"), after), ElementsAre(-1));
}

TEST(SpanMoverTest, PartsOfSegmentsMoveWithThem) {
  const std::vector<SegmentPrint> before = PrintsOf("ab");
  const std::vector<SegmentPrint> after = PrintsOf("xyb", 100);
  const SpanMover mover(before, after);
  const auto moved = mover.Move({{1, 12, 15}});
  ASSERT_TRUE(moved.has_value());
  EXPECT_THAT(*moved, ElementsAre(SegmentSpan{2, 122, 125}));
  EXPECT_FALSE(mover.Move({{0, 0, 9}}).has_value());
  EXPECT_FALSE(mover.Move({{0, 0, 9}, {1, 12, 15}}).has_value());
  EXPECT_FALSE(mover.Move({}).has_value());
  EXPECT_FALSE(mover.Move({{7, 12, 15}}).has_value());
}

class PlanImportTest : public testing::Test {
 protected:
  // The unit that an aligner makes of segments [begin, end) of either side.
  static TranslationUnit Unit(const Document& document, int begin, int end) {
    TranslationUnit unit;
    unit.origin = Origin::kAligned;
    unit.confidence = 0.5;
    for (int i = begin; i < end; ++i) {
      const auto index = static_cast<size_t>(i);
      for (const auto& [side, prints] :
           {std::pair(&unit.source, &document.source_prints),
            std::pair(&unit.target, &document.target_prints)}) {
        const SegmentPrint& print = (*prints)[index];
        side->spans.push_back({i, print.begin_byte, print.end_byte});
        side->text.push_back(static_cast<char>(print.fingerprint));
      }
    }
    return unit;
  }

  // Segments of both sides named alike, each a pair.
  static Document Texts(const std::string& letters) {
    Document document;
    document.source_prints = PrintsOf(letters);
    document.target_prints = PrintsOf(letters);
    return document;
  }
  static std::vector<TranslationUnit> Pairs(const Document& document) {
    std::vector<TranslationUnit> units;
    for (size_t i = 0; i < document.source_prints.size(); ++i) {
      const int begin = static_cast<int>(i);
      units.push_back(Unit(document, begin, begin + 1));
    }
    return units;
  }

  void Begin(const std::string& letters) {
    before_ = Texts(letters);
    old_ = Pairs(before_);
    for (size_t i = 0; i < old_.size(); ++i) old_[i].id = i + 1;
  }

  // Imports `letters` anew; the units are its segments' pairs.
  ImportPlan Import(const std::string& letters) {
    const Document after = Texts(letters);
    return PlanImport({before_, after, old_, Pairs(after)});
  }

  static std::vector<std::string> SourcesOfNew(const ImportPlan& plan) {
    std::vector<std::string> texts;
    for (const PlannedUnit& planned : plan.puts) {
      if (planned.before.has_value()) continue;
      texts.push_back(planned.unit.source.text);
    }
    return texts;
  }
  // The state of old unit `index` afterwards.
  TranslationUnit After(const ImportPlan& plan, size_t index) const {
    for (const PlannedUnit& planned : plan.puts) {
      if (planned.before == index) return planned.unit;
    }
    return old_[index];
  }

  Document before_;
  std::vector<TranslationUnit> old_;
};

TEST_F(PlanImportTest, WhatDidNotChangeIsNotWritten) {
  Begin("abc");
  old_[1].status = ReviewStatus::kAccepted;
  const ImportPlan plan = Import("abc");
  EXPECT_THAT(plan.puts, IsEmpty());
  EXPECT_THAT(plan.removals, IsEmpty());
  EXPECT_EQ(plan.kept, 3);
  EXPECT_EQ(plan.added, 0);
  EXPECT_EQ(plan.paired_source_segments, 3);
  EXPECT_EQ(plan.paired_target_segments, 3);
  EXPECT_EQ(plan.confidence_sum, 1.5);
}

TEST_F(PlanImportTest, UnitsKeepTheirIdsWhereverTheirTextMoved) {
  Begin("abc");
  old_[2].status = ReviewStatus::kRejected;
  const ImportPlan plan = Import("xabc");
  EXPECT_THAT(SourcesOfNew(plan), ElementsAre("x"));
  EXPECT_THAT(plan.removals, IsEmpty());
  EXPECT_EQ(plan.kept, 3);
  const TranslationUnit moved = After(plan, 0);
  EXPECT_EQ(moved.id, 1u);
  EXPECT_THAT(moved.source.spans, ElementsAre(SegmentSpan{1, 10, 19}));
  EXPECT_EQ(After(plan, 2).status, ReviewStatus::kRejected);
}

TEST_F(PlanImportTest, AnEditedUnitHoldsItsSegments) {
  Begin("abc");
  old_[1].origin = Origin::kManual;
  old_[1].target.text = "edited";
  const ImportPlan plan = Import("xabc");
  EXPECT_THAT(SourcesOfNew(plan), ElementsAre("x"));
  const TranslationUnit edited = After(plan, 1);
  EXPECT_EQ(edited.target.text, "edited");
  EXPECT_EQ(edited.origin, Origin::kManual);
  EXPECT_THAT(edited.target.spans, ElementsAre(SegmentSpan{2, 20, 29}));
}

TEST_F(PlanImportTest, SplitAndMergedUnitsKeepTheirShape) {
  Begin("abcd");
  // a is split, c and d are merged.
  TranslationUnit half = old_[0];
  half.id = 5;
  for (TranslationUnit* unit : {&old_[0], &half}) unit->reshaped = true;
  old_[0].source.spans[0].end_byte = old_[0].target.spans[0].end_byte = 4;
  half.source.spans[0].begin_byte = half.target.spans[0].begin_byte = 4;
  old_[2] = Unit(before_, 2, 4);
  old_[2].id = 3;
  old_[2].reshaped = true;
  old_[3] = half;
  const ImportPlan plan = Import("abcdx");
  EXPECT_THAT(SourcesOfNew(plan), ElementsAre("x"));
  EXPECT_THAT(plan.removals, IsEmpty());
  EXPECT_EQ(plan.kept, 4);
  EXPECT_EQ(plan.outdated, 0);
  EXPECT_EQ(After(plan, 2), old_[2]);
  EXPECT_EQ(After(plan, 3), old_[3]);
}

TEST_F(PlanImportTest, ARejectedUnitIsNotAskedAboutAgainAndHoldsNothing) {
  Begin("ab");
  old_[0].status = ReviewStatus::kRejected;
  EXPECT_THAT(SourcesOfNew(Import("ab")), IsEmpty());
  // Another pair of the same source may be right.
  const Document after = Texts("ab");
  TranslationUnit other = Unit(after, 0, 1);
  other.target = Unit(after, 1, 2).target;
  const ImportPlan plan = PlanImport({before_, after, old_, {other}});
  EXPECT_EQ(plan.added, 1);
  EXPECT_EQ(After(plan, 0), old_[0]);
}

TEST_F(PlanImportTest, WhatIsGoneFromTheTextIsKeptOnlyIfItWasReviewed) {
  Begin("abcde");
  old_[0].status = ReviewStatus::kAccepted;
  old_[1].status = ReviewStatus::kRejected;
  old_[2].origin = Origin::kManual;
  old_[3].reshaped = true;
  const ImportPlan plan = Import("x");
  EXPECT_THAT(SourcesOfNew(plan), ElementsAre("x"));
  EXPECT_THAT(plan.removals, ElementsAre(3u, 4u));
  EXPECT_EQ(plan.kept, 3);
  EXPECT_EQ(plan.outdated, 3);
  for (const size_t i : {0u, 1u, 2u}) {
    EXPECT_THAT(After(plan, i).source.spans, IsEmpty()) << i;
    EXPECT_THAT(After(plan, i).target.spans, IsEmpty()) << i;
  }
  EXPECT_EQ(plan.paired_source_segments, 1);
}

TEST_F(PlanImportTest, AReviewedTextThatComesBackIsTakenUpAgain) {
  Begin("ab");
  old_[0].status = ReviewStatus::kAccepted;
  old_[0].source.spans.clear();
  old_[0].target.spans.clear();
  const ImportPlan plan = Import("ba");
  EXPECT_THAT(SourcesOfNew(plan), IsEmpty());
  EXPECT_EQ(plan.outdated, 0);
  EXPECT_THAT(After(plan, 0).source.spans, ElementsAre(SegmentSpan{1, 10, 19}));
}

// As an older release stored it.
TEST_F(PlanImportTest, WithoutPrintsEqualTextsAreTheSameUnit) {
  Begin("abab");
  before_ = Document();
  old_[2].status = ReviewStatus::kAccepted;
  const ImportPlan plan = Import("abx");
  EXPECT_THAT(SourcesOfNew(plan), ElementsAre("x"));
  EXPECT_EQ(After(plan, 2).status, ReviewStatus::kAccepted);
  EXPECT_THAT(plan.removals, ElementsAre(0u, 3u));
}

TEST_F(PlanImportTest, AnotherAlignmentOfTheSameTextReplacesMachinePairsOnly) {
  Begin("abc");
  old_[0].status = ReviewStatus::kAccepted;
  const Document after = Texts("abc");
  TranslationUnit wide = Unit(after, 1, 3);
  TranslationUnit overlapping = Unit(after, 0, 2);
  const ImportPlan plan =
      PlanImport({before_, after, old_, {overlapping, wide}});
  EXPECT_THAT(SourcesOfNew(plan), ElementsAre("bc"));
  EXPECT_THAT(plan.removals, ElementsAre(1u, 2u));
  EXPECT_EQ(plan.kept, 1);
}

}  // namespace
}  // namespace duilian::storage
