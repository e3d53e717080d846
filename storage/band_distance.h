// The edit distance of one query to many texts at a time, up to a cutoff, over
// classes of letters.

#ifndef DUILIAN_STORAGE_BAND_DISTANCE_H_
#define DUILIAN_STORAGE_BAND_DISTANCE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "storage/length_table.h"
#include "storage/letter_class.h"

namespace duilian::storage {

// Not thread-safe: tables are made when they are first needed.
class BandPattern {
 public:
  // How many texts a call compares at most, and best.
  static constexpr size_t kBatch = 32;
  static constexpr size_t kMaxCutoff = 511;

  // `letters` is not empty.
  explicit BandPattern(absl::Span<const LetterClass> letters);

  // Of each text the least number of insertions, deletions and substitutions
  // that turn the query into it, if that is at most `cutoff`; otherwise any
  // number above `cutoff`. Each text has `length` letters. Requires 1 to kBatch
  // texts, 1 <= length, cutoff <= kMaxCutoff, and that the lengths differ by
  // at most `cutoff`.
  // O(length * cutoff / 64) for the whole batch; texts that are all unlike the
  // query are given up after some 1.4 * cutoff letters.
  std::array<uint32_t, kBatch> Distances(absl::Span<const PackedText> texts,
                                         size_t length, size_t cutoff);

 private:
  // For each place of a band's upper edge, from one band above the query's
  // first letter to its last: which of the band's rows hold which class.
  // [places][words][kLetterClasses]
  template <typename Word>
  struct Windows {
    size_t words = 0;
    std::vector<Word> rows;
  };
  template <typename Word>
  const Word* WindowsAt(std::ptrdiff_t top, size_t words,
                        Windows<Word>& windows) const;

  const std::vector<LetterClass> letters_;
  Windows<uint32_t> narrow_;  // bands of up to 32 rows
  // Of up to 64 rows, 128, 192, 256, 384, 512; of the widest 2 KiB a letter.
  static constexpr size_t kWidths = 6;
  std::array<Windows<uint64_t>, kWidths> wide_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_BAND_DISTANCE_H_
