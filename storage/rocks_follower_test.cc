// RocksDB's secondary instance beside the primary that writes.

#include "storage/rocks_follower.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/lookup_index.h"
#include "storage/memory_store.h"
#include "storage/rocks_store.h"
#include "storage/sample_units.h"
#include "storage/translation_memory.h"
#include "tests/support/sample_rows.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

namespace fs = std::filesystem;

using duilian::testing_support::ExpectSameReads;
using duilian::testing_support::IsOk;
using duilian::testing_support::RandomBatch;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RocksFollowerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = absl::StrCat(testing::TempDir(), "follower_XXXXXX");
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string data() const { return folder_ + "/data"; }

  std::unique_ptr<OrderedStore> OpenPrimary() const {
    RocksOptions options;
    options.directory = data();
    options.block_cache_bytes = 1u << 20;
    options.write_buffer_bytes = 64u << 10;  // flushed every now and then
    absl::StatusOr<std::unique_ptr<OrderedStore>> store =
        OpenRocksStore(options);
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  absl::StatusOr<std::unique_ptr<FollowingStore>> Follow(
      const std::string& own = "own") const {
    FollowOptions options;
    options.directory = data();
    options.own_directory = folder_ + "/" + own;
    options.block_cache_bytes = 1u << 20;
    return FollowRocksStore(options);
  }

  std::set<std::string> Files(const std::string& ending) const {
    std::set<std::string> files;
    for (const auto& entry : fs::directory_iterator(data())) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(ending)) files.insert(name);
    }
    return files;
  }

  std::string folder_;
};

std::vector<KeyValue> AllRows(const OrderedStore& store) {
  const auto rows = store.MultiScan({KeyRange()}, nullptr);
  EXPECT_THAT(rows, IsOk());
  return rows.ok() ? rows->front() : std::vector<KeyValue>();
}

TEST_F(RocksFollowerTest, ShowsThePrimaryAsItWasAtTheLastCatchUp) {
  const std::unique_ptr<OrderedStore> primary = OpenPrimary();
  const std::unique_ptr<OrderedStore> memory = NewMemoryStore();
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  std::unique_ptr<Snapshot> caught_up = memory->TakeSnapshot();
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const WriteBatch batch = RandomBatch(random);
    ASSERT_THAT(primary->Write(batch), IsOk());
    ASSERT_THAT(memory->Write(batch), IsOk());
    if (Below(4, random) == 0) {
      ASSERT_THAT((*follower)->CatchUp(), IsOk());
      caught_up = memory->TakeSnapshot();
    }
    for (int read = 0; read < 5; ++read) {
      ASSERT_NO_FATAL_FAILURE(ExpectSameReads(**follower, nullptr, *memory,
                                              caught_up.get(), random));
      const std::unique_ptr<Snapshot> view = (*follower)->TakeSnapshot();
      ASSERT_NO_FATAL_FAILURE(ExpectSameReads(**follower, view.get(), *memory,
                                              caught_up.get(), random));
    }
  }
}

// Writes until tables were merged and removed, over restarts of the primary.
TEST_F(RocksFollowerTest, KeepsUpWhileThePrimaryRemovesFilesAndRestarts) {
  std::unique_ptr<OrderedStore> primary = OpenPrimary();
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  Random random(12);
  std::set<std::string> seen_tables, seen_logs;
  for (int round = 0; round < 400; ++round) {
    WriteBatch batch;
    for (int row = 0; row < 10; ++row) {
      batch.Put(absl::StrCat("key ", Below(500, random)),
                RandomBytes(600, random));
    }
    ASSERT_THAT(primary->Write(batch), IsOk());
    if (round % 97 == 96) {
      primary.reset();
      primary = OpenPrimary();
    }
    if (round % 7 == 0) seen_tables.merge(Files(".sst"));
    if (round % 7 == 0) seen_logs.merge(Files(".log"));
    // At times it falls far behind.
    if (round % 150 < 100 && round % 3 != 0) continue;
    ASSERT_THAT((*follower)->CatchUp(), IsOk()) << "round " << round;
    ASSERT_EQ(AllRows(**follower), AllRows(*primary)) << "round " << round;
  }
  const std::set<std::string> tables = Files(".sst"), logs = Files(".log");
  EXPECT_LT(tables.size(), seen_tables.size()) << "nothing was removed";
  EXPECT_LT(logs.size(), seen_logs.size());
  // It goes on when the primary is gone.
  const std::vector<KeyValue> last = AllRows(*primary);
  primary.reset();
  ASSERT_THAT((*follower)->CatchUp(), IsOk());
  EXPECT_EQ(AllRows(**follower), last);
}

