// An index that is saved while it changes.

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/lookup_index.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;

// A store in memory that does something before its next read. Thread-safe as
// long as nobody sets that.
class HookedStore final : public OrderedStore {
 public:
  std::function<void()> before_next_read;

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const Snapshot* snapshot) const override {
    Hook();
    return store_->MultiGet(keys, snapshot);
  }
  absl::StatusOr<std::vector<std::vector<KeyValue>>> MultiScan(
      absl::Span<const KeyRange> ranges,
      const Snapshot* snapshot) const override {
    Hook();
    return store_->MultiScan(ranges, snapshot);
  }
  absl::Status Write(const WriteBatch& batch) override {
    return store_->Write(batch);
  }
  std::unique_ptr<Snapshot> TakeSnapshot() const override {
    return store_->TakeSnapshot();
  }

  // All of it, in another store.
  std::unique_ptr<OrderedStore> Copy() const {
    std::unique_ptr<OrderedStore> copy = NewMemoryStore();
    WriteBatch batch;
    const auto rows = store_->MultiScan({KeyRange()}, nullptr);
    for (const KeyValue& row : rows->front()) batch.Put(row.key, row.value);
    EXPECT_THAT(copy->Write(batch), IsOk());
    return copy;
  }

 private:
  void Hook() const {
    if (!before_next_read) return;
    const auto hook =
        std::exchange(const_cast<HookedStore*>(this)->before_next_read, {});
    hook();
  }

  const std::unique_ptr<OrderedStore> store_ = NewMemoryStore();
};

class IndexSavingTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = TranslationMemory::Open(store_).value();
    index_ = LookupIndex::Build(*memory_).value();
  }
  void TearDown() override { RemoveSnapshot(path_); }

  TranslationUnit Put(absl::string_view project, const std::string& text) {
    const auto units = memory_->Apply(
        project, {Store(MakeUnit(text, absl::StrCat(text, "。")))},
        By("mei", Action::kEdit), "");
    EXPECT_THAT(units, IsOk());
    EXPECT_THAT(index_->CatchUp(), IsOk());
    return units->front();
  }
  void Delete(absl::string_view project, const TranslationUnit& unit) {
    EXPECT_THAT(
        memory_->Apply(project, {Remove(unit)}, By("mei", Action::kDelete), ""),
        IsOk());
    EXPECT_THAT(index_->CatchUp(), IsOk());
  }

  absl::StatusOr<LoadSummary> LoadInto(LookupIndex& index) const {
    LoadOptions options;
    options.snapshot = path_;
    return index.Load(options);
  }

  static std::vector<FuzzyMatch> Find(const LookupIndex& index,
                                      absl::string_view project,
                                      const std::string& text) {
    FuzzyQuery query;
    query.text = text;
    query.threshold_percent = 100;
    const auto matches = index.Lookup(project, query);
    EXPECT_THAT(matches, IsOk());
    return matches.ok() ? *matches : std::vector<FuzzyMatch>();
  }

  const std::string path_ = absl::StrCat(
      testing::TempDir(), "/index_saving_test_", getpid(), ".snapshot");
  HookedStore store_;
  std::unique_ptr<TranslationMemory> memory_;
  std::unique_ptr<LookupIndex> index_;
};

// The saving reads the log before the projects: what is written then stands in
// them, and in the log behind the snapshot's position.
TEST_F(IndexSavingTest, WhatChangesMeanwhileIsThereOnce) {
  const TranslationUnit gone = Put("demo", "gone");
  Put("demo", "stays");
  store_.before_next_read = [&] {
    Delete("demo", gone);
    Put("demo", "new");
    Delete("demo", Put("demo", "came and went"));
  };
  ASSERT_THAT(index_->Save(path_), IsOk());
  LookupIndex loaded(*memory_);
  const auto summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot, IsOk());
  EXPECT_EQ(summary->units, 2);
  EXPECT_EQ(summary->units_read, 4);
  EXPECT_EQ(loaded.position(), memory_->last_position());
  const std::vector<FuzzyMatch> found = Find(loaded, "demo", "new");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].occurrences, 1);
  EXPECT_THAT(Find(loaded, "demo", "stays"), SizeIs(1));
  EXPECT_THAT(Find(loaded, "demo", "gone"), SizeIs(0));
  EXPECT_THAT(Find(loaded, "demo", "came and went"), SizeIs(0));
}

TEST_F(IndexSavingTest, TellsHowItWasPacked) {
  for (const Packing packing :
       {Packing::kSmall, Packing::kQuick, Packing::kSmall}) {
    Put("demo", "old");
    ASSERT_THAT(index_->Save(path_, packing), IsOk());
    LookupIndex loaded(*memory_);
    const auto summary = LoadInto(loaded);
    ASSERT_THAT(summary, IsOk());
    EXPECT_THAT(summary->snapshot, IsOk());
    EXPECT_EQ(summary->packing, packing);
    EXPECT_THAT(Find(loaded, "demo", "old"), SizeIs(1));
  }
}

