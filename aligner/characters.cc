#include "aligner/characters.h"

namespace duilian::aligner {
namespace {

char32_t FoldWidth(char32_t c) {
  return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

}  // namespace

Characters::Characters(absl::string_view text) {
  codepoints_.reserve(text.size());
  offsets_.reserve(text.size() + 1);
  for (size_t offset = 0; offset < text.size();) {
    offsets_.push_back(static_cast<uint32_t>(offset));
    codepoints_.push_back(FoldWidth(text::NextCodepoint(text, offset)));
  }
  offsets_.push_back(static_cast<uint32_t>(text.size()));
}

bool Characters::WasFullWidth(size_t i) const {
  return i < size() && codepoints_[i] < 0x80 &&
         offsets_[i + 1] - offsets_[i] > 1;
}

bool Characters::StartsWith(size_t i, std::u32string_view word) const {
  for (size_t k = 0; k < word.size(); ++k) {
    if ((*this)[i + k] != word[k]) return false;
  }
  return true;
}

size_t Characters::EndOfLetters(size_t i) const {
  while (IsAsciiLetter((*this)[i])) ++i;
  return i;
}

std::string Characters::LowerAscii(size_t begin, size_t end) const {
  std::string out;
  out.reserve(end - begin);
  for (size_t i = begin; i < end; ++i) {
    const char32_t c = (*this)[i];
    out += static_cast<char>(IsAsciiUpper(c) ? c + ('a' - 'A') : c);
  }
  return out;
}

}  // namespace duilian::aligner
