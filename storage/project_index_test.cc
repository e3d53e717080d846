#include "storage/project_index.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "storage/text_hash.h"

namespace duilian::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using text::Language;

PreparedUnit Prepared(UnitId id, uint64_t revision, absl::string_view text) {
  TranslationUnit unit = MakeUnit(text, "一");
  unit.id = id;
  unit.revision = revision;
  TextHashes hashes;
  return PrepareUnit(unit, hashes);
}

// Slots of the table of lengths.
size_t RowsOf(const ProjectIndex& index) {
  size_t rows = 0;
  for (const auto& [length, texts] :
       index.by_length(Language::kEnglish).lengths()) {
    rows += texts.rows();
  }
  return rows;
}

TEST(ProjectIndexTest, AStagedUnitIsGoneUntilItIsPublished) {
  ProjectIndex index;
  index.Put(Prepared(1, 1, "old"));
  const PreparedUnit unit = Prepared(1, 2, "new");
  const std::optional<SlotId> slot = index.Stage(unit);
  ASSERT_TRUE(slot.has_value());
  EXPECT_TRUE(index.is_gone(*slot));
  EXPECT_EQ(index.rank(*slot), 0u);
  EXPECT_EQ(index.FindSlot(1), SlotId{0});
  EXPECT_EQ(index.live_units(), 1u);

  index.Publish(*slot, ProjectIndex::GradeOf(unit));
  EXPECT_FALSE(index.is_gone(*slot));
  EXPECT_TRUE(index.is_gone(0));
  EXPECT_EQ(index.FindSlot(1), *slot);
  EXPECT_EQ(index.live_units(), 1u);
}

TEST(ProjectIndexTest, AStateThatIsNotNewerIsNotStaged) {
  ProjectIndex index;
  index.Put(Prepared(1, 5, "text"));
  EXPECT_EQ(index.Stage(Prepared(1, 5, "text")), std::nullopt);
  EXPECT_EQ(index.Stage(Prepared(1, 4, "text")), std::nullopt);
  EXPECT_EQ(index.slots(), 1u);
}

TEST(ProjectIndexTest, SweepingTakesSoManyGoneTextsAway) {
  ProjectIndex index;
  for (UnitId id = 1; id <= 10; ++id) index.Put(Prepared(id, 1, "word"));
  for (UnitId id = 1; id <= 7; ++id) index.Remove(id, 1);
  EXPECT_EQ(index.live_units(), 3u);
  EXPECT_EQ(RowsOf(index), 10u);
  EXPECT_TRUE(index.Sweep(4));
  EXPECT_EQ(RowsOf(index), 6u);
  EXPECT_FALSE(index.Sweep(4));
  EXPECT_EQ(RowsOf(index), 3u);
  EXPECT_FALSE(index.Sweep(4));
  EXPECT_EQ(RowsOf(index), 3u);
}

TEST(ProjectIndexTest, RangesBoundTheRanksOfTheirSlots) {
  ProjectIndex index;
  Random random(1);
  for (UnitId id = 1; id <= 3 * ProjectIndex::kSlotsPerRange / 2; ++id) {
    PreparedUnit unit = Prepared(1 + Below(6'000, random), id, "w");
    unit.confidence = 0.01 * static_cast<double>(Below(101, random));
    index.Put(unit);
  }
  ASSERT_EQ(index.rank_ranges().size(),
            (index.slots() - 1) / ProjectIndex::kSlotsPerRange + 1);
  for (SlotId slot = 0; slot < index.slots(); ++slot) {
    if (index.is_gone(slot)) continue;
    const RankRange range =
        index.rank_ranges()[slot / ProjectIndex::kSlotsPerRange];
    ASSERT_LE(range.lowest, index.rank(slot));
    ASSERT_GE(range.highest, index.rank(slot));
  }
}

TEST(ProjectIndexTest, UncertaintyFallsAsConfidenceRises) {
  EXPECT_EQ(Uncertainty(0), 1);
  EXPECT_EQ(Uncertainty(0.5), 0.5F);
  EXPECT_EQ(Uncertainty(1), 0);
  EXPECT_GT(Uncertainty(0.5 - 1e-12), Uncertainty(0.5));
  // A float of each would be 1.
  EXPECT_GT(Uncertainty(1 - 2e-12), Uncertainty(1 - 1e-12));
  Random random(1);
  const auto confidence = [&] {
    return 1e-6 * static_cast<double>(Below(1'000'001, random));
  };
  for (int i = 0; i < 10'000; ++i) {
    const double a = confidence(), b = confidence();
    ASSERT_EQ(Uncertainty(a) <= Uncertainty(b), a >= b) << a << " " << b;
  }
}

TEST(ProjectIndexTest, OnlyTextsWithoutWidthFormsHaveNoMark) {
  EXPECT_EQ(PrepareText("等,就等.").width_mark, 0);
  const uint16_t mark = PrepareText("等，就等.").width_mark;
  EXPECT_NE(mark, 0);
  EXPECT_NE(PrepareText("等，就等．").width_mark, mark);
  EXPECT_EQ(PrepareText(" 等， 就等.").width_mark, mark);
  for (const int bit : {0, 1, 47, 48, 63}) {
    EXPECT_NE(TinyHash(uint64_t{1} << bit), 0) << bit;
  }
}

}  // namespace
}  // namespace duilian::storage
