#include "storage/translation_memory.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/memory_store.h"
#include "storage/rocks_store.h"
#include "storage/sample_units.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Counts round trips, and can refuse writes, before or after they took place.
class CountingStore : public OrderedStore {
 public:
  enum class Failure { kNone, kBefore, kAfter };

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const Snapshot* snapshot) const override {
    ++trips_;
    return store_->MultiGet(keys, snapshot);
  }
  absl::StatusOr<std::vector<std::vector<KeyValue>>> MultiScan(
      absl::Span<const KeyRange> ranges,
      const Snapshot* snapshot) const override {
    ++trips_;
    return store_->MultiScan(ranges, snapshot);
  }
  absl::Status Write(const WriteBatch& batch) override {
    ++trips_;
    ++writes_;
    const absl::Status failure =
        absl::ResourceExhaustedError("the disk is full");
    if (failure_ == Failure::kBefore) return failure;
    const absl::Status status = store_->Write(batch);
    return failure_ == Failure::kAfter ? failure : status;
  }
  std::unique_ptr<Snapshot> TakeSnapshot() const override {
    return store_->TakeSnapshot();
  }

  void FailWrites(Failure failure) { failure_ = failure; }
  int writes() const { return writes_; }
  // Since the last call.
  int TakeTrips() const { return std::exchange(trips_, 0); }

 private:
  const std::unique_ptr<OrderedStore> store_ = NewMemoryStore();
  Failure failure_ = Failure::kNone;
  mutable int trips_ = 0;
  int writes_ = 0;
};

class TranslationMemoryTest : public testing::Test {
 protected:
  void SetUp() override { memory_ = Open(); }

  std::unique_ptr<TranslationMemory> Open() {
    absl::StatusOr<std::unique_ptr<TranslationMemory>> memory =
        TranslationMemory::Open(store_);
    EXPECT_THAT(memory, IsOk());
    return *std::move(memory);
  }

  ImportResult Import(absl::string_view document, absl::string_view hash,
                      std::vector<TranslationUnit> units) {
    absl::StatusOr<ImportResult> result = memory_->ImportDocument(
        "demo", MakeDocument(document, hash), std::move(units), 500);
    EXPECT_THAT(result, IsOk());
    return result.ok() ? *std::move(result) : ImportResult();
  }

  std::vector<TranslationUnit> Apply(std::vector<UnitChange> changes,
                                     Action action) {
    absl::StatusOr<std::vector<TranslationUnit>> units =
        memory_->Apply("demo", changes, By("mei", action), "");
    EXPECT_THAT(units, IsOk());
    return units.ok() ? *std::move(units) : std::vector<TranslationUnit>();
  }

  TranslationUnit Create(absl::string_view source, absl::string_view target) {
    return Apply({Store(MakeUnit(source, target))}, Action::kCreate).front();
  }

  std::vector<TranslationUnit> Undo(UnitId id) {
    absl::StatusOr<std::vector<TranslationUnit>> units =
        memory_->Undo("demo", id, std::nullopt, By("mei", Action::kUndo));
    EXPECT_THAT(units, IsOk());
    return units.ok() ? *std::move(units) : std::vector<TranslationUnit>();
  }

  std::vector<TranslationUnit> All(ListOptions options = {}) const {
    absl::StatusOr<Page<TranslationUnit>> page =
        memory_->ListUnits("demo", options);
    EXPECT_THAT(page, IsOk());
    return page.ok() ? std::move(page->items) : std::vector<TranslationUnit>();
  }

  std::optional<TranslationUnit> Get(UnitId id) const {
    return memory_->GetUnits("demo", {id}).value().front();
  }

  ProjectCounts Counts() const {
    return memory_->ListProjects(10, std::nullopt).value().items.front();
  }

  CountingStore store_;
  std::unique_ptr<TranslationMemory> memory_;
};

std::vector<std::string> Sources(const std::vector<TranslationUnit>& units) {
  std::vector<std::string> sources;
  for (const TranslationUnit& unit : units) sources.push_back(unit.source.text);
  return sources;
}

// The unit as it was but for what every change sets.
TranslationUnit Plain(TranslationUnit unit) {
  unit.revision = 0;
  unit.update_time_us = 0;
  return unit;
}

TEST_F(TranslationMemoryTest, RefusesDataOfANewerFormat) {
  WriteBatch batch;
  batch.Put(FormatKey(), EncodeFormat(2));
  ASSERT_THAT(store_.Write(batch), IsOk());
  EXPECT_THAT(TranslationMemory::Open(store_),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("format version 2"),
                             HasSubstr("up to version 1"),
                             HasSubstr("newer release"))));
}

TEST_F(TranslationMemoryTest, RefusesADamagedFormatVersion) {
  WriteBatch batch;
  batch.Put(FormatKey(), "?");
  ASSERT_THAT(store_.Write(batch), IsOk());
  EXPECT_THAT(TranslationMemory::Open(store_),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("format")));
}

TEST_F(TranslationMemoryTest, RefusesDataThatIsNotOurs) {
  const std::unique_ptr<OrderedStore> other = NewMemoryStore();
  WriteBatch batch;
  batch.Put("someone", "else");
  ASSERT_THAT(other->Write(batch), IsOk());
  EXPECT_THAT(TranslationMemory::Open(*other),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("other data"),
                             HasSubstr("choose another data directory"))));
}

TEST_F(TranslationMemoryTest, ImportsADocumentWithItsUnits) {
  const ImportResult result =
      Import("talk", "h1", {MakeUnit("one", "一"), MakeUnit("two", "二")});
  EXPECT_EQ(result.outcome, ImportOutcome::kStored);
  EXPECT_EQ(result.document.units, 2);
  EXPECT_EQ(result.document.create_time_us, 500);
  const std::vector<TranslationUnit> units = All();
  ASSERT_THAT(Sources(units), ElementsAre("one", "two"));
  EXPECT_EQ(units[0].id, 1u);
  EXPECT_EQ(units[0].document, "talk");
  EXPECT_EQ(units[0].create_time_us, 500);
  EXPECT_EQ(units[0].revision, memory_->last_position());
  EXPECT_EQ(Counts().documents, 1);
  EXPECT_EQ(Counts().units, 2);
  const auto document = memory_->FindDocument("demo", "talk");
  ASSERT_THAT(document, IsOk());
  ASSERT_TRUE(document->has_value());
  EXPECT_EQ((*document)->content_hash, "h1");
}

