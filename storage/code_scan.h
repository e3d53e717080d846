// Sums of table entries over blocks of 4-bit codes: the inner loop of a search
// among quantised vectors.
//
// A code is a row of 4-bit numbers, two a byte. 32 codes are a block, stored
// byte by byte across the codes, so that one instruction looks 32 of them up:
//   block[pair * 32 + code] = number 2 * pair | number 2 * pair + 1 << 4
// The method is that of Andre, Kermarrec, Le Scouarnec, "Cache locality is not
// enough" (VLDB 2015). Tested by code_scan_test.cc against ScanBlockPlainly.

#ifndef DUILIAN_STORAGE_CODE_SCAN_H_
#define DUILIAN_STORAGE_CODE_SCAN_H_

#include <cstddef>
#include <cstdint>

namespace duilian::storage {

inline constexpr size_t kCodesPerBlock = 32;
// Of a table's entries: two of them fit a byte together.
inline constexpr int kMaxTableEntry = 127;

// sums[c] = over all pairs, tables[32 * pair + low number of code c] +
// tables[32 * pair + 16 + high number]. `pairs` is at most 256, so that a sum
// fits. About 70 ns for 64 pairs with AVX2.
void ScanBlock(const uint8_t* block, const uint8_t* tables, size_t pairs,
               uint16_t* sums);

// The same in plain loops: where there is no AVX2, and what tests compare with.
void ScanBlockPlainly(const uint8_t* block, const uint8_t* tables, size_t pairs,
                      uint16_t* sums);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CODE_SCAN_H_
