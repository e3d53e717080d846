#ifndef DUILIAN_STORAGE_WORD_NUMBER_H_
#define DUILIAN_STORAGE_WORD_NUMBER_H_

#include <cstddef>
#include <cstdint>

namespace duilian::storage {

// A word among the frequent ones of a side (telling_words.h), counted from 1; 0
// is one of which nothing is known.
using WordNumber = uint16_t;
inline constexpr size_t kWordNumberBits = 14;
inline constexpr size_t kMostWordNumber = (size_t{1} << kWordNumberBits) - 1;

// A text is cut into as many regions, as long as each other but for a letter.
inline constexpr size_t kTextRegions = 4;

// The region of the letter before `end`; of [1, length].
constexpr size_t TextRegion(size_t end, size_t length) {
  return (end - 1) * kTextRegions / length;
}

// A word's number and, in the bits above it, the region in which it ends.
using PlacedWord = uint16_t;
constexpr PlacedWord PlaceWord(WordNumber word, size_t region) {
  return static_cast<PlacedWord>(region << kWordNumberBits | word);
}
constexpr WordNumber WordOf(PlacedWord placed) {
  return placed & kMostWordNumber;
}

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_WORD_NUMBER_H_