TEST_F(TranslationMemoryTest, ImportingTheSameContentAgainChangesNothing) {
  Import("talk", "h1", {MakeUnit("one", "一")});
  const int writes = store_.writes();
  const uint64_t position = memory_->last_position();
  const ImportResult again = Import("talk", "h1", {MakeUnit("other", "别")});
  EXPECT_EQ(again.outcome, ImportOutcome::kUnchanged);
  EXPECT_EQ(again.document.units, 1);
  EXPECT_EQ(store_.writes(), writes);
  EXPECT_EQ(memory_->last_position(), position);
  EXPECT_THAT(Sources(All()), ElementsAre("one"));
}

TEST_F(TranslationMemoryTest, AnUnchangedImportCountsTheUnitsThatAreThereNow) {
  Import("talk", "h1",
         {MakeUnit("one", "一"), MakeUnit("two", "二"), MakeUnit("3", "三")});
  ASSERT_THAT(memory_->Apply("demo", {Remove(All()[1])},
                             By("mei", Action::kDelete), ""),
              IsOk());
  const ImportResult again = Import("talk", "h1", {});
  EXPECT_EQ(again.outcome, ImportOutcome::kUnchanged);
  EXPECT_EQ(again.kept, 2);
  EXPECT_EQ(again.document.units, 3);
  EXPECT_THAT(Sources(All()), ElementsAre("one", "3"));
}

TEST_F(TranslationMemoryTest, AnotherTitleOfTheSameTextsTouchesNoUnit) {
  Import("talk", "h1", {MakeUnit("one", "一")});
  const std::vector<TranslationUnit> before = All();
  Document renamed = MakeDocument("talk", "h1");
  renamed.title = "Another";
  const auto result = memory_->ImportDocument(
      "demo", renamed, {MakeUnit("never read", "无")}, 900);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->outcome, ImportOutcome::kRetitled);
  EXPECT_EQ(result->kept, 1);
  EXPECT_EQ(result->added + result->dropped, 0);
  EXPECT_EQ(result->document.create_time_us, 500);
  EXPECT_EQ(All(), before);
  EXPECT_EQ((*memory_->FindDocument("demo", "talk"))->title, "Another");
  EXPECT_EQ(Counts().documents, 1);
  // No title is no other title.
  renamed.title.clear();
  EXPECT_EQ(memory_->ImportDocument("demo", renamed, {}, 901)->outcome,
            ImportOutcome::kUnchanged);
}

TEST_F(TranslationMemoryTest, ReplacingKeepsTheIdsOfWhatDidNotChange) {
  Import("talk", "h1",
         {MakeUnit("one", "一"), MakeUnit("two", "二"), MakeUnit("3", "三")});
  const std::vector<TranslationUnit> before = All();
  const ImportResult result = Import(
      "talk", "h2",
      {MakeUnit("zero", "零"), MakeUnit("one", "一"), MakeUnit("two", "二")});
  EXPECT_EQ(result.kept, 2);
  EXPECT_EQ(result.added, 1);
  EXPECT_EQ(result.dropped, 1);
  EXPECT_EQ(result.outdated, 0);
  EXPECT_EQ(result.document.units, 3);
  EXPECT_EQ(result.mean_confidence, 0.5);
  const std::vector<TranslationUnit> after = All();
  ASSERT_THAT(Sources(after), ElementsAre("one", "two", "zero"));
  EXPECT_EQ(after[0], before[0]);
  EXPECT_EQ(after[1], before[1]);
}

TEST_F(TranslationMemoryTest, WhatOnlyMovesKeepsItsTimeAndWhoChangedIt) {
  Import("talk", "h1", {MakeUnit("one", "一"), MakeUnit("two", "二")});
  TranslationUnit accepted = *Get(1);
  accepted.status = ReviewStatus::kAccepted;
  ASSERT_THAT(
      memory_->Apply("demo", {Store(accepted)}, By("mei", Action::kAccept), ""),
      IsOk());
  const TranslationUnit before = *Get(1);
  const auto reviewer_now = [&] {
    const UnitVersion version = {1, Get(1)->revision};
    return (*memory_->GetVersions("demo", {version}))[0]->reviewer;
  };
  for (int64_t now = 900; now < 903; ++now) {
    TranslationUnit moved = MakeUnit("one", "一");
    moved.source.previous_text = absl::StrCat("line ", now);
    TranslationUnit other = MakeUnit("two", "二");
    other.confidence = 0.25 + static_cast<double>(now % 2) / 4;
    ASSERT_THAT(memory_->ImportDocument(
                    "demo", MakeDocument("talk", absl::StrCat("h", now)),
                    {moved, other}, now),
                IsOk());
    const TranslationUnit after = *Get(1);
    EXPECT_EQ(after.source.previous_text, moved.source.previous_text);
    EXPECT_GT(after.revision, before.revision);
    EXPECT_EQ(after.update_time_us, before.update_time_us);
    EXPECT_EQ(after.status, ReviewStatus::kAccepted);
    EXPECT_EQ(reviewer_now(), "mei");
    EXPECT_EQ(Get(2)->update_time_us, now);
  }
  // Another speaker is a change, though nobody's who reviewed it.
  TranslationUnit spoken = MakeUnit("one", "一");
  spoken.source.speaker = "Lin";
  ASSERT_THAT(memory_->ImportDocument("demo", MakeDocument("talk", "spoken"),
                                      {spoken, MakeUnit("two", "二")}, 950),
              IsOk());
  EXPECT_EQ(Get(1)->update_time_us, 950);
  EXPECT_EQ(reviewer_now(), "mei");
  const auto history = memory_->ListHistory("demo", 1, ListOptions());
  ASSERT_THAT(history, IsOk());
  ASSERT_THAT(history->items, SizeIs(6));
  EXPECT_EQ(history->items[4].action, Action::kImport);
  EXPECT_EQ(history->items[4].time_us, 902);
  EXPECT_EQ(history->items[4].reviewer, "mei");
}

