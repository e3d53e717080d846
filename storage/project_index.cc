#include "storage/project_index.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "storage/matching_form.h"
#include "storage/matching_units.h"
#include "storage/text_hash.h"
#include "text/numbers.h"

namespace duilian::storage {
namespace {

constexpr size_t kLeastGoneToCompact = 1024;

PreparedSide PrepareSide(const UnitSide& side, TextHashes& hashes) {
  PreparedSide prepared;
  prepared.text = PrepareText(side.text);
  hashes.Remember(side.text, HashText(prepared.text.normalized));
  prepared.previous_hash = hashes.Of(side.previous_text);
  prepared.next_hash = hashes.Of(side.next_text);
  prepared.speaker = side.speaker;
  return prepared;
}

// Accepted or not, whole percents of confidence, the id.
uint64_t RankOf(const IndexEntry& entry) {
  constexpr int kIdBits = 56;
  const auto percent = static_cast<uint64_t>(100 * entry.confidence);
  const uint64_t accepted = entry.status == ReviewStatus::kAccepted ? 128 : 0;
  return (accepted + percent) << kIdBits |
         (entry.id & ((uint64_t{1} << kIdBits) - 1));
}

bool HasDigit(absl::string_view text) {
  return text.find_first_of("0123456789") != absl::string_view::npos;
}

// Lists of slots grow by half, not twofold: there are many, and most are
// short.
void Append(SlotId slot, std::vector<SlotId>& slots) {
  if (slots.size() == slots.capacity()) {
    slots.reserve(slots.size() + slots.size() / 2 + 1);
  }
  slots.push_back(slot);
}

}  // namespace

PreparedText PrepareText(absl::string_view text) {
  PreparedText prepared;
  prepared.normalized = MatchingForm(text);
  prepared.units = SplitUnits(prepared.normalized);
  prepared.letters = LetterClasses(prepared.normalized);
  prepared.numberless_hash = NumberlessHash(prepared.normalized);
  prepared.width_mark = WidthMark(text);
  return prepared;
}

uint64_t NumberlessHash(absl::string_view normalized) {
  if (!HasDigit(normalized)) return 0;
  return HashText(text::NumberlessForm(text::Codepoints(normalized)));
}

uint64_t TextHashes::Of(const std::string& text) {
  if (text.empty()) return HashText(text);
  const Known& known = known_[absl::HashOf(text) % known_.size()];
  if (known.text == text) return known.hash;
  const uint64_t hash = HashText(MatchingForm(text));
  Remember(text, hash);
  return hash;
}

void TextHashes::Remember(const std::string& text, uint64_t hash) {
  known_[absl::HashOf(text) % known_.size()] = {text, hash};
}

PreparedUnit PrepareUnit(const TranslationUnit& unit, TextHashes& hashes) {
  PreparedUnit prepared;
  prepared.id = unit.id;
  prepared.revision = unit.revision;
  prepared.confidence = unit.confidence;
  prepared.status = unit.status;
  prepared.origin = unit.origin;
  prepared.update_time_us = unit.update_time_us;
  prepared.document = unit.document;
  prepared.texts_hash =
      StableHash(unit.target.text, StableHash(unit.source.text));
  prepared.source = PrepareSide(unit.source, hashes);
  prepared.target = PrepareSide(unit.target, hashes);
  return prepared;
}

uint32_t NameTable::Intern(absl::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  const uint32_t number = static_cast<uint32_t>(numbers_.size());
  numbers_.try_emplace(name, number);
  return number;
}

std::optional<uint32_t> NameTable::Find(absl::string_view name) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::vector<absl::string_view> NameTable::names() const {
  std::vector<absl::string_view> names(numbers_.size());
  for (const auto& [name, number] : numbers_) names[number] = name;
  return names;
}

std::vector<uint32_t> NameTable::WithPrefix(absl::string_view prefix) const {
  std::vector<uint32_t> with;
  for (const auto& [name, number] : numbers_) {
    if (absl::StartsWith(name, prefix)) with.push_back(number);
  }
  absl::c_sort(with);
  return with;
}

std::vector<TokenId> ProjectIndex::TokensWithPrefix(
    absl::string_view prefix) const {
  return vocabulary_.WithPrefix(prefix);
}

SideEntry ProjectIndex::AddSide(const PreparedSide& prepared, SlotId slot,
                                SideTable& side_table) {
  SideEntry side;
  side.begin = side_table.tokens.size();
  side.previous_hash = prepared.previous_hash;
  side.next_hash = prepared.next_hash;
  side.width_mark = prepared.text.width_mark;
  side.speaker = names_.Intern(prepared.speaker);
  const absl::string_view text = prepared.text.normalized;
  text::ByteSpan before;
  for (const text::ByteSpan& unit : prepared.text.units) {
    const TokenId token =
        vocabulary_.Intern(text.substr(unit.begin, unit.size()));
    side_table.tokens.emplace_back(token, IsApart(text, before, unit));
    before = unit;
    if (token >= side_table.postings.size()) {
      side_table.postings.resize(token + 1);
    }
    std::vector<SlotId>& slots = side_table.postings[token];
    if (slots.empty() || slots.back() != slot) Append(slot, slots);
  }
  side_table.lengths.push_back(
      static_cast<uint32_t>(prepared.text.units.size()));
  side.text_begin = side_table.texts.size();
  side.text_size = static_cast<uint32_t>(text.size());
  side_table.texts.append(text.data(), text.size());
  side.letters = static_cast<uint32_t>(prepared.text.letters.size());
  side.row = side_table.by_length.Add(prepared.text.letters, slot);
  if (prepared.text.numberless_hash != 0) {
    Append(slot, side_table.numberless[prepared.text.numberless_hash]);
  }
  return side;
}

void ProjectIndex::Put(const PreparedUnit& unit) {
  const auto found = slot_of_.find(unit.id);
  if (found != slot_of_.end()) {
    if (entries_[found->second].revision >= unit.revision) return;
    Retire(found->second);
  }
  const SlotId slot = static_cast<SlotId>(entries_.size());
  IndexEntry entry;
  entry.id = unit.id;
  entry.revision = unit.revision;
  entry.confidence = unit.confidence;
  entry.status = unit.status;
  entry.origin = unit.origin;
  entry.update_time_us = unit.update_time_us;
  entry.texts_hash = unit.texts_hash;
  entry.document = names_.Intern(unit.document);
  entry.source = AddSide(unit.source, slot, source_);
  entry.target = AddSide(unit.target, slot, target_);
  entries_.push_back(entry);
  ranks_.push_back(RankOf(entry));
  slot_of_[unit.id] = slot;
  CompactIfWorthIt();
}

void ProjectIndex::Remove(UnitId id, uint64_t position) {
  const auto found = slot_of_.find(id);
  if (found == slot_of_.end()) return;
  if (entries_[found->second].revision > position) return;
  Retire(found->second);
  slot_of_.erase(found);
  CompactIfWorthIt();
}

void ProjectIndex::Retire(SlotId slot) {
  RetireSide(&IndexEntry::source, slot, source_);
  RetireSide(&IndexEntry::target, slot, target_);
  ranks_[slot] = 0;
}

void ProjectIndex::RetireSide(SideEntry IndexEntry::*side, SlotId slot,
                              SideTable& side_table) {
  side_table.lengths[slot] = kGone;
  const SideEntry& gone = entries_[slot].*side;
  const std::optional<SlotId> moved =
      side_table.by_length.Remove(gone.letters, gone.row);
  if (moved.has_value()) (entries_[*moved].*side).row = gone.row;
}

absl::Span<const SlotId> ProjectIndex::slots_with(
    TokenId token, text::Language language) const {
  const SideTable& side_table = table(language);
  if (token >= side_table.postings.size()) return {};
  return side_table.postings[token];
}

absl::Span<const SlotId> ProjectIndex::slots_with_numberless(
    uint64_t numberless_hash, text::Language language) const {
  const auto& numberless = table(language).numberless;
  const auto found = numberless.find(numberless_hash);
  if (found == numberless.end()) return {};
  return found->second;
}

void ProjectIndex::CompactSide(SideEntry IndexEntry::*side,
                               absl::Span<const SlotId> renumbered,
                               SideTable& side_table) {
  SideTable compact;
  compact.postings.resize(side_table.postings.size());
  for (SlotId old = 0; old < entries_.size(); ++old) {
    if (renumbered[old] == kGone) continue;
    const uint32_t length = side_table.lengths[old];
    SideEntry& entry = entries_[old].*side;
    const uint64_t begin = std::exchange(entry.begin, compact.tokens.size());
    for (uint64_t i = begin; i < begin + length; ++i) {
      const PlacedToken token = side_table.tokens[i];
      compact.tokens.push_back(token);
      std::vector<SlotId>& slots = compact.postings[token.token()];
      const SlotId slot = renumbered[old];
      if (slots.empty() || slots.back() != slot) Append(slot, slots);
    }
    compact.lengths.push_back(length);
    const uint64_t text = std::exchange(entry.text_begin, compact.texts.size());
    compact.texts.append(side_table.texts, text, entry.text_size);
    const uint64_t numberless = NumberlessHash(
        absl::string_view(side_table.texts).substr(text, entry.text_size));
    if (numberless != 0)
      Append(renumbered[old], compact.numberless[numberless]);
  }
  compact.by_length = std::move(side_table.by_length);
  compact.by_length.Renumber(renumbered);
  side_table = std::move(compact);
}

void ProjectIndex::CompactIfWorthIt() {
  const size_t gone = entries_.size() - slot_of_.size();
  if (gone < kLeastGoneToCompact || gone < entries_.size() / 2) return;
  std::vector<SlotId> renumbered(entries_.size(), kGone);
  SlotId slots = 0;
  for (SlotId old = 0; old < entries_.size(); ++old) {
    if (source_.lengths[old] != kGone) renumbered[old] = slots++;
  }
  CompactSide(&IndexEntry::source, renumbered, source_);
  CompactSide(&IndexEntry::target, renumbered, target_);
  std::vector<IndexEntry> compact;
  compact.reserve(slots);
  for (SlotId old = 0; old < entries_.size(); ++old) {
    if (renumbered[old] == kGone) continue;
    slot_of_[entries_[old].id] = renumbered[old];
    compact.push_back(entries_[old]);
  }
  entries_ = std::move(compact);
  RankEntries();
}

void ProjectIndex::RankEntries() {
  ranks_.clear();
  ranks_.reserve(entries_.size());
  for (SlotId slot = 0; slot < entries_.size(); ++slot) {
    const bool gone = source_.lengths[slot] == kGone;
    ranks_.push_back(gone ? 0 : RankOf(entries_[slot]));
  }
}

}  // namespace duilian::storage
