// A text as an array of characters, for scanners that look about.

#ifndef DUILIAN_ALIGNER_CHARACTERS_H_
#define DUILIAN_ALIGNER_CHARACTERS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/utf8.h"

namespace duilian::aligner {

// The code points of a text, full-width forms of ASCII folded to half width,
// and where each stands. Borrows nothing; 8 bytes a character.
class Characters {
 public:
  // Requires valid UTF-8 below 4 GiB.
  explicit Characters(absl::string_view text);

  size_t size() const { return codepoints_.size(); }

  // 0 outside the text, i == size_t{0} - 1 among it: neighbours need no guard.
  char32_t operator[](size_t i) const {
    return i < codepoints_.size() ? codepoints_[i] : 0;
  }

  // Whether the text was full-width here: a full-width comma parts items, a
  // half-width one may part thousands.
  bool WasFullWidth(size_t i) const;

  // The bytes of the characters [begin, end).
  text::ByteSpan Bytes(size_t begin, size_t end) const {
    return {offsets_[begin], offsets_[end]};
  }

  // True when `word` stands at i, compared after folding.
  bool StartsWith(size_t i, std::u32string_view word) const;

  // The end of the run of ASCII letters that begins at i.
  size_t EndOfLetters(size_t i) const;

  // The ASCII letters [begin, end) in lower case.
  std::string LowerAscii(size_t begin, size_t end) const;

 private:
  std::vector<char32_t> codepoints_;
  std::vector<uint32_t> offsets_;  // one more than codepoints_
};

inline bool IsAsciiUpper(char32_t c) { return c >= 'A' && c <= 'Z'; }
inline bool IsAsciiLower(char32_t c) { return c >= 'a' && c <= 'z'; }
inline bool IsAsciiLetter(char32_t c) {
  return IsAsciiUpper(c) || IsAsciiLower(c);
}
inline bool IsAsciiDigit(char32_t c) { return c >= '0' && c <= '9'; }

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_CHARACTERS_H_