TEST_F(TranslationMemoryTest, DeletesADocumentWithAllItsUnits) {
  Import("talk", "h1", {MakeUnit("one", "一"), MakeUnit("two", "二")});
  Import("other", "h1", {MakeUnit("three", "三")});
  TranslationUnit accepted = *Get(1);
  accepted.status = ReviewStatus::kAccepted;
  Apply({Store(accepted)}, Action::kAccept);
  const uint64_t position = memory_->last_position();
  const auto removed = memory_->DeleteDocument("demo", "talk", 800);
  ASSERT_THAT(removed, IsOk());
  EXPECT_THAT(Sources(*removed), ElementsAre("one", "two"));
  EXPECT_EQ(memory_->last_position(), position + 1);
  EXPECT_THAT(Sources(All()), ElementsAre("three"));
  EXPECT_EQ(Counts().documents, 1);
  EXPECT_EQ(Counts().units, 1);
  EXPECT_EQ(Counts().accepted, 0);
  EXPECT_FALSE(memory_->FindDocument("demo", "talk")->has_value());
  EXPECT_THAT(memory_->DeleteDocument("demo", "talk", 801),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("document \"talk\" is not in project")));
  EXPECT_THAT(memory_->DeleteDocument("none", "talk", 801),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  EXPECT_THAT(memory_->Undo("demo", 1, std::nullopt, By("mei", Action::kUndo)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("deleted with its document")));
  // It may come back, as a new one.
  EXPECT_EQ(Import("talk", "h1", {MakeUnit("one", "一")}).outcome,
            ImportOutcome::kStored);
  EXPECT_EQ(All().back().id, 4u);
}

TEST_F(TranslationMemoryTest, ADeletionThatFailsRemovesNothing) {
  Import("talk", "h1", {MakeUnit("one", "一"), MakeUnit("two", "二")});
  store_.FailWrites(CountingStore::Failure::kBefore);
  EXPECT_THAT(memory_->DeleteDocument("demo", "talk", 800),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("the disk is full")));
  store_.FailWrites(CountingStore::Failure::kNone);
  EXPECT_THAT(Sources(All()), ElementsAre("one", "two"));
  EXPECT_TRUE(memory_->FindDocument("demo", "talk")->has_value());
}

TEST_F(TranslationMemoryTest, ReplacingKeepsWhatWasReviewed) {
  Import("talk", "h1",
         {MakeUnit("accepted", "甲"), MakeUnit("rejected", "乙"),
          MakeUnit("edited", "丙"), MakeUnit("untouched", "丁")});
  Import("other", "h1", {MakeUnit("elsewhere", "戊")});
  std::vector<TranslationUnit> units = All();
  units[0].status = ReviewStatus::kAccepted;
  units[1].status = ReviewStatus::kRejected;
  units[2].origin = Origin::kManual;
  for (int i = 0; i < 3; ++i) Apply({Store(units[i])}, Action::kEdit);

  const ImportResult result =
      Import("talk", "h2", {MakeUnit("accepted", "甲"), MakeUnit("new", "己")});
  EXPECT_EQ(result.outcome, ImportOutcome::kReplaced);
  EXPECT_EQ(result.document.units, 4);
  // The pair that was accepted already is not there twice.
  EXPECT_THAT(Sources(All()), ElementsAre("accepted", "rejected", "edited",
                                          "elsewhere", "new"));
  EXPECT_EQ(Counts().documents, 2);
  EXPECT_EQ(Counts().units, 5);
  EXPECT_EQ(Counts().accepted, 1);
  EXPECT_EQ(Counts().rejected, 1);
  EXPECT_EQ(Import("talk", "h2", {}).outcome, ImportOutcome::kUnchanged);
}

TEST_F(TranslationMemoryTest, AFailedWriteLeavesNothingBehind) {
  store_.FailWrites(CountingStore::Failure::kBefore);
  EXPECT_THAT(memory_->ImportDocument("demo", MakeDocument("talk", "h1"),
                                      {MakeUnit("one", "一")}, 1),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("disk is full")));
  store_.FailWrites(CountingStore::Failure::kNone);
  EXPECT_EQ(memory_->last_position(), 0u);
  EXPECT_THAT(memory_->ListUnits("demo", {}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("demo")));
  EXPECT_EQ(Import("talk", "h1", {MakeUnit("one", "一")}).outcome,
            ImportOutcome::kStored);
}

TEST_F(TranslationMemoryTest, AWriteThatStoodThoughItFailedIsNotWrittenOver) {
  Create("first", "一");
  store_.FailWrites(CountingStore::Failure::kAfter);
  EXPECT_FALSE(memory_
                   ->Apply("demo", {Store(MakeUnit("second", "二"))},
                           By("mei", Action::kCreate), "")
                   .ok());
  store_.FailWrites(CountingStore::Failure::kNone);
  Create("third", "三");
  EXPECT_EQ(memory_->last_position(), 3u);
  EXPECT_THAT(memory_->ReadChanges(0, 10).value(), SizeIs(3));
  EXPECT_THAT(Sources(All()), ElementsAre("first", "second", "third"));
}

TEST_F(TranslationMemoryTest, RefusesNamesAndNumbersThatItCannotStore) {
  TranslationUnit sure = MakeUnit("a", "b");
  sure.confidence = 1.5;
  TranslationUnit nothing = MakeUnit("a", "b");
  nothing.confidence = std::nan("");
  const struct {
    const char* name;
    std::string project;
    std::vector<UnitChange> changes;
    std::string request_id;
    const char* message;
  } cases[] = {
      {"empty_project",
       "",
       {Store(MakeUnit("a", "b"))},
       "",
       "project: an empty"},
      {"zero_byte",
       std::string("a\0b", 3),
       {Store(MakeUnit("a", "b"))},
       "",
       "zero byte"},
      {"no_changes", "demo", {}, "", "0 given; 1 or more"},
      {"confidence", "demo", {Store(sure)}, "", "changes[0].confidence: 1.5"},
      {"not_a_number", "demo", {Store(nothing)}, "", "confidence: nan"},
      {"remove_new",
       "demo",
       {Remove(MakeUnit("a", "b"))},
       "",
       "removes a pair without an id"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(
        memory_->Apply(c.project, c.changes, By("mei", Action::kEdit),
                       c.request_id),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)));
  }
  EXPECT_THAT(
      memory_->ImportDocument("demo", MakeDocument("", "h"), {}, 1),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("document.id")));
}

TEST_F(TranslationMemoryTest, AChangeWithAnOldRevisionIsAborted) {
  const TranslationUnit read = Create("one", "一");
  TranslationUnit edited = read;
  edited.target.text = "壹";
  const TranslationUnit stored = Apply({Store(edited)}, Action::kEdit).front();
  EXPECT_GT(stored.revision, read.revision);
  EXPECT_THAT(
      memory_->Apply("demo", {Store(read)}, By("lin", Action::kAccept), ""),
      StatusIs(absl::StatusCode::kAborted,
               AllOf(HasSubstr(absl::StrCat("pair ", read.id)),
                     HasSubstr("read the pair again"))));
  EXPECT_EQ(Get(read.id)->target.text, "壹");
}