// Each batch adds a row and removes an old one, so that the rows tell which
// state is shown, and whether there was such a state.
constexpr int kRowsThere = 50;

WriteBatch NumberedBatch(int number, Random& random) {
  WriteBatch batch;
  const auto row = [](int n) {
    return absl::StrCat("row ", absl::Dec(n, absl::kZeroPad6));
  };
  batch.Put(row(number), "");
  batch.Delete(row(number - kRowsThere));
  batch.Put("number", absl::StrCat(number));
  batch.Put(absl::StrCat("filler ", Below(100, random)),
            RandomBytes(2000, random));
  return batch;
}

// The number of the last batch that a view shows, whole and with all before it.
int ShownBatch(const OrderedStore& store) {
  const std::unique_ptr<Snapshot> view = store.TakeSnapshot();
  const auto number = store.MultiGet({"number"}, view.get());
  const auto rows = store.MultiScan({PrefixRange("row ")}, view.get());
  int shown = 0;
  if (!number.ok() || !rows.ok() || !(*number)[0].has_value() ||
      !absl::SimpleAtoi(*(*number)[0], &shown)) {
    ADD_FAILURE() << number.status() << rows.status();
    return 0;
  }
  EXPECT_THAT(rows->front(), SizeIs(std::min(shown, kRowsThere)));
  EXPECT_EQ(rows->front().back().key,
            absl::StrCat("row ", absl::Dec(shown, absl::kZeroPad6)));
  return shown;
}

TEST_F(RocksFollowerTest, ShowsNoStateThatNeverWasWhileThePrimaryWrites) {
  constexpr int kBatches = 2000, kBatchesPerLook = 20;
  std::unique_ptr<OrderedStore> primary = OpenPrimary();
  Random random(13);
  ASSERT_THAT(primary->Write(NumberedBatch(1, random)), IsOk());
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  std::atomic<int> acknowledged = 1, looks = 0;
  std::atomic<bool> looking = true;
  std::thread writer([&] {
    for (int number = 2; number <= kBatches; ++number) {
      if (number % 331 == 0) {
        primary.reset();
        primary = OpenPrimary();
      }
      EXPECT_THAT(primary->Write(NumberedBatch(number, random)), IsOk());
      acknowledged = number;
      // However slow the follower is, it sees states in between.
      while (looking && looks < number / kBatchesPerLook) {
        std::this_thread::yield();
      }
    }
  });
  int before = 0;
  while (before < kBatches && !HasFailure()) {
    const int least = acknowledged;
    const absl::Status status = (*follower)->CatchUp();
    // Its tables may change all the time; then what was shown stays.
    if (absl::IsUnavailable(status)) continue;
    EXPECT_THAT(status, IsOk());
    const int shown = ShownBatch(**follower);
    EXPECT_GE(shown, least);
    EXPECT_GE(shown, before);
    before = shown;
    ++looks;
  }
  looking = false;
  writer.join();
  EXPECT_GE(looks, kBatches / kBatchesPerLook);
}

