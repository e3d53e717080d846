#include "storage/token_texts.h"

#include <cstring>
#include <optional>
#include <utility>

#include "storage/short_numbers.h"

namespace duilian::storage {
namespace {

// A unit is a Han character or has none.
bool IsHanUnit(absl::string_view unit) {
  if (static_cast<unsigned char>(unit.front()) < 0x80) return false;
  size_t offset = 0;
  return text::IsHan(text::NextCodepoint(unit, offset));
}

// What stands before a unit, if nothing unusual does: `before` is the unit in
// front of it, empty for none.
absl::string_view UsualGap(absl::string_view before, absl::string_view unit) {
  return before.empty() || IsHanUnit(before) || IsHanUnit(unit) ? "" : " ";
}

bool SetsApart(absl::string_view gap) {
  return gap.find_first_not_of(' ') != absl::string_view::npos;
}

bool EndsInSpace(absl::string_view gap) {
  return !gap.empty() && gap.back() == ' ';
}

void AppendShort(uint32_t number, std::string& code) {
  uint8_t bytes[kMostShortBytes];
  const uint8_t* const end = WriteShort(number, bytes);
  code.append(reinterpret_cast<const char*>(bytes),
              static_cast<size_t>(end - bytes));
}

// How a token, or the gap before it, stands in a code.
constexpr uint32_t CodeOfToken(TokenId token) { return token << 1; }
constexpr uint32_t CodeOfGap(uint32_t gap) { return gap << 1 | 1; }
constexpr bool IsGap(uint32_t code) { return (code & 1) != 0; }

const uint8_t* BytesOf(absl::string_view code) {
  return reinterpret_cast<const uint8_t*>(code.data());
}

struct CodedToken {
  std::optional<uint32_t> gap;  // nullopt: the usual one
  TokenId token = 0;
};

CodedToken ReadToken(const uint8_t*& from) {
  CodedToken coded;
  uint32_t code = ReadShort(from);
  if (IsGap(code)) {
    coded.gap = code >> 1;
    code = ReadShort(from);
  }
  coded.token = code >> 1;
  return coded;
}

}  // namespace

TokenReader::TokenReader(absl::string_view code,
                         absl::Span<const uint8_t> gap_is_apart)
    : from_(BytesOf(code)),
      end_(from_ + code.size()),
      gap_is_apart_(gap_is_apart) {
  ReadShort(from_);  // the gap at the end
  begin_ = from_;
}

// Looks for the token's bytes, not at every token: a number's first byte is
// told by the one before it, and a gap's differs from every token's.
bool TokenReader::SkipPast(TokenId token) {
  uint8_t code[kMostShortBytes];
  const auto size =
      static_cast<size_t>(WriteShort(CodeOfToken(token), code) - code);
  while (from_ < end_) {
    const void* const found =
        std::memchr(from_, code[0], static_cast<size_t>(end_ - from_));
    if (found == nullptr) break;
    const auto* const at = static_cast<const uint8_t*>(found);
    from_ = at + 1;
    if (at != begin_ && at[-1] >= 0x80) continue;
    if (static_cast<size_t>(end_ - at) < size ||
        std::memcmp(at, code, size) != 0) {
      continue;
    }
    from_ = at + size;
    return true;
  }
  from_ = end_;
  return false;
}

PlacedToken TokenReader::Next() {
  const CodedToken coded = ReadToken(from_);
  return PlacedToken(coded.token,
                     coded.gap.has_value() && gap_is_apart_[*coded.gap] != 0);
}

uint32_t TokenTexts::InternGap(absl::string_view gap) {
  const uint32_t number = gaps_.Intern(gap);
  if (number == gap_is_apart_.size()) {
    gap_is_apart_.push_back(SetsApart(gap) ? 1 : 0);
  }
  return number;
}

void TokenTexts::Add(absl::string_view normalized,
                     absl::Span<const text::ByteSpan> units,
                     std::vector<SpacedToken>& tokens) {
  tokens.clear();
  code_.clear();
  const size_t end = units.empty() ? 0 : units.back().end;
  AppendShort(InternGap(normalized.substr(end)), code_);
  absl::string_view before;
  size_t before_end = 0;
  size_t place = 0;
  for (const text::ByteSpan& span : units) {
    const absl::string_view unit = normalized.substr(span.begin, span.size());
    const absl::string_view gap =
        normalized.substr(before_end, span.begin - before_end);
    place += text::CountCodepoints(gap);
    tokens.push_back({vocabulary_.Intern(unit), EndsInSpace(gap), place});
    place += text::CountCodepoints(unit);
    if (gap != UsualGap(before, unit)) {
      AppendShort(CodeOfGap(InternGap(gap)), code_);
    }
    AppendShort(CodeOfToken(tokens.back().token), code_);
    before = unit;
    before_end = span.end;
  }
  codes_.Add(code_);
}

void TokenTexts::AppendText(SlotId slot, std::string& text) const {
  const absl::string_view code = codes_[slot];
  const uint8_t* from = BytesOf(code);
  const uint8_t* const end = from + code.size();
  const absl::string_view last_gap = gaps_.name(ReadShort(from));
  absl::string_view before;
  while (from < end) {
    const CodedToken coded = ReadToken(from);
    const absl::string_view unit = vocabulary_.name(coded.token);
    const absl::string_view gap =
        coded.gap.has_value() ? gaps_.name(*coded.gap) : UsualGap(before, unit);
    text.append(gap.data(), gap.size());
    text.append(unit.data(), unit.size());
    before = unit;
  }
  text.append(last_gap.data(), last_gap.size());
}

void TokenTexts::AppendTokens(SlotId slot,
                              std::vector<PlacedToken>& tokens) const {
  TokenReader reader = Tokens(slot);
  while (!reader.done()) tokens.push_back(reader.Next());
}

void TokenTexts::AddKept(const TokenTexts& from,
                         absl::Span<const SlotId> slots) {
  for (uint32_t word = 0; word < from.vocabulary_.size(); ++word) {
    vocabulary_.Intern(from.vocabulary_.name(word));
  }
  for (uint32_t gap = 0; gap < from.gaps_.size(); ++gap) {
    InternGap(from.gaps_.name(gap));
  }
  for (const SlotId slot : slots) codes_.Add(from.codes_[slot]);
}

void TokenTexts::AppendSpacedTokens(SlotId slot,
                                    std::vector<SpacedToken>& tokens) const {
  const absl::string_view code = codes_[slot];
  const uint8_t* from = BytesOf(code);
  const uint8_t* const end = from + code.size();
  ReadShort(from);  // the gap at the end
  absl::string_view before;
  size_t place = 0;
  while (from < end) {
    const CodedToken coded = ReadToken(from);
    const absl::string_view unit = vocabulary_.name(coded.token);
    const absl::string_view gap =
        coded.gap.has_value() ? gaps_.name(*coded.gap) : UsualGap(before, unit);
    place += text::CountCodepoints(gap);
    tokens.push_back({coded.token, EndsInSpace(gap), place});
    place += text::CountCodepoints(unit);
    before = unit;
  }
}

size_t TokenTexts::Memory() const {
  return codes_.Memory() + gaps_.Memory() + gap_is_apart_.capacity();
}

size_t TokenTexts::VocabularyMemory() const { return vocabulary_.Memory(); }

void TokenTexts::Save(SnapshotWriter& snapshot) const {
  vocabulary_.Save(snapshot);
  gaps_.Save(snapshot);
  codes_.Save(snapshot);
}

bool TokenTexts::Load(SnapshotReader& snapshot) {
  if (!vocabulary_.LoadNames(snapshot) || !gaps_.Load(snapshot) ||
      !codes_.Load(snapshot)) {
    return false;
  }
  for (uint32_t gap = 0; gap < gaps_.size(); ++gap) {
    gap_is_apart_.push_back(SetsApart(gaps_.name(gap)) ? 1 : 0);
  }
  return true;
}

}  // namespace duilian::storage