TEST_F(TranslationMemoryTest, AllChangesOfACallAreAppliedOrNone) {
  const TranslationUnit one = Create("one", "一");
  const TranslationUnit two = Create("two", "二");
  TranslationUnit edited = one;
  edited.source.text = "ONE";
  UnitChange stale = Store(two);
  stale.expected_revision = two.revision + 7;
  EXPECT_THAT(memory_->Apply("demo", {Store(edited), stale},
                             By("mei", Action::kEdit), ""),
              StatusIs(absl::StatusCode::kAborted,
                       HasSubstr(absl::StrCat("pair ", two.id))));
  EXPECT_EQ(*Get(one.id), one);
}

TEST_F(TranslationMemoryTest, AUnitThatIsGoneOrGivenTwiceIsRefused) {
  const TranslationUnit unit = Create("one", "一");
  EXPECT_THAT(
      memory_->Apply("demo", {Store(unit), Remove(unit)},
                     By("mei", Action::kEdit), ""),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("changes[1]"), HasSubstr("given twice"))));
  EXPECT_EQ(Apply({Remove(unit)}, Action::kDelete).front(), unit);
  EXPECT_EQ(Get(unit.id), std::nullopt);
  EXPECT_THAT(
      memory_->Apply("demo", {Store(unit)}, By("mei", Action::kEdit), ""),
      StatusIs(absl::StatusCode::kNotFound,
               HasSubstr(absl::StrCat("pair ", unit.id))));
}

TEST_F(TranslationMemoryTest, IdsAreNeverUsedAgain) {
  const TranslationUnit first = Create("one", "一");
  Apply({Remove(first)}, Action::kDelete);
  memory_ = Open();
  EXPECT_GT(Create("two", "二").id, first.id);
}

TEST_F(TranslationMemoryTest, ARepeatedRequestReturnsTheFirstAnswer) {
  const std::vector<UnitChange> changes = {Store(MakeUnit("b", "二")),
                                           Store(MakeUnit("a", "一"))};
  const ChangeContext context = By("mei", Action::kCreate);
  const auto first = memory_->Apply("demo", changes, context, "r-1");
  ASSERT_THAT(first, IsOk());
  TranslationUnit edited = first->front();
  edited.source.text = "edited since";
  Apply({Store(edited)}, Action::kEdit);
  const auto again = memory_->Apply("demo", changes, context, "r-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(*again, *first);
  EXPECT_THAT(All(), SizeIs(2));
  ASSERT_THAT(memory_->Apply("demo", changes, context, "r-2"), IsOk());
  EXPECT_THAT(All(), SizeIs(4));
}

TEST_F(TranslationMemoryTest, EachUndoGoesOneChangeFurtherBack) {
  const TranslationUnit before = Create("one", "一");
  TranslationUnit edit = before;
  edit.target.text = "壹";
  edit.status = ReviewStatus::kAccepted;
  const TranslationUnit edited = Apply({Store(edit)}, Action::kEdit).front();
  EXPECT_EQ(Counts().accepted, 1);

  const std::vector<TranslationUnit> undone = Undo(before.id);
  ASSERT_THAT(undone, SizeIs(1));
  EXPECT_EQ(Plain(undone.front()), Plain(before));
  EXPECT_GT(undone.front().revision, edited.revision);
  EXPECT_EQ(*Get(before.id), undone.front());
  EXPECT_EQ(Counts().accepted, 0);

  EXPECT_THAT(
      memory_->Undo("demo", before.id, std::nullopt, By("mei", Action::kUndo)),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("its last change is its creation")));

  // Two edits, one undone, a third: back over the third, then the first.
  const auto edit_to = [&](absl::string_view text) {
    TranslationUnit unit = *Get(before.id);
    unit.target.text = std::string(text);
    return Apply({Store(unit)}, Action::kEdit).front();
  };
  const TranslationUnit first = edit_to("1");
  edit_to("2");
  EXPECT_EQ(Plain(Undo(before.id).front()), Plain(first));
  edit_to("3");
  EXPECT_EQ(Plain(Undo(before.id).front()), Plain(first));
  EXPECT_EQ(Plain(Undo(before.id).front()), Plain(before));
}

TEST_F(TranslationMemoryTest, UndoTakesASplitBackWithBothParts) {
  const TranslationUnit whole = Create("one two", "一二");
  TranslationUnit first = whole;
  first.source.text = "one";
  const std::vector<TranslationUnit> parts =
      Apply({Store(first), Store(MakeUnit("two", "二"))}, Action::kSplit);
  ASSERT_THAT(Sources(All()), ElementsAre("one", "two"));

  Undo(parts[1].id);  // either part will do
  ASSERT_THAT(All(), SizeIs(1));
  EXPECT_EQ(Plain(All().front()), Plain(whole));
  EXPECT_EQ(Counts().units, 1);
}

TEST_F(TranslationMemoryTest, UndosGoBackOverASplitAndTheChangeBeforeIt) {
  const TranslationUnit created = Create("one two", "一二");
  TranslationUnit whole = created;
  whole.source.text = "One two";
  whole = Apply({Store(whole)}, Action::kEdit).front();
  TranslationUnit first = whole;
  first.source.text = "One";
  const std::vector<TranslationUnit> parts =
      Apply({Store(first), Store(MakeUnit("two", "二"))}, Action::kSplit);
  TranslationUnit accepted = parts[1];
  accepted.status = ReviewStatus::kAccepted;
  Apply({Store(accepted)}, Action::kAccept);

  EXPECT_EQ(Plain(Undo(parts[1].id).front()), Plain(parts[1]));
  EXPECT_EQ(Plain(Undo(parts[1].id).front()), Plain(whole));
  EXPECT_EQ(Plain(Undo(whole.id).front()), Plain(created));
  ASSERT_THAT(All(), SizeIs(1));
}

TEST_F(TranslationMemoryTest, UndoTakesAMergeBackWithAllItsUnits) {
  const TranslationUnit one = Create("one", "一");
  const TranslationUnit two = Create("two", "二");
  TranslationUnit merged = one;
  merged.source.text = "one two";
  Apply({Store(merged), Remove(two)}, Action::kMerge);
  ASSERT_THAT(Sources(All()), ElementsAre("one two"));
  const std::vector<TranslationUnit> undone = Undo(one.id);
  EXPECT_THAT(Sources(undone), ElementsAre("one", "two"));
  EXPECT_THAT(Sources(All()), ElementsAre("one", "two"));
  EXPECT_EQ(Plain(*Get(two.id)), Plain(two));
}

