// Texts as their tokens and what stands between them, by slot. A text is
// written anew of its words when it is asked for, so it is not held twice.

#ifndef DUILIAN_STORAGE_TOKEN_TEXTS_H_
#define DUILIAN_STORAGE_TOKEN_TEXTS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/byte_strings.h"
#include "storage/name_table.h"
#include "storage/slot_id.h"
#include "storage/snapshot_file.h"
#include "text/utf8.h"

namespace duilian::storage {

using TokenId = uint32_t;  // a matching unit, numbered as first seen

// A token where it stands in a text: with the knowledge whether punctuation
// stands before it (IsApart in matching_units.h).
class PlacedToken {
 public:
  PlacedToken() : PlacedToken(0, false) {}
  PlacedToken(TokenId token, bool apart)
      : bits_(token | (apart ? kApart : 0)) {}
  TokenId token() const { return bits_ & ~kApart; }
  bool apart() const { return (bits_ & kApart) != 0; }
  bool operator==(const PlacedToken&) const = default;

 private:
  static constexpr uint32_t kApart = uint32_t{1} << 31;
  uint32_t bits_;
};

// A token with the knowledge whether a space stands right before it, and where
// it begins, in code points.
struct SpacedToken {
  TokenId token = 0;
  bool spaced = false;
  size_t begin = 0;
  bool operator==(const SpacedToken&) const = default;
};

inline constexpr TokenId kUnknownToken = std::numeric_limits<TokenId>::max();

// Reads a text's tokens one after the other. Good until the next change of the
// texts; a copy goes on from the same place.
class TokenReader {
 public:
  // Moves behind the next place of the token. False: there is none.
  bool SkipPast(TokenId token);
  // True when no token is left.
  bool done() const { return from_ == end_; }
  // Reads the next token; there is one.
  PlacedToken Next();

 private:
  friend class TokenTexts;
  TokenReader(absl::string_view code, absl::Span<const uint8_t> gap_is_apart);

  const uint8_t* from_;
  const uint8_t* begin_;  // of the tokens
  const uint8_t* end_;
  absl::Span<const uint8_t> gap_is_apart_;
};

// One to three bytes a token, mostly, and as many for what stands between two
// when it is not the usual: a space between words, nothing beside a Han
// character. Not thread-safe for writers; any number of readers without one.
class TokenTexts {
 public:
  size_t size() const { return codes_.size(); }

  // Adds a text behind the last one: `units` as SplitUnits makes them. Sets
  // `tokens` to those of the units, in order.
  void Add(absl::string_view normalized, absl::Span<const text::ByteSpan> units,
           std::vector<SpacedToken>& tokens);

  // Appends the text, byte for byte as it was added.
  void AppendText(SlotId slot, std::string& text) const;
  // Appends its tokens, in order.
  void AppendTokens(SlotId slot, std::vector<PlacedToken>& tokens) const;
  void AppendSpacedTokens(SlotId slot, std::vector<SpacedToken>& tokens) const;
  TokenReader Tokens(SlotId slot) const {
    return TokenReader(codes_[slot], gap_is_apart_);
  }

  // The tokens of all texts, and, maybe, of such as are gone.
  const NameTable& vocabulary() const { return vocabulary_; }

  // Fills an empty one with the words of another and its texts of `slots`,
  // under 0, 1...
  void AddKept(const TokenTexts& from, absl::Span<const SlotId> slots);

  // Bytes of memory.
  size_t Memory() const;
  size_t VocabularyMemory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty one, as ByteStrings::Load does, but for the numbers of the
  // words. False: it cannot be what Save wrote.
  bool Load(SnapshotReader& snapshot);
  // Makes those; before anything is added, or found in the vocabulary.
  void MakeNumbers() { vocabulary_.MakeNumbers(); }

 private:
  uint32_t InternGap(absl::string_view gap);

  NameTable vocabulary_;
  NameTable gaps_;  // what stands between tokens, but for the usual
  // By a gap's number: 1 when it sets apart what stands on its sides.
  std::vector<uint8_t> gap_is_apart_;
  // A text's code: the number of the gap at its end, then for each token twice
  // its number, and, if the gap before it is not the usual, in front of that
  // twice the gap's number and 1. All as in short_numbers.h.
  ByteStrings codes_;
  std::string code_;  // that is being made
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_TOKEN_TEXTS_H_
