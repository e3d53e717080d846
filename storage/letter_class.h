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

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LETTER_CLASS_H_
