#include "storage/rocks_store.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "tests/support/sample_rows.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

namespace fs = std::filesystem;

using duilian::testing_support::ExpectSameReads;
using duilian::testing_support::IsOk;
using duilian::testing_support::RandomBatch;
using duilian::testing_support::StatusIs;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class RocksStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = absl::StrCat(testing::TempDir(), "rocks_XXXXXX");
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  RocksOptions Options() const {
    RocksOptions options;
    options.directory = directory_;
    options.block_cache_bytes = 1u << 20;
    options.write_buffer_bytes = 1u << 20;
    return options;
  }

  std::unique_ptr<OrderedStore> Open() const {
    absl::StatusOr<std::unique_ptr<OrderedStore>> store =
        OpenRocksStore(Options());
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Writes `batches`, and leaves the directory as a crash would behind the last
  // of them.
  void WriteAndCrash(const std::vector<WriteBatch>& batches) const {
    const std::string left = absl::StrCat(directory_, "_left");
    {
      const std::unique_ptr<OrderedStore> store = Open();
      for (const WriteBatch& batch : batches) {
        ASSERT_THAT(store->Write(batch), IsOk());
      }
      fs::copy(directory_, left, fs::copy_options::recursive);
    }
    fs::remove_all(directory_);
    fs::rename(left, directory_);
  }

  // Rows in a table file.
  void WriteTable(size_t rows) const {
    WriteBatch batch;
    Random random(8);
    for (size_t i = 0; i < rows; ++i) {
      batch.Put(absl::StrCat("key", 10'000 + i), RandomBytes(200, random));
    }
    ASSERT_THAT(Open()->Write(batch), IsOk());
    ASSERT_FALSE(FilesEndingIn(".sst").empty());
  }

  std::vector<fs::path> FilesEndingIn(absl::string_view ending) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(directory_)) {
      if (absl::EndsWith(entry.path().string(), ending)) {
        files.push_back(entry.path());
      }
    }
    return files;
  }

  std::string directory_;
};

absl::Status ReadAll(const OrderedStore& store, size_t* rows = nullptr) {
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> all =
      store.MultiScan({KeyRange()}, nullptr);
  if (all.ok() && rows != nullptr) *rows = all->front().size();
  return all.status();
}

void FlipByte(const fs::path& path, std::streamoff place) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(place);
  const char byte = static_cast<char>(file.get() ^ 0x20);
  file.seekp(place);
  file.put(byte);
  ASSERT_TRUE(file.good());
}

TEST_F(RocksStoreTest, AnswersAsTheMemoryStoreDoes) {
  const std::unique_ptr<OrderedStore> rocks = Open();
  const std::unique_ptr<OrderedStore> memory = NewMemoryStore();
  std::unique_ptr<Snapshot> rocks_view, memory_view;
  Random random(7);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const WriteBatch batch = RandomBatch(random);
    ASSERT_THAT(rocks->Write(batch), IsOk());
    ASSERT_THAT(memory->Write(batch), IsOk());
    if (round % 20 == 0) {
      rocks_view = rocks->TakeSnapshot();
      memory_view = memory->TakeSnapshot();
    }
    for (int read = 0; read < 5; ++read) {
      ASSERT_NO_FATAL_FAILURE(
          ExpectSameReads(*rocks, nullptr, *memory, nullptr, random));
      ASSERT_NO_FATAL_FAILURE(ExpectSameReads(*rocks, rocks_view.get(), *memory,
                                              memory_view.get(), random));
    }
  }
}

TEST_F(RocksStoreTest, WhatWasWrittenIsThereAfterReopening) {
  WriteBatch batch;
  batch.Put("a", "1");
  batch.Put("b", "2");
  batch.Delete("a");
  ASSERT_THAT(Open()->Write(batch), IsOk());
  const auto found = Open()->MultiGet({"a", "b"}, nullptr);
  ASSERT_THAT(found, IsOk());
  EXPECT_THAT(*found, ElementsAre(std::nullopt, std::string("2")));
}

TEST_F(RocksStoreTest, LeavesNothingInTheLogWhenItIsClosed) {
  WriteBatch batch;
  batch.Put("a", "1");
  ASSERT_THAT(Open()->Write(batch), IsOk());
  for (const fs::path& log : FilesEndingIn(".log")) {
    EXPECT_EQ(fs::file_size(log), 0u) << log;
  }
  EXPECT_FALSE(FilesEndingIn(".sst").empty());
}

