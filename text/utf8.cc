#include "text/utf8.h"

#include <utf8proc.h>

namespace duilian::text {
namespace {

// Length of the well-formed sequence at `offset`, or 0.
size_t SequenceLength(absl::string_view text, size_t offset) {
  utf8proc_int32_t codepoint;
  const utf8proc_ssize_t length = utf8proc_iterate(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + offset,
      static_cast<utf8proc_ssize_t>(text.size() - offset), &codepoint);
  return length > 0 ? static_cast<size_t>(length) : 0;
}

size_t WidthOf(char32_t c) {
  const int columns = utf8proc_charwidth(static_cast<utf8proc_int32_t>(c));
  return columns > 0 ? static_cast<size_t>(columns) : 0;
}

struct Sign {
  size_t end = 0;
  size_t width = 0;
};

Sign ReadSign(absl::string_view text, size_t begin) {
  Sign sign;
  sign.end = begin;
  const char32_t base = NextCodepoint(text, sign.end);
  sign.width = WidthOf(base);
  const bool picture = IsPictograph(base);
  char32_t before = base;
  while (sign.end < text.size()) {
    size_t ahead = sign.end;
    const char32_t c = NextCodepoint(text, ahead);
    const bool joined = before == kJoiner && IsPictograph(c);
    if (!(WidthOf(c) == 0 || (picture && (joined || IsSkinTone(c))))) break;
    if (picture && c == kEmojiStyle) sign.width = 2;
    sign.end = ahead;
    before = c;
  }
  return sign;
}

}  // namespace

std::optional<size_t> FindInvalidUtf8(absl::string_view text) {
  for (size_t offset = 0; offset < text.size();) {
    if (static_cast<unsigned char>(text[offset]) < 0x80) {
      ++offset;
      continue;
    }
    const size_t length = SequenceLength(text, offset);
    if (length == 0) return offset;
    offset += length;
  }
  return std::nullopt;
}

char32_t NextCodepoint(absl::string_view text, size_t& offset) {
  const auto byte = [&](size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[offset + i]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) {
    offset += 1;
    return lead;
  }
  char32_t codepoint;
  if (lead < 0xE0) {
    codepoint = (lead & 0x1F) << 6 | (byte(1) & 0x3F);
    offset += 2;
  } else if (lead < 0xF0) {
    codepoint = (lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    offset += 3;
  } else {
    codepoint = (lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 |
                (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    offset += 4;
  }
  return codepoint;
}

size_t CountCodepoints(absl::string_view text) {
  size_t count = 0;
  for (const char c : text)
    count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::vector<char32_t> Codepoints(absl::string_view text) {
  std::vector<char32_t> codepoints;
  codepoints.reserve(text.size());
  for (size_t offset = 0; offset < text.size();) {
    codepoints.push_back(NextCodepoint(text, offset));
  }
  return codepoints;
}

void AppendUtf8(char32_t codepoint, std::string& out) {
  if (codepoint < 0x80) {
    out.push_back(static_cast<char>(codepoint));
    return;
  }
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t length =
      utf8proc_encode_char(static_cast<utf8proc_int32_t>(codepoint), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
}

bool IsCharacterEdge(absl::string_view text, size_t offset) {
  if (offset > text.size()) return false;
  return offset == text.size() ||
         (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80;
}

std::string Abbreviate(absl::string_view text, size_t max_codepoints) {
  size_t offset = 0;
  for (size_t i = 0; i < max_codepoints && offset < text.size(); ++i) {
    NextCodepoint(text, offset);
  }
  std::string out(text.substr(0, offset));
  if (offset < text.size()) out += "…";
  return out;
}

size_t EndOfSign(absl::string_view text, size_t begin) {
  return ReadSign(text, begin).end;
}

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  for (size_t offset = 0; offset < text.size();) {
    const Sign sign = ReadSign(text, offset);
    width += sign.width;
    offset = sign.end;
  }
  return width;
}

bool IsHan(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF) ||
         c == 0x3005 || c == 0x3007;
}

bool IsLatin(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
         (c >= 0x1E00 && c <= 0x1EFF) || (c >= 0xFF21 && c <= 0xFF3A) ||
         (c >= 0xFF41 && c <= 0xFF5A);
}

bool IsDigit(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool IsPunctuation(char32_t c) {
  const utf8proc_category_t category =
      utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_SO;
}

bool IsPictograph(char32_t c) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->boundclass ==
         UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

bool IsEmoji(char32_t c) { return IsPictograph(c) && WidthOf(c) == 2; }

bool IsSkinTone(char32_t c) { return c >= 0x1F3FB && c <= 0x1F3FF; }

}  // namespace duilian::text
