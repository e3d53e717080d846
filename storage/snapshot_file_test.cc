#include "storage/snapshot_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/snapshot_head.h"
#include "storage/snapshot_packing.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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

class SnapshotChainTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // Saves blocks, and returns the size of the files of pieces that this made.
  uint64_t Save(const std::vector<std::string>& blocks, Packing packing) const {
    const auto before = Files();
    auto writer = SnapshotWriter::Create(path_, 1 << 30, packing);
    EXPECT_THAT(writer, IsOk());
    for (const std::string& block : blocks) (*writer)->Block(block);
    EXPECT_THAT((*writer)->Finish(), IsOk());
    uint64_t made = 0;
    for (const auto& [name, bytes] : Files()) {
      if (name != path_ && !before.contains(name)) made += bytes.size();
    }
    return made;
  }
  void ExpectBlocks(const std::vector<std::string>& blocks,
                    const std::string& path) const {
    auto reader = SnapshotReader::Open(path);
    ASSERT_THAT(reader, IsOk());
    for (const std::string& block : blocks) {
      ASSERT_TRUE(reader->Block() == block) << block.size();
    }
    EXPECT_THAT(reader->Finish(), IsOk());
  }
  void ExpectBlocks(const std::vector<std::string>& blocks) const {
    ExpectBlocks(blocks, path_);
  }

  // All that is in the directory, by name.
  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      files[entry.path().string()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return files;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : Files()) {
      names.push_back(std::filesystem::path(name).filename().string());
    }
    return names;
  }
  uint64_t DiskBytes() const {
    uint64_t size = 0;
    for (const auto& [name, bytes] : Files()) size += bytes.size();
    return size;
  }
  static void SetBytes(const std::string& name, const std::string& bytes) {
    std::ofstream(name, std::ios::binary) << bytes;
  }

  const std::string directory_ = absl::StrCat(
      testing::TempDir(), "/snapshot_file_test_",
      testing::UnitTest::GetInstance()->random_seed(), "_",
      absl::StrReplaceAll(
          testing::UnitTest::GetInstance()->current_test_info()->name(),
          {{"/", "_"}}));
  const std::string path_ = directory_ + "/snapshot";
};

class SnapshotFileTest : public SnapshotChainTest,
                         public testing::WithParamInterface<Packing> {
 protected:
  void Write() const {
    auto writer = SnapshotWriter::Create(path_, kPlenty, GetParam());
    ASSERT_THAT(writer, IsOk());
    (*writer)->Number(7);
    (*writer)->Block("words");
    (*writer)->Array(std::vector<uint32_t>{1, 2, 3});
    (*writer)->Block("");
    ASSERT_THAT((*writer)->Finish(), IsOk());
  }
  void ExpectWritten() const {
    auto reader = SnapshotReader::Open(path_);
    ASSERT_THAT(reader, IsOk());
    EXPECT_EQ(reader->Number(), 7u);
    EXPECT_EQ(reader->Block(), "words");
    EXPECT_THAT(reader->Array<uint32_t>(), ElementsAre(1u, 2u, 3u));
    EXPECT_THAT(reader->Finish(),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("made anew")));
    EXPECT_EQ(reader->Block(), "");
    EXPECT_THAT(reader->Finish(), IsOk());
  }
};

TEST_P(SnapshotFileTest, ReadsWhatWasWritten) {
  Write();
  ExpectWritten();
  auto reader = SnapshotReader::Open(path_);
  ASSERT_THAT(reader, IsOk());
  EXPECT_EQ(reader->is_small(), GetParam() == Packing::kSmall);
  EXPECT_THAT(Names(), SizeIs(2));  // the head, and the pieces
}

