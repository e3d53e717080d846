#include "storage/matching_units.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "text/normalize.h"
#include "text/placeholders.h"

namespace duilian::storage {
namespace {

// kSingle: a unit by itself.
enum class CharacterKind { kSingle, kWord, kOther };

// Emoji and what is one with a variation selector behind it (❤), which
// normalising takes away. © and ® are marks.
bool IsPictureUnit(char32_t c) {
  constexpr char32_t kEndOfLatin1 = 0x100;
  return c >= kEndOfLatin1 && text::IsPictograph(c) && !text::IsSkinTone(c);
}

CharacterKind KindOf(char32_t c) {
  if (c < 0x80) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c))
               ? CharacterKind::kWord
               : CharacterKind::kOther;
  }
  if (text::IsHan(c)) return CharacterKind::kSingle;
  if (!text::IsSpace(c) && !text::IsPunctuation(c)) return CharacterKind::kWord;
  return IsPictureUnit(c) ? CharacterKind::kSingle : CharacterKind::kOther;
}

bool IsWordDigit(char32_t c) { return c >= '0' && c <= '9'; }

// True when `mark` between two characters of words makes them one word.
bool Joins(char32_t before, char32_t mark, char32_t after) {
  if (mark == '\'') return !IsWordDigit(before) && !IsWordDigit(after);
  if (mark == '.' || mark == ',') {
    return IsWordDigit(before) && IsWordDigit(after);
  }
  return false;
}

// Where the word that begins at `offset` ends.
size_t WordEnd(absl::string_view text, size_t offset) {
  char32_t last = text::NextCodepoint(text, offset);
  while (offset < text.size()) {
    size_t next = offset;
    char32_t c = text::NextCodepoint(text, next);
    if (KindOf(c) == CharacterKind::kOther && next < text.size()) {
      const char32_t mark = c;
      c = text::NextCodepoint(text, next);
      if (!Joins(last, mark, c)) return offset;
    }
    if (KindOf(c) != CharacterKind::kWord) return offset;
    last = c;
    offset = next;
  }
  return offset;
}

// A character with those that attach to it: combining marks, joiners,
// variation selectors. They take no column of their own.
size_t ClusterEnd(absl::string_view text, size_t offset) {
  const auto ascii = [&](size_t i) {
    return static_cast<unsigned char>(text[i]) < 0x80;
  };
  text::NextCodepoint(text, offset);
  while (offset < text.size() && !ascii(offset)) {
    size_t next = offset;
    text::NextCodepoint(text, next);
    if (text::DisplayWidth(text.substr(offset, next - offset)) > 0) break;
    offset = next;
  }
  return offset;
}

std::string NormalizeCluster(absl::string_view cluster) {
  size_t offset = 0;
  if (text::IsSpace(text::NextCodepoint(cluster, offset))) return " ";
  if (cluster.size() == 1) {
    return std::string(
        1, absl::ascii_tolower(static_cast<unsigned char>(cluster.front())));
  }
  return text::NormalizeForMatching(cluster);
}

}  // namespace

std::vector<text::ByteSpan> SplitUnits(absl::string_view normalized) {
  std::vector<text::ByteSpan> units;
  for (size_t offset = 0; offset < normalized.size();) {
    size_t end = offset;
    switch (KindOf(text::NextCodepoint(normalized, end))) {
      case CharacterKind::kOther:
        break;
      case CharacterKind::kWord:
        end = WordEnd(normalized, offset);
        [[fallthrough]];
      case CharacterKind::kSingle:
        units.push_back({offset, end});
    }
    offset = end;
  }
  return units;
}

bool IsWord(absl::string_view unit) {
  size_t offset = 0;
  return KindOf(text::NextCodepoint(unit, offset)) == CharacterKind::kWord;
}

bool IsApart(absl::string_view normalized, const text::ByteSpan& before,
             const text::ByteSpan& unit) {
  const absl::string_view between =
      normalized.substr(before.end, unit.begin - before.end);
  return between.find_first_not_of(' ') != absl::string_view::npos;
}

std::vector<PlacedUnit> PlaceUnits(absl::string_view original) {
  std::string normalized;
  std::vector<text::ByteSpan> origins;  // of each byte of `normalized`
  const std::vector<text::ByteSpan> placeholders =
      text::FindPlaceholders(original);
  auto placeholder = placeholders.begin();
  for (size_t begin = 0; begin < original.size();) {
    if (placeholder != placeholders.end() && begin == placeholder->begin) {
      begin = placeholder++->end;
      continue;
    }
    const size_t end = ClusterEnd(original, begin);
    normalized += NormalizeCluster(original.substr(begin, end - begin));
    origins.resize(normalized.size(), {begin, end});
    begin = end;
  }
  std::vector<PlacedUnit> units;
  text::ByteSpan before;
  for (const text::ByteSpan& unit : SplitUnits(normalized)) {
    units.push_back({normalized.substr(unit.begin, unit.size()),
                     {origins[unit.begin].begin, origins[unit.end - 1].end},
                     IsApart(normalized, before, unit)});
    before = unit;
  }
  return units;
}

}  // namespace duilian::storage
