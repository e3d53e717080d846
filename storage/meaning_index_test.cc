#include "storage/meaning_index.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/keys.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using testing::_;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;
using text::Language;

constexpr size_t kDimension = 32;

constexpr size_t kWords = 500;

// A direction for each word, and behind them one for each language.
const std::vector<std::vector<float>>& WordVectors() {
  static const std::vector<std::vector<float>>& vectors = *[] {
    Random random(17);
    std::normal_distribution<float> normal;
    auto* made = new std::vector<std::vector<float>>(kWords + 2);
    for (std::vector<float>& vector : *made) {
      for (size_t d = 0; d < kDimension; ++d) vector.push_back(normal(random));
    }
    return made;
  }();
  return vectors;
}

// Texts of numbers: "w3 w17" and "词3 词17" mean the same. A language adds a
// little of its own, as real vectors do.
std::vector<float> TextVector(absl::string_view text, Language language) {
  std::vector<float> sum(kDimension);
  std::string digits;
  const auto add = [&](size_t word, float weight) {
    const std::vector<float>& vector = WordVectors().at(word);
    for (size_t d = 0; d < kDimension; ++d) sum[d] += weight * vector[d];
  };
  for (const char c : absl::StrCat(text, " ")) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (!digits.empty()) {
      add(std::stoul(digits), 1);
      digits.clear();
    }
  }
  float square = 0;
  for (const float value : sum) square += value * value;
  if (square == 0) return sum;
  add(language == Language::kChinese ? kWords : kWords + 1,
      0.3F * std::sqrt(square / kDimension));
  square = 0;
  for (const float value : sum) square += value * value;
  for (float& value : sum) value /= std::sqrt(square);
  return sum;
}

MeaningModel TestModel(const std::string& version = "test 1") {
  return {version, kDimension, TextVector};
}

// A pair whose sides hold these words.
TranslationUnit Pair(const std::vector<size_t>& words) {
  std::string source, target;
  for (const size_t word : words) {
    absl::StrAppend(&source, "w", word, " ");
    absl::StrAppend(&target, "词", word, " ");
  }
  return MakeUnit(source, target);
}

TranslationUnit RandomPair(Random& random) {
  std::vector<size_t> words;
  for (int i = 0; i < 6; ++i) words.push_back(Below(kWords, random));
  return Pair(words);
}

MeaningQuery Ask(const std::string& text, Language language) {
  MeaningQuery query;
  query.text = text;
  query.language = language;
  return query;
}

std::vector<UnitId> Ids(const MeaningAnswer& answer) {
  std::vector<UnitId> ids;
  for (const MeaningHit& hit : answer.hits) ids.push_back(hit.unit.id);
  return ids;
}

// What the index should answer, by comparing with every unit.
std::vector<UnitId> BestByComparing(
    const std::map<UnitId, TranslationUnit>& units, const MeaningQuery& query) {
  const std::vector<float> vector = TextVector(query.text, query.language);
  std::vector<std::pair<double, UnitId>> scored;
  for (const auto& [id, unit] : units) {
    if (unit.status == ReviewStatus::kRejected) continue;
    const auto source = TextVector(unit.source.text, Language::kEnglish);
    const auto target = TextVector(unit.target.text, Language::kChinese);
    double product = 0, square = 0;
    for (size_t d = 0; d < kDimension; ++d) {
      const double middle = double{source[d]} + target[d];
      product += middle * vector[d];
      square += middle * middle;
    }
    scored.emplace_back(-product / std::sqrt(square), id);
  }
  std::sort(scored.begin(), scored.end());
  std::vector<UnitId> best;
  for (const auto& [score, id] : scored) {
    if (best.size() < query.limit) best.push_back(id);
  }
  return best;
}

class MeaningIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = TranslationMemory::Open(*store_).value();
    index_ = NewIndex();
    ASSERT_THAT(index_->Load({}), IsOk());
  }

  std::unique_ptr<MeaningIndex> NewIndex() const {
    return std::make_unique<MeaningIndex>(
        *memory_, TestModel(),
        MeaningIndexOptions{.threads = 2, .most_compared = 400});
  }

  TranslationUnit Put(const TranslationUnit& unit) {
    TranslationUnit stored =
        memory_->Apply("demo", {Store(unit)}, By("mei", Action::kEdit), "")
            .value()
            .front();
    units_[stored.id] = stored;
    return stored;
  }
  // As many random pairs in one change.
  void PutMany(size_t count) {
    std::vector<UnitChange> changes;
    for (size_t i = 0; i < count; ++i) {
      changes.push_back(Store(RandomPair(random_)));
    }
    const auto stored =
        memory_->Apply("demo", changes, By("mei", Action::kImport), "");
    ASSERT_THAT(stored, IsOk());
    for (const TranslationUnit& unit : *stored) units_[unit.id] = unit;
  }
  void Delete(UnitId id) {
    EXPECT_THAT(memory_->Apply("demo", {Remove(units_[id])},
                               By("mei", Action::kDelete), ""),
                IsOk());
    units_.erase(id);
  }
  void CatchUp() {
    EXPECT_THAT(index_->CatchUp({}), IsOk());
    index_->Compact();
    EXPECT_THAT(index_->RemakeOutgrown({}), IsOk());
  }

  MeaningAnswer Search(const MeaningQuery& query) const {
    absl::StatusOr<MeaningAnswer> answer = index_->Search("demo", query);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? *std::move(answer) : MeaningAnswer();
  }
  MeaningQuery RandomQuery() {
    const TranslationUnit pair = RandomPair(random_);
    return Below(2, random_) == 0 ? Ask(pair.source.text, Language::kEnglish)
                                  : Ask(pair.target.text, Language::kChinese);
  }
  // Of `queries` random ones, how often the best unit is the right one.
  size_t RightlyFirst(const MeaningIndex& index, size_t queries) {
    size_t right = 0;
    for (size_t i = 0; i < queries; ++i) {
      const MeaningQuery query = RandomQuery();
      const auto answer = index.Search("demo", query);
      EXPECT_THAT(answer, IsOk());
      const std::vector<UnitId> best = BestByComparing(units_, query);
      right += Ids(*answer).front() == best.front();
    }
    return right;
  }

  const std::unique_ptr<OrderedStore> store_ = NewMemoryStore();
  std::unique_ptr<TranslationMemory> memory_;
  std::unique_ptr<MeaningIndex> index_;
  std::map<UnitId, TranslationUnit> units_;
  Random random_{20261126};
};

TEST_F(MeaningIndexTest, EitherLanguageFindsThePairThatMeansIt) {
  const UnitId rain = Put(Pair({1, 2, 3})).id;
  Put(Pair({4, 5, 6}));
  CatchUp();
  const MeaningAnswer english = Search(Ask("w3 w2 w9", Language::kEnglish));
  const MeaningAnswer chinese = Search(Ask("词3 词2 词9", Language::kChinese));
  for (const MeaningAnswer* answer : {&english, &chinese}) {
    ASSERT_THAT(answer->hits, SizeIs(2));
    EXPECT_EQ(answer->hits[0].unit.id, rain);
    EXPECT_GT(answer->hits[0].similarity, 0.5);
    EXPECT_LT(answer->hits[1].similarity, answer->hits[0].similarity);
    EXPECT_EQ(answer->position, memory_->last_position());
    EXPECT_EQ(answer->pending_units, 0);
  }
  EXPECT_GT(english.hits[0].source_similarity,
            english.hits[0].target_similarity);
  EXPECT_GT(chinese.hits[0].target_similarity,
            chinese.hits[0].source_similarity);
}

TEST_F(MeaningIndexTest, SmallProjectAnswersAsComparingWithEveryPair) {
  PutMany(300);
  CatchUp();
  for (int i = 0; i < 60; ++i) {
    const MeaningQuery query = RandomQuery();
    EXPECT_EQ(Ids(Search(query)), BestByComparing(units_, query)) << query.text;
  }
}

TEST_F(MeaningIndexTest, FollowsEditsReviewsAndDeletions) {
  PutMany(250);
  for (int step = 0; step < 300; ++step) {
    auto at = units_.begin();
    std::advance(at,
                 static_cast<std::ptrdiff_t>(Below(units_.size(), random_)));
    TranslationUnit unit = at->second;
    switch (Below(4, random_)) {
      case 0:
        Delete(unit.id);
        break;
      case 1:
        unit.status = ReviewStatus::kRejected;  // the same texts
        Put(unit);
        break;
      case 2:
        Put(RandomPair(random_));
        break;
      default: {
        const TranslationUnit other = RandomPair(random_);
        unit.source.text = other.source.text;
        unit.target.text = other.target.text;
        Put(unit);
      }
    }
    if (step % 20 != 0) continue;
    CatchUp();
    SCOPED_TRACE(step);
    for (int i = 0; i < 5; ++i) {
      const MeaningQuery query = RandomQuery();
      EXPECT_EQ(Ids(Search(query)), BestByComparing(units_, query));
    }
  }
}

