#include "storage/snapshot_file.h"

#include <filesystem>
#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint64_t kPlenty = 1 << 20;

// Where a file tells its version.
constexpr size_t kVersionBegin = 14;
constexpr size_t kVersionEnd = kVersionBegin + 8;

// Nothing makes it smaller.
std::string Noise(size_t bytes) {
  std::mt19937_64 random(bytes);
  std::string noise(bytes, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  return noise;
}

class SnapshotFileTest : public testing::TestWithParam<Packing> {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Write() const {
    auto writer = SnapshotWriter::Create(path_, kPlenty, GetParam());
    ASSERT_THAT(writer, IsOk());
    (*writer)->Number(7);
    (*writer)->Block("words");
    (*writer)->Array(std::vector<uint32_t>{1, 2, 3});
    (*writer)->Block("");
    ASSERT_THAT((*writer)->Finish(), IsOk());
  }

  std::string Bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetBytes(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
  }

  const std::string directory_ = absl::StrCat(
      testing::TempDir(), "/snapshot_file_test_",
      testing::UnitTest::GetInstance()->random_seed(), "_",
      absl::StrReplaceAll(
          testing::UnitTest::GetInstance()->current_test_info()->name(),
          {{"/", "_"}}));
  const std::string path_ = directory_ + "/snapshot";
};

TEST_P(SnapshotFileTest, ReadsWhatWasWritten) {
  Write();
  auto reader = SnapshotReader::Open(path_);
  ASSERT_THAT(reader, IsOk());
  EXPECT_EQ(reader->packing(), GetParam());
  EXPECT_EQ(reader->Number(), 7u);
  EXPECT_EQ(reader->Block(), "words");
  EXPECT_THAT(reader->Array<uint32_t>(), ElementsAre(1u, 2u, 3u));
  EXPECT_THAT(reader->Finish(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("made anew")));
  EXPECT_EQ(reader->Block(), "");
  EXPECT_THAT(reader->Finish(), IsOk());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

// Below, at and above the pieces of a checksum, in turn.
TEST_P(SnapshotFileTest, ReadsSmallAndLargeBlocksInAnyOrder) {
  const size_t sizes[] = {0,       3, 1 << 20, 5,       (1 << 20) - 8,
                          3 << 20, 1, 700'000, 700'000, (1 << 20) + 1,
                          9};
  auto writer = SnapshotWriter::Create(path_, 1 << 30, GetParam());
  ASSERT_THAT(writer, IsOk());
  std::vector<std::string> blocks;
  for (const size_t size : sizes) {
    std::string block(size, '\0');
    for (size_t i = 0; i < size; ++i) {
      block[i] = static_cast<char>(i * 31 + size);
    }
    (*writer)->Block(block);
    (*writer)->Number(size);
    blocks.push_back(block);
  }
  ASSERT_THAT((*writer)->Finish(), IsOk());
  auto reader = SnapshotReader::Open(path_);
  ASSERT_THAT(reader, IsOk());
  for (const std::string& block : blocks) {
    ASSERT_TRUE(reader->Block() == block) << block.size();
    ASSERT_EQ(reader->Number(), block.size());
  }
  EXPECT_THAT(reader->Finish(), IsOk());
}

TEST_P(SnapshotFileTest, PacksWhatThatMakesSmaller) {
  constexpr size_t kMiB = 1 << 20;
  const auto bytes_of = [&](const std::string& block) {
    auto writer = SnapshotWriter::Create(path_, 1 << 30, GetParam());
    EXPECT_THAT(writer, IsOk());
    (*writer)->Block(block);
    EXPECT_THAT((*writer)->Finish(), IsOk());
    auto reader = SnapshotReader::Open(path_);
    EXPECT_THAT(reader, IsOk());
    EXPECT_TRUE(reader->Block() == block);
    return std::filesystem::file_size(path_);
  };
  // Header, directory and the block's size.
  const size_t around = 22 + 4 * 16 + 24 + 64;
  const size_t of_noise = bytes_of(Noise(3 * kMiB));
  EXPECT_LE(of_noise, 3 * kMiB + around);
  EXPECT_GE(of_noise, 3 * kMiB);
  const size_t of_half = bytes_of(Noise(kMiB) + std::string(2 * kMiB, 'x'));
  if (GetParam() == Packing::kQuick) {
    EXPECT_EQ(of_half, of_noise);
  } else {
    EXPECT_LT(of_half, kMiB + kMiB / 8);
  }
}

// A changed byte in any of its pieces, whoever of the threads reads it.
TEST_P(SnapshotFileTest, IsReadByAllThreads) {
  IdleThreads threads(3);
  std::vector<uint32_t> values(5 << 20);  // 20 MiB
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<uint32_t>(i * 7);
  }
  auto writer = SnapshotWriter::Create(path_, 1 << 30, GetParam());
  ASSERT_THAT(writer, IsOk());
  (*writer)->Array(values);
  ASSERT_THAT((*writer)->Finish(), IsOk());
  const std::string good = Bytes();
  for (int i = 0; i < 20; ++i) {
    SCOPED_TRACE(i);
    auto reader = SnapshotReader::Open(path_, &threads);
    ASSERT_THAT(reader, IsOk());
    ASSERT_TRUE(reader->Array<uint32_t>() == values);
    std::string bad = good;
    bad[good.size() / 21 * (i + 1)] ^= 1;
    SetBytes(bad);
    EXPECT_THAT(SnapshotReader::Open(path_, &threads),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
    SetBytes(good);
  }
}

TEST_P(SnapshotFileTest, ArraysAreReadWhereTheyLie) {
  auto writer = SnapshotWriter::Create(path_, kPlenty, GetParam());
  ASSERT_THAT(writer, IsOk());
  const std::vector<uint64_t> few = {1, 2, 3}, many(1000, 4);
  for (const char* before : {"a", "seven..", ""}) {
    (*writer)->Block(before);
    (*writer)->Array(few);
    (*writer)->Array(many);
  }
  ASSERT_THAT((*writer)->Finish(), IsOk());
  auto reader = SnapshotReader::Open(path_);
  ASSERT_THAT(reader, IsOk());
  const std::shared_ptr<const LargePages> memory = reader->memory();
  std::vector<absl::Span<uint64_t>> views;
  for (const char* before : {"a", "seven..", ""}) {
    EXPECT_EQ(reader->Block(), before);
    views.push_back(reader->View<uint64_t>());
    views.push_back(reader->View<uint64_t>());
    EXPECT_EQ(reinterpret_cast<uintptr_t>(views.back().data()) % 64, 0u);
  }
  EXPECT_THAT(reader->Finish(), IsOk());
  for (size_t i = 0; i < views.size(); ++i) {
    EXPECT_THAT(views[i], testing::ElementsAreArray(i % 2 == 0 ? few : many));
    EXPECT_GE(reinterpret_cast<char*>(views[i].data()), memory->data());
  }
}

TEST_P(SnapshotFileTest, WithoutAFileThereIsNoSnapshot) {
  EXPECT_THAT(SnapshotReader::Open(path_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(path_)));
}

TEST_P(SnapshotFileTest, ReadingBeyondWhatThereIsEndsInAnError) {
  Write();
  auto reader = SnapshotReader::Open(path_);
  ASSERT_THAT(reader, IsOk());
  reader->Number();
  reader->Block();
  EXPECT_THAT(reader->Array<uint64_t>(), IsEmpty());  // 12 bytes are no two
  EXPECT_FALSE(reader->ok());
  EXPECT_EQ(reader->Block(), "");
  EXPECT_EQ(reader->Number(), 0u);
  EXPECT_THAT(reader->Finish(), StatusIs(absl::StatusCode::kDataLoss,
                                         HasSubstr("what it should")));
}

TEST_P(SnapshotFileTest, EveryChangedOrMissingByteIsNoticed) {
  Write();
  const std::string good = Bytes();
  for (size_t i = 0; i < good.size(); ++i) {
    SCOPED_TRACE(i);
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    SetBytes(bad);
    if (i >= kVersionBegin && i < kVersionEnd) {
      EXPECT_THAT(SnapshotReader::Open(path_),
                  StatusIs(absl::StatusCode::kFailedPrecondition,
                           HasSubstr("has version")));
    } else {
      EXPECT_THAT(SnapshotReader::Open(path_),
                  StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
    }
    SetBytes(good.substr(0, i));
    EXPECT_THAT(SnapshotReader::Open(path_),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("cut short")));
  }
  SetBytes(good);
  EXPECT_THAT(SnapshotReader::Open(path_), IsOk());
}

TEST_P(SnapshotFileTest, AnUnfinishedOneLeavesTheOldOneAlone) {
  Write();
  const std::string good = Bytes();
  {
    auto writer = SnapshotWriter::Create(path_, kPlenty, GetParam());
    ASSERT_THAT(writer, IsOk());
    (*writer)->Block("not finished");
  }
  EXPECT_EQ(Bytes(), good);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_P(SnapshotFileTest, MoreThanWasAllowedIsNotWritten) {
  Write();
  const std::string good = Bytes();
  for (const uint64_t most : {uint64_t{0}, uint64_t{good.size() - 1}}) {
    auto writer = SnapshotWriter::Create(path_, most, GetParam());
    ASSERT_THAT(writer, IsOk());
    (*writer)->Block(Noise(good.size()));
    EXPECT_THAT((*writer)->Finish(),
                StatusIs(absl::StatusCode::kResourceExhausted,
                         HasSubstr("more of the disk than")));
  }
  EXPECT_EQ(Bytes(), good);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
  EXPECT_GT(MostSnapshotBytes(path_), 0u);
  EXPECT_EQ(MostSnapshotBytes(directory_ + "/none/snapshot"), 0u);
}

TEST_P(SnapshotFileTest, WhereNothingCanBeWrittenItSaysSo) {
  EXPECT_THAT(SnapshotWriter::Create(directory_ + "/none/snapshot", kPlenty),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("/none/snapshot.new: cannot be made")));
}

INSTANTIATE_TEST_SUITE_P(Packings, SnapshotFileTest,
                         testing::Values(Packing::kQuick, Packing::kSmall),
                         [](const testing::TestParamInfo<Packing>& of) {
                           return of.param == Packing::kQuick ? "Quick"
                                                              : "Small";
                         });

}  // namespace
}  // namespace duilian::storage