// What is saved behind a damaged one does not refer to it.
TEST_F(IndexSavingTest, IsWholeAgainBehindADamagedOne) {
  Put("demo", "old");
  ASSERT_THAT(index_->Save(path_), IsOk());
  for (int number = 1; number < 1000; ++number) {
    const std::string pieces = absl::StrCat(path_, ".", number);
    if (!std::filesystem::exists(pieces)) continue;
    std::fstream file(pieces, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(20);
    file << "damage";
  }
  LookupIndex loaded(*memory_);
  const auto damaged = LoadInto(loaded);
  ASSERT_THAT(damaged, IsOk());
  EXPECT_THAT(damaged->snapshot,
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_THAT(Find(loaded, "demo", "old"), SizeIs(1));
  ASSERT_THAT(loaded.Save(path_), IsOk());
  LookupIndex again(*memory_);
  const auto whole = LoadInto(again);
  ASSERT_THAT(whole, IsOk());
  EXPECT_THAT(whole->snapshot, IsOk());
  EXPECT_EQ(whole->units_read, 0);
}

TEST_F(IndexSavingTest, WhosePackingIsEndedIsSavedQuickly) {
  Put("demo", "old");
  EXPECT_THAT(index_->Save(path_, Packing::kSmall, [] { return true; }),
              StatusIs(absl::StatusCode::kCancelled,
                       HasSubstr("its packing was ended")));
  LookupIndex loaded(*memory_);
  const auto summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_EQ(summary->packing, Packing::kQuick);
  EXPECT_EQ(summary->units_read, 0);
  EXPECT_THAT(Find(loaded, "demo", "old"), SizeIs(1));
}

TEST_F(IndexSavingTest, IsNotUsedForAStoreWithoutAllThatIsInIt) {
  Put("demo", "old");
  std::unique_ptr<OrderedStore> copy;
  store_.before_next_read = [&] {
    copy = store_.Copy();  // a backup, of the very position that is saved
    Put("demo", "new");
  };
  ASSERT_THAT(index_->Save(path_), IsOk());
  const auto older = TranslationMemory::Open(*copy).value();
  LookupIndex loaded(*older);
  const auto summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another memory's changes")));
  EXPECT_EQ(summary->units, 1);
  EXPECT_THAT(Find(loaded, "demo", "new"), SizeIs(0));
}

TEST_F(IndexSavingTest, IsRightWhateverIsWrittenBesideIt) {
  constexpr int kTexts = 300;
  const char* const projects[] = {"a", "b", "c"};
  Put("a", "first");
  std::atomic<bool> written{false};
  std::thread writer([&] {
    for (int i = 0; i < kTexts; ++i) {
      const char* const project = projects[i % 3];
      const TranslationUnit unit = Put(project, absl::StrCat("text ", i));
      if (i % 2 == 1) Delete(project, unit);
    }
    written = true;
  });
  int saved = 0;
  do {
    EXPECT_THAT(index_->Save(path_), IsOk());
    ++saved;
  } while (!written);
  writer.join();
  SCOPED_TRACE(absl::StrCat(saved, " snapshots"));
  LookupIndex loaded(*memory_);
  const auto summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot, IsOk());
  EXPECT_EQ(summary->units, 1 + kTexts / 2);
  for (int i = 0; i < kTexts; ++i) {
    EXPECT_THAT(Find(loaded, projects[i % 3], absl::StrCat("text ", i)),
                SizeIs(i % 2 == 0 ? 1 : 0))
        << i;
  }
}

// What was loaded moves when it grows: searches beside it see the old place or
// the new one.
TEST_F(IndexSavingTest, SearchesGoOnWhileWhatWasLoadedGrows) {
  constexpr int kTexts = 200;
  for (int i = 0; i < kTexts; ++i) Put("demo", absl::StrCat("old ", i));
  ASSERT_THAT(index_->Save(path_), IsOk());
  LookupIndex loaded(*memory_);
  ASSERT_THAT(LoadInto(loaded), IsOk());
  std::atomic<bool> written{false};
  std::thread writer([&] {
    for (int i = 0; i < kTexts; ++i) {
      Put("demo", absl::StrCat("new ", i));
      EXPECT_THAT(loaded.CatchUp(), IsOk());
    }
    written = true;
  });
  int searches = 0;
  do {
    const std::string text = absl::StrCat("old ", searches++ % kTexts);
    EXPECT_THAT(Find(loaded, "demo", text), SizeIs(1)) << text;
  } while (!written);
  writer.join();
  for (int i = 0; i < kTexts; ++i) {
    EXPECT_THAT(Find(loaded, "demo", absl::StrCat("old ", i)), SizeIs(1));
    EXPECT_THAT(Find(loaded, "demo", absl::StrCat("new ", i)), SizeIs(1));
  }
}

TEST_F(IndexSavingTest, CountsTheUnitsThatItTakesIn) {
  EXPECT_EQ(index_->units_taken(), 0);
  Delete("demo", Put("demo", "one"));
  Put("demo", "two");
  EXPECT_EQ(index_->units_taken(), 3);
}

}  // namespace
}  // namespace duilian::storage
