// What is known of one project's units in memory: their matching units, and
// for each matching unit the translation units that hold it.

#ifndef DUILIAN_STORAGE_PROJECT_INDEX_H_
#define DUILIAN_STORAGE_PROJECT_INDEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/chunked_array.h"
#include "storage/idle_threads.h"
#include "storage/index_memory.h"
#include "storage/large_pages.h"
#include "storage/length_table.h"
#include "storage/letter_class.h"
#include "storage/name_table.h"
#include "storage/slot_id.h"
#include "storage/slot_ids.h"
#include "storage/slot_lists.h"
#include "storage/snapshot_file.h"
#include "storage/telling_words.h"
#include "storage/token_texts.h"
#include "storage/translation_unit.h"
#include "storage/unit_slots.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::storage {

// A text made ready: the costly part, done outside of any lock.
struct PreparedText {
  std::string normalized;             // the matching form
  std::vector<text::ByteSpan> units;  // in `normalized`
  std::vector<LetterClass> letters;   // of `normalized`, one a code point
  uint32_t numberless_hash = 0;
  uint16_t width_mark = 0;    // TinyHash of WidthMark (matching_form.h)
  uint32_t written_hash = 0;  // of the text as written
};
PreparedText PrepareText(absl::string_view text);

// Of text::NumberlessForm; 0 when the text has no number. Of 32 bits: unlike
// forms may share one.
uint32_t NumberlessHash(absl::string_view normalized);

struct PreparedSide {
  PreparedText text;
  uint32_t previous_hash = 0;
  uint32_t next_hash = 0;
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
  PreparedSide source, target;
};

// Hashes of texts met of late: the neighbours of a unit are most often the
// texts of the units beside it, which were normalised just before.
class TextHashes {
 public:
  // Of the matching form; 0 for an empty text.
  uint32_t Of(const std::string& text);
  void Remember(const std::string& text, uint32_t hash);

 private:
  struct Known {
    std::string text;
    uint32_t hash = 0;
  };
  std::array<Known, 64> known_;  // by a hash of the text as written
};

PreparedUnit PrepareUnit(const TranslationUnit& unit, TextHashes& hashes);
// The same in two steps. Where the second comes when the unit behind is made
// ready, too, no text is normalised twice.
PreparedUnit PrepareTexts(const TranslationUnit& unit, TextHashes& hashes);
void PrepareNeighbours(const TranslationUnit& unit, TextHashes& hashes,
                       PreparedUnit& prepared);

// What the index knows of a unit's side. Hashes have 32 bits: each decides
// between few texts, those that are equal in their matching form or stand
// beside it.
struct SideEntry {
  uint32_t previous_hash = 0;  // of the neighbours' matching forms
  uint32_t next_hash = 0;
  uint32_t written_hash = 0;  // of the text as written
  uint32_t row = 0;           // in the table of its length
};

// What is kept of a confidence: what it lacks to 1, 24 bits of that, rounded
// up. So among units that are nearly certain the surer one is told, as it is by
// the confidence, and others are told apart by seven digits.
float Uncertainty(double confidence);

// What units have in common that stand one behind the other: those of one
// change, document and turn. Kept once for each run of them.
struct UnitContext {
  uint64_t revision = 0;
  int64_t update_time_us = 0;
  uint32_t document = 0;  // names by number, these three
  uint32_t source_speaker = 0;
  uint32_t target_speaker = 0;
  ReviewStatus status = ReviewStatus::kUnreviewed;
  Origin origin = Origin::kManual;
  bool operator==(const UnitContext&) const = default;
};

// Bounds of the ranks of some slots, those of gone ones maybe among them.
struct RankRange {
  uint64_t lowest = std::numeric_limits<uint64_t>::max();
  uint64_t highest = 0;
};

struct NumberedWords {
  TellingWords words;
  LengthTable::Words of_texts;
};

// Not thread-safe for writers; any number of readers without one.
class ProjectIndex {
 public:
  ProjectIndex() = default;
  ProjectIndex(const ProjectIndex&) = delete;
  ProjectIndex& operator=(const ProjectIndex&) = delete;

