// Letters made coarse: 32 classes for all code points, so that a text's letters
// are counted, and two texts compared, many at a time.

#ifndef DUILIAN_STORAGE_LETTER_CLASS_H_
#define DUILIAN_STORAGE_LETTER_CLASS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace duilian::storage {

inline constexpr size_t kLetterClasses = 32;

using LetterClass = uint8_t;  // below kLetterClasses

// Equal code points are of one class, and so, here and there, are unequal
// ones: a distance over classes is at most that over code points. The small
// Latin letters and the space have classes of their own.
LetterClass ClassOf(char32_t codepoint);

// The class of each code point. Requires valid UTF-8. Linear.
std::vector<LetterClass> LetterClasses(absl::string_view text);

// How many letters of each class a text has; 255 stands for more.
using LetterCounts = std::array<uint8_t, kLetterClasses>;
LetterCounts CountLetters(absl::Span<const LetterClass> letters);

// Letters packed: six in the lower half of a word, six in the upper half, five
// bits each, the first one lowest.
using LetterWord = uint64_t;
inline constexpr size_t kLettersPerHalf = 6;
inline constexpr size_t kLettersPerWord = 2 * kLettersPerHalf;
inline constexpr size_t kBitsPerLetter = 5;

constexpr size_t WordsFor(size_t letters) {
  return (letters + kLettersPerWord - 1) / kLettersPerWord;
}
std::vector<LetterWord> PackLetters(absl::Span<const LetterClass> letters);
// Letter `i` of those that begin in the first word.
LetterClass LetterAt(absl::Span<const LetterWord> words, size_t i);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LETTER_CLASS_H_
