#include "storage/passage_search.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/lookup_index.h"
#include "storage/matching_units.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using text::Language;

class PassageSearchTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = TranslationMemory::Open(*store_).value();
    index_ = LookupIndex::Build(*memory_).value();
  }

  // Units of one document, a segment each.
  void Import(const std::string& document,
              const std::vector<std::string>& english,
              const std::string& project = "demo") {
    std::vector<TranslationUnit> units;
    for (const std::string& text : english) {
      TranslationUnit unit = MakeUnit(text, "译文");
      unit.source.spans = {{static_cast<int32_t>(units.size()), 0, 1}};
      unit.target.spans = unit.source.spans;
      units.push_back(unit);
    }
    ASSERT_THAT(memory_->ImportDocument(project, MakeDocument(document, "hash"),
                                        units, 1),
                IsOk());
    ASSERT_THAT(index_->CatchUp(), IsOk());
  }

  std::vector<Passage> Find(const PassageQuery& query) {
    absl::StatusOr<std::vector<Passage>> passages =
        index_->FindPassages("demo", query);
    EXPECT_THAT(passages, IsOk());
    return passages.ok() ? *std::move(passages) : std::vector<Passage>();
  }

  const std::unique_ptr<OrderedStore> store_ = NewMemoryStore();
  std::unique_ptr<TranslationMemory> memory_;
  std::unique_ptr<LookupIndex> index_;
};

std::vector<UnitId> IdsOf(const Passage& passage) {
  std::vector<UnitId> ids;
  for (const PassagePart& part : passage.parts) ids.push_back(part.unit.id);
  return ids;
}

// Of few words, so that they meet often.
std::string RandomSentence(size_t words, Random& random) {
  constexpr const char* kWords[] = {"red", "boat", "sea",  "the",
                                    "a",   "wind", "rain", "old"};
  std::string text;
  for (size_t i = 0; i < words; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : " ", kWords[Below(8, random)]);
  }
  return text + ".";
}

// The distance of the query to the nearest part of a text, in matching units.
size_t SlowDistance(const std::string& query, const std::string& text) {
  const std::vector<PlacedUnit> a = PlaceUnits(query), b = PlaceUnits(text);
  size_t least = a.size();
  for (size_t begin = 0; begin <= b.size(); ++begin) {
    for (size_t end = begin; end <= b.size(); ++end) {
      std::vector<std::vector<size_t>> cells(
          a.size() + 1, std::vector<size_t>(end - begin + 1));
      for (size_t i = 0; i <= a.size(); ++i) {
        for (size_t j = 0; j <= end - begin; ++j) {
          size_t& cell = cells[i][j];
          cell = i + j;
          if (i > 0 && j > 0) {
            cell = cells[i - 1][j - 1] +
                   (a[i - 1].text == b[begin + j - 1].text ? 0 : 1);
          }
          if (i > 0) cell = std::min(cell, cells[i - 1][j] + 1);
          if (j > 0) cell = std::min(cell, cells[i][j - 1] + 1);
        }
      }
      least = std::min(least, cells[a.size()][end - begin]);
    }
  }
  return least;
}

TEST_F(PassageSearchTest, APassageIsOfOneProject) {
  Import("talk", {"The red boat left.", "A storm came."});
  Import("talk", {"We sat by a fire.", "It rained on the old roof."}, "theirs");
  Import("walk", {"The red boat left at noon."}, "theirs");
  PassageQuery query;
  query.text = "The red boat left. It rained on the old roof.";
  query.threshold_percent = 50;
  query.other_projects = {"theirs"};
  std::vector<Passage> passages = Find(query);
  ASSERT_EQ(passages.size(), 1u);
  EXPECT_EQ(passages[0].project, "theirs");
  EXPECT_EQ(IdsOf(passages[0]), std::vector<UnitId>{2});
  query.text = "the red boat left";
  passages = Find(query);
  ASSERT_EQ(passages.size(), 2u);
  EXPECT_EQ(passages[0].project, "demo");
  EXPECT_EQ(passages[1].project, "theirs");
  query.limit = 1;
  EXPECT_EQ(Find(query).size(), 1u);
  query.limit = 5;
  query.filter.document = "walk";
  EXPECT_EQ(Find(query).size(), 0u);
  query.filter = {};
  query.other_projects.push_back("nowhere");
  EXPECT_THAT(index_->FindPassages("demo", query),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
}

// The order is that of all projects together.
TEST_F(PassageSearchTest, TheBestOfOtherProjectsComesFirst) {
  Import("talk", {"The red boat left early."});
  Import("talk", {"The red boat left."}, "theirs");
  PassageQuery query;
  query.text = "the red boat left then";
  query.threshold_percent = 50;
  query.other_projects = {"theirs"};
  TranslationUnit accepted = MakeUnit("Then the red boat left then.", "译文");
  accepted.status = ReviewStatus::kAccepted;
  ASSERT_THAT(memory_->Apply("theirs", {Store(accepted)},
                             By("mei", Action::kCreate), ""),
              IsOk());
  ASSERT_THAT(index_->CatchUp(), IsOk());
  const std::vector<Passage> passages = Find(query);
  ASSERT_EQ(passages.size(), 3u);
  EXPECT_EQ(passages[0].score_percent, 100);
  EXPECT_EQ(passages[0].project, "theirs");
  EXPECT_EQ(passages[1].project, "demo");
  EXPECT_EQ(passages[2].project, "theirs");
}

TEST_F(PassageSearchTest, FindsEveryUnitThatTheSlowSearchFinds) {
  Random random(7);
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) {
    texts.push_back(RandomSentence(1 + Below(12, random), random));
  }
  for (const std::string& text : texts) {
    // By hand: each stands alone.
    ASSERT_THAT(memory_->Apply("demo", {Store(MakeUnit(text, "译文"))},
                               By("mei", Action::kCreate), ""),
                IsOk());
  }
  ASSERT_THAT(index_->CatchUp(), IsOk());
  for (int round = 0; round < 150; ++round) {
    PassageQuery query;
    query.text = RandomSentence(1 + Below(8, random), random);
    query.threshold_percent =
        round % 2 == 0 ? 50 : 50 + static_cast<int>(Below(51, random));
    query.limit = 100;
    SCOPED_TRACE(absl::StrCat(query.text, " at ", query.threshold_percent));
    std::set<std::string> expected;
    const size_t length = PlaceUnits(query.text).size();
    for (size_t i = 0; i < texts.size(); ++i) {
      const size_t distance = SlowDistance(query.text, texts[i]);
      if (distance == length) continue;
      const size_t score = 100 * (length - distance) / length;
      if (score >= static_cast<size_t>(query.threshold_percent)) {
        expected.insert(absl::StrCat(i + 1, ": ", score));
      }
    }
    std::set<std::string> found;
    int last = 100;
    for (const Passage& passage : Find(query)) {
      ASSERT_THAT(passage.parts, SizeIs(1));
      EXPECT_LE(passage.score_percent, last);
      last = passage.score_percent;
      found.insert(
          absl::StrCat(passage.parts[0].unit.id, ": ", passage.score_percent));
    }
    EXPECT_EQ(found, expected);
  }
}