TEST_F(TranslationMemoryTest, UndoBringsADeletedUnitBack) {
  const TranslationUnit unit = Create("one", "一");
  Apply({Remove(unit)}, Action::kDelete);
  EXPECT_EQ(Plain(Undo(unit.id).front()), Plain(unit));
  EXPECT_THAT(Sources(All()), ElementsAre("one"));
  EXPECT_EQ(Counts().units, 1);
}

TEST_F(TranslationMemoryTest, UndoSaysWhyItCannot) {
  Import("talk", "h1", {MakeUnit("imported", "甲")});
  const TranslationUnit whole = Create("one two", "一二");
  EXPECT_THAT(
      memory_->Undo("demo", 1, std::nullopt, By("mei", Action::kUndo)),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("an import")));
  EXPECT_THAT(
      memory_->Undo("demo", whole.id, std::nullopt, By("mei", Action::kUndo)),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("its creation")));
  EXPECT_THAT(memory_->Undo("demo", 99, std::nullopt, By("mei", Action::kUndo)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("pair 99")));
  EXPECT_THAT(memory_->Undo("none", 1, std::nullopt, By("mei", Action::kUndo)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));

  const std::vector<TranslationUnit> parts =
      Apply({Store(whole), Store(MakeUnit("two", "二"))}, Action::kSplit);
  EXPECT_THAT(
      memory_->Undo("demo", whole.id, whole.revision, By("mei", Action::kUndo)),
      StatusIs(absl::StatusCode::kAborted, HasSubstr("read the pair again")));
  Apply({Store(parts[1])}, Action::kAccept);
  EXPECT_THAT(
      memory_->Undo("demo", whole.id, std::nullopt, By("mei", Action::kUndo)),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr(absl::StrCat("undo pair ", parts[1].id, " first"))));
}

TEST_F(TranslationMemoryTest, HistoryTellsWhoDidWhatAndWhenOldestFirst) {
  TranslationUnit unit = Create("one", "一");
  unit.status = ReviewStatus::kAccepted;
  unit = Apply({Store(unit)}, Action::kAccept).front();
  Apply({Remove(unit)}, Action::kDelete);
  ListOptions options;
  options.limit = 2;
  const auto first = memory_->ListHistory("demo", unit.id, options);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(first->items, SizeIs(2));
  EXPECT_EQ(first->items[0].action, Action::kCreate);
  EXPECT_EQ(first->items[1].action, Action::kAccept);
  EXPECT_EQ(first->items[1].reviewer, "mei");
  EXPECT_EQ(first->items[1].time_us, 1'000'000);
  EXPECT_EQ(first->items[1].unit, unit);
  options.after = first->next;
  const auto rest = memory_->ListHistory("demo", unit.id, options);
  ASSERT_THAT(rest, IsOk());
  ASSERT_THAT(rest->items, SizeIs(1));
  EXPECT_EQ(rest->next, std::nullopt);
  EXPECT_TRUE(rest->items[0].deleted);
  EXPECT_EQ(rest->items[0].unit, unit);
  EXPECT_THAT(memory_->ListHistory("demo", 99, {}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("pair 99")));
}

TEST_F(TranslationMemoryTest, TheQueueIsOrderedByConfidenceThenId) {
  const double confidences[] = {0.9, 0.1, 0.0, 1.0, 0.1, 1e-9};
  std::vector<TranslationUnit> units;
  for (const double confidence : confidences) {
    TranslationUnit unit = MakeUnit(absl::StrCat(confidence), "一");
    unit.confidence = confidence;
    units.push_back(unit);
  }
  Import("talk", "h", units);
  Create("0.5", "手");

  std::vector<UnitId> ids;
  ListOptions options;
  options.limit = 2;
  do {
    const auto page = memory_->ListReviewQueue("demo", options);
    ASSERT_THAT(page, IsOk());
    for (const TranslationUnit& unit : page->items) ids.push_back(unit.id);
    options.after = page->next;
  } while (options.after.has_value());
  EXPECT_THAT(ids, ElementsAre(3u, 6u, 2u, 5u, 7u, 1u, 4u));

  // Reviewed ones leave it; a document has its own.
  TranslationUnit unit = *Get(3);
  unit.status = ReviewStatus::kRejected;
  Apply({Store(unit)}, Action::kReject);
  options = {};
  options.document = "talk";
  const auto page = memory_->ListReviewQueue("demo", options);
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(Sources(page->items),
              ElementsAre("1e-09", "0.1", "0.1", "0.9", "1"));
}

TEST_F(TranslationMemoryTest, ListsPageInIdOrderUnderEveryFilter) {
  Import("a", "h", std::vector<TranslationUnit>(7, MakeUnit("a", "甲")));
  Import("b", "h", std::vector<TranslationUnit>(5, MakeUnit("b", "乙")));
  for (const UnitId id : {2, 3, 9}) {
    TranslationUnit unit = *Get(id);
    unit.status = id == 3 ? ReviewStatus::kRejected : ReviewStatus::kAccepted;
    Apply({Store(unit)}, Action::kAccept);
  }
  const struct {
    const char* name;
    std::string document;
    std::vector<ReviewStatus> statuses;
    std::vector<UnitId> ids;
  } cases[] = {
      {"all", "", {}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
      {"document", "b", {}, {8, 9, 10, 11, 12}},
      {"accepted", "", {ReviewStatus::kAccepted}, {2, 9}},
      {"reviewed",
       "",
       {ReviewStatus::kRejected, ReviewStatus::kAccepted,
        ReviewStatus::kAccepted},
       {2, 3, 9}},
      {"both", "a", {ReviewStatus::kUnreviewed}, {1, 4, 5, 6, 7}},
      {"nothing", "c", {}, {}},
  };
  for (const auto& c : cases) {
    for (size_t limit = 1; limit < 14; ++limit) {
      SCOPED_TRACE(absl::StrCat(c.name, " by ", limit));
      ListOptions options;
      options.limit = limit;
      options.document = c.document;
      options.statuses = c.statuses;
      std::vector<UnitId> ids;
      do {
        const auto page = memory_->ListUnits("demo", options);
        ASSERT_THAT(page, IsOk());
        ASSERT_LE(page->items.size(), limit);
        for (const TranslationUnit& unit : page->items) ids.push_back(unit.id);
        options.after = page->next;
      } while (options.after.has_value());
      EXPECT_EQ(ids, c.ids);
    }
  }
}

TEST_F(TranslationMemoryTest, RefusesAPlaceThatNoListMade) {
  Create("one", "一");
  for (const char* place : {"", "1", "000000000000000g", "一"}) {
    SCOPED_TRACE(place);
    ListOptions options;
    options.after = place;
    for (const absl::Status& status :
         {memory_->ListUnits("demo", options).status(),
          memory_->ListReviewQueue("demo", options).status(),
          memory_->ListHistory("demo", 1, options).status()}) {
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                                   HasSubstr("begin again without it")));
    }
  }
  ListOptions none;
  none.limit = 0;
  EXPECT_THAT(memory_->ListUnits("demo", none),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("limit: 0 given")));
}

