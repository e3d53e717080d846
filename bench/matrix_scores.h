// The scores of one text with many by the distance matrix itself: no filter, no
// band, no early way out, so that look-ups can be held against it. Only what
// cannot be similar by its length alone is left out.

#ifndef DUILIAN_BENCH_MATRIX_SCORES_H_
#define DUILIAN_BENCH_MATRIX_SCORES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace duilian::bench {

// Safe to read from several threads. Takes 2 bytes a code point of the texts
// and up to a tenth more.
class MatrixScores {
 public:
  // The matrices of so many texts are filled in side by side.
  static constexpr size_t kLanes = 16;

  // Texts of at most 30,000 code points, of at most 60,000 different ones.
  explicit MatrixScores(const std::vector<std::u32string>& texts);

  // 100 * (1 - distance / longer length), rounded down, of every text with
  // which the query has 50 or more, best first. Costs the product of the
  // lengths for each text that is at least half as long as the query and at
  // most twice.
  std::vector<int> FromHalf(const std::u32string& query) const;

 private:
  // Texts of similar length: the code points, by their numbers, that stand at
  // one place of all of them, and then those of the next place.
  struct Group {
    std::array<size_t, kLanes> lengths{};  // the last texts may be missing: 0
    std::vector<std::array<uint16_t, kLanes>> places;
  };

  absl::flat_hash_map<char32_t, uint16_t> numbers_;
  std::vector<Group> groups_;  // by length
};

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_MATRIX_SCORES_H_
