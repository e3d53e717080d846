#include "storage/letter_class.h"

#include "absl/strings/ascii.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

constexpr LetterClass kSpace = 26;
constexpr LetterClass kDigit = 27;
constexpr LetterClass kStop = 28;  // the rest of ASCII is above it

// The upper bits of a multiplicative hash (Knuth): neighbours in a block of
// Unicode, which occur together, are spread.
uint32_t Spread(char32_t codepoint) {
  return static_cast<uint32_t>(codepoint) * 2654435761u;
}

}  // namespace

LetterClass ClassOf(char32_t codepoint) {
  if (codepoint >= 0x80) {
    return static_cast<LetterClass>(Spread(codepoint) >> 27);
  }
  const auto c = static_cast<unsigned char>(codepoint);
  if (absl::ascii_islower(c)) return static_cast<LetterClass>(c - 'a');
  if (absl::ascii_isdigit(c)) return kDigit;
  if (c == ' ') return kSpace;
  if (c == '.' || c == ',') return kStop;
  return static_cast<LetterClass>(kStop + 1 + Spread(codepoint) % 3);
}

std::vector<LetterClass> LetterClasses(absl::string_view text) {
  std::vector<LetterClass> letters;
  letters.reserve(text.size());
  for (size_t offset = 0; offset < text.size();) {
    letters.push_back(ClassOf(text::NextCodepoint(text, offset)));
  }
  return letters;
}

LetterCounts CountLetters(absl::Span<const LetterClass> letters) {
  LetterCounts counts = {};
  for (const LetterClass letter : letters) {
    if (counts[letter] < 255) ++counts[letter];
  }
  return counts;
}

namespace {

size_t ShiftOf(size_t i) {
  const size_t place = i % kLettersPerWord;
  return (place / kLettersPerHalf) * 32 +
         (place % kLettersPerHalf) * kBitsPerLetter;
}

}  // namespace

std::vector<LetterWord> PackLetters(absl::Span<const LetterClass> letters) {
  std::vector<LetterWord> words(WordsFor(letters.size()));
  for (size_t i = 0; i < letters.size(); ++i) {
    words[i / kLettersPerWord] |= LetterWord{letters[i]} << ShiftOf(i);
  }
  return words;
}

LetterClass LetterAt(absl::Span<const LetterWord> words, size_t i) {
  return static_cast<LetterClass>(words[i / kLettersPerWord] >> ShiftOf(i) &
                                  (kLetterClasses - 1));
}

}  // namespace duilian::storage