TEST_F(TranslationMemoryTest, AnUnknownProjectIsNotFound) {
  for (const absl::Status& status :
       {memory_->GetUnits("none", {1}).status(),
        memory_->ListUnits("none", {}).status(),
        memory_->ListReviewQueue("none", {}).status(),
        memory_->ListHistory("none", 1, {}).status()}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound,
                                 AllOf(HasSubstr("\"none\""),
                                       HasSubstr("correct the name"))));
  }
  const auto document = memory_->FindDocument("none", "talk");
  ASSERT_THAT(document, IsOk());
  EXPECT_EQ(*document, std::nullopt);
}

TEST_F(TranslationMemoryTest, ProjectsAreApartAndListedByName) {
  for (const char* project : {"b", "a", "a-b", "ab"}) {
    ASSERT_THAT(memory_->Apply(project, {Store(MakeUnit(project, "一"))},
                               By("mei", Action::kCreate), ""),
                IsOk());
  }
  const auto first = memory_->ListProjects(3, std::nullopt);
  ASSERT_THAT(first, IsOk());
  std::vector<std::string> names;
  for (const ProjectCounts& project : first->items) names.push_back(project.id);
  EXPECT_THAT(names, ElementsAre("a", "a-b", "ab"));
  const auto rest = memory_->ListProjects(3, first->next);
  ASSERT_THAT(rest, IsOk());
  ASSERT_THAT(rest->items, SizeIs(1));
  EXPECT_EQ(rest->items[0].id, "b");
  EXPECT_EQ(rest->next, std::nullopt);
  EXPECT_THAT(Sources(memory_->ListUnits("a", {}).value().items),
              ElementsAre("a"));
}

TEST_F(TranslationMemoryTest, VersionsStayReadableAfterLaterChanges) {
  const TranslationUnit first = Create("one", "一");
  TranslationUnit edit = first;
  edit.source.text = "ONE";
  const TranslationUnit second = Apply({Store(edit)}, Action::kEdit).front();
  Apply({Remove(second)}, Action::kDelete);
  const auto versions =
      memory_->GetVersions("demo", {{first.id, second.revision},
                                    {first.id, first.revision},
                                    {first.id, 77}});
  ASSERT_THAT(versions, IsOk());
  ASSERT_THAT(*versions, SizeIs(3));
  ASSERT_TRUE((*versions)[0].has_value());
  EXPECT_EQ((*versions)[0]->unit, second);
  EXPECT_EQ((*versions)[0]->action, Action::kEdit);
  EXPECT_EQ((*versions)[0]->reviewer, "mei");
  ASSERT_TRUE((*versions)[1].has_value());
  EXPECT_EQ((*versions)[1]->unit, first);
  EXPECT_FALSE((*versions)[2].has_value());
}

// A random life of a project: imports, edits, splits, merges, undos.
class RandomLife {
 public:
  RandomLife(TranslationMemory& memory, uint32_t seed)
      : memory_(memory), random_(seed) {}

  void Step() {
    const absl::StatusOr<Page<TranslationUnit>> page =
        memory_.ListUnits("demo", {});
    if (!page.ok() || page->items.empty() || Below(6, random_) == 0) {
      return Import();
    }
    const TranslationUnit unit =
        page->items[Below(page->items.size(), random_)];
    const TranslationUnit other =
        page->items[Below(page->items.size(), random_)];
    switch (Below(6, random_)) {
      case 5:
        if (Below(8, random_) == 0) {
          (void)memory_.DeleteDocument("demo", unit.document, 8);
        }
        return;
      case 0:
        return Apply({Store(Edited(unit))}, Action::kEdit);
      case 1:
        return Apply({Store(Edited(unit)), Store(Edited(MakeUnit("n", "新")))},
                     Action::kSplit);
      case 2:
        if (unit.id == other.id) return;
        return Apply({Store(Edited(unit)), Remove(other)}, Action::kMerge);
      case 3:
        return Apply({Remove(unit)}, Action::kDelete);
      default:
        (void)memory_.Undo("demo", unit.id, unit.revision,
                           By("mei", Action::kUndo));
    }
  }

 private:
  TranslationUnit Edited(TranslationUnit unit) {
    absl::StrAppend(&unit.source.text, Below(10, random_));
    unit.status = static_cast<ReviewStatus>(1 + Below(3, random_));
    unit.confidence = static_cast<double>(Below(11, random_)) / 10;
    return unit;
  }
  void Apply(std::vector<UnitChange> changes, Action action) {
    EXPECT_THAT(memory_.Apply("demo", changes, By("mei", action), ""), IsOk());
  }
  void Import() {
    std::vector<TranslationUnit> units;
    for (size_t i = Below(4, random_); i > 0; --i) {
      units.push_back(Edited(MakeUnit("s", "句")));
    }
    const Document document =
        MakeDocument(absl::StrCat("d", Below(3, random_)),
                     absl::StrCat("h", Below(3, random_)));
    EXPECT_THAT(memory_.ImportDocument("demo", document, units, 7), IsOk());
  }

  TranslationMemory& memory_;
  Random random_;
};

TEST_F(TranslationMemoryTest, ReplayingTheLogGivesTheSameUnits) {
  RandomLife life(*memory_, 31);
  for (int step = 0; step < 400; ++step) life.Step();
  std::map<UnitId, TranslationUnit> replayed;
  uint64_t position = 0;
  while (true) {
    const auto changes = memory_->ReadChanges(position, 7);
    ASSERT_THAT(changes, IsOk());
    if (changes->empty()) break;
    for (const Change& change : *changes) {
      ASSERT_EQ(change.position, ++position);  // no gap
      ASSERT_EQ(change.project, "demo");
      for (const Revision& revision : change.revisions) {
        replayed.erase(revision.unit.id);
        if (!revision.deleted) replayed[revision.unit.id] = revision.unit;
      }
    }
  }
  EXPECT_EQ(position, memory_->last_position());
  uint64_t counted = 0;
  const auto sizes = memory_->ReadChangeSizes(0, position + 10);
  ASSERT_THAT(sizes, IsOk());
  for (const ChangeSize& size : *sizes) {
    const auto change = memory_->ReadChanges(counted++, 1);
    ASSERT_THAT(change, IsOk());
    EXPECT_EQ(size.position, counted);
    EXPECT_EQ(size.project, "demo");
    EXPECT_EQ(size.units, change->front().revisions.size());
  }
  EXPECT_EQ(counted, position);
  std::vector<TranslationUnit> units;
  for (auto& [id, unit] : replayed) units.push_back(unit);
  ListOptions everything;
  everything.limit = 10'000;
  EXPECT_EQ(units, All(everything));
}