TEST_F(RocksFollowerTest, AViewKeepsItsState) {
  const std::unique_ptr<OrderedStore> primary = OpenPrimary();
  WriteBatch batch;
  batch.Put("a", "1");
  ASSERT_THAT(primary->Write(batch), IsOk());
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  batch.Put("a", "2");
  ASSERT_THAT(primary->Write(batch), IsOk());
  std::unique_ptr<Snapshot> view = (*follower)->TakeSnapshot();
  // Does not wait for the view, whose state stays.
  ASSERT_THAT((*follower)->CatchUp(), IsOk());
  EXPECT_THAT(*(*follower)->MultiGet({"a"}, nullptr),
              ElementsAre(std::string("2")));
  EXPECT_THAT(*(*follower)->MultiGet({"a"}, view.get()),
              ElementsAre(std::string("1")));
  view.reset();
  ASSERT_THAT((*follower)->CatchUp(), IsOk());
  EXPECT_THAT(*(*follower)->MultiGet({"a"}, nullptr),
              ElementsAre(std::string("2")));
}

TEST_F(RocksFollowerTest, RefusesToWriteAndTouchesNothingOfThePrimarys) {
  { ASSERT_NE(OpenPrimary(), nullptr); }
  const std::set<std::string> before = Files("");
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  WriteBatch batch;
  batch.Put("a", "1");
  EXPECT_THAT((*follower)->Write(batch),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("send the call to the server that writes")));
  ASSERT_THAT((*follower)->CatchUp(), IsOk());
  EXPECT_THAT(AllRows(**follower), IsEmpty());
  EXPECT_EQ(Files(""), before);
}

std::string ValueOf(const OrderedStore& store, const std::string& key) {
  const auto values = store.MultiGet({key}, nullptr);
  EXPECT_THAT(values, IsOk());
  return values.ok() ? values->front().value_or("none") : "";
}

void Put(const std::string& key, const std::string& value,
         OrderedStore& store) {
  WriteBatch batch;
  batch.Put(key, value);
  ASSERT_THAT(store.Write(batch), IsOk());
}

// Its files have the names and the lengths of the first one's.
// Whenever it goes, in the midst of a catch-up too.
TEST_F(RocksFollowerTest, ShowsWhatItHasWhileTheDirectoryIsAway) {
  const std::unique_ptr<OrderedStore> primary = OpenPrimary();
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  const std::string away = folder_ + "/away";
  Random random(13);
  for (size_t round = 1; round <= 100; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    WriteBatch batch;
    batch.Put(absl::StrCat("row ", round), "");
    ASSERT_THAT(primary->Write(batch), IsOk());
    ASSERT_THAT((*follower)->CatchUp(), IsOk());
    std::atomic<bool> gone = false;
    std::thread looker([&] {
      while (!gone) (*follower)->CatchUp().IgnoreError();
      EXPECT_THAT((*follower)->CatchUp(),
                  StatusIs(absl::StatusCode::kUnavailable,
                           HasSubstr("holds no translation memory any more")));
    });
    absl::SleepFor(absl::Microseconds(Below(2000, random)));
    fs::rename(data(), away);
    gone = true;
    looker.join();
    ASSERT_THAT(AllRows(**follower), SizeIs(round));
    fs::rename(away, data());
  }
  ASSERT_THAT((*follower)->CatchUp(), IsOk());
  EXPECT_THAT(AllRows(**follower), SizeIs(100));
}

TEST_F(RocksFollowerTest, AnotherStoreInItsPlaceIsToldAndNotShown) {
  std::unique_ptr<OrderedStore> primary = OpenPrimary();
  Put("a", "first", *primary);
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  primary.reset();
  fs::remove_all(data());
  EXPECT_THAT((*follower)->CatchUp(),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("holds no translation memory any more")));
  EXPECT_EQ(ValueOf(**follower, "a"), "first");
  primary = OpenPrimary();
  Put("a", "second", *primary);
  for (int look = 0; look < 2; ++look) {
    EXPECT_THAT(
        (*follower)->CatchUp(),
        StatusIs(absl::StatusCode::kFailedPrecondition,
                 HasSubstr(absl::StrCat("data directory ", data(),
                                        " holds another translation memory"))));
    EXPECT_EQ(ValueOf(**follower, "a"), "first");
  }
  follower->reset();
  follower = Follow();
  ASSERT_THAT(follower, IsOk());
  EXPECT_EQ(ValueOf(**follower, "a"), "second");
}