TEST_F(MeaningIndexTest, ALargeProjectIsPutInListsAndFindsTheBestNearlyAlways) {
  for (int i = 0; i < 5; ++i) {
    PutMany(1000);
    CatchUp();  // outgrows comparing, then its lists twice
  }
  EXPECT_GE(RightlyFirst(*index_, 200), 180u);  // of 200
  Delete(units_.begin()->first);
  const TranslationUnit gone = Put(Pair({1, 2, 3, 4}));
  CatchUp();
  EXPECT_EQ(Ids(Search(Ask("w1 w2 w3 w4", Language::kEnglish))).front(),
            gone.id);
  Delete(gone.id);
  CatchUp();
  EXPECT_NE(Ids(Search(Ask("w1 w2 w3 w4", Language::kEnglish))).front(),
            gone.id);
}

TEST_F(MeaningIndexTest, ListsAreMadeOfVectorsInMemory) {
  std::atomic<size_t> made = 0;
  MeaningModel model = TestModel();
  model.vector = [&](absl::string_view text, Language language) {
    ++made;
    return TextVector(text, language);
  };
  MeaningIndex index(*memory_, model, {.most_compared = 400});
  ASSERT_THAT(index.Load({}), IsOk());
  PutMany(1'500);
  ASSERT_THAT(index.CatchUp({}), IsOk());
  EXPECT_EQ(made, 3'000u);
  EXPECT_EQ(index.RemakeOutgrown({}).value(), 1u);
  EXPECT_EQ(made, 3'000u);
  EXPECT_GE(RightlyFirst(index, 100), 90u);  // of 100
  // They are of the store when they are in lists already.
  PutMany(5'000);
  ASSERT_THAT(index.CatchUp({}), IsOk());
  made = 0;
  EXPECT_EQ(index.RemakeOutgrown({}).value(), 1u);
  EXPECT_GE(made, 13'000u);
}

TEST_F(MeaningIndexTest, UnitsChangeWhileListsAreMade) {
  PutMany(41'000);
  ASSERT_THAT(index_->CatchUp({}), IsOk());
  std::vector<UnitId> ids;
  for (const auto& [id, unit] : units_) ids.push_back(id);
  // Of those that were copied, and of those that were not.
  std::vector<UnitId> edited, deleted;
  size_t times = 0;
  const auto change = [&] {
    ++times;
    for (const size_t place : {size_t{0}, ids.size() - 100}) {
      TranslationUnit unit = units_[ids[place + times]];
      const TranslationUnit other = RandomPair(random_);
      unit.source.text = other.source.text;
      unit.target.text = other.target.text;
      edited.push_back(Put(unit).id);
      deleted.push_back(ids[place + 50 + times]);
      Delete(deleted.back());
    }
  };
  ASSERT_EQ(index_->RemakeOutgrown({}, change).value(), 1u);
  EXPECT_EQ(times, 4u);
  ASSERT_THAT(index_->CatchUp({}), IsOk());
  EXPECT_EQ(index_->RemakeOutgrown({}).value(), 0u);
  for (const UnitId id : edited) {
    EXPECT_EQ(Ids(Search(Ask(units_[id].source.text, Language::kEnglish)))[0],
              id);
  }
  MeaningQuery all = Ask("w1 w2 w3", Language::kEnglish);
  all.limit = 42'000;
  const std::vector<UnitId> found = Ids(Search(all));
  // By chance two share their hash, and are one hit.
  EXPECT_GE(found.size() + 4, units_.size());
  for (const UnitId id : deleted) EXPECT_THAT(found, Not(Contains(id)));
}

TEST_F(MeaningIndexTest, ALogThatGrowsFasterThanItIsFollowedHoldsNothingUp) {
  PutMany(31'000);
  ASSERT_THAT(index_->CatchUp({}), IsOk());
  const auto grow = [&] {
    for (int change = 0; change < 3; ++change) PutMany(1'000);
  };
  EXPECT_EQ(index_->RemakeOutgrown({}, grow).value(), 1u);
  EXPECT_EQ(memory_->last_position(), 10u);
  EXPECT_EQ(index_->position(), 3u);
  ASSERT_THAT(index_->CatchUp({}), IsOk());
  EXPECT_EQ(index_->position(), 10u);
}

TEST_F(MeaningIndexTest, OnlyLargeProjectsAreMadeAnewWhileMuchIsToCome) {
  MeaningIndex index(*memory_, TestModel(),
                     {.most_compared = 400, .most_without_lists = 1'000});
  ASSERT_THAT(index.Load({}), IsOk());
  PutMany(1'000);
  ASSERT_THAT(index.CatchUp({}), IsOk());
  EXPECT_EQ(index.RemakeLarge({}).value(), 0u);
  Put(Pair({1, 2, 3}));
  ASSERT_THAT(index.CatchUp({}), IsOk());
  EXPECT_EQ(index.RemakeLarge({}).value(), 1u);
  PutMany(4'000);  // outgrows its lists
  ASSERT_THAT(index.CatchUp({}), IsOk());
  EXPECT_EQ(index.RemakeLarge({}).value(), 0u);
  EXPECT_EQ(index.RemakeOutgrown({}).value(), 1u);
}

TEST_F(MeaningIndexTest, MemoryGrowsWithTheUnitsAndNotWithThoseThatAreGone) {
  constexpr size_t kUnits = 100, kRounds = 60;
  PutMany(kUnits);
  size_t compacted = 0;
  for (size_t round = 0; round < kRounds; ++round) {
    while (!units_.empty()) Delete(units_.begin()->first);
    PutMany(kUnits);
    ASSERT_THAT(index_->CatchUp({}), IsOk());
    compacted += index_->Compact() > 0;
  }
  EXPECT_EQ(compacted, kRounds / 11);  // more than 1,024 are gone then
  EXPECT_EQ(index_->Compact(), 0u);
  EXPECT_LT(index_->Memory(), kUnits * kRounds * 66 / 3);
  for (int i = 0; i < 20; ++i) {
    const MeaningQuery query = RandomQuery();
    EXPECT_EQ(Ids(Search(query)), BestByComparing(units_, query));
  }
}

TEST_F(MeaningIndexTest, MemoryGrowsWithTheUnitsAndNotWithTheirReviews) {
  PutMany(100);
  size_t compacted = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<TranslationUnit> reviewed;
    for (const auto& [id, unit] : units_) reviewed.push_back(unit);
    for (TranslationUnit& unit : reviewed) {
      unit.status =
          round % 2 == 0 ? ReviewStatus::kAccepted : ReviewStatus::kUnreviewed;
      Put(unit);
    }
    ASSERT_THAT(index_->CatchUp({}), IsOk());
    compacted += index_->Compact() > 0;
  }
  EXPECT_EQ(compacted, 3u);  // of 4,000 contexts, more than 1,024 were old
  for (int i = 0; i < 20; ++i) {
    const MeaningQuery query = RandomQuery();
    EXPECT_EQ(Ids(Search(query)), BestByComparing(units_, query));
  }
}

TEST_F(MeaningIndexTest, GoneUnitsLeaveTheListsOfTheirProject) {
  MeaningIndex index(*memory_, TestModel(), {.most_compared = 400});
  ASSERT_THAT(index.Load({}), IsOk());
  PutMany(4'000);
  ASSERT_THAT(index.CatchUp({}), IsOk());
  ASSERT_EQ(index.RemakeOutgrown({}).value(), 1u);
  const size_t before = index.Memory();
  while (units_.size() > 2'000) Delete(units_.begin()->first);
  ASSERT_THAT(index.CatchUp({}), IsOk());
  EXPECT_EQ(index.Compact(), 0u);  // as many as there are
  Delete(units_.begin()->first);
  ASSERT_THAT(index.CatchUp({}), IsOk());
  const size_t less = index.Compact();
  EXPECT_GT(less, before / 4);
  EXPECT_EQ(index.Memory(), before - less);
  EXPECT_GE(RightlyFirst(index, 100), 90u);  // of 100
}

// Room for twice as many would be 36 bytes more a unit.
TEST_F(MeaningIndexTest, UnitsWithoutListsTakeLittleMoreRoomThanTheyNeed) {
  constexpr size_t kUnits = 8'300;  // a power of two, and some more
  PutMany(kUnits);
  EXPECT_THAT(index_->CatchUp({}), IsOk());
  EXPECT_LT(index_->Memory(), kUnits * 66);
}

TEST_F(MeaningIndexTest, SaysHowFarItTrails) {
  PutMany(3);
  MeaningAnswer answer = Search(Ask("w1", Language::kEnglish));
  EXPECT_THAT(answer.hits, IsEmpty());
  EXPECT_EQ(answer.pending_units, 3);
  CatchUp();
  PutMany(5);
  Delete(units_.begin()->first);
  answer = Search(Ask("w1", Language::kEnglish));
  EXPECT_EQ(answer.pending_units, 6);
  EXPECT_EQ(answer.position, 1u);
  CatchUp();
  answer = Search(Ask("w1", Language::kEnglish));
  EXPECT_EQ(answer.pending_units, 0);
  EXPECT_EQ(answer.position, memory_->last_position());
}

// What the index names is read as it was there.
TEST_F(MeaningIndexTest, AnswersWithUnitsAsTheyWereAtItsPosition) {
  TranslationUnit unit = Put(Pair({1, 2, 3}));
  CatchUp();
  const std::string before = unit.source.text;
  unit.source.text = "w7";
  Put(unit);
  const MeaningAnswer answer = Search(Ask("w1 w2", Language::kEnglish));
  ASSERT_THAT(answer.hits, SizeIs(1));
  EXPECT_EQ(answer.hits[0].unit.source.text, before);
}

TEST_F(MeaningIndexTest, FiltersAreApplied) {
  TranslationUnit sure = Pair({1, 2, 3});
  sure.document = "talk";
  sure.source.speaker = "Ada";
  sure.confidence = 0.9;
  sure.update_time_us = 7;
  const UnitId wanted = Put(sure).id;
  TranslationUnit rejected = Pair({1, 2, 3, 4});
  rejected.status = ReviewStatus::kRejected;
  const UnitId unwanted = Put(rejected).id;
  PutMany(30);
  CatchUp();
  const auto first = [&](const std::function<void(UnitFilter&)>& set) {
    MeaningQuery query = Ask("w1 w2 w3 w4", Language::kEnglish);
    set(query.filter);
    const std::vector<UnitId> ids = Ids(Search(query));
    return ids.empty() ? UnitId{0} : ids.front();
  };
  EXPECT_EQ(first([](UnitFilter&) {}), wanted);  // never a rejected one
  EXPECT_EQ(first([](UnitFilter& filter) {
              filter.statuses = {ReviewStatus::kRejected};
            }),
            unwanted);
  EXPECT_EQ(first([](UnitFilter& filter) { filter.document = "talk"; }),
            wanted);
  EXPECT_EQ(first([](UnitFilter& filter) { filter.speaker = "Ada"; }), wanted);
  EXPECT_EQ(first([](UnitFilter& filter) { filter.min_confidence = 0.8; }),
            wanted);
  EXPECT_EQ(first([](UnitFilter& filter) { filter.changed = {7, 8}; }), wanted);
  EXPECT_EQ(first([](UnitFilter& filter) { filter.changed = {6, 7}; }), 0u);
  EXPECT_EQ(first([](UnitFilter& filter) { filter.document = "none"; }), 0u);
  EXPECT_EQ(first([](UnitFilter& filter) { filter.min_confidence = 0.95; }),
            0u);
}

TEST_F(MeaningIndexTest, EqualTextsAreOneHitAndTakeNoPlaces) {
  for (int i = 0; i < 80; ++i) Put(Pair({1, 2, 3}));
  TranslationUnit accepted = Pair({1, 2, 3});
  accepted.status = ReviewStatus::kAccepted;
  const UnitId best = Put(accepted).id;
  Put(Pair({1, 2, 9}));
  Put(Pair({1, 8, 9}));
  CatchUp();
  const MeaningAnswer answer = Search(Ask("w1 w2 w3", Language::kEnglish));
  EXPECT_THAT(answer.hits, SizeIs(3));
  EXPECT_EQ(answer.hits[0].unit.id, best);
}

TEST_F(MeaningIndexTest, SeveralProjectsAreOneOrder) {
  const UnitId ours = Put(Pair({1, 2, 3})).id;
  Put(Pair({1, 8, 9}));
  TranslationUnit accepted = Pair({1, 2, 3});
  accepted.status = ReviewStatus::kAccepted;
  std::vector<UnitChange> theirs = {Store(accepted), Store(Pair({1, 2, 9}))};
  // Alike, and as many as fill all places but for what the first project has.
  for (int i = 0; i < 30; ++i) theirs.push_back(Store(Pair({1, 2, 9})));
  theirs[1].unit.document = "talk";
  const auto apply = [&](const std::string& project) {
    ASSERT_THAT(memory_->Apply(project, theirs, By("mei", Action::kCreate), ""),
                IsOk());
  };
  apply("theirs");
  CatchUp();
  MeaningQuery query = Ask("w1 w2 w3", Language::kEnglish);
  EXPECT_EQ(Search(query).hits[0].unit.id, ours);
  query.other_projects = {"theirs"};
  const MeaningAnswer answer = Search(query);
  ASSERT_THAT(answer.hits, SizeIs(3));
  // Of the same texts the accepted one.
  EXPECT_EQ(answer.hits[0].project, "theirs");
  EXPECT_EQ(answer.hits[0].unit.status, ReviewStatus::kAccepted);
  EXPECT_EQ(answer.hits[1].project, "theirs");
  EXPECT_EQ(answer.hits[2].project, "demo");
  EXPECT_GT(answer.hits[1].similarity, answer.hits[2].similarity);
  EXPECT_EQ(answer.pending_units, 0);
  apply("theirs");
  apply("new");
  EXPECT_EQ(Search(query).pending_units, 32);
  query.other_projects = {"theirs", "new"};  // all of it is pending
  EXPECT_EQ(Search(query).pending_units, 64);
  query.filter.document = "talk";  // of the first project, which has none
  EXPECT_THAT(Search(query).hits, SizeIs(0));
  query.other_projects = {"nowhere"};
  EXPECT_THAT(index_->Search("demo", query),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
}

TEST_F(MeaningIndexTest, EqualTextsOfManyProjectsTakeNoPlaces) {
  std::vector<std::string> others;
  for (int i = 0; i < 10; ++i) {
    others.push_back(absl::StrCat("other-", i));
    std::vector<UnitChange> changes;
    for (size_t word = 0; word < 20; ++word) {
      changes.push_back(Store(Pair({1, 2, 3, 10 + word})));
    }
    ASSERT_THAT(
        memory_->Apply(others.back(), changes, By("mei", Action::kCreate), ""),
        IsOk());
  }
  Put(Pair({1, 2, 3, 4, 5}));
  CatchUp();
  MeaningQuery query = Ask("w1 w2 w3", Language::kEnglish);
  query.limit = 20;
  query.other_projects = others;
  EXPECT_THAT(Search(query).hits, SizeIs(20));
}

TEST_F(MeaningIndexTest, RefusesAndEndsAsItSays) {
  PutMany(3);
  CatchUp();
  MeaningQuery query = Ask("w1", Language::kEnglish);
  EXPECT_THAT(index_->Search("elsewhere", query),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("elsewhere")));
  query.min_similarity = 1;
  EXPECT_THAT(Search(query).hits, IsEmpty());
  EXPECT_THAT(Search(Ask("?!", Language::kEnglish)).hits, SizeIs(3));
  query.limit = 0;
  EXPECT_THAT(index_->Search("demo", query),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("limit")));
  query.limit = 5;
  query.cancelled = [] { return true; };
  EXPECT_THAT(index_->Search("demo", query),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("ended")));
  PutMany(3);
  EXPECT_THAT(index_->CatchUp([] { return true; }),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("ended")));
}

TEST_F(MeaningIndexTest, BeforeItIsLoadedItSaysHowFarItIs) {
  PutMany(7);
  const std::unique_ptr<MeaningIndex> fresh = NewIndex();
  EXPECT_THAT(fresh->Search("demo", Ask("w1", Language::kEnglish)),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("the meaning index is being read")));
  LoadOptions options;
  options.listener = [](const LoadProgress& progress) {
    return progress.units == 0;
  };
  EXPECT_THAT(fresh->Load(options),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("ended")));
  EXPECT_THAT(fresh->Search("demo", Ask("w1", Language::kEnglish)),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("7 of 7 pairs are in it")));
}

// Nobody is told to come again to what will never be there.
TEST_F(MeaningIndexTest, AnIndexThatCouldNotBeMadeSaysSo) {
  PutMany(7);
  WriteBatch damage;
  damage.Put(UnitKey("demo", units_.begin()->first), "no unit");
  ASSERT_THAT(store_->Write(damage), IsOk());
  const std::unique_ptr<MeaningIndex> fresh = NewIndex();
  EXPECT_THAT(fresh->Load({}), StatusIs(absl::StatusCode::kDataLoss, _));
  EXPECT_THAT(fresh->Search("demo", Ask("w1", Language::kEnglish)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("could not be made: "),
                             HasSubstr("start the server again"))));
}

// Searches beside a writer, over the making of lists.
TEST_F(MeaningIndexTest, SearchesRunBesideCatchingUp) {
  PutMany(100);
  CatchUp();
  std::atomic<bool> done = false;
  std::thread searcher([&] {
    uint64_t position = 0;
    while (!done) {
      const auto answer =
          index_->Search("demo", Ask("w1 w2", Language::kEnglish));
      ASSERT_THAT(answer, IsOk());
      EXPECT_GE(answer->position, position);
      EXPECT_FALSE(answer->hits.empty());
      position = answer->position;
    }
  });
  for (int i = 0; i < 12; ++i) {
    PutMany(60);
    CatchUp();
    Delete(units_.begin()->first);
  }
  done = true;
  searcher.join();
}

// The index takes the change in while the search compares what it found.
TEST_F(MeaningIndexTest, WhatIsTakenInBesideASearchIsPendingInItsAnswer) {
  const TranslationUnit stored = Put(Pair({1, 2}));
  std::function<void()> before_next_text;
  MeaningModel model = TestModel();
  model.vector = [&](absl::string_view text, Language language) {
    if (const auto hook = std::exchange(before_next_text, {})) hook();
    return TextVector(text, language);
  };
  MeaningIndex index(*memory_, model);
  ASSERT_THAT(index.Load({}), IsOk());
  TranslationUnit edited = Pair({3, 4});
  edited.id = stored.id;
  edited.revision = stored.revision;
  Put(edited);
  before_next_text = [&] {  // the query's
    before_next_text = [&] { EXPECT_THAT(index.CatchUp({}), IsOk()); };
  };
  const auto answer = index.Search("demo", Ask("w1 w2", Language::kEnglish));
  ASSERT_THAT(answer, IsOk());
  ASSERT_THAT(answer->hits, SizeIs(1));
  EXPECT_EQ(answer->hits[0].unit.source.text, stored.source.text);
  EXPECT_EQ(answer->pending_units, 1);
}

// --- Snapshots ---

class MeaningSnapshotTest : public MeaningIndexTest {
 protected:
  void TearDown() override { RemoveSnapshot(path_); }

  // `count` units after edits and deletions, saved.
  void FillAndSave(size_t count) {
    PutMany(count + 20);
    for (int i = 0; i < 20; ++i) Delete(units_.begin()->first);
    Put(units_.begin()->second);
    CatchUp();
    ASSERT_THAT(index_->Save(path_), IsOk());
  }

  absl::StatusOr<LoadSummary> LoadInto(MeaningIndex& index) const {
    LoadOptions options;
    options.snapshot = path_;
    return index.Load(options);
  }

  // Loads another index and holds it against the one that followed.
  LoadSummary ExpectLoadsTheSame() {
    const std::unique_ptr<MeaningIndex> loaded = NewIndex();
    const absl::StatusOr<LoadSummary> summary = LoadInto(*loaded);
    EXPECT_THAT(summary, IsOk());
    EXPECT_THAT(loaded->CatchUp({}), IsOk());
    EXPECT_EQ(loaded->position(), memory_->last_position());
    for (int i = 0; i < 30; ++i) {
      const MeaningQuery query = RandomQuery();
      const auto answer = loaded->Search("demo", query);
      EXPECT_THAT(answer, IsOk());
      EXPECT_EQ(Ids(*answer), Ids(Search(query)));
    }
    return summary.ok() ? *summary : LoadSummary();
  }

  const std::string path_ = absl::StrCat(
      testing::TempDir(), "/meaning_snapshot_test_", getpid(), ".snapshot");
};

TEST_F(MeaningSnapshotTest, WhatIsLoadedAnswersAsWhatWasSaved) {
  FillAndSave(200);
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot, IsOk());
  EXPECT_EQ(summary.units, 200);
  EXPECT_EQ(summary.units_read, 0);
}

TEST_F(MeaningSnapshotTest, ListsAreLoadedAsTheyWere) {
  FillAndSave(900);
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot, IsOk());
  EXPECT_EQ(summary.units, 900);
  EXPECT_EQ(summary.units_read, 0);
}

TEST_F(MeaningSnapshotTest, WhatWasWrittenBehindItComesFromTheChangeLog) {
  FillAndSave(200);
  PutMany(2);
  Delete(units_.begin()->first);
  CatchUp();
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot, IsOk());
  EXPECT_EQ(summary.units, 200);
  EXPECT_EQ(summary.units_read, 0);
}

TEST_F(MeaningSnapshotTest, ItIsSearchedBeforeTheLogIsFollowed) {
  FillAndSave(200);
  const uint64_t saved = memory_->last_position();
  const TranslationUnit late = Put(Pair({1, 2, 3}));
  const std::unique_ptr<MeaningIndex> loaded = NewIndex();
  ASSERT_THAT(LoadInto(*loaded), IsOk());
  const MeaningQuery query = Ask(late.source.text, Language::kEnglish);
  absl::StatusOr<MeaningAnswer> answer = loaded->Search("demo", query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->position, saved);
  EXPECT_EQ(answer->pending_units, 1);
  EXPECT_NE(answer->hits[0].unit.id, late.id);
  ASSERT_THAT(loaded->CatchUp({}), IsOk());
  answer = loaded->Search("demo", query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->pending_units, 0);
  EXPECT_EQ(answer->hits[0].unit.id, late.id);
}

TEST_F(MeaningSnapshotTest, ItIsSavedWhileAProjectIsMadeAnew) {
  PutMany(21'000);
  ASSERT_THAT(index_->CatchUp({}), IsOk());
  const uint64_t saved = memory_->last_position();
  size_t times = 0;
  const absl::StatusOr<size_t> remade = index_->RemakeOutgrown({}, [&] {
    if (times++ > 0) return;
    EXPECT_THAT(index_->Save(path_), IsOk());
    EXPECT_EQ(index_->RemakeOutgrown({}).value(), 0u);  // one at a time
    Put(Pair({1, 2, 3}));
  });
  ASSERT_THAT(remade, IsOk());
  EXPECT_EQ(*remade, 1u);
  EXPECT_EQ(times, 2u);
  EXPECT_EQ(index_->position(), memory_->last_position());
  EXPECT_EQ(index_->RemakeOutgrown({}).value(), 0u);

  const std::unique_ptr<MeaningIndex> loaded = NewIndex();
  const absl::StatusOr<LoadSummary> summary = LoadInto(*loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot, IsOk());
  EXPECT_EQ(summary->units, 21'000);
  EXPECT_EQ(loaded->position(), saved);
  // It is the old one, which outgrew comparing.
  EXPECT_EQ(loaded->RemakeOutgrown({}).value(), 1u);
}

TEST_F(MeaningSnapshotTest, WithoutOneAllUnitsAreRead) {
  FillAndSave(200);
  RemoveSnapshot(path_);
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot,
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(path_)));
  EXPECT_EQ(summary.units_read, 200);
}

TEST_F(MeaningSnapshotTest, ADamagedOneIsNotUsed) {
  FillAndSave(200);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot, StatusIs(absl::StatusCode::kDataLoss,
                                         HasSubstr("cut short or damaged")));
  EXPECT_EQ(summary.units_read, 200);
}

// Also when the start is ended before the index is there.
TEST_F(MeaningSnapshotTest, WhyItIsNotUsedIsToldBeforeItIsMadeAnew) {
  FillAndSave(200);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  LoadOptions options;
  options.snapshot = path_;
  absl::Status refused;
  options.on_refused = [&](const absl::Status& why) { refused = why; };
  options.listener = [](const LoadProgress&) { return false; };
  EXPECT_THAT(NewIndex()->Load(options),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("ended")));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kDataLoss,
                                HasSubstr("cut short or damaged")));
}