// Below, at and above the size of a piece, in turn.
TEST_P(SnapshotFileTest, ReadsSmallAndLargeBlocksInAnyOrder) {
  const size_t sizes[] = {0,    3,       1 << 16, 5,    (1 << 16) - 8, 3 << 20,
                          1,    70'000,  70'000,  4095, 4096,          4097,
                          4095, 700'000, 4095,    9,    (1 << 16) + 1, 0};
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
  const std::string noise = Noise(3 * kMiB);
  Save({noise}, GetParam());
  ExpectBlocks({noise});
  EXPECT_GE(DiskBytes(), 3 * kMiB);
  EXPECT_LE(DiskBytes(), 3 * kMiB + 16'000)
      << "each piece has 48 bytes in the head";
  std::string half = noise;
  for (size_t i = kMiB; i < half.size(); ++i) {
    half[i] = static_cast<char>((i >> 12) + i % 7);  // no two pieces are equal
  }
  Save({half}, GetParam());
  ExpectBlocks({half});
  if (GetParam() == Packing::kSmall) {
    EXPECT_LT(DiskBytes(), kMiB + kMiB / 8);
  } else {
    EXPECT_GE(DiskBytes(), 3 * kMiB);
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
  ASSERT_THAT(Names(), SizeIs(2));
  const auto [name, good] = *Files().rbegin();  // the pieces
  for (size_t i = 0; i < 20; ++i) {
    SCOPED_TRACE(i);
    auto reader = SnapshotReader::Open(path_, &threads);
    ASSERT_THAT(reader, IsOk());
    ASSERT_TRUE(reader->Array<uint32_t>() == values);
    std::string bad = good;
    bad[good.size() / 21 * (i + 1)] ^= 1;
    SetBytes(name, bad);
    EXPECT_THAT(SnapshotReader::Open(path_, &threads),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
    SetBytes(name, good);
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

// A packed piece has bits that change nothing of what comes out of it: it is
// that which is checked.
TEST_P(SnapshotFileTest, EveryChangedOrMissingByteIsNoticed) {
  Write();
  const auto files = Files();
  ASSERT_THAT(files, SizeIs(2));
  size_t unnoticed = 0;
  for (const auto& [name, good] : files) {
    for (size_t i = 0; i < good.size(); ++i) {
      SCOPED_TRACE(absl::StrCat(name, " ", i));
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x20);
      SetBytes(name, bad);
      const auto changed = SnapshotReader::Open(path_);
      if (name == path_ && i >= kVersionBegin && i < kVersionEnd) {
        EXPECT_THAT(changed, StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("has version")));
      } else if (name != path_ && changed.ok()) {
        ++unnoticed;
        ExpectWritten();
      } else {
        EXPECT_THAT(changed,
                    StatusIs(absl::StatusCode::kDataLoss,
                             HasSubstr(name + ": is cut short or damaged")));
      }
      SetBytes(name, good.substr(0, i));
      EXPECT_THAT(
          SnapshotReader::Open(path_),
          StatusIs(absl::StatusCode::kDataLoss, HasSubstr("cut short")));
    }
    SetBytes(name, good);
    EXPECT_THAT(SnapshotReader::Open(path_), IsOk());
  }
  EXPECT_LE(unnoticed, GetParam() == Packing::kSmall ? 1u : 0u);
}

TEST_P(SnapshotFileTest, WithoutAFileOfPiecesItIsDamaged) {
  Write();
  const std::string pieces = Files().rbegin()->first;
  std::filesystem::remove(pieces);
  EXPECT_THAT(SnapshotReader::Open(path_),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr(pieces + ": is cut short")));
}

TEST_P(SnapshotFileTest, AnUnfinishedOneLeavesTheOldOneAlone) {
  Write();
  const auto files = Files();
  {
    auto writer = SnapshotWriter::Create(path_, kPlenty, GetParam());
    ASSERT_THAT(writer, IsOk());
    (*writer)->Block(Noise(100'000));
  }
  EXPECT_TRUE(Files() == files);
}

TEST_P(SnapshotFileTest, MoreThanWasAllowedIsNotWritten) {
  Write();
  const auto files = Files();
  for (const uint64_t most : {uint64_t{0}, uint64_t{10'000}}) {
    auto writer = SnapshotWriter::Create(path_, most, GetParam());
    ASSERT_THAT(writer, IsOk());
    (*writer)->Block(Noise(10'000));
    EXPECT_THAT((*writer)->Finish(),
                StatusIs(absl::StatusCode::kResourceExhausted,
                         HasSubstr("more of the disk than")));
  }
  EXPECT_TRUE(Files() == files);
  EXPECT_GT(MostSnapshotBytes(path_), 0u);
  EXPECT_EQ(MostSnapshotBytes(directory_ + "/none/snapshot"), 0u);
}

// --- One after the other ---

TEST_P(SnapshotFileTest, WhatIsThereIsNotWrittenAgain) {
  std::vector<std::string> blocks = {Noise(1'000'000), "short",
                                     Noise(2'000'000), Noise(10'000)};
  EXPECT_GE(Save(blocks, GetParam()), 3'000'000u);
  EXPECT_EQ(Save(blocks, GetParam()), 0u);
  ExpectBlocks(blocks);
  blocks[0] += "grown";
  blocks.insert(blocks.begin() + 1, "moves all that is behind");
  // The end of what has grown, the new block, and pieces of sizes.
  EXPECT_LT(Save(blocks, GetParam()), 100'000u);
  ExpectBlocks(blocks);
  blocks[3][1'000'000] ^= 1;
  EXPECT_LT(Save(blocks, GetParam()), 100'000u);
  ExpectBlocks(blocks);
}

TEST_P(SnapshotFileTest, ABlockIsTheSameWhereverItsTwoPartsMeet) {
  const std::string block = Noise(300'000), small = Noise(100);
  Save({block, small}, GetParam());
  for (const size_t cut : {0u, 1u, 63u, 65'536u, 65'537u, 200'000u, 300'000u}) {
    SCOPED_TRACE(cut);
    const std::vector<std::string> names = Names();
    auto writer = SnapshotWriter::Create(path_, 1 << 30, GetParam());
    ASSERT_THAT(writer, IsOk());
    for (const absl::string_view whole :
         {absl::string_view(block), absl::string_view(small)}) {
      const size_t at = std::min(cut, whole.size());
      (*writer)->Block(whole.substr(0, at), whole.substr(at));
    }
    ASSERT_THAT((*writer)->Finish(), IsOk());
    EXPECT_EQ(Names(), names) << "nothing new was written";
    ExpectBlocks({block, small});
  }
}

TEST_P(SnapshotFileTest, EqualPiecesAreWrittenOnce) {
  const std::string block = Noise(1'000'000);
  EXPECT_LT(Save({block, "between", block}, GetParam()), 1'200'000u);
  ExpectBlocks({block, "between", block});
}

TEST_P(SnapshotFileTest, FilesGoOfWhichLittleIsUsed) {
  std::vector<std::string> blocks;
  for (size_t i = 0; i < 10; ++i) blocks.push_back(Noise(200'000 + i));
  Save(blocks, GetParam());
  // A new block in the place of an old one, again and again.
  for (size_t i = 0; i < 25; ++i) {
    SCOPED_TRACE(i);
    blocks[i * 7 % 10] = Noise(300'000 + i);
    Save(blocks, GetParam());
    ExpectBlocks(blocks);
    EXPECT_LT(DiskBytes(), 2 * 3'100'000u);
    EXPECT_LE(Names().size(), kMostFiles + 2) << "the head, and the newest";
  }
}

// Each time most of what was new goes again, and a little stays.
TEST_P(SnapshotFileTest, WhatStaysIsGatheredFromFilesThatAreLittleUsed) {
  std::vector<std::string> blocks = {""};
  for (size_t i = 0; i < 7; ++i) {
    blocks[0] = Noise(1'000'000 + i);
    blocks.push_back(Noise(50'000 + i));
    Save(blocks, GetParam());
    ExpectBlocks(blocks);
  }
  EXPECT_LT(DiskBytes(), 2 * 1'400'000u);
}

TEST_P(SnapshotFileTest, LeftoversOfWhatEndedInTheMidstGo) {
  const std::string orphan = path_ + ".7", other = path_ + ".7a",
                    older = path_ + ".07";
  for (const std::string& name : {orphan, other, older}) SetBytes(name, "x");
  Write();
  EXPECT_THAT(
      Names(),
      ElementsAre("snapshot", "snapshot.07", "snapshot.7a",
                  GetParam() == Packing::kSmall ? "snapshot.9" : "snapshot.8"));
}

TEST_P(SnapshotFileTest, IsCopied) {
  const std::string copy = directory_ + "/copy";
  EXPECT_THAT(CopySnapshot(path_, copy),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(path_)));
  const std::vector<std::string> blocks = {Noise(100'000), "x"};
  Save(blocks, GetParam());
  Save({blocks[0], "y"}, GetParam());
  ASSERT_THAT(CopySnapshot(path_, copy), IsOk());
  ExpectBlocks({blocks[0], "y"}, copy);
  EXPECT_THAT(CopySnapshot(path_, copy),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(copy)));
  // As when a newer one takes its place meanwhile.
  std::filesystem::remove(path_ +
                          (GetParam() == Packing::kSmall ? ".2" : ".1"));
  EXPECT_THAT(CopySnapshot(path_, directory_ + "/second"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("cut short")));
  for (const std::string& name : Names()) {
    EXPECT_THAT(name, testing::Not(HasSubstr("second")));
  }
}

TEST_P(SnapshotFileTest, ACopyThatFailsLeavesNoFiles) {
  Save({Noise(100'000)}, GetParam());
  const std::string copy = directory_ + "/copy";
  // The head cannot be made: it would be of this name first.
  std::filesystem::create_directory(copy + ".new");
  EXPECT_THAT(CopySnapshot(path_, copy),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("copy.new")));
  std::filesystem::remove(copy + ".new");
  for (const std::string& name : Names()) {
    EXPECT_THAT(name, testing::Not(HasSubstr("copy")));
  }
}

TEST_P(SnapshotFileTest, WhereNothingCanBeWrittenItSaysSo) {
  EXPECT_THAT(SnapshotWriter::Create(directory_ + "/none/snapshot", kPlenty),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("/none/snapshot.1: cannot be made")));
}

INSTANTIATE_TEST_SUITE_P(Packings, SnapshotFileTest,
                         testing::Values(Packing::kQuick, Packing::kUnpacked,
                                         Packing::kSmall),
                         [](const testing::TestParamInfo<Packing>& of) {
                           if (of.param == Packing::kQuick) return "Quick";
                           return of.param == Packing::kSmall ? "Small"
                                                              : "Unpacked";
                         });

// Whatever was saved before, and however.
TEST_F(SnapshotChainTest, ReadsWhatWasSavedLast) {
  std::mt19937_64 random(20261127);
  constexpr Packing kPackings[] = {Packing::kQuick, Packing::kUnpacked,
                                   Packing::kSmall};
  std::vector<std::string> blocks(12);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    for (int change = 0; change < 4; ++change) {
      std::string& block = blocks[random() % blocks.size()];
      const size_t size = random() % 150'000;
      const auto letter = static_cast<char>('a' + random() % 20);
      if (random() % 3 == 0) block += Noise(size);
      if (random() % 3 == 0) block += std::string(size, letter);
      if (random() % 4 == 0) block.resize(std::min(block.size(), size));
      if (!block.empty()) block[random() % block.size()] = letter;
    }
    if (random() % 5 == 0) std::swap(blocks[0], blocks[5]);
    const Packing packing = kPackings[random() % 3];
    Save(blocks, packing);
    ExpectBlocks(blocks);
    uint64_t bytes = 0;
    for (const std::string& block : blocks) bytes += block.size();
    EXPECT_LE(DiskBytes(), 3 * bytes + 100'000);
  }
}

// What was packed is read later than what was not: a stop that wants the next
// start to be quick leaves nothing packed.
TEST_F(SnapshotChainTest, UnpackedMeansAllOfIt) {
  const std::vector<std::string> blocks = {std::string(1'000'000, 'x'),
                                           Noise(100'000)};
  Save(blocks, Packing::kSmall);
  const uint64_t small = DiskBytes();
  Save(blocks, Packing::kQuick);
  EXPECT_LT(DiskBytes(), small + 1'000);
  EXPECT_TRUE(SnapshotReader::Open(path_)->is_small());
  Save(blocks, Packing::kUnpacked);
  EXPECT_FALSE(SnapshotReader::Open(path_)->is_small());
  ExpectBlocks(blocks);
}

TEST_F(SnapshotChainTest, EachPieceIsPackedAsSuitsIt) {
  constexpr size_t kBytes = 200'000;
  const std::string noise = Noise(kBytes);
  std::string few = noise;  // letters, in no order: only their number is told
  for (char& c : few) c = static_cast<char>(c & 3);
  std::string again;  // the same words again and again
  while (again.size() < kBytes) {
    absl::StrAppend(&again, "line ", again.size(), " of many\n");
  }
  const std::vector<std::string> blocks = {noise, few, again};
  Save(blocks, Packing::kSmall);
  ExpectBlocks(blocks);
  const auto head = ReadHead(path_);
  ASSERT_THAT(head, IsOk());
  std::map<PiecePacking, int> pieces;
  for (const SnapshotPiece& piece : head->pieces) {
    ++pieces[piece.packing];
    const double share = static_cast<double>(piece.stored) / piece.bytes;
    switch (piece.packing) {
      case PiecePacking::kZstd:
        EXPECT_LT(share, 0.85);
        break;
      case PiecePacking::kLz4:
        EXPECT_LE(share, 15.0 / 16);
        break;
      default:
        EXPECT_EQ(share, 1);
    }
  }
  EXPECT_EQ(pieces[PiecePacking::kNotYet], 0);
  EXPECT_GE(pieces[PiecePacking::kNone], 3);
  EXPECT_GE(pieces[PiecePacking::kZstd], 3);
  EXPECT_GE(pieces[PiecePacking::kLz4], 3);
}

TEST_F(SnapshotChainTest, AHeadThatCannotBeIsDamaged) {
  Save({std::string(100'000, 'a')}, Packing::kSmall);
  const auto good = ReadHead(path_);
  ASSERT_THAT(good, IsOk());
  ASSERT_TRUE(good->pieces[0].is_packed());
  const auto expect_damaged = [&](auto change) {
    SnapshotHead bad = *good;
    change(bad.pieces[0]);
    ASSERT_THAT(WriteHead(path_, bad), IsOk());
    EXPECT_THAT(SnapshotReader::Open(path_),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
  };
  expect_damaged([](SnapshotPiece& piece) { piece.stored = piece.bytes; });
  expect_damaged([](SnapshotPiece& piece) { piece.stored = piece.bytes + 1; });
  expect_damaged(
      [](SnapshotPiece& piece) { piece.packing = PiecePacking::kNone; });
  expect_damaged([](SnapshotPiece& piece) {  // by the other one
    piece.packing = piece.packing == PiecePacking::kLz4 ? PiecePacking::kZstd
                                                        : PiecePacking::kLz4;
  });
  ASSERT_THAT(WriteHead(path_, *good), IsOk());
  EXPECT_THAT(SnapshotReader::Open(path_), IsOk());
}

TEST_F(SnapshotChainTest, ADamagedOneIsNotPacked) {
  Save({Noise(100'000)}, Packing::kQuick);
  const auto [name, good] = *Files().rbegin();
  std::string bad = good;
  bad[50'000] ^= 1;
  SetBytes(name, bad);
  EXPECT_THAT(PackSnapshot(path_, kPlenty),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr(name + ": is cut short or damaged")));
  SetBytes(name, good);
  ExpectBlocks({Noise(100'000)});
  EXPECT_THAT(Names(), SizeIs(2));
  EXPECT_THAT(PackSnapshot(path_, 1'000),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("to pack it would take more")));
  EXPECT_THAT(Names(), SizeIs(2));
  EXPECT_THAT(PackSnapshot(path_, kPlenty, [] { return true; }),
              StatusIs(absl::StatusCode::kCancelled,
                       HasSubstr("its packing was ended")));
  EXPECT_THAT(Names(), SizeIs(2));
  EXPECT_THAT(PackSnapshot(path_, kPlenty, [] { return false; }), IsOk());
  EXPECT_TRUE(SnapshotReader::Open(path_)->is_small());
  const auto files = Files();
  EXPECT_THAT(PackSnapshot(path_, 0), IsOk()) << "nothing is left to be done";
  EXPECT_TRUE(Files() == files);
}

}  // namespace
}  // namespace duilian::storage