  // Units are taken in by steps, so that whoever holds a lock for them can let
  // it go in between, and yet many units change at once:
  // 1. Stage, nearly all of the work: the new state of a unit becomes a slot
  //    that is gone as yet. nullopt: a state as new is there already.
  std::optional<SlotId> Stage(const PreparedUnit& unit);
  // 2. Publish: the slot stands, and the unit's old one is gone.
  void Publish(SlotId slot, uint8_t grade);
  //    Remove: a unit is gone, unless its state is newer than `position`.
  void Remove(UnitId id, uint64_t position);
  // 3. Sweep: at most `most` texts of gone slots leave the table of lengths.
  //    False: none is left.
  bool Sweep(size_t most);

  // Stage, Publish and Sweep at once.
  void Put(const PreparedUnit& unit);

  // True when gone slots are the most.
  bool IsWorthCompacting() const;
  // The same index without them; slots have other places. Nothing is staged, or
  // left to be swept. Takes as long as a load.
  std::unique_ptr<ProjectIndex> Compacted() const;

  // True when there are twice as many English texts as when their words were
  // numbered (telling_words.h), and enough for searches to be long.
  bool IsWorthNumbering() const;
  // Their words numbered anew: reads all texts. For SetWords(), if nothing has
  // changed by then.
  NumberedWords Numbered() const;
  void SetWords(NumberedWords numbered);

  // Writes all of it, the lists and the tables, too: they are read faster than
  // made anew.
  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty index with what Save wrote, which stays where the snapshot
  // was read into; idle threads make the hash tables, which are not in it.
  // False: it cannot be that.
  bool Load(SnapshotReader& snapshot, IdleThreads& threads);

  size_t live_units() const { return unit_slots_.size(); }
  // Slots, the gone ones among them.
  size_t slots() const { return ids_.size(); }
  // nullopt: no unit of that id lives.
  std::optional<SlotId> FindSlot(UnitId id) const {
    return unit_slots_.Find(id);
  }
  // True for a slot whose unit was removed or replaced.
  bool is_gone(SlotId slot) const { return grades_[slot] == 0; }

  UnitId id(SlotId slot) const { return ids_[slot]; }
  // Uncertainty() of its confidence: to be compared with such numbers.
  float uncertainty(SlotId slot) const { return uncertainties_[slot]; }
  const UnitContext& context(SlotId slot) const {
    return contexts_[rows_[slot].context];
  }
  const SideEntry& side(SlotId slot, text::Language language) const {
    return language == text::Language::kEnglish ? rows_[slot].source
                                                : rows_[slot].target;
  }
  // As PreparedText::width_mark. It tells texts of one matching form apart, 0
  // for certain from the others: those have no full-width or half-width forms.
  // Where both have some, and unlike ones, one of 65,535 is taken for alike; it
  // is not told then, and its points not taken off.
  uint16_t width_mark(SlotId slot, text::Language language) const {
    return language == text::Language::kEnglish ? rows_[slot].source_width_mark
                                                : rows_[slot].target_width_mark;
  }

  // A rank's first part.
  static uint8_t GradeOf(const PreparedUnit& unit);

  // The order in which a concordance lists units: the highest rank first.
  // Accepted ones before others, then the surest by whole percents, then the
  // newest. Different for any two units, 0 for a slot that is gone.
  uint64_t rank(SlotId slot) const;

  // Of the slots [0, kSlotsPerRange), those behind them, and so on.
  static constexpr size_t kSlotsPerRange = 4096;
  absl::Span<const RankRange> rank_ranges() const { return rank_ranges_; }

  // The tokens of a text. Good until the next change of the index.
  TokenReader Tokens(SlotId slot, text::Language language) const {
    return table(language).texts.Tokens(slot);
  }
  // Appends the tokens of a text.
  void AppendTokens(SlotId slot, text::Language language,
                    std::vector<PlacedToken>& tokens) const {
    table(language).texts.AppendTokens(slot, tokens);
  }
  // Appends its matching form.
  void AppendText(SlotId slot, text::Language language,
                  std::string& text) const {
    table(language).texts.AppendText(slot, text);
  }
  // The slots that hold the token, the gone ones among them.
  SlotList slots_with(TokenId token, text::Language language) const {
    return table(language).with_token[token];
  }
  // The slots whose text has numbers and, without them, a form of that hash;
  // the gone ones among them.
  SlotList slots_with_numberless(uint32_t numberless_hash,
                                 text::Language language) const;
  // The texts of that side: of all slots that are not gone, and of some that
  // are.
  const LengthTable& by_length(text::Language language) const {
    return table(language).by_length;
  }