TEST_F(RocksStoreTest, MakesTheDirectoriesAboveItToo) {
  RocksOptions options = Options();
  options.directory = absl::StrCat(directory_, "/a/b/数据");
  EXPECT_THAT(OpenRocksStore(options), IsOk());
  EXPECT_TRUE(fs::is_directory(options.directory));
}

TEST_F(RocksStoreTest, RefusesAFileInTheDirectorysPlace) {
  RocksOptions options = Options();
  options.directory = absl::StrCat(directory_, "/file");
  std::ofstream(options.directory) << "text";
  EXPECT_THAT(OpenRocksStore(options),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(options.directory),
                             HasSubstr("is not a directory"),
                             HasSubstr("choose another path"))));
  options.directory += "/below";
  EXPECT_THAT(OpenRocksStore(options),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("choose another path")));
}

TEST_F(RocksStoreTest, RefusesADirectoryOfOtherFilesAndLeavesItAlone) {
  std::ofstream(absl::StrCat(directory_, "/notes.txt")) << "mine";
  EXPECT_THAT(OpenRocksStore(Options()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("holds files of others (notes.txt)"),
                             HasSubstr("choose another path"))));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

TEST_F(RocksStoreTest, RefusesADirectoryThatThisProcessHasOpen) {
  const std::unique_ptr<OrderedStore> first = Open();
  EXPECT_THAT(OpenRocksStore(Options()),
              StatusIs(absl::StatusCode::kUnavailable,
                       AllOf(HasSubstr(absl::StrCat("another process has ",
                                                    directory_, " open")),
                             HasSubstr("stop the other server"))));
}

// A process of this program in another role (see main), which it plays until
// its input ends. A plain fork would lack the threads that RocksDB has begun.
class Player {
 public:
  Player(const char* role, const std::string& directory) {
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
      dup2(input[0], STDIN_FILENO);
      dup2(output[1], STDOUT_FILENO);
      execl("/proc/self/exe", "rocks_store_test", role, directory.c_str(),
            nullptr);
      _exit(127);
    }
    close(input[0]);
    close(output[1]);
    input_ = input[1];
    output_ = output[0];
  }
  ~Player() { close(output_); }

  // Waits for the one byte that says that it is ready.
  char Ready() const {
    char byte = 0;
    return read(output_, &byte, 1) == 1 ? byte : '\0';
  }
  // Ends its input, waits, and returns its exit code.
  int Finish() const {
    close(input_);
    int status = -1;
    return waitpid(pid_, &status, 0) == pid_ && WIFEXITED(status)
               ? WEXITSTATUS(status)
               : -1;
  }

 private:
  pid_t pid_ = -1;
  int input_ = -1, output_ = -1;
};

// The role "hold": has the store open until its input ends.
int Hold(const RocksOptions& options) {
  const auto store = OpenRocksStore(options);
  const char opened = store.ok() ? 'y' : 'n';
  char end;
  return write(STDOUT_FILENO, &opened, 1) == 1 &&
                 read(STDIN_FILENO, &end, 1) == 0
             ? 0
             : 1;
}

TEST_F(RocksStoreTest, RefusesADirectoryThatAnotherProcessHasOpen) {
  const Player holder("hold", directory_);
  ASSERT_EQ(holder.Ready(), 'y');
  EXPECT_THAT(
      OpenRocksStore(Options()),
      StatusIs(absl::StatusCode::kUnavailable,
               AllOf(HasSubstr("another process has"), HasSubstr(directory_))));
  EXPECT_EQ(holder.Finish(), 0);
  EXPECT_THAT(OpenRocksStore(Options()), IsOk());
}

TEST_F(RocksStoreTest, ATruncatedTableIsDataLoss) {
  ASSERT_NO_FATAL_FAILURE(WriteTable(500));
  const fs::path table = FilesEndingIn(".sst").front();
  fs::resize_file(table, fs::file_size(table) - 1000);
  EXPECT_THAT(OpenRocksStore(Options()),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr(directory_), HasSubstr("backup"))));
}

