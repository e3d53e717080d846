// A lower bound of the edit distance from a query to a text, by the text's
// words: each is compared with the query once, not once a text.

#ifndef DUILIAN_STORAGE_WORD_BOUND_H_
#define DUILIAN_STORAGE_WORD_BOUND_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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
// word to a part of the query, over classes of letters, by where the part ends.
// 16 bytes a word, 256 KB at the most. Immutable.
class WordDistances {
 public:
  // The ends 0 to the query's length are dealt out to as many segments.
  static constexpr size_t kSegments = 16;

  // To at least `count` words, if there are as many.
  // O(count * query / 32): two tenths of a millisecond for 16,000 words and 70
  // letters.
  WordDistances(const WordLetters& words, size_t count,
                absl::Span<const LetterClass> query);

  size_t query_length() const { return query_length_; }
  // Numbers from this one on have no distance: they count as 0 everywhere.
  size_t known() const { return known_; }

  size_t SegmentOf(size_t end) const {
    return end * kSegments / (query_length_ + 1);
  }
  // Of parts that end in the segment, and of the empty part; by number.
  absl::Span<const uint8_t> InSegment(size_t segment) const {
    return {distances_.get() + segment * row_, known_};
  }

 private:
  size_t query_length_, known_;
  // known_, and on to an odd number of cache lines: what lies below each other
  // in rows of 16 KB would share one place of the processor's nearest cache.
  size_t row_;
  std::unique_ptr<uint8_t[]> distances_;  // [kSegments][row_], up to known_
};

// The same by the region of a text in which the word ends, for texts that are
// near to the query: such a word goes to a part that ends not far from there.
// 64 KB. Not thread-safe.
class PlacedDistances {
 public:
  // For texts of `text_length` letters and distances of `cutoff`, which is no
  // less than the lengths' difference. `distances` is the same at each call.
  // Cheap where little has changed since the last call: up to 2 microseconds a
  // region, of 16,000 words.
  void SetFor(const WordDistances& distances, size_t text_length,
              size_t cutoff);

  size_t of(PlacedWord word) const { return distances_[word]; }

  // False: a text of that length, with these words, is more than `cutoff` edits
  // from the query; `cutoff` is no more than was last set. Words are disjoint
  // parts of it; in any order, and not all of them need be given. To stop once
  // the sum is too high would be no faster: where that is differs from text to
  // text, so the processor guesses it wrong.
  bool MayBeWithin(size_t cutoff, absl::Span<const PlacedWord> words) const {
    size_t sum = 0;
#pragma GCC unroll 4
    for (const PlacedWord word : words) sum += of(word);
    return sum <= cutoff;
  }

 private:
  // Segments of the query, [begin, end).
  struct Window {
    size_t begin = 0, end = 0;
    bool operator==(const Window&) const = default;
  };

  std::array<Window, kTextRegions> windows_;
  std::vector<uint8_t> distances_;  // by placed word
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_WORD_BOUND_H_