TEST_F(PassageSearchTest, AShortUnitAmongManyIsFoundBesideItsNeighbours) {
  std::vector<std::string> other(300, "Yes.");
  Import("replies", other);
  Import("talk", {"The boats come home.", "Yes.", "Nobody sells the harbour.",
                  "It never rains here."});
  PassageQuery query;
  query.text = "The boats come home. Yes. Nobody sells the harbour.";
  const std::vector<Passage> passages = Find(query);
  ASSERT_THAT(passages, SizeIs(1));
  EXPECT_EQ(passages[0].score_percent, 100);
  EXPECT_THAT(IdsOf(passages[0]), ElementsAre(301, 302, 303));
}

TEST_F(PassageSearchTest, AWholeDocumentIsFoundInItsOrder) {
  Random random(3);
  std::vector<std::string> texts;
  std::string pasted;
  for (int i = 0; i < 40; ++i) {
    texts.push_back(absl::StrCat("Item ", i, " ", RandomSentence(6, random)));
    absl::StrAppend(&pasted, texts.back(), " ");
  }
  Import("talk", texts);
  Import("copy", texts);
  PassageQuery query;
  query.text = pasted;
  const std::vector<Passage> passages = Find(query);
  ASSERT_THAT(passages, SizeIs(2));
  for (const Passage& passage : passages) {
    EXPECT_EQ(passage.score_percent, 100);
    EXPECT_THAT(passage.parts, SizeIs(40));
    EXPECT_TRUE(std::is_sorted(
        passage.parts.begin(), passage.parts.end(),
        [](const auto& a, const auto& b) { return a.unit.id < b.unit.id; }));
  }
}

TEST_F(PassageSearchTest, TheFilterHoldsForNeighboursToo) {
  Import("talk", {"The boats come home.", "Yes.", "Nobody sells the harbour."});
  TranslationUnit yes =
      memory_->GetUnits("demo", std::vector<UnitId>{2}).value()[0].value();
  yes.status = ReviewStatus::kRejected;
  ASSERT_THAT(
      memory_->Apply("demo", {Store(yes)}, By("mei", Action::kReject), ""),
      IsOk());
  ASSERT_THAT(index_->CatchUp(), IsOk());
  PassageQuery query;
  query.text = "The boats come home. Yes. Nobody sells the harbour.";
  std::vector<Passage> passages = Find(query);
  ASSERT_THAT(passages, SizeIs(1));
  EXPECT_THAT(IdsOf(passages[0]), ElementsAre(1, 3));
  EXPECT_EQ(passages[0].score_percent, 88);
  query.filter.document = "another";
  EXPECT_THAT(Find(query), IsEmpty());
  query.filter = {};
  query.filter.changed.begin_us = std::numeric_limits<int64_t>::max() - 1;
  EXPECT_THAT(Find(query), IsEmpty());
}

TEST_F(PassageSearchTest, RefusalsSayWhatIsAccepted) {
  Import("talk", {"The boats come home."});
  PassageQuery query;
  query.text = "…!";
  EXPECT_THAT(
      index_->FindPassages("demo", query),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("nothing but white space, punctuation and signs")));
  query.text = "boats";
  query.threshold_percent = 49;
  EXPECT_THAT(index_->FindPassages("demo", query),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("50 to 100 is accepted")));
  query.threshold_percent = 70;
  query.limit = 0;
  EXPECT_THAT(index_->FindPassages("demo", query),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("limit")));
  query.limit = 5;
  EXPECT_THAT(index_->FindPassages("none", query),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  query.cancelled = [] { return true; };
  EXPECT_THAT(index_->FindPassages("demo", query),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("passage")));
}

}  // namespace
}  // namespace duilian::storage
