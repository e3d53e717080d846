// TranslationMemory::Undo. A unit's history is a stack: a change puts itself on
// it, an undo takes the topmost off. What is on top is at position p of the
// log; each unit of that change goes back to its history row before p, or away
// when there is none. All of it is one new change.

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/change_batch.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/stored_rows.h"
#include "storage/translation_memory.h"

namespace duilian::storage {
namespace {

// A unit's newest rows of history that an undo reads; older changes stay.
constexpr size_t kRowsOfHistory = 1000;

// The change of a unit that an undo takes back.
struct TopChange {
  Revision newest;
  uint64_t position = 0;
  Action action = Action::kImport;
  std::optional<Revision> before;  // nullopt: it made the unit
};

// The index of the newest row that is neither an undo nor undone.
std::optional<size_t> FindUndoable(const std::vector<Revision>& newest_first) {
  size_t undone = 0;
  for (size_t i = 0; i < newest_first.size(); ++i) {
    if (newest_first[i].action == Action::kUndo) {
      ++undone;
    } else if (undone == 0) {
      return i;
    } else {
      --undone;
    }
  }
  return std::nullopt;
}

absl::Status NothingToUndo(UnitId id, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("pair ", id, " has nothing to undo: ", why,
                   "; a review's change is accepted; delete or reject the pair "
                   "instead"));
}

absl::StatusOr<TopChange> DecodeLast(UnitId id,
                                     const std::vector<KeyValue>& rows) {
  if (rows.empty()) return MissingRow("a unit's history");
  absl::StatusOr<std::vector<Revision>> revisions = DecodeRevisions(rows);
  if (!revisions.ok()) return revisions.status();
  const std::optional<size_t> found = FindUndoable(*revisions);
  if (!found.has_value()) {
    return NothingToUndo(
        id, absl::StrCat("its newest ", kRowsOfHistory, " changes are undone"));
  }
  TopChange last;
  last.newest = revisions->front();
  last.position = LastNumber(rows[*found].key);
  last.action = (*revisions)[*found].action;
  if (*found + 1 < revisions->size()) {
    last.before = std::move((*revisions)[*found + 1]);
  }
  return last;
}

absl::Status CheckUndoable(UnitId id, const TopChange& last,
                           std::optional<uint64_t> expected_revision) {
  // A removal keeps the state before it, and with it that state's revision.
  const uint64_t revision = last.newest.unit.revision;
  if (expected_revision.has_value() && *expected_revision != revision) {
    return absl::AbortedError(absl::StrCat(
        "pair ", id, " changed since it was read: revision ",
        *expected_revision, " given, ", revision,
        " is stored; the newest one is accepted; read the pair again and "
        "decide again"));
  }
  switch (last.action) {
    case Action::kImport:
      return NothingToUndo(id, "its last change is an import");
    case Action::kCreate:
      return NothingToUndo(id, "its last change is its creation");
    case Action::kDeleteDocument:
      return NothingToUndo(id, "it was deleted with its document");
    default:
      return absl::OkStatus();
  }
}

absl::Status ChangedSince(UnitId id, UnitId other) {
  return absl::FailedPreconditionError(absl::StrCat(
      "pair ", id, " changed together with pair ", other,
      ", which has changed since; a change is undone while it is the last one "
      "of all its pairs; undo pair ",
      other, " first"));
}

// What became of all units that changed at `position`.
absl::StatusOr<std::vector<TopChange>> ReadTogether(const OrderedStore& store,
                                                    absl::string_view project,
                                                    UnitId id,
                                                    uint64_t position) {
  const absl::StatusOr<std::vector<std::optional<std::string>>> log =
      store.MultiGet({ChangeKey(position)}, nullptr);
  if (!log.ok()) return log.status();
  if (!log->front().has_value()) return MissingRow("an entry of the log");
  const absl::StatusOr<ChangeRow> change = DecodeChange(*log->front());
  if (!change.ok()) return change.status();
  std::vector<KeyRange> ranges;
  for (const UnitId unit : change->units) {
    ranges.push_back(NewestHistory(project, unit, kRowsOfHistory));
  }
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> histories =
      store.MultiScan(ranges, nullptr);
  if (!histories.ok()) return histories.status();
  std::vector<TopChange> together;
  for (size_t i = 0; i < histories->size(); ++i) {
    absl::StatusOr<TopChange> last =
        DecodeLast(change->units[i], (*histories)[i]);
    if (!last.ok()) return last.status();
    if (last->position != position) return ChangedSince(id, change->units[i]);
    together.push_back(*std::move(last));
  }
  return together;
}

// Puts the unit back to the state before; returns it if it has one.
std::optional<TranslationUnit> TakeBack(const TopChange& last, int64_t now_us,
                                        ChangeBatch& batch) {
  const TranslationUnit* now =
      last.newest.deleted ? nullptr : &last.newest.unit;
  if (!last.before.has_value() || last.before->deleted) {
    if (now != nullptr) batch.Remove(*now);
    return std::nullopt;
  }
  TranslationUnit unit = last.before->unit;
  unit.update_time_us = now_us;
  return batch.Put(std::move(unit), now);
}

}  // namespace

absl::StatusOr<std::vector<TranslationUnit>> TranslationMemory::Undo(
    absl::string_view project, UnitId id,
    std::optional<uint64_t> expected_revision, const ChangeContext& context) {
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> asked =
      store_.MultiScan({ProjectRowRange(project),
                        NewestHistory(project, id, kRowsOfHistory)},
                       nullptr);
  if (!asked.ok()) return asked.status();
  if (asked->front().empty()) return UnknownProject(project);
  if (asked->back().empty()) return UnknownUnit(project, id);
  const absl::StatusOr<ProjectRow> row =
      DecodeProject(asked->front().front().value);
  if (!row.ok()) return row.status();
  const absl::StatusOr<TopChange> last = DecodeLast(id, asked->back());
  if (!last.ok()) return last.status();
  if (absl::Status status = CheckUndoable(id, *last, expected_revision);
      !status.ok()) {
    return status;
  }

  const absl::StatusOr<std::vector<TopChange>> together =
      ReadTogether(store_, project, id, last->position);
  if (!together.ok()) return together.status();

  ChangeContext undo = context;
  undo.action = Action::kUndo;
  ChangeBatch batch(std::string(project), *row, *position, undo);
  std::vector<TranslationUnit> units;
  for (const TopChange& change : *together) {
    std::optional<TranslationUnit> unit =
        TakeBack(change, context.now_us, batch);
    if (unit.has_value()) units.push_back(*std::move(unit));
  }
  if (absl::Status status = Commit(std::move(batch).Finish(), *position);
      !status.ok()) {
    return status;
  }
  return units;
}

}  // namespace duilian::storage
