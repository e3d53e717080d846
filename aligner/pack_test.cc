#include "aligner/pack.h"

#include <cstdio>
#include <fstream>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "aligner/model.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_file.h"

namespace duilian::aligner {
namespace {

using ::testing::HasSubstr;
using testing_support::IsOk;
using testing_support::StatusIs;

PackContents SmallContents() {
  PackContents contents;
  contents.meta = R"({"name": "test"})";
  contents.subwords = "not a real subword model";
  contents.rows = 3;
  contents.dim = 4;
  contents.scales = {0.5F, 1, 2};
  contents.values = {1, 2, 3, 4, -1, -2, -3, -4, 127, 0, -127, 5};
  contents.chinese_lexicon = {{0, 1, 1, 3}, {2, 0, 1}, {16, 32, 255}};
  contents.english_lexicon = {{0, 0, 0, 1}, {1}, {8}};
  contents.bead_weights = {0.25F, -1};
  contents.quote_weights = {3};
  return contents;
}

std::string WriteTemp(const std::string& bytes, const std::string& name) {
  const std::string path = testing_support::TestFile(name);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST(PackTest, ReadsBackWhatWasWritten) {
  const PackContents contents = SmallContents();
  const std::string path = WriteTemp(SerializePack(contents), "whole.pack");
  const auto pack = PackView::Map(path);
  ASSERT_THAT(pack, IsOk());
  EXPECT_EQ(SerializePack(CopyPack(**pack)), SerializePack(contents));
  EXPECT_EQ((*pack)->embeddings().scales[2], 2);
  EXPECT_EQ((*pack)->embeddings().values[8], 127);
  EXPECT_EQ((*pack)->bead_weights()[1], -1);
}

TEST(PackTest, TruncatedAnywhereIsDataLoss) {
  const std::string whole = SerializePack(SmallContents());
  for (size_t size = 0; size < whole.size(); size += 7) {
    SCOPED_TRACE(absl::StrCat("cut to ", size));
    const std::string path = WriteTemp(whole.substr(0, size), "cut.pack");
    EXPECT_THAT(PackView::Map(path),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("cut.pack")));
  }
}

TEST(PackTest, AnyFlippedBitOfAHeaderOrSectionIsFound) {
  const PackContents contents = SmallContents();
  const std::string whole = SerializePack(contents);
  int padding = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    SCOPED_TRACE(absl::StrCat("byte ", at));
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    const auto pack = PackView::Map(WriteTemp(flipped, "flipped.pack"));
    if (pack.ok()) {
      // Only the padding between sections may change unseen.
      EXPECT_EQ(SerializePack(CopyPack(**pack)), whole);
      ++padding;
    } else {
      EXPECT_THAT(pack.status().message().empty(), false);
    }
  }
  EXPECT_LT(padding, 7 * 64);
}

TEST(PackTest, ANewerFormatSaysWhichReleaseReadsIt) {
  std::string newer = SerializePack(SmallContents());
  newer[8] = 9;
  EXPECT_THAT(PackView::Map(WriteTemp(newer, "newer.pack")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("format 9; this release reads 1")));
}

TEST(PackTest, AMissingFileSaysWhatToGive) {
  EXPECT_THAT(PackView::Map(testing_support::TestFile("absent.pack")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("model pack")));
}

TEST(ModelTest, RefusesAPackWhoseSubwordsAreNone) {
  PackContents contents = SmallContents();
  const std::string path = WriteTemp(SerializePack(contents), "weights.pack");
  EXPECT_THAT(Model::Load(path),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("2 bead and 1 quote weights")));
}

}  // namespace
}  // namespace duilian::aligner
