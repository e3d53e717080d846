// A project's index in a snapshot: all of it, as it lies in memory.

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "storage/idle_threads.h"
#include "storage/project_index.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

void ProjectIndex::Save(SnapshotWriter& snapshot) const {
  names_.Save(snapshot);
  ids_.Save(snapshot);
  grades_.Save(snapshot);
  uncertainties_.Save(snapshot);
  rows_.Save(snapshot);
  contexts_.Save(snapshot);
  SaveSide(source_, snapshot);
  SaveSide(target_, snapshot);
}

void ProjectIndex::SaveSide(const SideTable& side_table,
                            SnapshotWriter& snapshot) const {
  side_table.texts.Save(snapshot);
  side_table.with_token.Save(snapshot);
  snapshot.Number(side_table.numberless.size());
  for (const auto& [hash, list] : side_table.numberless) {
    snapshot.Number(uint64_t{hash} << 32 | list);
  }
  side_table.with_numberless.Save(snapshot);
  side_table.by_length.Save(snapshot);
  side_table.words.Save(snapshot);
  snapshot.Number(side_table.words_of);
}

bool ProjectIndex::Load(SnapshotReader& snapshot, IdleThreads& threads) {
  loaded_ = snapshot.memory();
  if (!names_.Load(snapshot) || !ids_.Load(snapshot) ||
      !grades_.Load(snapshot) || !uncertainties_.Load(snapshot) ||
      !rows_.Load(snapshot) || !contexts_.Load(snapshot) ||
      grades_.size() != slots() || uncertainties_.size() != slots() ||
      rows_.size() != slots()) {
    return false;
  }
  for (SlotId slot = 0; slot < slots(); ++slot) {
    if (rows_[slot].context >= contexts_.size()) return false;
  }
  if (!LoadSide(snapshot, source_) || !LoadSide(snapshot, target_)) {
    return false;
  }
  std::atomic<size_t> next = 0;  // table
  std::atomic<bool> each_id_once = false;
  threads.Share(2, [&] {
    for (size_t table = next++; table < 3; table = next++) {
      if (table == 0) each_id_once = MakeUnitSlots();
      if (table == 1) source_.texts.MakeNumbers();
      if (table == 2) target_.texts.MakeNumbers();
    }
  });
  return snapshot.ok() && each_id_once;
}

bool ProjectIndex::MakeUnitSlots() {
  for (SlotId slot = 0; slot < slots(); ++slot) {
    if (is_gone(slot)) continue;
    if (!unit_slots_.Add(id(slot), slot)) return false;
    SetGrade(slot, grades_[slot]);
  }
  return true;
}

bool ProjectIndex::LoadSide(SnapshotReader& snapshot, SideTable& side_table) {
  if (!side_table.texts.Load(snapshot) || side_table.texts.size() != slots() ||
      !side_table.with_token.Load(snapshot)) {
    return false;
  }
  const uint64_t forms = snapshot.Number();
  if (!snapshot.ok() || forms > 2 * slots()) return false;
  side_table.numberless.reserve(forms);
  for (uint64_t i = 0; i < forms; ++i) {
    const uint64_t form = snapshot.Number();
    side_table.numberless.try_emplace(static_cast<uint32_t>(form >> 32),
                                      static_cast<uint32_t>(form));
  }
  if (!side_table.with_numberless.Load(snapshot) ||
      !side_table.by_length.Load(slots(), snapshot) ||
      !side_table.words.Load(side_table.texts, snapshot)) {
    return false;
  }
  side_table.words_of = snapshot.Number();
  return snapshot.ok();
}

}  // namespace duilian::storage