TEST_F(RocksFollowerTest, ShowsNothingOnceItIsClosed) {
  const std::unique_ptr<OrderedStore> primary = OpenPrimary();
  Put("a", "1", *primary);
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  const std::unique_ptr<Snapshot> view = (*follower)->TakeSnapshot();
  (*follower)->Close();
  EXPECT_THAT((*follower)->CatchUp(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr(data())));
  EXPECT_THAT((*follower)->MultiGet({"a"}, nullptr),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr(data())));
  EXPECT_THAT((*follower)->MultiGet({"a"}, view.get()), IsOk());
}

// Whether that is a state from which to go on is for the memory to say.
TEST_F(RocksFollowerTest, AnOlderCopyInItsPlaceIsShownAsItIs) {
  std::unique_ptr<OrderedStore> primary = OpenPrimary();
  Put("a", "old", *primary);
  primary.reset();
  fs::copy(data(), folder_ + "/copy", fs::copy_options::recursive);
  primary = OpenPrimary();
  Put("a", "new", *primary);
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  EXPECT_EQ(ValueOf(**follower, "a"), "new");
  primary.reset();
  fs::rename(data(), folder_ + "/away");
  fs::rename(folder_ + "/copy", data());
  primary = OpenPrimary();
  Put("b", "newer", *primary);
  ASSERT_THAT((*follower)->CatchUp(), IsOk());
  EXPECT_EQ(ValueOf(**follower, "a"), "old");
  EXPECT_EQ(ValueOf(**follower, "b"), "newer");
}

TEST_F(RocksFollowerTest, RefusalsSayWhatIsAccepted) {
  EXPECT_THAT(Follow(), StatusIs(absl::StatusCode::kNotFound,
                                 HasSubstr("holds no translation memory yet")));
  EXPECT_FALSE(fs::exists(data()));
  const std::unique_ptr<OrderedStore> primary = OpenPrimary();
  EXPECT_THAT(Follow("data"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("holds a translation memory; one without")));
  const auto one = Follow("one");
  ASSERT_THAT(one, IsOk());
  EXPECT_THAT(Follow("one"), StatusIs(absl::StatusCode::kUnavailable,
                                      HasSubstr("another process has")));
  EXPECT_THAT(Follow("two"), IsOk());
  EXPECT_THAT(Follow("own/in/new/folders"), IsOk());
}

TEST_F(RocksFollowerTest, AMemoryAndItsIndexFollow) {
  const std::unique_ptr<OrderedStore> primary = OpenPrimary();
  const auto written = TranslationMemory::Open(*primary).value();
  auto follower = Follow();
  ASSERT_THAT(follower, IsOk());
  const auto read = TranslationMemory::Open(**follower).value();
  const auto index = LookupIndex::Build(*read).value();
  FuzzyQuery query;
  query.text = "The tide is out.";
  for (int round = 1; round <= 3; ++round) {
    ASSERT_THAT(
        written->Apply("demo",
                       {Store(MakeUnit("The tide is out.",
                                       absl::StrCat("退潮了", round, "。")))},
                       By("mei", Action::kCreate), ""),
        IsOk());
    ASSERT_THAT((*follower)->CatchUp(), IsOk());
    ASSERT_THAT(read->NoticeChanges(), IsOk());
    EXPECT_EQ(read->last_position(), written->last_position());
    ASSERT_THAT(index->CatchUp(), IsOk());
    const auto matches = index->Lookup("demo", query);
    ASSERT_THAT(matches, IsOk());
    EXPECT_THAT(*matches, SizeIs(round));
  }
  EXPECT_THAT(
      read->Apply("demo", {Store(MakeUnit("No.", "不。"))},
                  By("mei", Action::kCreate), ""),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("only reads")));
}

}  // namespace
}  // namespace duilian::storage
