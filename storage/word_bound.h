// A lower bound of the edit distance from a query to a text, by the text's
// words: each is compared with the query once, not once a text.

#ifndef DUILIAN_STORAGE_WORD_BOUND_H_
#define DUILIAN_STORAGE_WORD_BOUND_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/letter_class.h"
#include "storage/word_number.h"

namespace duilian::storage {

// Words by number, ready to be compared. 68 bytes a word. Not thread-safe for
// writers; any number of readers without one.
class WordLetters {
 public:
  // Of longer words, so many letters are compared: the first ones.
  static constexpr size_t kMostLetters = 16;
  static constexpr size_t kLanes = 32;  // words that are compared together

  // Adds the word of the next number, from 1 on; of kMostWordNumber at the
  // most. Not empty.
  void Add(absl::string_view word);

  size_t size() const { return size_; }
  // How many letters of the word are compared; 0 for the number 0.
  size_t letters(WordNumber word) const {
    if (word == 0) return 0;
    return blocks_[(word - 1) / kLanes].lengths[(word - 1) % kLanes];
  }

  // Bytes of memory.
  size_t Memory() const { return blocks_.capacity() * sizeof(Block); }

 private:
  friend class WordDistances;

  // In a lane the word's letters stand in the upper bits, the last one highest;
  // the bits below hold every class.
  struct alignas(64) Block {
    uint16_t rows[kLetterClasses][kLanes];  // where the class stands
    uint16_t letters[kLanes];               // bits of the word's own
    uint16_t lengths[kLanes];
  };

  size_t size_ = 0;
  std::vector<Block> blocks_;
};

// Of a query to the first of the numbered words: the least distance from the
// word to any part of the query, over classes of letters. 16 KB. Immutable.
class WordDistances {
 public:
  // To at least `count` words, if there are as many.
  // O(count * query / 32): two tenths of a millisecond for 16,000 words and 70
  // letters.
  WordDistances(const WordLetters& words, size_t count,
                absl::Span<const LetterClass> query);

  // 0 for the others, and for numbers without a word.
  size_t of(WordNumber word) const { return distances_[word]; }

  // False: a text with these words is more than `cutoff` edits from the query.
  // Words are disjoint parts of it; in any order, and not all of them need be
  // given. To stop once the sum is too high would be no faster: where that is
  // differs from text to text, so the processor guesses it wrong.
  bool MayBeWithin(size_t cutoff, absl::Span<const WordNumber> words) const {
    size_t sum = 0;
#pragma GCC unroll 4
    for (const WordNumber word : words) sum += distances_[word];
    return sum <= cutoff;
  }

 private:
  std::vector<uint8_t> distances_;  // [kMostWordNumber + 1]
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_WORD_BOUND_H_