TEST_F(RocksStoreTest, AMissingTableIsDataLoss) {
  ASSERT_NO_FATAL_FAILURE(WriteTable(500));
  fs::remove(FilesEndingIn(".sst").front());
  EXPECT_THAT(OpenRocksStore(Options()),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr(directory_), HasSubstr("backup"))));
}

TEST_F(RocksStoreTest, AFlippedByteOfATableIsDataLossNeverAWrongAnswer) {
  ASSERT_NO_FATAL_FAILURE(WriteTable(500));
  const fs::path table = FilesEndingIn(".sst").front();
  const auto size = static_cast<size_t>(fs::file_size(table));
  int found = 0;
  for (size_t place = 0; place < size; place += size / 40) {
    SCOPED_TRACE(absl::StrCat("byte ", place, " of ", size));
    FlipByte(table, static_cast<std::streamoff>(place));
    size_t rows = 0;
    absl::StatusOr<std::unique_ptr<OrderedStore>> store =
        OpenRocksStore(Options());
    const absl::Status status =
        store.ok() ? ReadAll(**store, &rows) : store.status();
    if (status.ok()) {
      EXPECT_EQ(rows, 500u);  // the byte was one that no read needs
    } else {
      ++found;
      EXPECT_THAT(status,
                  StatusIs(absl::StatusCode::kDataLoss, HasSubstr(directory_)));
    }
    store = absl::CancelledError("closed");
    FlipByte(table, static_cast<std::streamoff>(place));
  }
  EXPECT_GT(found, 30);
}

TEST_F(RocksStoreTest, AFlippedByteInsideTheLogIsDataLoss) {
  std::vector<WriteBatch> batches(50);
  for (size_t i = 0; i < batches.size(); ++i) {
    batches[i].Put(absl::StrCat("key", i), std::string(500, 'v'));
  }
  ASSERT_NO_FATAL_FAILURE(WriteAndCrash(batches));
  ASSERT_EQ(FilesEndingIn(".log").size(), 1u);
  FlipByte(FilesEndingIn(".log").front(), 5000);
  EXPECT_THAT(OpenRocksStore(Options()),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr(directory_), HasSubstr("backup"))));
}

TEST_F(RocksStoreTest, ALogCutShortByACrashLosesOnlyTheUnfinishedBatch) {
  std::vector<WriteBatch> batches(5);
  for (size_t i = 0; i < batches.size(); ++i) {
    batches[i].Put(absl::StrCat("key", i), std::string(500, 'v'));
    batches[i].Put(absl::StrCat("twin", i), std::string(500, 'w'));
  }
  ASSERT_NO_FATAL_FAILURE(WriteAndCrash(batches));
  const fs::path log = FilesEndingIn(".log").front();
  fs::resize_file(log, fs::file_size(log) - 100);
  size_t rows = 0;
  EXPECT_THAT(ReadAll(*Open(), &rows), IsOk());
  EXPECT_EQ(rows, 8u);
}

TEST_F(RocksStoreTest, TablesWithoutTheirHeadAreNotTakenForAnEmptyStore) {
  ASSERT_NO_FATAL_FAILURE(WriteTable(500));
  fs::remove(fs::path(directory_) / "CURRENT");
  EXPECT_THAT(
      OpenRocksStore(Options()),
      StatusIs(absl::StatusCode::kDataLoss,
               AllOf(HasSubstr("no file CURRENT"), HasSubstr("backup"))));
  EXPECT_FALSE(FilesEndingIn(".sst").empty());
}

