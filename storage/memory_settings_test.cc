#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/lookup_index.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "storage/translation_memory.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class MemorySettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = TranslationMemory::Open(*store_).value();
    ASSERT_THAT(memory_->Apply("demo", {Store(MakeUnit("one", "一"))},
                               By("mei", Action::kCreate), ""),
                IsOk());
  }

  const std::unique_ptr<OrderedStore> store_ = NewMemoryStore();
  std::unique_ptr<TranslationMemory> memory_;
};

constexpr PenaltyPoints kPoints = {2, 4, 0, 50, 3, 5, 30};

TEST_F(MemorySettingsTest, AreTheDefaultsUntilTheyAreSet) {
  const auto settings = memory_->GetLookupSettings("demo");
  ASSERT_THAT(settings, IsOk());
  EXPECT_EQ(settings->penalties, PenaltyPoints());
  EXPECT_EQ(settings->revision, 0u);
  EXPECT_THAT(memory_->GetLookupSettings("none"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("\"none\"")));
}

TEST_F(MemorySettingsTest, StayAsTheyWereSetAndBelongToOneProject) {
  ASSERT_THAT(memory_->Apply("demo2", {Store(MakeUnit("two", "二"))},
                             By("mei", Action::kCreate), ""),
              IsOk());
  const auto set = memory_->SetLookupSettings("demo", kPoints, 0, 5);
  ASSERT_THAT(set, IsOk());
  EXPECT_EQ(set->revision, memory_->last_position());
  memory_ = TranslationMemory::Open(*store_).value();
  const auto read = memory_->GetLookupSettings("demo");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, *set);
  EXPECT_EQ(read->penalties, kPoints);
  EXPECT_EQ(memory_->GetLookupSettings("demo2")->penalties, PenaltyPoints());
}

TEST_F(MemorySettingsTest, AreOneChangeOfNoUnitThatAnIndexFollows) {
  const auto index = LookupIndex::Build(*memory_);
  ASSERT_THAT(index, IsOk());
  const auto set = memory_->SetLookupSettings("demo", kPoints, std::nullopt, 5);
  ASSERT_THAT(set, IsOk());
  const auto changes = memory_->ReadChanges(set->revision - 1, 10);
  ASSERT_THAT(changes, IsOk());
  ASSERT_THAT(*changes, SizeIs(1));
  EXPECT_EQ(changes->front().project, "demo");
  EXPECT_THAT(changes->front().revisions, IsEmpty());
  ASSERT_THAT((*index)->CatchUp(), IsOk());
  EXPECT_EQ((*index)->position(), set->revision);
  const auto projects = memory_->ListProjects(10, std::nullopt);
  ASSERT_THAT(projects, IsOk());
  EXPECT_EQ(projects->items[0].units, 1);
}

TEST_F(MemorySettingsTest, AStaleRevisionChangesNothing) {
  const auto first = memory_->SetLookupSettings("demo", kPoints, 0, 5);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(memory_->SetLookupSettings("demo", PenaltyPoints(), 0, 6),
              StatusIs(absl::StatusCode::kAborted,
                       AllOf(HasSubstr("revision 0 given"),
                             HasSubstr("read the settings again"))));
  EXPECT_EQ(*memory_->GetLookupSettings("demo"), *first);
  EXPECT_THAT(
      memory_->SetLookupSettings("demo", PenaltyPoints(), first->revision, 6),
      IsOk());
  EXPECT_THAT(memory_->SetLookupSettings("none", kPoints, std::nullopt, 6),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("\"none\"")));
}

TEST_F(MemorySettingsTest, PointsOutOfRangeAreRefusedByName) {
  const struct {
    int32_t PenaltyPoints::*field;
    int32_t value;
    const char* words;
  } cases[] = {
      {&PenaltyPoints::unreviewed_alignment, -1,
       "unreviewed_alignment: -1 given; 0 to 50"},
      {&PenaltyPoints::doubtful_alignment, 51, "doubtful_alignment: 51"},
      {&PenaltyPoints::several_translations, 51, "several_translations: 51"},
      {&PenaltyPoints::width_difference, 51, "width_difference: 51"},
      {&PenaltyPoints::numbers_substituted, 51, "numbers_substituted: 51"},
      {&PenaltyPoints::age, 51, "age: 51"},
      {&PenaltyPoints::age_days, 0, "age_days: 0 given; 1 to 36500"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.words);
    PenaltyPoints points;
    points.*c.field = c.value;
    EXPECT_THAT(
        memory_->SetLookupSettings("demo", points, std::nullopt, 5),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.words)));
  }
  EXPECT_EQ(memory_->GetLookupSettings("demo")->revision, 0u);
}

}  // namespace
}  // namespace duilian::storage
