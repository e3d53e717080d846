// TranslationMemory::Apply: read what the change touches, check it, write it.

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "storage/change_batch.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/stored_rows.h"
#include "storage/translation_memory.h"

namespace duilian::storage {
namespace {

absl::Status CheckChanges(absl::Span<const UnitChange> changes) {
  if (changes.empty()) {
    return absl::InvalidArgumentError(
        "changes: 0 given; 1 or more is accepted; send at least one pair");
  }
  absl::flat_hash_set<UnitId> seen;
  for (size_t i = 0; i < changes.size(); ++i) {
    const UnitChange& change = changes[i];
    const std::string field = absl::StrCat("changes[", i, "]");
    if (absl::Status status = CheckUnit(field, change.unit); !status.ok()) {
      return status;
    }
    if (change.unit.id == 0 && change.remove) {
      return absl::InvalidArgumentError(
          absl::StrCat(field,
                       ": removes a pair without an id; the id of a "
                       "stored pair is accepted; send its id"));
    }
    if (change.unit.id != 0 && !seen.insert(change.unit.id).second) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ": pair ", change.unit.id,
                       " is given twice; each pair once "
                       "is accepted; send one change for it"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRevision(const UnitChange& change,
                           const TranslationUnit& stored) {
  if (!change.expected_revision.has_value() ||
      *change.expected_revision == stored.revision) {
    return absl::OkStatus();
  }
  return absl::AbortedError(absl::StrCat(
      "pair ", stored.id, " changed since it was read: revision ",
      *change.expected_revision, " given, ", stored.revision,
      " is stored; the newest one is accepted; read the pair again and decide "
      "again"));
}

// Keys of: the project's row, the request's row, then the stored units.
std::vector<std::string> KeysOf(absl::string_view project,
                                absl::Span<const UnitChange> changes,
                                absl::string_view request_id) {
  std::vector<std::string> keys = {ProjectKey(project),
                                   RequestKey(project, request_id)};
  for (const UnitChange& change : changes) {
    if (change.unit.id != 0) keys.push_back(UnitKey(project, change.unit.id));
  }
  return keys;
}

constexpr size_t kFirstUnit = 2;

// The stored state of each changed unit, nullopt for a new one.
absl::StatusOr<std::vector<std::optional<TranslationUnit>>> StoredUnits(
    absl::string_view project, absl::Span<const UnitChange> changes,
    absl::Span<const std::optional<std::string>> values) {
  std::vector<std::optional<TranslationUnit>> stored(changes.size());
  size_t next = 0;
  for (size_t i = 0; i < changes.size(); ++i) {
    const UnitId id = changes[i].unit.id;
    if (id == 0) continue;
    const std::optional<std::string>& value = values[next++];
    if (!value.has_value()) return UnknownUnit(project, id);
    absl::StatusOr<TranslationUnit> unit = DecodeUnit(*value);
    if (!unit.ok()) return unit.status();
    if (absl::Status status = CheckRevision(changes[i], *unit); !status.ok()) {
      return status;
    }
    stored[i] = *std::move(unit);
  }
  return stored;
}

TranslationUnit NewState(const UnitChange& change,
                         const std::optional<TranslationUnit>& stored,
                         int64_t now_us) {
  TranslationUnit unit = change.unit;
  if (stored.has_value()) {
    unit.create_time_us = stored->create_time_us;
    unit.update_time_us = now_us;
    return unit;
  }
  if (unit.create_time_us == 0) unit.create_time_us = now_us;
  if (unit.update_time_us == 0) unit.update_time_us = unit.create_time_us;
  return unit;
}

}  // namespace

absl::StatusOr<std::vector<TranslationUnit>> TranslationMemory::ReadAnswer(
    absl::string_view project, uint64_t position) const {
  absl::StatusOr<std::vector<Change>> changes = ReadChanges(position - 1, 1);
  if (!changes.ok()) return changes.status();
  if (changes->empty() || changes->front().position != position ||
      changes->front().project != project) {
    return MissingRow("the change that answered a request");
  }
  std::vector<TranslationUnit> units;
  for (Revision& revision : changes->front().revisions) {
    units.push_back(std::move(revision.unit));
  }
  return units;
}

absl::StatusOr<std::vector<TranslationUnit>> TranslationMemory::Apply(
    absl::string_view project, absl::Span<const UnitChange> changes,
    const ChangeContext& context, absl::string_view request_id) {
  absl::Status status = CheckName("project", project);
  if (status.ok() && !request_id.empty()) {
    status = CheckName("request_id", request_id);
  }
  if (status.ok()) status = CheckChanges(changes);
  if (!status.ok()) return status;

  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store_.MultiGet(KeysOf(project, changes, request_id), nullptr);
  if (!values.ok()) return values.status();
  if (!request_id.empty() && (*values)[1].has_value()) {
    const absl::StatusOr<uint64_t> answered = DecodeRequest(*(*values)[1]);
    if (!answered.ok()) return answered.status();
    return ReadAnswer(project, *answered);
  }
  absl::StatusOr<ProjectRow> row = ProjectOrNew((*values)[0]);
  if (!row.ok()) return row.status();
  const absl::StatusOr<std::vector<std::optional<TranslationUnit>>> stored =
      StoredUnits(project, changes,
                  absl::MakeConstSpan(*values).subspan(kFirstUnit));
  if (!stored.ok()) return stored.status();

  ChangeBatch batch(std::string(project), *row, *position, context);
  std::vector<TranslationUnit> results;
  for (size_t i = 0; i < changes.size(); ++i) {
    const std::optional<TranslationUnit>& before = (*stored)[i];
    if (changes[i].remove) {
      batch.Remove(*before);
      results.push_back(*before);
    } else {
      results.push_back(batch.Put(NewState(changes[i], before, context.now_us),
                                  before.has_value() ? &*before : nullptr));
    }
  }
  if (!request_id.empty()) batch.PutRequest(request_id);
  status = Commit(std::move(batch).Finish(), *position);
  if (!status.ok()) return status;
  return results;
}

}  // namespace duilian::storage