TEST_F(MeaningSnapshotTest, AnotherModelsIsNotUsed) {
  FillAndSave(200);
  MeaningIndex other(*memory_, TestModel("test 2"));
  const absl::StatusOr<LoadSummary> summary = LoadInto(other);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the model 'test 1', now 'test 2'")));
  EXPECT_EQ(summary->units_read, 200);
}

TEST_F(MeaningSnapshotTest, AnotherMemorysIsNotUsed) {
  FillAndSave(200);
  const std::unique_ptr<OrderedStore> store = NewMemoryStore();
  const auto memory = TranslationMemory::Open(*store).value();
  ASSERT_THAT(
      memory->Apply("demo", {Store(Pair({1}))}, By("mei", Action::kEdit), ""),
      IsOk());
  MeaningIndex other(*memory, TestModel());
  const absl::StatusOr<LoadSummary> summary = LoadInto(other);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another memory's changes")));
  EXPECT_EQ(summary->units, 1);
}

// Of the other memory, all that would betray it but the digest is the same: the
// number of changes, the ids and the revisions. Answers would come with its
// vectors and this memory's texts.
TEST_F(MeaningSnapshotTest, OneOfAnotherMemoryAsLongIsNotUsed) {
  const std::unique_ptr<OrderedStore> store = NewMemoryStore();
  const auto other = TranslationMemory::Open(*store).value();
  const auto put = [](TranslationMemory& memory, const TranslationUnit& unit) {
    ASSERT_THAT(
        memory.Apply("demo", {Store(unit)}, By("mei", Action::kEdit), ""),
        IsOk());
  };
  put(*memory_, Pair({1}));
  put(*memory_, Pair({2}));
  put(*other, Pair({2}));
  put(*other, Pair({1}));
  MeaningIndex theirs(*other, TestModel());
  ASSERT_THAT(theirs.Load({}), IsOk());
  ASSERT_THAT(theirs.Save(path_), IsOk());
  MeaningIndex loaded(*memory_, TestModel());
  const absl::StatusOr<LoadSummary> summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another memory's changes")));
  EXPECT_EQ(summary->units, 2);
  EXPECT_EQ(summary->units_read, 2);
}

// A store put back to an older state has not the changes of the snapshot.
TEST_F(MeaningSnapshotTest, OneThatIsAheadOfTheMemoryIsNotUsed) {
  FillAndSave(200);
  const std::unique_ptr<OrderedStore> store = NewMemoryStore();
  const auto older = TranslationMemory::Open(*store).value();
  const auto changes = memory_->ReadChanges(0, 1);
  ASSERT_THAT(changes, IsOk());
  TranslationUnit first = changes->front().revisions.front().unit;
  first.id = 0;
  first.revision = 0;
  ASSERT_THAT(
      older->Apply("demo", {Store(first)}, By("mei", Action::kEdit), ""),
      IsOk());
  MeaningIndex loaded(*older, TestModel());
  const absl::StatusOr<LoadSummary> summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another memory's changes")));
  EXPECT_EQ(summary->units, 1);
}

TEST_F(MeaningSnapshotTest, AnotherKindOfSnapshotIsNotUsed) {
  PutMany(20);
  CatchUp();
  ASSERT_THAT(LookupIndex::Build(*memory_).value()->Save(path_), IsOk());
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_FALSE(summary.snapshot.ok());
  EXPECT_EQ(summary.units_read, 20);
}

}  // namespace
}  // namespace duilian::storage