TEST_F(TranslationMemoryTest, IndexesAndCountersStayInStepWithTheUnits) {
  RandomLife life(*memory_, 32);
  for (int step = 0; step < 400; ++step) {
    life.Step();
    if (step % 20 != 0) continue;
    SCOPED_TRACE(step);
    ListOptions everything;
    everything.limit = 10'000;
    ProjectCounts counts;
    std::vector<TranslationUnit> waiting;
    for (const TranslationUnit& unit : All(everything)) {
      ++counts.units;
      counts.accepted += unit.status == ReviewStatus::kAccepted;
      counts.rejected += unit.status == ReviewStatus::kRejected;
      if (unit.status == ReviewStatus::kUnreviewed) waiting.push_back(unit);
    }
    EXPECT_EQ(Counts().units, counts.units);
    EXPECT_EQ(Counts().accepted, counts.accepted);
    EXPECT_EQ(Counts().rejected, counts.rejected);
    everything.statuses = {ReviewStatus::kUnreviewed};
    EXPECT_EQ(All(everything), waiting);
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const TranslationUnit& a, const TranslationUnit& b) {
                       return a.confidence < b.confidence;
                     });
    EXPECT_EQ(memory_->ListReviewQueue("demo", everything).value().items,
              waiting);
  }
}

PreferredRendering Prefer(absl::string_view term, absl::string_view rendering) {
  PreferredRendering preferred;
  preferred.term = std::string(term);
  preferred.rendering = std::string(rendering);
  return preferred;
}

TEST_F(TranslationMemoryTest, PreferredRenderingsAreSetReplacedAndDeleted) {
  PreferredRendering first = Prefer("ＡＧＩ", "通用智能");
  first.also_good = {"AGI"};
  first.reviewer = "mei";
  ASSERT_THAT(memory_->SetPreferredRendering("demo", first, 10), IsOk());
  ASSERT_THAT(
      memory_->SetPreferredRendering("demo", Prefer("Elon", "埃隆"), 20),
      IsOk());
  const absl::StatusOr<PreferredRendering> replaced =
      memory_->SetPreferredRendering("demo", Prefer("AGI", "通用人工智能"), 30);
  ASSERT_THAT(replaced, IsOk());
  EXPECT_EQ(replaced->create_time_us, 10);
  EXPECT_EQ(replaced->update_time_us, 30);

  // The store has it, not only this object.
  memory_ = Open();
  auto page = memory_->ListPreferredRenderings("demo", 1, std::nullopt);
  ASSERT_THAT(page, IsOk());
  ASSERT_THAT(page->items, SizeIs(1));
  EXPECT_EQ(page->items[0], *replaced);
  page = memory_->ListPreferredRenderings("demo", 1, page->next);
  ASSERT_THAT(page, IsOk());
  ASSERT_THAT(page->items, SizeIs(1));
  EXPECT_EQ(page->items[0].rendering, "埃隆");
  EXPECT_FALSE(page->next.has_value());

  EXPECT_THAT(memory_->DeletePreferredRendering("demo", "agi", 40), IsOk());
  EXPECT_THAT(memory_->DeletePreferredRendering("demo", "agi", 40),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("agi"), HasSubstr("list them"))));
  EXPECT_THAT(memory_->ListPreferredRenderings("demo", 9, std::nullopt)->items,
              SizeIs(1));
  EXPECT_THAT(memory_->DeletePreferredRendering("none", "agi", 40),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  EXPECT_THAT(memory_->SetPreferredRendering("demo", Prefer(" ", "空"), 50),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("term")));
}

TEST_F(TranslationMemoryTest, APreferredRenderingIsAChangeOfNoUnit) {
  Create("A.", "甲。");
  ASSERT_THAT(memory_->SetPreferredRendering("demo", Prefer("A", "甲"), 10),
              IsOk());
  const auto changes = memory_->ReadChanges(1, 10);
  ASSERT_THAT(changes, IsOk());
  ASSERT_THAT(*changes, SizeIs(1));
  EXPECT_EQ((*changes)[0].position, 2u);
  EXPECT_THAT((*changes)[0].revisions, IsEmpty());
  EXPECT_EQ(memory_->last_position(), 2u);
  // The project's counters are as they were.
  EXPECT_EQ(memory_->ListProjects(9, std::nullopt)->items.at(0).units, 1);
  EXPECT_EQ(Create("B.", "乙。").id, 2u);
}

TEST_F(TranslationMemoryTest,
       PreferredRenderingsHaveALimitAndKeepToTheirProject) {
  for (size_t i = 0; i < kMostPreferredRenderings; ++i) {
    ASSERT_THAT(memory_->SetPreferredRendering(
                    "demo", Prefer(absl::StrCat("term ", i), "词"), 10),
                IsOk());
  }
  EXPECT_THAT(memory_->SetPreferredRendering("demo", Prefer("AGI", "甲"), 10),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("delete one first")));
  // One that is there can still be replaced.
  EXPECT_THAT(memory_->SetPreferredRendering("demo", Prefer("term 5", "词"), 9),
              IsOk());
  EXPECT_THAT(memory_->SetPreferredRendering("demo2", Prefer("AGI", "甲"), 10),
              IsOk());
  EXPECT_THAT(memory_->ListPreferredRenderings("demo2", 9, std::nullopt)->items,
              SizeIs(1));
}

