// A project's index in a snapshot. Written is what was read from the store and
// worked out of its texts; the lists of slots and the table of lengths are made
// of that again, in memory alone.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "storage/letter_class.h"
#include "storage/project_index.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {
namespace {

// True when [begin, begin + size) lies in [0, limit).
bool IsWithin(uint64_t begin, uint64_t size, uint64_t limit) {
  return begin <= limit && size <= limit - begin;
}

}  // namespace

void NameTable::Save(SnapshotWriter& snapshot) const {
  snapshot.Number(size());
  for (const absl::string_view name : names()) snapshot.Block(name);
}

bool NameTable::Load(SnapshotReader& snapshot) {
  const uint64_t count = snapshot.Number();
  for (uint64_t i = 0; i < count && snapshot.ok(); ++i) {
    Intern(snapshot.Block());
  }
  return snapshot.ok() && size() == count;  // each name once
}

void ProjectIndex::Save(SnapshotWriter& snapshot) const {
  vocabulary_.Save(snapshot);
  names_.Save(snapshot);
  snapshot.Array(entries_);
  for (const SideTable* side_table : {&source_, &target_}) {
    snapshot.Array(side_table->tokens);
    snapshot.Array(side_table->lengths);
    snapshot.Block(side_table->texts);
  }
}

bool ProjectIndex::Load(SnapshotReader& snapshot) {
  if (!vocabulary_.Load(snapshot) || !names_.Load(snapshot)) return false;
  entries_ = snapshot.Array<IndexEntry>();
  if (!LoadSide(&IndexEntry::source, snapshot, source_) ||
      !LoadSide(&IndexEntry::target, snapshot, target_)) {
    return false;
  }
  RankEntries();
  slot_of_.reserve(entries_.size());
  for (SlotId slot = 0; slot < entries_.size(); ++slot) {
    const bool gone = source_.lengths[slot] == kGone;
    if (gone != (target_.lengths[slot] == kGone)) return false;
    if (!gone && !slot_of_.try_emplace(entries_[slot].id, slot).second) {
      return false;
    }
  }
  return snapshot.ok();
}

bool ProjectIndex::LoadSide(SideEntry IndexEntry::*side,
                            SnapshotReader& snapshot, SideTable& side_table) {
  side_table.tokens = snapshot.Array<PlacedToken>();
  side_table.lengths = snapshot.Array<uint32_t>();
  side_table.texts = std::string(snapshot.Block());
  if (!snapshot.ok() || side_table.lengths.size() != entries_.size()) {
    return false;
  }
  std::vector<uint32_t> slots_of(vocabulary_.size());  // at the most
  for (const PlacedToken token : side_table.tokens) {
    if (token.token() >= slots_of.size()) return false;
    ++slots_of[token.token()];
  }
  side_table.postings.resize(slots_of.size());
  for (size_t token = 0; token < slots_of.size(); ++token) {
    side_table.postings[token].reserve(slots_of[token]);
  }
  for (SlotId slot = 0; slot < entries_.size(); ++slot) {
    const uint32_t length = side_table.lengths[slot];
    if (length == kGone) continue;
    SideEntry& entry = entries_[slot].*side;
    if (!IsWithin(entry.begin, length, side_table.tokens.size()) ||
        !IsWithin(entry.text_begin, entry.text_size, side_table.texts.size())) {
      return false;
    }
    for (uint64_t i = entry.begin; i < entry.begin + length; ++i) {
      std::vector<SlotId>& slots =
          side_table.postings[side_table.tokens[i].token()];
      if (slots.empty() || slots.back() != slot) slots.push_back(slot);
    }
    const absl::string_view text =
        absl::string_view(side_table.texts)
            .substr(entry.text_begin, entry.text_size);
    const std::vector<LetterClass> letters = LetterClasses(text);
    if (letters.size() != entry.letters) return false;
    entry.row = side_table.by_length.Add(letters, slot);
    const uint64_t numberless = NumberlessHash(text);
    if (numberless != 0) side_table.numberless[numberless].push_back(slot);
  }
  return true;
}

}  // namespace duilian::storage
