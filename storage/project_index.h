// What is known of one project's units in memory: their matching units, and
// for each matching unit the translation units that hold it.

#ifndef DUILIAN_STORAGE_PROJECT_INDEX_H_
#define DUILIAN_STORAGE_PROJECT_INDEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/length_table.h"
#include "storage/letter_class.h"
#include "storage/snapshot_file.h"
#include "storage/translation_unit.h"
#include "text/language.h"
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

 private:
  static constexpr uint32_t kApart = uint32_t{1} << 31;
  uint32_t bits_;
};

inline constexpr TokenId kUnknownToken = std::numeric_limits<TokenId>::max();

// A text made ready: the costly part, done outside of any lock.
struct PreparedText {
  std::string normalized;             // the matching form
  std::vector<text::ByteSpan> units;  // in `normalized`
  std::vector<LetterClass> letters;   // of `normalized`, one a code point
  uint64_t numberless_hash = 0;
  uint64_t width_mark = 0;
};
PreparedText PrepareText(absl::string_view text);

// Of text::NumberlessForm; 0 when the text has no number.
uint64_t NumberlessHash(absl::string_view normalized);

struct PreparedSide {
  PreparedText text;
  uint64_t previous_hash = 0;
  uint64_t next_hash = 0;
  std::string speaker;
};

struct PreparedUnit {
  UnitId id = 0;
  uint64_t revision = 0;
  double confidence = 1;
  ReviewStatus status = ReviewStatus::kUnreviewed;
  Origin origin = Origin::kManual;
  int64_t update_time_us = 0;
  std::string document;
  uint64_t texts_hash = 0;
  PreparedSide source, target;
};

// Hashes of texts met of late: the neighbours of a unit are most often the
// texts of the units beside it, which were normalised just before.
class TextHashes {
 public:
  // Of the matching form.
  uint64_t Of(const std::string& text);
  void Remember(const std::string& text, uint64_t hash);

 private:
  struct Known {
    std::string text;
    uint64_t hash = 0;
  };
  std::array<Known, 64> known_;  // by a hash of the text as written
};

PreparedUnit PrepareUnit(const TranslationUnit& unit, TextHashes& hashes);

// An entry's side. 56 bytes; a project has two for each unit.
struct SideEntry {
  uint64_t begin = 0;       // of its tokens
  uint64_t text_begin = 0;  // of its normalised text
  uint32_t text_size = 0;   // of that, in bytes
  uint32_t letters = 0;     // of that, in code points
  uint32_t row = 0;         // in the table of that length
  uint32_t speaker = 0;
  uint64_t previous_hash = 0;
  uint64_t next_hash = 0;
  uint64_t width_mark = 0;  // of the text as written (matching_form.h)
};

struct IndexEntry {
  UnitId id = 0;
  uint64_t revision = 0;
  double confidence = 1;
  uint64_t texts_hash = 0;  // of both texts as written
  int64_t update_time_us = 0;
  uint32_t document = 0;
  ReviewStatus status = ReviewStatus::kUnreviewed;
  Origin origin = Origin::kManual;
  SideEntry source, target;
};

// Strings by number; a number is never taken back.
class NameTable {
 public:
  uint32_t Intern(absl::string_view name);
  std::optional<uint32_t> Find(absl::string_view name) const;
  size_t size() const { return numbers_.size(); }
  // Of those that begin with `prefix`, ascending.
  std::vector<uint32_t> WithPrefix(absl::string_view prefix) const;
  // In the order of their numbers; good until the next Intern.
  std::vector<absl::string_view> names() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty table. False: it cannot be what Save wrote.
  bool Load(SnapshotReader& snapshot);

 private:
  absl::flat_hash_map<std::string, uint32_t> numbers_;
};

// Not thread-safe for writers; any number of readers without one.
class ProjectIndex {
 public:
  // Adds or replaces a unit; nothing when a state as new is there already.
  void Put(const PreparedUnit& unit);
  // Removes a unit unless its state is newer than `position`.
  void Remove(UnitId id, uint64_t position);

  // Writes all of it; what can be made anew faster than read is left out.
  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty index with what Save wrote. False: it cannot be that.
  bool Load(SnapshotReader& snapshot);

