// The simple version fills a matrix, column by column of the text. Here a
// column is kept as the differences between neighbours, which are -1, 0 or 1,
// one bit each in two words, so that 64 cells take a handful of operations
// (Myers 1999).
// 1. Patterns above 64 units take several words; the difference at the bottom
//    of a word goes into the next one as a carry (Hyyrö 2003).
// 2. The last cell's value can fall by at most 1 a column, so a text is given
//    up once the rest of it cannot bring the value down to the cutoff.
// Tested by edit_distance_test.cc against the matrix.

#include "storage/edit_distance.h"

#include "absl/container/inlined_vector.h"
#include "storage/edit_column.h"

namespace duilian::storage {
namespace {

constexpr size_t kWordBits = 64;

// True when `value` cannot fall to `cutoff` in `left` more columns.
bool OutOfReach(size_t value, size_t left, size_t cutoff) {
  return value > cutoff + left;
}

}  // namespace

EditPattern::EditPattern(absl::Span<const Symbol> symbols, size_t distinct)
    : size_(symbols.size()),
      words_((symbols.size() + kWordBits - 1) / kWordBits),
      places_((distinct + 1) * words_),
      foreign_(distinct) {
  for (size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i] == kForeignSymbol) continue;
    places_[symbols[i] * words_ + i / kWordBits] |= uint64_t{1}
                                                    << (i % kWordBits);
  }
}

const uint64_t* EditPattern::PlacesOf(Symbol symbol) const {
  const size_t row = symbol == kForeignSymbol ? foreign_ : symbol;
  return places_.data() + row * words_;
}

std::optional<size_t> EditPattern::Distance(absl::Span<const Symbol> text,
                                            size_t cutoff) const {
  if (size_ == 0) {
    if (text.size() > cutoff) return std::nullopt;
    return text.size();
  }
  return words_ == 1 ? OneWord(text, cutoff) : ManyWords(text, cutoff);
}

std::optional<size_t> EditPattern::OneWord(absl::Span<const Symbol> text,
                                           size_t cutoff) const {
  const uint64_t bottom = uint64_t{1} << (size_ - 1);
  Column column;
  size_t value = size_;
  for (size_t i = 0; i < text.size(); ++i) {
    const int step = Advance(*PlacesOf(text[i]), 1, bottom, column);
    value += static_cast<size_t>(step);  // -1 wraps, and is right
    if (OutOfReach(value, text.size() - i - 1, cutoff)) return std::nullopt;
  }
  if (value > cutoff) return std::nullopt;
  return value;
}

std::optional<size_t> EditPattern::ManyWords(absl::Span<const Symbol> text,
                                             size_t cutoff) const {
  constexpr uint64_t kTop = uint64_t{1} << (kWordBits - 1);
  const uint64_t bottom = uint64_t{1} << ((size_ - 1) % kWordBits);
  absl::InlinedVector<Column, 8> columns(words_);
  size_t value = size_;
  for (size_t i = 0; i < text.size(); ++i) {
    const uint64_t* places = PlacesOf(text[i]);
    int carry = 1;
    for (size_t word = 0; word < words_; ++word) {
      carry = Advance(places[word], carry, word + 1 == words_ ? bottom : kTop,
                      columns[word]);
    }
    value += static_cast<size_t>(carry);
    if (OutOfReach(value, text.size() - i - 1, cutoff)) return std::nullopt;
  }
  if (value > cutoff) return std::nullopt;
  return value;
}

}  // namespace duilian::storage
