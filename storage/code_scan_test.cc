#include "storage/code_scan.h"

#include <array>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"

namespace duilian::storage {
namespace {

using Sums = std::array<uint16_t, kCodesPerBlock>;

TEST(CodeScanTest, AddsWhatTheNumbersOfEachCodeName) {
  std::vector<uint8_t> tables(32);
  for (size_t i = 0; i < 16; ++i) {
    tables[i] = static_cast<uint8_t>(i);           // of the low number
    tables[16 + i] = static_cast<uint8_t>(7 * i);  // of the high one
  }
  std::vector<uint8_t> block(kCodesPerBlock);
  for (size_t code = 0; code < kCodesPerBlock; ++code) {
    block[code] = static_cast<uint8_t>((code % 16) | ((code / 4) << 4));
  }
  Sums sums;
  ScanBlock(block.data(), tables.data(), 1, sums.data());
  for (size_t code = 0; code < kCodesPerBlock; ++code) {
    EXPECT_EQ(sums[code], code % 16 + 7 * (code / 4)) << code;
  }
}

TEST(CodeScanTest, FastScanIsThePlainOneForAnyBytes) {
  Random random(20261126);
  for (const size_t pairs : {1u, 2u, 31u, 64u, 256u}) {
    std::vector<uint8_t> block(pairs * kCodesPerBlock), tables(pairs * 32);
    for (uint8_t& byte : block) byte = static_cast<uint8_t>(Below(256, random));
    for (uint8_t& entry : tables) {
      entry = static_cast<uint8_t>(Below(kMaxTableEntry + 1, random));
    }
    Sums fast, plain;
    ScanBlock(block.data(), tables.data(), pairs, fast.data());
    ScanBlockPlainly(block.data(), tables.data(), pairs, plain.data());
    EXPECT_EQ(fast, plain) << pairs << " pairs";
  }
}

// The largest sum that can come up.
TEST(CodeScanTest, FullTablesDoNotOverflow) {
  const std::vector<uint8_t> block(256 * kCodesPerBlock, 0xFF);
  const std::vector<uint8_t> tables(256 * 32, kMaxTableEntry);
  Sums sums;
  ScanBlock(block.data(), tables.data(), 256, sums.data());
  EXPECT_THAT(sums, testing::Each(2 * 256 * kMaxTableEntry));
}

}  // namespace
}  // namespace duilian::storage
