#ifndef DUILIAN_TESTS_SUPPORT_WORD_DISTANCE_H_
#define DUILIAN_TESTS_SUPPORT_WORD_DISTANCE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "storage/word_bound.h"

namespace duilian::testing_support {

// The least distance from a word to any part of the query, wherever it ends; 0
// for words that are not known.
inline size_t WordDistance(const storage::WordDistances& distances,
                           storage::WordNumber word) {
  if (word >= distances.known()) return 0;
  uint8_t least = distances.InSegment(0)[word];
  for (size_t s = 1; s < storage::WordDistances::kSegments; ++s) {
    least = std::min(least, distances.InSegment(s)[word]);
  }
  return least;
}

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_WORD_DISTANCE_H_
