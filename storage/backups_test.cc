#include "storage/backups.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/rocks_store.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

namespace fs = std::filesystem;

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kNow = 1'795'789'805'250'000;  // 2026-11-27 14:30:05.25
constexpr int64_t kSecond = 1'000'000;

std::string Key(int batch, absl::string_view half) {
  return absl::StrCat(absl::Dec(batch, absl::kZeroPad8), half);
}

class BackupsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = absl::StrCat(testing::TempDir(), "backups_XXXXXX");
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    store_ = Open(absl::StrCat(folder_, "/data"));
    ASSERT_NE(store_, nullptr);
    backups_ = std::make_unique<Backups>(*store_, directory());
  }
  void TearDown() override {
    backups_.reset();
    store_.reset();
    fs::remove_all(folder_);
  }

  std::string directory() const {
    return absl::StrCat(folder_, "/all/backups");
  }

  static std::unique_ptr<CopyableStore> Open(const std::string& directory) {
    RocksOptions options;
    options.directory = directory;
    options.block_cache_bytes = 1u << 20;
    options.write_buffer_bytes = 1u << 20;
    absl::StatusOr<std::unique_ptr<CopyableStore>> store =
        OpenRocksStore(options);
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Two rows a batch.
  void Write(int batch, const std::string& value) {
    WriteBatch rows;
    rows.Put(Key(batch, "a"), value);
    rows.Put(Key(batch, "b"), value);
    ASSERT_THAT(store_->Write(rows), IsOk());
  }

  static std::vector<KeyValue> RowsOf(const OrderedStore& store) {
    const auto rows = store.MultiScan({KeyRange()}, nullptr);
    EXPECT_THAT(rows, IsOk());
    return rows.ok() ? rows->front() : std::vector<KeyValue>();
  }
  static std::vector<KeyValue> RowsIn(const Backup& backup) {
    return RowsOf(*Open(backup.directory));
  }

  std::string folder_;
  std::unique_ptr<CopyableStore> store_;
  std::unique_ptr<Backups> backups_;
};

TEST_F(BackupsTest, OneHoldsWhatWasWrittenBeforeWhateverComesAfter) {
  for (int batch = 0; batch < 50; ++batch) Write(batch, "before");
  const std::vector<KeyValue> before = RowsOf(*store_);
  const absl::StatusOr<Backup> backup = backups_->Make(kNow);
  ASSERT_THAT(backup, IsOk());
  EXPECT_EQ(backup->id, "20261127-143005");
  EXPECT_EQ(backup->begun_us, kNow / kSecond * kSecond);
  EXPECT_EQ(backup->directory, absl::StrCat(directory(), "/20261127-143005"));
  EXPECT_GT(backup->bytes, 0u);
  for (int batch = 0; batch < 60; ++batch) Write(batch, "after");
  store_ = Open(absl::StrCat(folder_, "/other"));
  EXPECT_EQ(RowsIn(*backup), before);
}

TEST_F(BackupsTest, ThoseMadeWhileItIsWrittenAreWholeAndHaveAllThatWasDone) {
  std::atomic<int> written = 0;
  std::atomic<bool> over = false;
  std::thread writer([&] {
    while (!over) {
      Write(written, std::string(200, 'x'));
      ++written;
    }
  });
  struct Made {
    Backup backup;
    int written_before = 0;
  };
  std::vector<Made> made;
  for (int i = 0; i < 5; ++i) {
    while (written < 20 * (i + 1)) std::this_thread::yield();
    const int before = written;
    const absl::StatusOr<Backup> backup = backups_->Make(kNow + i * kSecond);
    ASSERT_THAT(backup, IsOk());
    made.push_back({*backup, before});
  }
  over = true;
  writer.join();
  for (const Made& one : made) {
    const std::vector<KeyValue> rows = RowsIn(one.backup);
    ASSERT_EQ(rows.size() % 2, 0u);
    const int batches = static_cast<int>(rows.size() / 2);
    EXPECT_GE(batches, one.written_before);
    for (int batch = 0; batch < batches; ++batch) {
      const auto row = static_cast<size_t>(2 * batch);
      ASSERT_EQ(rows[row].key, Key(batch, "a"));
      ASSERT_EQ(rows[row + 1].key, Key(batch, "b"));
    }
  }
}

TEST_F(BackupsTest, OneThatIsWrittenItselfLeavesTheStoreAlone) {
  Write(1, "both");
  const absl::StatusOr<Backup> backup = backups_->Make(kNow);
  ASSERT_THAT(backup, IsOk());
  {
    const std::unique_ptr<CopyableStore> restored = Open(backup->directory);
    WriteBatch rows;
    rows.Delete(Key(1, "a"));
    ASSERT_THAT(restored->Write(rows), IsOk());
  }
  EXPECT_THAT(RowsOf(*store_), SizeIs(2));
  EXPECT_THAT(RowsIn(*backup), SizeIs(1));
}

