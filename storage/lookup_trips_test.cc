// However much a search finds, it asks the store as often: a store behind a
// network would be waited for each time.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/lookup_index.h"
#include "storage/meaning_index.h"
#include "storage/sample_units.h"
#include "tests/support/gated_store.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::GatedStore;
using duilian::testing_support::IsOk;
using testing::SizeIs;

constexpr size_t kMost = 60;  // units that a search finds

class LookupTripsTest : public testing::TestWithParam<size_t> {
 protected:
  void SetUp() override {
    memory_ = TranslationMemory::Open(store_).value();
    for (const char* project : {"demo", "other"}) {
      std::vector<UnitChange> changes;
      for (size_t i = 0; i < kMost; ++i) {
        // Each is another text, and most of them are past the fewer.
        changes.push_back(Store(
            i < GetParam()
                ? MakeUnit(absl::StrCat("The boat ", 100 + i, " came home."),
                           absl::StrCat("第", 100 + i, "号船回家了。"))
                : MakeUnit(absl::StrCat("Tea, ", i), absl::StrCat("茶", i))));
      }
      ASSERT_THAT(
          memory_->Apply(project, changes, By("mei", Action::kEdit), ""),
          IsOk());
    }
    index_ = LookupIndex::Build(*memory_).value();
  }

  // What a search asks of the store.
  template <typename Search>
  int TripsOf(const Search& search) const {
    const int before = store_.reads();
    search();
    return store_.reads() - before;
  }

  GatedStore store_;
  std::unique_ptr<TranslationMemory> memory_;
  std::unique_ptr<LookupIndex> index_;
};

TEST_P(LookupTripsTest, ALookupTakesOne) {
  FuzzyQuery query;
  query.text = "The boat 500 came home.";
  query.threshold_percent = 70;
  query.limit = kMost;
  EXPECT_EQ(TripsOf([&] {
              EXPECT_THAT(index_->Lookup("demo", query).value(),
                          SizeIs(GetParam()));
            }),
            1);
}

TEST_P(LookupTripsTest, OneOfSeveralProjectsTakesOne) {
  FuzzyQuery query;
  query.text = "第500号船回家了。";
  query.language = text::Language::kChinese;
  query.threshold_percent = 60;
  query.limit = 2 * kMost;
  query.other_projects = {"other"};
  EXPECT_EQ(
      TripsOf([&] { EXPECT_THAT(index_->Lookup("demo", query), IsOk()); }), 1);
}

TEST_P(LookupTripsTest, AConcordanceTakesOne) {
  ConcordanceQuery query;
  query.text = "boat home";
  query.limit = kMost;
  EXPECT_EQ(TripsOf([&] {
              EXPECT_THAT(index_->SearchConcordance("demo", query)->items,
                          SizeIs(GetParam()));
            }),
            1);
}

TEST_P(LookupTripsTest, AConcordanceOfSeveralProjectsTakesOne) {
  ConcordanceQuery query;
  query.text = "boat home";
  query.limit = 2 * kMost;
  query.other_projects = {"other"};
  EXPECT_EQ(TripsOf([&] {
              EXPECT_THAT(index_->SearchConcordance("demo", query)->items,
                          SizeIs(2 * GetParam()));
            }),
            1);
}

TEST_P(LookupTripsTest, AQuoteOfSeveralProjectsTakesOne) {
  PassageQuery query;
  query.text = "the boat 100 came";
  query.threshold_percent = 50;
  query.limit = 2 * kMost;
  query.other_projects = {"other"};
  EXPECT_EQ(TripsOf([&] {
              EXPECT_THAT(index_->FindPassages("demo", query).value(),
                          SizeIs(2 * GetParam()));
            }),
            1);
}

TEST_P(LookupTripsTest, ASearchByMeaningTakesOne) {
  const MeaningModel model = {"test", 8,
                              [](absl::string_view text, text::Language) {
                                std::vector<float> vector(8, 0);
                                vector[text.size() % 8] = 1;
                                return vector;
                              }};
  MeaningIndex meaning(*memory_, model);
  ASSERT_THAT(meaning.Load({}), IsOk());
  MeaningQuery query;
  query.text = "the boat came";
  query.limit = GetParam();
  for (const bool several : {false, true}) {
    if (several) query.other_projects = {"other"};
    EXPECT_EQ(TripsOf([&] {
                EXPECT_THAT(meaning.Search("demo", query)->hits,
                            SizeIs(GetParam()));
              }),
              1);
  }
}

TEST_P(LookupTripsTest, AQuoteTakesOne) {
  PassageQuery query;
  query.text = "the boat 100 came";
  query.threshold_percent = 50;
  query.limit = kMost;
  EXPECT_EQ(TripsOf([&] {
              EXPECT_THAT(index_->FindPassages("demo", query).value(),
                          SizeIs(GetParam()));
            }),
            1);
}

TEST_P(LookupTripsTest, AListOfWhatChangedTakesOne) {
  ListOptions options;
  options.limit = GetParam();
  EXPECT_EQ(TripsOf([&] {
              EXPECT_THAT(index_->ListChanged("demo", options, {})->items,
                          SizeIs(GetParam()));
            }),
            1);
}

INSTANTIATE_TEST_SUITE_P(Units, LookupTripsTest,
                         testing::Values(size_t{1}, kMost));

}  // namespace
}  // namespace duilian::storage