// What the process of a role finds wrong; told on stderr.
class Findings {
 public:
  void Expect(bool right, absl::string_view what) {
    if (right) return;
    ++count_;
    std::cerr << "wrong: " << what << "\n";
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

// Writes batches of 200 kB that do not compress.
class Filler {
 public:
  absl::Status Put(OrderedStore& store) {
    WriteBatch batch;
    for (int i = 0; i < 4; ++i) {
      std::string noise(50'000, '\0');
      for (char& c : noise) c = static_cast<char>(random_());
      batch.Put(absl::StrCat("key", stored_, "/", i), std::move(noise));
    }
    absl::Status status = store.Write(batch);
    if (status.ok()) ++stored_;
    return status;
  }
  // Until a write fails.
  absl::Status Fill(OrderedStore& store) {
    absl::Status status;
    while (stored_ < 1000 && status.ok()) status = Put(store);
    return status;
  }
  void ExpectAllThere(const OrderedStore& store, Findings& findings) const {
    size_t rows = 0;
    const absl::Status status = ReadAll(store, &rows);
    findings.Expect(status.ok(), absl::StrCat("reads: ", status.ToString()));
    findings.Expect(rows == 4 * stored_,
                    absl::StrCat(rows, " rows of ", stored_, " batches"));
  }
  size_t stored() const { return stored_; }

 private:
  size_t stored_ = 0;
  Random random_{9};
};

// Fills a store, checks how that is refused, gives it space again with
// `relieve`, and checks that it goes on and has all after opening it again.
int FillAndGoOn(const RocksOptions& options, absl::StatusCode refusal,
                absl::string_view words, std::function<void()> relieve) {
  Findings findings;
  Filler filler;
  auto store = OpenRocksStore(options);
  findings.Expect(store.ok(), store.status().ToString());
  if (!store.ok()) return findings.count();
  absl::Status status = filler.Fill(**store);
  findings.Expect(
      status.code() == refusal && absl::StrContains(status.message(), words),
      absl::StrCat("the refusal: ", status.ToString()));
  findings.Expect(filler.stored() > 5,
                  absl::StrCat("only ", filler.stored(), " batches fitted"));
  filler.ExpectAllThere(**store, findings);

  relieve();
  for (int i = 0; i < 3; ++i) {
    status = filler.Put(**store);
    findings.Expect(status.ok(),
                    absl::StrCat("with space again: ", status.ToString()));
  }
  filler.ExpectAllThere(**store, findings);
  store = absl::CancelledError("closed");
  store = OpenRocksStore(options);
  findings.Expect(store.ok(), store.status().ToString());
  if (store.ok()) filler.ExpectAllThere(**store, findings);
  return findings.count();
}

constexpr int kNoMount = 99;

// The role "fill": a disk of 32 MB that is this process's alone. The ballast
// is more than the data, so that once it is gone a compaction has room for
// its output beside its input.
int FillOwnDisk(RocksOptions options) {
  const std::string disk = options.directory;
  const bool own_disk =
      (unshare(CLONE_NEWNS) == 0 ||
       unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
      mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=32m") == 0;
  if (!own_disk) return kNoMount;
  const std::string ballast = absl::StrCat(disk, "/ballast");
  std::ofstream(ballast) << std::string(18u << 20, 'b');
  options.directory += "/data";
  return FillAndGoOn(options, absl::StatusCode::kResourceExhausted,
                     "bytes are free", [&] { fs::remove(ballast); });
}

// The role "fail": a write fails inside RocksDB, as no file may grow above
// 2 MB.
int FailInside(const RocksOptions& options) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlim_t unlimited = limit.rlim_cur;
  limit.rlim_cur = 2u << 20;
  setrlimit(RLIMIT_FSIZE, &limit);
  RocksOptions large_buffer = options;
  large_buffer.write_buffer_bytes = 32u << 20;  // the log grows as large
  return FillAndGoOn(large_buffer, absl::StatusCode::kUnavailable,
                     "repeat the call", [&] {
                       limit.rlim_cur = unlimited;
                       setrlimit(RLIMIT_FSIZE, &limit);
                     });
}

TEST_F(RocksStoreTest, AFullDiskIsToldAndGoneOnceThereIsSpace) {
  const int code = Player("fill", directory_).Finish();
  if (code == kNoMount) {
    GTEST_SKIP() << "this user may not mount a small disk; run it as root, or "
                    "where user namespaces are allowed";
  }
  EXPECT_EQ(code, 0) << "see above what went wrong";
}

TEST_F(RocksStoreTest, AWriteThatFailsInsideIsToldAndTheNextOneGoesOn) {
  EXPECT_EQ(Player("fail", directory_).Finish(), 0)
      << "see above what went wrong";
}

}  // namespace
}  // namespace duilian::storage

int main(int argc, char** argv) {
  const std::string role = argc == 3 ? argv[1] : "";
  duilian::storage::RocksOptions options;
  options.block_cache_bytes = 1u << 20;
  options.write_buffer_bytes = 1u << 20;
  if (argc == 3) options.directory = argv[2];
  if (role == "hold") return duilian::storage::Hold(options);
  if (role == "fail") return duilian::storage::FailInside(options);
  if (role == "fill") return duilian::storage::FillOwnDisk(options);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
