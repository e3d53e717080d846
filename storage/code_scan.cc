#include "storage/code_scan.h"

#include <algorithm>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define DUILIAN_HAS_AVX2_SCAN 1
#endif

namespace duilian::storage {
namespace {

#ifdef DUILIAN_HAS_AVX2_SCAN

__attribute__((target("avx2"))) __m256i BothHalves(const uint8_t* table) {
  return _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(table)));
}

// Sums of even codes gather in one register and those of odd codes in another,
// 16 bits each; they are put in order at the end.
__attribute__((target("avx2"))) void ScanBlockWithAvx2(const uint8_t* block,
                                                       const uint8_t* tables,
                                                       size_t pairs,
                                                       uint16_t* sums) {
  const __m256i low_half = _mm256_set1_epi8(0x0F);
  const __m256i low_byte = _mm256_set1_epi16(0x00FF);
  __m256i even = _mm256_setzero_si256(), odd = _mm256_setzero_si256();
  for (size_t pair = 0; pair < pairs; ++pair) {
    const __m256i codes = _mm256_loadu_si256(
        reinterpret_cast<const __m256i*>(block + pair * kCodesPerBlock));
    const __m256i low = _mm256_and_si256(codes, low_half);
    const __m256i high =
        _mm256_and_si256(_mm256_srli_epi16(codes, 4), low_half);
    const uint8_t* table = tables + pair * 32;
    const __m256i found =
        _mm256_add_epi8(_mm256_shuffle_epi8(BothHalves(table), low),
                        _mm256_shuffle_epi8(BothHalves(table + 16), high));
    even = _mm256_add_epi16(even, _mm256_and_si256(found, low_byte));
    odd = _mm256_add_epi16(odd, _mm256_srli_epi16(found, 8));
  }
  const __m256i first = _mm256_unpacklo_epi16(even, odd);   // 0-7, 16-23
  const __m256i second = _mm256_unpackhi_epi16(even, odd);  // 8-15, 24-31
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums),
                      _mm256_permute2x128_si256(first, second, 0x20));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums + 16),
                      _mm256_permute2x128_si256(first, second, 0x31));
}

#endif

}  // namespace

void ScanBlockPlainly(const uint8_t* block, const uint8_t* tables, size_t pairs,
                      uint16_t* sums) {
  std::fill(sums, sums + kCodesPerBlock, uint16_t{0});
  for (size_t pair = 0; pair < pairs; ++pair) {
    const uint8_t* table = tables + pair * 32;
    for (size_t code = 0; code < kCodesPerBlock; ++code) {
      const uint8_t numbers = block[pair * kCodesPerBlock + code];
      sums[code] = static_cast<uint16_t>(sums[code] + table[numbers & 15] +
                                         table[16 + (numbers >> 4)]);
    }
  }
}

void ScanBlock(const uint8_t* block, const uint8_t* tables, size_t pairs,
               uint16_t* sums) {
#ifdef DUILIAN_HAS_AVX2_SCAN
  if (__builtin_cpu_supports("avx2")) {
    return ScanBlockWithAvx2(block, tables, pairs, sums);
  }
#endif
  ScanBlockPlainly(block, tables, pairs, sums);
}

}  // namespace duilian::storage