  // The words that by_length() has numbers of; none while there are few texts.
  const WordLetters& words(text::Language language) const {
    return table(language).words.letters();
  }

  // The tokens of that side that `part` stands in, ascending. Reads the whole
  // vocabulary: some milliseconds.
  std::vector<TokenId> TokensWith(const NamePart& part,
                                  text::Language language) const {
    return table(language).texts.vocabulary().With(part);
  }
  // kUnknownToken when no text of that side has it.
  TokenId FindToken(absl::string_view token, text::Language language) const {
    return table(language).texts.vocabulary().Find(token).value_or(
        kUnknownToken);
  }
  std::optional<uint32_t> FindName(absl::string_view name) const {
    return names_.Find(name);
  }

  void AddMemory(IndexMemory& memory) const;

 private:
  // 40 bytes; a project has one for each unit.
  struct UnitRow {
    uint32_t context = 0;
    uint16_t source_width_mark = 0, target_width_mark = 0;
    SideEntry source, target;
  };
  struct SideTable {
    explicit SideTable(const TextLayout& layout) : by_length(layout) {}

    TokenTexts texts;      // by slot
    SlotLists with_token;  // by TokenId
    // Of texts with numbers: by NumberlessHash the number of their list.
    absl::flat_hash_map<uint32_t, uint32_t> numberless;
    SlotLists with_numberless;
    LengthTable by_length;  // of the slots that are not gone, and of gone_
    TellingWords words;
    size_t words_of = 0;  // as many texts there were when they were numbered
  };
  using SideOfRow = SideEntry UnitRow::*;

  const SideTable& table(text::Language language) const {
    return language == text::Language::kEnglish ? source_ : target_;
  }
  SideEntry AddSide(const PreparedSide& prepared, SlotId slot,
                    SideTable& side_table);
  void AddNumberless(uint32_t hash, SlotId slot, SideTable& side_table);
  // The number of the last context, which is made `context` if it is not.
  uint32_t AddContext(const UnitContext& context);
  // Makes the slot one that is not gone.
  void SetGrade(SlotId slot, uint8_t grade);
  void Retire(SlotId slot);
  void SweepSide(SideOfRow side, SlotId slot, SideTable& side_table);
  void SaveSide(const SideTable& side_table, SnapshotWriter& snapshot) const;
  bool LoadSide(SnapshotReader& snapshot, SideTable& side_table);
  // False: an id is there twice.
  bool MakeUnitSlots();
  // Fill an empty index with the slots `kept` of another, in that order.
  void CopyUnits(const ProjectIndex& from, absl::Span<const SlotId> kept);
  // `renumbered`: of each slot of `kept` its new place.
  void CopySide(const SideTable& from, absl::Span<const SlotId> kept,
                absl::Span<const SlotId> renumbered, SideTable& side_table);

  // What was loaded lies there, until it grows; null: nothing was.
  std::shared_ptr<const LargePages> loaded_;
  NameTable names_;  // documents and speakers
  // By slot:
  SlotIds ids_;
  ChunkedArray<uint8_t> grades_;  // a rank's first part; 0 for gone ones
  ChunkedArray<float> uncertainties_;
  ChunkedArray<UnitRow> rows_;
  ChunkedArray<UnitContext> contexts_;
  std::vector<RankRange> rank_ranges_;
  std::vector<SlotId> gone_;  // to be swept
  UnitSlots unit_slots_;      // those that are not gone
  // Chinese letters tell enough; English words are long. Of 32 classes that
  // Chinese letters are spread over, half of a text of 48 has hardly one three
  // times; texts twice as long would be told apart less well.
  static constexpr TextLayout kEnglish = {.letters_a_word = 8,
                                          .two_bits_up_to = 0};
  static constexpr TextLayout kChinese = {.letters_a_word = 0,
                                          .two_bits_up_to = 48};
  SideTable source_{kEnglish}, target_{kChinese};
  std::vector<SpacedToken> tokens_;  // of the text that is being added
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PROJECT_INDEX_H_