TEST_F(BackupsTest, AreListedOldestFirstAndNothingElseIs) {
  EXPECT_THAT(*backups_->List(), IsEmpty());
  ASSERT_THAT(backups_->Make(kNow + kSecond), IsOk());
  ASSERT_THAT(backups_->Make(kNow), IsOk());
  for (const char* other :
       {"notes", "20261127", "20261399-000000", "20261127-1430051"}) {
    fs::create_directory(absl::StrCat(directory(), "/", other));
  }
  EXPECT_THAT(*backups_->List(),
              ElementsAre(Field(&Backup::id, "20261127-143005"),
                          Field(&Backup::id, "20261127-143006")));
}

TEST_F(BackupsTest, WhatWasCutOffIsNoneAndGoesWithTheNext) {
  const std::string unfinished =
      absl::StrCat(directory(), "/20261126-143005.tmp");
  const std::string others = absl::StrCat(directory(), "/notes.tmp");
  fs::create_directories(unfinished);
  fs::create_directories(others);
  std::ofstream(absl::StrCat(unfinished, "/CURRENT")) << "MANIFEST-000005\n";
  EXPECT_THAT(*backups_->List(), IsEmpty());
  ASSERT_THAT(backups_->Make(kNow), IsOk());
  EXPECT_FALSE(fs::exists(unfinished));
  EXPECT_TRUE(fs::exists(others));
}

TEST_F(BackupsTest, OneIsDeletedAndNothingElse) {
  Write(1, "kept");
  ASSERT_THAT(backups_->Make(kNow), IsOk());
  const absl::StatusOr<Backup> other = backups_->Make(kNow + kSecond);
  ASSERT_THAT(other, IsOk());
  ASSERT_THAT(backups_->Delete("20261127-143005"), IsOk());
  EXPECT_THAT(*backups_->List(),
              ElementsAre(Field(&Backup::id, "20261127-143006")));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory()), {}), 1);
  EXPECT_THAT(RowsIn(*other), SizeIs(2));
  EXPECT_THAT(RowsOf(*store_), SizeIs(2));
}

TEST_F(BackupsTest, DeletesOnlyWhatTheListHas) {
  const std::string outside = absl::StrCat(folder_, "/20261127-143005");
  fs::create_directories(outside);
  fs::create_directories(absl::StrCat(directory(), "/notes"));
  for (const char* id : {"20261127-143005", "../../20261127-143005", "notes",
                         "", ".", "20261127-143005/../notes"}) {
    EXPECT_THAT(backups_->Delete(id),
                StatusIs(absl::StatusCode::kNotFound,
                         AllOf(HasSubstr(absl::StrCat("'", id, "' given")),
                               HasSubstr("holds no such backup"))));
  }
  EXPECT_TRUE(fs::exists(outside));
  EXPECT_TRUE(fs::exists(absl::StrCat(directory(), "/notes")));
}

TEST_F(BackupsTest, RefusesASecondOneInTheSameSecond) {
  ASSERT_THAT(backups_->Make(kNow), IsOk());
  EXPECT_THAT(backups_->Make(kNow + 1),
              StatusIs(absl::StatusCode::kAborted,
                       AllOf(HasSubstr("within the same second"),
                             HasSubstr("call again"))));
}

TEST_F(BackupsTest, RefusesMoreThanAreAccepted) {
  for (size_t i = 0; i < Backups::kMost; ++i) {
    fs::create_directories(absl::StrCat(directory(), "/20260101-",
                                        absl::Dec(i / 60, absl::kZeroPad4),
                                        absl::Dec(i % 60, absl::kZeroPad2)));
  }
  EXPECT_THAT(backups_->Make(kNow),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("holds 100 backups"),
                             HasSubstr("e.g. 20260101-000000"))));
  ASSERT_THAT(backups_->Delete("20260101-000000"), IsOk());
  EXPECT_THAT(backups_->Make(kNow), IsOk());
}

TEST_F(BackupsTest, SaysWhenTheDirectoryCannotBeMade) {
  const std::string file = absl::StrCat(folder_, "/file");
  std::ofstream(file) << "text";
  Backups backups(*store_, absl::StrCat(file, "/backups"));
  EXPECT_THAT(backups.Make(kNow),
              StatusIs(absl::StatusCode::kUnavailable,
                       AllOf(HasSubstr(file), HasSubstr("cannot be made"))));
}

TEST_F(BackupsTest, ACopyGoesOnlyWhereNothingIs) {
  EXPECT_THAT(store_->CopyTo(absl::StrCat(folder_, "/data")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("it is there already")));
  EXPECT_THAT(store_->CopyTo(absl::StrCat(folder_, "/no/such")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("its parent is not")));
}

}  // namespace
}  // namespace duilian::storage
