#include "storage/project_index.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/hash/hash.h"
#include "storage/matching_form.h"
#include "storage/matching_units.h"
#include "storage/text_hash.h"
#include "text/numbers.h"

namespace duilian::storage {
namespace {

constexpr size_t kLeastGoneToCompact = 1024;

// Of fewer texts no search is long.
constexpr size_t kLeastTextsForWords = 16'384;

PreparedSide PrepareSide(const UnitSide& side, TextHashes& hashes) {
  PreparedSide prepared;
  prepared.text = PrepareText(side.text);
  hashes.Remember(side.text, ShortHash(HashText(prepared.text.normalized)));
  prepared.speaker = side.speaker;
  return prepared;
}

constexpr int kIdBits = 56;
constexpr unsigned kAcceptedGrade = 128;

bool HasDigit(absl::string_view text) {
  return text.find_first_of("0123456789") != absl::string_view::npos;
}

}  // namespace

PreparedText PrepareText(absl::string_view text) {
  PreparedText prepared;
  prepared.normalized = MatchingForm(text);
  prepared.units = SplitUnits(prepared.normalized);
  prepared.letters = LetterClasses(prepared.normalized);
  prepared.numberless_hash = NumberlessHash(prepared.normalized);
  prepared.width_mark = TinyHash(WidthMark(text));
  prepared.written_hash = ShortHash(HashText(text));
  return prepared;
}

uint32_t NumberlessHash(absl::string_view normalized) {
  if (!HasDigit(normalized)) return 0;
  return ShortHash(
      HashText(text::NumberlessForm(text::Codepoints(normalized))));
}

float Uncertainty(double confidence) {
  const double uncertainty = 1 - confidence;
  const auto rounded = static_cast<float>(uncertainty);
  return rounded < uncertainty ? std::nextafter(rounded, 2.0F) : rounded;
}

uint32_t TextHashes::Of(const std::string& text) {
  if (text.empty()) return 0;
  const Known& known = known_[absl::HashOf(text) % known_.size()];
  if (known.text == text) return known.hash;
  const uint32_t hash = ShortHash(HashText(MatchingForm(text)));
  Remember(text, hash);
  return hash;
}

void TextHashes::Remember(const std::string& text, uint32_t hash) {
  known_[absl::HashOf(text) % known_.size()] = {text, hash};
}

PreparedUnit PrepareUnit(const TranslationUnit& unit, TextHashes& hashes) {
  PreparedUnit prepared = PrepareTexts(unit, hashes);
  PrepareNeighbours(unit, hashes, prepared);
  return prepared;
}

void PrepareNeighbours(const TranslationUnit& unit, TextHashes& hashes,
                       PreparedUnit& prepared) {
  const auto hash_beside = [&](const UnitSide& side, PreparedSide& of) {
    of.previous_hash = hashes.Of(side.previous_text);
    of.next_hash = hashes.Of(side.next_text);
  };
  hash_beside(unit.source, prepared.source);
  hash_beside(unit.target, prepared.target);
}

PreparedUnit PrepareTexts(const TranslationUnit& unit, TextHashes& hashes) {
  PreparedUnit prepared;
  prepared.id = unit.id;
  prepared.revision = unit.revision;
  prepared.confidence = unit.confidence;
  prepared.status = unit.status;
  prepared.origin = unit.origin;
  prepared.update_time_us = unit.update_time_us;
  prepared.document = unit.document;
  prepared.source = PrepareSide(unit.source, hashes);
  prepared.target = PrepareSide(unit.target, hashes);
  return prepared;
}

// Accepted or not, and whole percents of confidence; from 1 on.
uint8_t ProjectIndex::GradeOf(const PreparedUnit& unit) {
  const auto percent =
      static_cast<unsigned>(100 * std::clamp(unit.confidence, 0.0, 1.0));
  const bool accepted = unit.status == ReviewStatus::kAccepted;
  return static_cast<uint8_t>(1 + percent + (accepted ? kAcceptedGrade : 0));
}

uint64_t ProjectIndex::rank(SlotId slot) const {
  const uint64_t grade = grades_[slot];
  if (grade == 0) return 0;
  return (grade - 1) << kIdBits | (ids_[slot] & ((uint64_t{1} << kIdBits) - 1));
}

SideEntry ProjectIndex::AddSide(const PreparedSide& prepared, SlotId slot,
                                SideTable& side_table) {
  const PreparedText& text = prepared.text;
  SideEntry side;
  side.previous_hash = prepared.previous_hash;
  side.next_hash = prepared.next_hash;
  side.written_hash = text.written_hash;
  side.row = side_table.by_length.Add(text.letters, slot);
  side_table.texts.Add(text.normalized, text.units, tokens_);
  if (side_table.by_length.keeps_words()) {
    side_table.words.Choose(
        tokens_, text.letters.size(),
        side_table.by_length.words(text.letters.size(), side.row));
  }
  for (const SpacedToken& word : tokens_) {
    side_table.with_token.Add(word.token, slot);
  }
  AddNumberless(text.numberless_hash, slot, side_table);
  return side;
}

void ProjectIndex::AddNumberless(uint32_t hash, SlotId slot,
                                 SideTable& side_table) {
  if (hash == 0) return;
  const auto next = static_cast<uint32_t>(side_table.numberless.size());
  const uint32_t list =
      side_table.numberless.try_emplace(hash, next).first->second;
  side_table.with_numberless.Add(list, slot);
}

uint32_t ProjectIndex::AddContext(const UnitContext& context) {
  if (contexts_.size() == 0 || contexts_.back() != context) {
    contexts_.push_back(context);
  }
  return static_cast<uint32_t>(contexts_.size() - 1);
}

void ProjectIndex::Put(const PreparedUnit& unit) {
  const std::optional<SlotId> slot = Stage(unit);
  if (!slot.has_value()) return;
  Publish(*slot, GradeOf(unit));
  while (Sweep(1)) continue;
}

std::optional<SlotId> ProjectIndex::Stage(const PreparedUnit& unit) {
  const std::optional<SlotId> found = FindSlot(unit.id);
  if (found.has_value() && context(*found).revision >= unit.revision) {
    return std::nullopt;
  }
  const auto slot = static_cast<SlotId>(ids_.size());
  UnitContext context;
  context.revision = unit.revision;
  context.update_time_us = unit.update_time_us;
  context.document = names_.Intern(unit.document);
  context.source_speaker = names_.Intern(unit.source.speaker);
  context.target_speaker = names_.Intern(unit.target.speaker);
  context.status = unit.status;
  context.origin = unit.origin;
  UnitRow row;
  row.context = AddContext(context);
  row.source_width_mark = unit.source.text.width_mark;
  row.target_width_mark = unit.target.text.width_mark;
  row.source = AddSide(unit.source, slot, source_);
  row.target = AddSide(unit.target, slot, target_);
  ids_.push_back(unit.id);
  grades_.push_back(0);
  uncertainties_.push_back(Uncertainty(unit.confidence));
  rows_.push_back(row);
  return slot;
}

void ProjectIndex::Publish(SlotId slot, uint8_t grade) {
  if (const auto old = FindSlot(ids_[slot]); old.has_value()) Retire(*old);
  unit_slots_.Add(ids_[slot], slot);
  SetGrade(slot, grade);
}

void ProjectIndex::SetGrade(SlotId slot, uint8_t grade) {
  grades_[slot] = grade;
  if (rank_ranges_.size() <= slot / kSlotsPerRange) {
    rank_ranges_.resize(slot / kSlotsPerRange + 1);
  }
  RankRange& range = rank_ranges_[slot / kSlotsPerRange];
  range.lowest = std::min(range.lowest, rank(slot));
  range.highest = std::max(range.highest, rank(slot));
}

void ProjectIndex::Remove(UnitId id, uint64_t position) {
  const std::optional<SlotId> found = FindSlot(id);
  if (!found.has_value() || context(*found).revision > position) return;
  Retire(*found);
}

void ProjectIndex::Retire(SlotId slot) {
  grades_[slot] = 0;
  unit_slots_.Remove(ids_[slot]);
  gone_.push_back(slot);
}

bool ProjectIndex::Sweep(size_t most) {
  for (; most > 0 && !gone_.empty(); --most) {
    SweepSide(&UnitRow::source, gone_.back(), source_);
    SweepSide(&UnitRow::target, gone_.back(), target_);
    gone_.pop_back();
  }
  return !gone_.empty();
}

void ProjectIndex::SweepSide(SideOfRow side, SlotId slot,
                             SideTable& side_table) {
  std::string text;
  side_table.texts.AppendText(slot, text);
  const uint32_t row = (rows_[slot].*side).row;
  const std::optional<SlotId> moved =
      side_table.by_length.Remove(text::CountCodepoints(text), row);
  if (moved.has_value()) (rows_[*moved].*side).row = row;
}

SlotList ProjectIndex::slots_with_numberless(uint32_t numberless_hash,
                                             text::Language language) const {
  const SideTable& side_table = table(language);
  const auto found = side_table.numberless.find(numberless_hash);
  if (found == side_table.numberless.end()) return {};
  return side_table.with_numberless[found->second];
}

void ProjectIndex::CopySide(const SideTable& from,
                            absl::Span<const SlotId> kept,
                            absl::Span<const SlotId> renumbered,
                            SideTable& side_table) {
  side_table.texts.AddKept(from.texts, kept);
  side_table.by_length = from.by_length;
  side_table.words = from.words;
  side_table.words_of = std::min(from.words_of, kept.size());
  side_table.by_length.Renumber(renumbered);
  std::string text;
  for (SlotId slot = 0; slot < kept.size(); ++slot) {
    TokenReader reader = side_table.texts.Tokens(slot);
    while (!reader.done()) {
      side_table.with_token.Add(reader.Next().token(), slot);
    }
    text.clear();
    side_table.texts.AppendText(slot, text);
    AddNumberless(NumberlessHash(text), slot, side_table);
  }
}

bool ProjectIndex::IsWorthNumbering() const {
  const size_t texts = source_.texts.size();
  return texts >= kLeastTextsForWords && texts >= 2 * source_.words_of;
}

NumberedWords ProjectIndex::Numbered() const {
  NumberedWords numbered;
  numbered.words.Number(source_.texts);
  numbered.of_texts = source_.by_length.MakeWords(
      [&](SlotId slot, size_t length, absl::Span<PlacedWord> words) {
        numbered.words.Choose(source_.texts, slot, length, words);
      });
  return numbered;
}

void ProjectIndex::SetWords(NumberedWords numbered) {
  source_.words = std::move(numbered.words);
  source_.by_length.SetWords(std::move(numbered.of_texts));
  source_.words_of = source_.texts.size();
}

void ProjectIndex::CopyUnits(const ProjectIndex& from,
                             absl::Span<const SlotId> kept) {
  for (uint32_t name = 0; name < from.names_.size(); ++name) {
    names_.Intern(from.names_.name(name));
  }
  for (const SlotId old : kept) {
    UnitRow row = from.rows_[old];
    row.context = AddContext(from.context(old));
    ids_.push_back(from.ids_[old]);
    grades_.push_back(0);
    uncertainties_.push_back(from.uncertainties_[old]);
    rows_.push_back(row);
    const auto slot = static_cast<SlotId>(ids_.size() - 1);
    SetGrade(slot, from.grades_[old]);
    unit_slots_.Add(ids_[slot], slot);
  }
}

bool ProjectIndex::IsWorthCompacting() const {
  const size_t gone = slots() - live_units();
  return gone >= kLeastGoneToCompact && gone >= slots() / 2;
}

std::unique_ptr<ProjectIndex> ProjectIndex::Compacted() const {
  std::vector<SlotId> kept;
  kept.reserve(live_units());
  std::vector<SlotId> renumbered(slots());
  for (SlotId old = 0; old < slots(); ++old) {
    if (is_gone(old)) continue;
    renumbered[old] = static_cast<SlotId>(kept.size());
    kept.push_back(old);
  }
  auto compacted = std::make_unique<ProjectIndex>();
  compacted->CopyUnits(*this, kept);
  compacted->CopySide(source_, kept, renumbered, compacted->source_);
  compacted->CopySide(target_, kept, renumbered, compacted->target_);
  return compacted;
}

void ProjectIndex::AddMemory(IndexMemory& memory) const {
  for (const SideTable* side_table : {&source_, &target_}) {
    memory.texts += side_table->texts.Memory();
    memory.vocabularies += side_table->texts.VocabularyMemory();
    memory.lists +=
        side_table->with_token.Memory() + side_table->with_numberless.Memory() +
        side_table->numberless.capacity() * (2 * sizeof(uint32_t) + 1);
    memory.letters += side_table->by_length.Memory();
    memory.vocabularies += side_table->words.Memory();
  }
  memory.units += names_.Memory() + ids_.Memory() + grades_.Memory() +
                  uncertainties_.Memory() + rows_.Memory() +
                  contexts_.Memory() + unit_slots_.Memory() +
                  rank_ranges_.capacity() * sizeof(RankRange);
}

}  // namespace duilian::storage
