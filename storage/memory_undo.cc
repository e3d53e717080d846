// TranslationMemory::Undo. The last change of a unit is at position p of the
// log; each unit of that change goes back to its history row before p, or
// away when there is none. All of it is one new change, so that undoing it
// brings the first one back.

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/change_batch.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/stored_rows.h"
#include "storage/translation_memory.h"

namespace duilian::storage {
namespace {

// A unit's last two states, the newer first.
struct LastStates {
  uint64_t position = 0;  // of the newer
  Revision newest;
  std::optional<Revision> previous;
};

absl::StatusOr<LastStates> DecodeLast(const std::vector<KeyValue>& rows) {
  if (rows.empty()) return MissingRow("a unit's history");
  absl::StatusOr<std::vector<Revision>> revisions = DecodeRevisions(rows);
  if (!revisions.ok()) return revisions.status();
  LastStates states;
  states.position = LastNumber(rows.front().key);
  states.newest = std::move(revisions->front());
  if (revisions->size() > 1) states.previous = std::move(revisions->back());
  return states;
}

absl::Status CheckUndoable(UnitId id, const LastStates& last,
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
  const Action action = last.newest.action;
  if (action != Action::kImport && action != Action::kCreate) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "pair ", id, " has nothing to undo: its last change is ",
      action == Action::kImport ? "an import" : "its creation",
      "; a review's change is accepted; delete or reject the pair instead"));
}

absl::Status ChangedSince(UnitId id, UnitId other) {
  return absl::FailedPreconditionError(absl::StrCat(
      "pair ", id, " changed together with pair ", other,
      ", which has changed since; a change is undone while it is the last one "
      "of all its pairs; undo pair ",
      other, " first"));
}

// The last states of all units that changed at `position`.
absl::StatusOr<std::vector<LastStates>> ReadTogether(const OrderedStore& store,
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
    ranges.push_back(NewestHistory(project, unit, 2));
  }
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> histories =
      store.MultiScan(ranges, nullptr);
  if (!histories.ok()) return histories.status();
  std::vector<LastStates> together;
  for (size_t i = 0; i < histories->size(); ++i) {
    absl::StatusOr<LastStates> states = DecodeLast((*histories)[i]);
    if (!states.ok()) return states.status();
    if (states->position != position) {
      return ChangedSince(id, change->units[i]);
    }
    together.push_back(*std::move(states));
  }
  return together;
}

// Puts the unit back to its previous state; returns it if it has one.
std::optional<TranslationUnit> TakeBack(const LastStates& last, int64_t now_us,
                                        ChangeBatch& batch) {
  const TranslationUnit* before =
      last.newest.deleted ? nullptr : &last.newest.unit;
  if (!last.previous.has_value() || last.previous->deleted) {
    if (before != nullptr) batch.Remove(*before);
    return std::nullopt;
  }
  TranslationUnit unit = last.previous->unit;
  unit.update_time_us = now_us;
  return batch.Put(std::move(unit), before);
}

}  // namespace

absl::StatusOr<std::vector<TranslationUnit>> TranslationMemory::Undo(
    absl::string_view project, UnitId id,
    std::optional<uint64_t> expected_revision, const ChangeContext& context) {
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> asked =
      store_.MultiScan(
          {ProjectRowRange(project), NewestHistory(project, id, 2)}, nullptr);
  if (!asked.ok()) return asked.status();
  if (asked->front().empty()) return UnknownProject(project);
  if (asked->back().empty()) return UnknownUnit(project, id);
  const absl::StatusOr<ProjectRow> row =
      DecodeProject(asked->front().front().value);
  if (!row.ok()) return row.status();
  const absl::StatusOr<LastStates> last = DecodeLast(asked->back());
  if (!last.ok()) return last.status();
  if (absl::Status status = CheckUndoable(id, *last, expected_revision);
      !status.ok()) {
    return status;
  }

  const absl::StatusOr<std::vector<LastStates>> together =
      ReadTogether(store_, project, id, last->position);
  if (!together.ok()) return together.status();

  ChangeContext undo = context;
  undo.action = Action::kUndo;
  ChangeBatch batch(std::string(project), *row, *position, undo);
  std::vector<TranslationUnit> units;
  for (const LastStates& states : *together) {
    std::optional<TranslationUnit> unit =
        TakeBack(states, context.now_us, batch);
    if (unit.has_value()) units.push_back(*std::move(unit));
  }
  if (absl::Status status = Commit(std::move(batch).Finish(), *position);
      !status.ok()) {
    return status;
  }
  return units;
}

}  // namespace duilian::storage