TEST_F(TranslationMemoryTest, EveryOperationTakesAConstantNumberOfTrips) {
  for (const int size : {2, 200}) {
    SCOPED_TRACE(absl::StrCat(size, " units"));
    const std::string document = absl::StrCat("doc", size);
    const auto count = static_cast<size_t>(size);
    store_.TakeTrips();
    Import(document, "h1",
           std::vector<TranslationUnit>(count, MakeUnit("a", "甲")));
    EXPECT_EQ(store_.TakeTrips(), 2) << "import";
    Import(document, "h2",
           std::vector<TranslationUnit>(count, MakeUnit("b", "乙")));
    EXPECT_EQ(store_.TakeTrips(), 4) << "import that replaces";
    Import(document, "h2", {});
    EXPECT_EQ(store_.TakeTrips(), 2) << "import again: its units are counted";

    ListOptions options;
    options.limit = count;
    options.document = document;
    const std::vector<TranslationUnit> units = All(options);
    EXPECT_EQ(store_.TakeTrips(), 2) << "list of a document";
    ASSERT_THAT(units, SizeIs(count));
    All();
    EXPECT_EQ(store_.TakeTrips(), 1) << "list of all";
    EXPECT_THAT(memory_->ListReviewQueue("demo", options), IsOk());
    EXPECT_EQ(store_.TakeTrips(), 2) << "queue";
    EXPECT_THAT(memory_->ListHistory("demo", units[0].id, options), IsOk());
    EXPECT_EQ(store_.TakeTrips(), 1) << "history";

    std::vector<UnitChange> changes;
    for (const TranslationUnit& unit : units) changes.push_back(Store(unit));
    Apply(changes, Action::kEdit);
    EXPECT_EQ(store_.TakeTrips(), 2) << "apply";
    Undo(units[0].id);
    EXPECT_EQ(store_.TakeTrips(), 4) << "undo";
    for (UnitChange& change : changes) {
      change.unit.status = ReviewStatus::kAccepted;
      change.expected_revision.reset();
    }
    Apply(changes, Action::kAccept);
    store_.TakeTrips();
    Import(document, "h3",
           std::vector<TranslationUnit>(count, MakeUnit("b", "乙")));
    EXPECT_EQ(store_.TakeTrips(), 5) << "import that keeps reviewed ones";
    EXPECT_THAT(memory_->DeleteDocument("demo", document, 8), IsOk());
    EXPECT_EQ(store_.TakeTrips(), 4) << "delete";
    EXPECT_THAT(memory_->ReadChanges(0, 100), IsOk());
    EXPECT_EQ(store_.TakeTrips(), 2) << "changes";
    EXPECT_THAT(memory_->ReadChangeSizes(0, 100), IsOk());
    EXPECT_EQ(store_.TakeTrips(), 1) << "sizes of changes";
    ASSERT_THAT(memory_->SetPreferredRendering("demo", Prefer("A", "甲"), 1),
                IsOk());
    EXPECT_EQ(store_.TakeTrips(), 2) << "set a preferred rendering";
    ASSERT_THAT(memory_->ListPreferredRenderings("demo", 9, std::nullopt),
                IsOk());
    EXPECT_EQ(store_.TakeTrips(), 1) << "list preferred renderings";
    ASSERT_THAT(memory_->DeletePreferredRendering("demo", "A", 1), IsOk());
    EXPECT_EQ(store_.TakeTrips(), 2) << "delete a preferred rendering";
  }
}

TEST_F(TranslationMemoryTest, ADamagedRowIsDataLossNotAWrongAnswer) {
  const TranslationUnit unit = Create("one", "一");
  std::string record = EncodeUnit(unit);
  record[10] = static_cast<char>(record[10] ^ 1);
  WriteBatch damage;
  damage.Put(UnitKey("demo", unit.id), record);
  ASSERT_THAT(store_.Write(damage), IsOk());
  for (const absl::Status& status :
       {memory_->GetUnits("demo", {unit.id}).status(),
        memory_->ListUnits("demo", {}).status(),
        memory_->ListReviewQueue("demo", {}).status(),
        memory_->Apply("demo", {Store(unit)}, By("m", Action::kEdit), "")
            .status()}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss,
                                 HasSubstr("unit record is damaged")));
  }
  WriteBatch removal;
  removal.Delete(UnitKey("demo", unit.id));
  ASSERT_THAT(store_.Write(removal), IsOk());
  EXPECT_THAT(memory_->ListReviewQueue("demo", {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("missing")));
}

TEST_F(TranslationMemoryTest, WritersBesideEachOtherLoseNothing) {
  constexpr int kThreads = 4;
  constexpr int kChanges = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kChanges; ++i) Create(absl::StrCat(t, "/", i), "一");
    });
  }
  for (std::thread& thread : threads) thread.join();
  ListOptions everything;
  everything.limit = 1000;
  EXPECT_THAT(All(everything), SizeIs(kThreads * kChanges));
  EXPECT_EQ(memory_->last_position(), uint64_t{kThreads * kChanges});
}

TEST_F(TranslationMemoryTest, NoticesWhatAnotherWroteAndAStoreThatWentBack) {
  const auto reader = TranslationMemory::Open(store_).value();
  Create("one", "一");
  Create("two", "二");
  EXPECT_EQ(reader->last_position(), 0u);
  ASSERT_THAT(reader->NoticeChanges(), IsOk());
  EXPECT_EQ(reader->last_position(), 2u);
  ASSERT_THAT(reader->NoticeChanges(), IsOk());
  WriteBatch removal;
  removal.Delete(ChangeKey(2));
  ASSERT_THAT(store_.Write(removal), IsOk());
  EXPECT_THAT(
      reader->NoticeChanges(),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("ends at change 1, after change 2 was there")));
  EXPECT_EQ(reader->last_position(), 2u);
}

TEST(TranslationMemoryOnDiskTest, IsAsItWasAfterReopening) {
  std::string directory = absl::StrCat(testing::TempDir(), "memory_XXXXXX");
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  RocksOptions options;
  options.directory = directory;
  std::vector<TranslationUnit> before;
  uint64_t position = 0;
  {
    const auto store = OpenRocksStore(options);
    ASSERT_THAT(store, IsOk());
    const auto memory = TranslationMemory::Open(**store);
    ASSERT_THAT(memory, IsOk());
    RandomLife life(**memory, 33);
    for (int step = 0; step < 60; ++step) life.Step();
    before = (*memory)->ListUnits("demo", {}).value().items;
    position = (*memory)->last_position();
  }
  {
    const auto store = OpenRocksStore(options);
    ASSERT_THAT(store, IsOk());
    const auto memory = TranslationMemory::Open(**store);
    ASSERT_THAT(memory, IsOk());
    EXPECT_EQ((*memory)->ListUnits("demo", {}).value().items, before);
    EXPECT_EQ((*memory)->last_position(), position);
    EXPECT_THAT(before, testing::Not(IsEmpty()));
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace duilian::storage
