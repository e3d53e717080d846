// UTF-8 at the edges: validity, code points, characters' kinds. Everything
// inside works on valid UTF-8 and says bytes or code points by name.

#ifndef DUILIAN_TEXT_UTF8_H_
#define DUILIAN_TEXT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace duilian::text {

// A half-open range of UTF-8 bytes.
struct ByteSpan {
  size_t begin = 0;
  size_t end = 0;
  size_t size() const { return end - begin; }
  bool operator==(const ByteSpan&) const = default;
};

// The offset of the first byte that does not belong to a well-formed UTF-8
// sequence (RFC 3629: no surrogates, no overlong forms); nullopt when all do.
std::optional<size_t> FindInvalidUtf8(absl::string_view text);

// Reads the code point that begins at `offset` and moves past it. Requires
// valid UTF-8 and offset < text.size() on a character's edge.
char32_t NextCodepoint(absl::string_view text, size_t& offset);

// Number of code points. Requires valid UTF-8.
size_t CountCodepoints(absl::string_view text);

// The code points of a valid UTF-8 text.
std::vector<char32_t> Codepoints(absl::string_view text);

void AppendUtf8(char32_t codepoint, std::string& out);

// True when `offset` is 0, the end, or the first byte of a character.
bool IsCharacterEdge(absl::string_view text, size_t offset);

// The first `max_codepoints` of a text, with "…" behind when that cut it.
std::string Abbreviate(absl::string_view text, size_t max_codepoints);

// The end of what a terminal draws as one sign from `begin` on: a character
// with the combining ones behind it, an emoji with its skin tone and with those
// joined to it. Requires valid UTF-8 and begin < text.size() on an edge.
size_t EndOfSign(absl::string_view text, size_t begin);

// Columns that a text takes on a terminal, sign by sign: 2 for wide characters
// (East Asian Width W and F) and emoji, 0 for combining ones, 1 otherwise.
size_t DisplayWidth(absl::string_view text);

bool IsHan(char32_t codepoint);
// Letters of the Latin script, with accents, half or full width.
bool IsLatin(char32_t codepoint);
// Decimal digits, half or full width.
bool IsDigit(char32_t codepoint);
// Unicode White_Space, the ideographic space U+3000 among them.
bool IsSpace(char32_t codepoint);
// Unicode general categories P* and S*.
bool IsPunctuation(char32_t codepoint);
// Unicode Extended_Pictographic: emoji, and signs like ❤ and © that become one
// with kEmojiStyle behind.
bool IsPictograph(char32_t codepoint);
// Two columns wide by itself, so drawn as an emoji.
bool IsEmoji(char32_t codepoint);
// The five shades that colour the emoji before them.
bool IsSkinTone(char32_t codepoint);

inline constexpr char32_t kJoiner = 0x200D;      // makes one of two emoji
inline constexpr char32_t kEmojiStyle = 0xFE0F;  // variation selector 16

}  // namespace duilian::text

#endif  // DUILIAN_TEXT_UTF8_H_
