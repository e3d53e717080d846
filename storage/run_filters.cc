#include "storage/run_filters.h"

#include <algorithm>

namespace duilian::storage {
namespace {

constexpr size_t kWordsALine = 8;
constexpr size_t kLines = RunFilters::kTexts * 8 / 64 / kWordsALine;
constexpr int kBitsAHash = 4;

// Calls use(word, bit) with each bit of a hash, until it says false. The lowest
// bits of the hash say which line; then nine bits each say which bit of it.
// Snapshots hold such bits: whoever changes this raises kSnapshotVersion.
template <typename Use>
bool ForEachBit(uint64_t hash, Use use) {
  const size_t line = hash % kLines;
  hash /= kLines;
  for (int i = 0; i < kBitsAHash; ++i) {
    const size_t word = line * kWordsALine + hash % kWordsALine;
    hash /= kWordsALine;
    if (!use(word, uint64_t{1} << hash % 64)) return false;
    hash /= 64;
  }
  return true;
}

}  // namespace

void RunFilters::Insert(size_t run, uint64_t hash) {
  uint64_t* const bits = rows_.row(run);
  ++bits[kInserted];
  ForEachBit(hash, [bits](size_t word, uint64_t bit) {
    bits[word] |= bit;
    return true;
  });
}

void RunFilters::Clear(size_t run) {
  std::fill_n(rows_.row(run), kInserted + 1, 0);
}

bool RunFilters::MayHold(size_t run, uint64_t hash) const {
  const uint64_t* const bits = rows_.row(run);
  return ForEachBit(hash, [bits](size_t word, uint64_t bit) {
    return (bits[word] & bit) != 0;
  });
}

}  // namespace duilian::storage
