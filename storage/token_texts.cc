#include "storage/token_texts.h"

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

void AppendShort(uint32_t number, std::string& code) {
  uint8_t bytes[kMostShortBytes];
  const uint8_t* const end = WriteShort(number, bytes);
  code.append(reinterpret_cast<const char*>(bytes),
              static_cast<size_t>(end - bytes));
}

struct CodedToken {
  TokenId token = 0;
  bool has_gap = false;
  uint32_t gap = 0;
};

// Reads a text's code.
class Decoder {
 public:
  explicit Decoder(absl::string_view code)
      : from_(reinterpret_cast<const uint8_t*>(code.data())),
        end_(from_ + code.size()),
        last_gap_(ReadShort(from_)) {}

  uint32_t last_gap() const { return last_gap_; }
  bool done() const { return from_ == end_; }
  CodedToken Next() {
    const uint32_t bits = ReadShort(from_);
    CodedToken token = {bits >> 1, (bits & 1) != 0, 0};
    if (token.has_gap) token.gap = ReadShort(from_);
    return token;
  }

 private:
  const uint8_t* from_;
  const uint8_t* const end_;
  const uint32_t last_gap_;
};

}  // namespace

void TokenTexts::Add(absl::string_view normalized,
                     absl::Span<const text::ByteSpan> units,
                     std::vector<TokenId>& tokens) {
  tokens.clear();
  code_.clear();
  const size_t end = units.empty() ? 0 : units.back().end;
  AppendShort(gaps_.Intern(normalized.substr(end)), code_);
  absl::string_view before;
  size_t before_end = 0;
  for (const text::ByteSpan& span : units) {
    const absl::string_view unit = normalized.substr(span.begin, span.size());
    const absl::string_view gap =
        normalized.substr(before_end, span.begin - before_end);
    tokens.push_back(vocabulary_.Intern(unit));
    if (gap == UsualGap(before, unit)) {
      AppendShort(tokens.back() << 1, code_);
    } else {
      AppendShort(tokens.back() << 1 | 1, code_);
      AppendShort(gaps_.Intern(gap), code_);
    }
    before = unit;
    before_end = span.end;
  }
  codes_.Add(code_);
}

void TokenTexts::AppendText(SlotId slot, std::string& text) const {
  Decoder decoder(codes_[slot]);
  absl::string_view before;
  while (!decoder.done()) {
    const CodedToken coded = decoder.Next();
    const absl::string_view unit = vocabulary_.name(coded.token);
    const absl::string_view gap =
        coded.has_gap ? gaps_.name(coded.gap) : UsualGap(before, unit);
    text.append(gap.data(), gap.size());
    text.append(unit.data(), unit.size());
    before = unit;
  }
  const absl::string_view gap = gaps_.name(decoder.last_gap());
  text.append(gap.data(), gap.size());
}

void TokenTexts::AppendTokens(SlotId slot,
                              std::vector<PlacedToken>& tokens) const {
  Decoder decoder(codes_[slot]);
  while (!decoder.done()) {
    const CodedToken coded = decoder.Next();
    // The usual ones set nothing apart.
    const bool apart = coded.has_gap && gaps_.name(coded.gap).find_first_not_of(
                                            ' ') != absl::string_view::npos;
    tokens.emplace_back(coded.token, apart);
  }
}

void TokenTexts::AppendSpacedTokens(SlotId slot,
                                    std::vector<SpacedToken>& tokens) const {
  Decoder decoder(codes_[slot]);
  absl::string_view before;
  while (!decoder.done()) {
    const CodedToken coded = decoder.Next();
    const absl::string_view unit = vocabulary_.name(coded.token);
    const absl::string_view gap =
        coded.has_gap ? gaps_.name(coded.gap) : UsualGap(before, unit);
    tokens.push_back({coded.token, !gap.empty() && gap.back() == ' '});
    before = unit;
  }
}

void TokenTexts::Keep(absl::Span<const SlotId> slots) {
  ByteStrings kept;
  for (const SlotId slot : slots) kept.Add(codes_[slot]);
  codes_ = std::move(kept);
}

size_t TokenTexts::Memory() const { return codes_.Memory() + gaps_.Memory(); }

size_t TokenTexts::VocabularyMemory() const { return vocabulary_.Memory(); }

void TokenTexts::Save(SnapshotWriter& snapshot) const {
  vocabulary_.Save(snapshot);
  gaps_.Save(snapshot);
  codes_.Save(snapshot);
}

bool TokenTexts::Load(SnapshotReader& snapshot) {
  return vocabulary_.Load(snapshot) && gaps_.Load(snapshot) &&
         codes_.Load(snapshot);
}

}  // namespace duilian::storage