  size_t live_units() const { return slot_of_.size(); }
  // Slots, the gone ones among them.
  size_t slots() const { return entries_.size(); }
  // nullopt: no unit of that id lives.
  std::optional<SlotId> FindSlot(UnitId id) const {
    const auto found = slot_of_.find(id);
    if (found == slot_of_.end()) return std::nullopt;
    return found->second;
  }
  const IndexEntry& entry(SlotId slot) const { return entries_[slot]; }
  const SideEntry& side(SlotId slot, text::Language language) const {
    return language == text::Language::kEnglish ? entries_[slot].source
                                                : entries_[slot].target;
  }

  // The order in which a concordance lists units: the highest rank first.
  // Accepted ones before others, then the surest by whole percents, then the
  // newest. Different for any two units, 0 for a slot that is gone.
  uint64_t rank(SlotId slot) const { return ranks_[slot]; }

  static constexpr uint32_t kGone = std::numeric_limits<uint32_t>::max();
  // The number of tokens; kGone for a slot whose unit was removed or replaced.
  uint32_t length(SlotId slot, text::Language language) const {
    return table(language).lengths[slot];
  }
  absl::Span<const PlacedToken> tokens(SlotId slot,
                                       text::Language language) const {
    const SideTable& side_table = table(language);
    return absl::MakeConstSpan(side_table.tokens)
        .subspan(side(slot, language).begin, side_table.lengths[slot]);
  }
  // The slots that hold the token, ascending, the gone ones among them.
  absl::Span<const SlotId> slots_with(TokenId token,
                                      text::Language language) const;
  // The slots whose text has numbers and, without them, that form; the gone
  // ones among them.
  absl::Span<const SlotId> slots_with_numberless(uint64_t numberless_hash,
                                                 text::Language language) const;
  // The texts of that side that are not gone.
  const LengthTable& by_length(text::Language language) const {
    return table(language).by_length;
  }
  absl::string_view normalized(SlotId slot, text::Language language) const {
    const SideEntry& entry = side(slot, language);
    return absl::string_view(table(language).texts)
        .substr(entry.text_begin, entry.text_size);
  }

  // The tokens that begin with `prefix`. Reads the whole vocabulary: some
  // milliseconds.
  std::vector<TokenId> TokensWithPrefix(absl::string_view prefix) const;

  TokenId FindToken(absl::string_view token) const {
    return vocabulary_.Find(token).value_or(kUnknownToken);
  }
  std::optional<uint32_t> FindName(absl::string_view name) const {
    return names_.Find(name);
  }

 private:
  struct SideTable {
    std::vector<PlacedToken> tokens;  // of all slots, one after the other
    std::vector<uint32_t> lengths;    // [slots]
    std::vector<std::vector<SlotId>> postings;  // [vocabulary]
    // Of texts with numbers, by NumberlessHash.
    absl::flat_hash_map<uint64_t, std::vector<SlotId>> numberless;
    std::string texts;      // normalised, of all slots, one after the other
    LengthTable by_length;  // of the slots that are not gone
  };

  const SideTable& table(text::Language language) const {
    return language == text::Language::kEnglish ? source_ : target_;
  }
  SideEntry AddSide(const PreparedSide& prepared, SlotId slot,
                    SideTable& side_table);
  void Retire(SlotId slot);
  void RetireSide(SideEntry IndexEntry::*side, SlotId slot,
                  SideTable& side_table);
  bool LoadSide(SideEntry IndexEntry::*side, SnapshotReader& snapshot,
                SideTable& side_table);
  void RankEntries();
  // Drops what gone slots hold, once they are the most.
  void CompactIfWorthIt();
  // `renumbered`: of each slot its new place, or kGone.
  void CompactSide(SideEntry IndexEntry::*side,
                   absl::Span<const SlotId> renumbered, SideTable& side_table);

  NameTable vocabulary_;
  NameTable names_;  // documents and speakers
  std::vector<IndexEntry> entries_;
  std::vector<uint64_t> ranks_;  // [slots]
  absl::flat_hash_map<UnitId, SlotId> slot_of_;
  SideTable source_, target_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PROJECT_INDEX_H_
