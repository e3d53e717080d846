// TranslationMemory::ImportDocument: a document and its units in one write.

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

absl::Status CheckImport(absl::string_view project, const Document& document,
                         const std::vector<TranslationUnit>& units) {
  if (absl::Status status = CheckName("project", project); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckName("document.id", document.id);
      !status.ok()) {
    return status;
  }
  for (size_t i = 0; i < units.size(); ++i) {
    if (absl::Status status =
            CheckUnit(absl::StrCat("units[", i, "]"), units[i]);
        !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// Someone decided about it, or wrote it: an import leaves it alone.
bool IsReviewed(const TranslationUnit& unit) {
  return unit.status != ReviewStatus::kUnreviewed ||
         unit.origin == Origin::kManual;
}

std::pair<std::string, std::string> TextsOf(const TranslationUnit& unit) {
  return {unit.source.text, unit.target.text};
}

// Puts the new units in the old ones' place, but leaves those that were
// reviewed. Returns how many there are then.
int32_t ReplaceUnits(const std::vector<TranslationUnit>& old_units,
                     std::vector<TranslationUnit> new_units,
                     ChangeBatch& batch) {
  absl::flat_hash_set<std::pair<std::string, std::string>> kept;
  int32_t count = 0;
  for (const TranslationUnit& unit : old_units) {
    if (IsReviewed(unit)) {
      kept.insert(TextsOf(unit));
      ++count;
    } else {
      batch.Remove(unit);
    }
  }
  for (TranslationUnit& unit : new_units) {
    // A pair that was reviewed already is not asked about again.
    if (!kept.empty() && kept.contains(TextsOf(unit))) continue;
    batch.Put(std::move(unit), nullptr);
    ++count;
  }
  return count;
}

}  // namespace

// What stood before the import.
struct TranslationMemory::ImportBase {
  ProjectRow row;
  std::optional<Document> document;
  std::vector<TranslationUnit> units;  // of that document; empty if unchanged
};

absl::StatusOr<TranslationMemory::ImportBase> TranslationMemory::ReadImportBase(
    absl::string_view project, const Document& document) const {
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store_.MultiGet({ProjectKey(project), DocumentKey(project, document.id)},
                      nullptr);
  if (!values.ok()) return values.status();
  ImportBase base;
  absl::StatusOr<ProjectRow> row = ProjectOrNew((*values)[0]);
  if (!row.ok()) return row.status();
  base.row = *std::move(row);
  if (!(*values)[1].has_value()) return base;
  absl::StatusOr<Document> stored = DecodeDocument(*(*values)[1]);
  if (!stored.ok()) return stored.status();
  base.document = *std::move(stored);
  if (base.document->content_hash == document.content_hash) return base;

  const absl::StatusOr<std::vector<std::vector<KeyValue>>> index =
      store_.MultiScan(
          {StatusAfter(project, document.id, ReviewStatus::kUnreviewed, 0, 0),
           StatusAfter(project, document.id, ReviewStatus::kAccepted, 0, 0),
           StatusAfter(project, document.id, ReviewStatus::kRejected, 0, 0)},
          nullptr);
  if (!index.ok()) return index.status();
  std::vector<std::string> keys;
  for (const std::vector<KeyValue>& rows : *index) {
    for (const KeyValue& entry : rows) {
      keys.push_back(UnitKey(project, LastNumber(entry.key)));
    }
  }
  const absl::StatusOr<std::vector<std::optional<std::string>>> found =
      store_.MultiGet(keys, nullptr);
  if (!found.ok()) return found.status();
  absl::StatusOr<std::vector<std::optional<TranslationUnit>>> units =
      DecodeUnits(*found);
  if (!units.ok()) return units.status();
  for (std::optional<TranslationUnit>& unit : *units) {
    if (!unit.has_value()) return MissingRow("a unit that an index names");
    base.units.push_back(*std::move(unit));
  }
  return base;
}

absl::StatusOr<ImportResult> TranslationMemory::ImportDocument(
    absl::string_view project, const Document& document,
    std::vector<TranslationUnit> units, int64_t now_us) {
  if (absl::Status status = CheckImport(project, document, units);
      !status.ok()) {
    return status;
  }
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  const absl::StatusOr<ImportBase> base = ReadImportBase(project, document);
  if (!base.ok()) return base.status();
  ImportResult result;
  if (base->document.has_value() &&
      base->document->content_hash == document.content_hash) {
    result.outcome = ImportOutcome::kUnchanged;
    result.document = *base->document;
    return result;
  }

  ChangeContext context;
  context.action = Action::kImport;
  context.now_us = now_us;
  ChangeBatch batch(std::string(project), base->row, *position, context);
  for (TranslationUnit& unit : units) {
    unit.id = 0;
    unit.document = document.id;
    unit.create_time_us = now_us;
    unit.update_time_us = now_us;
  }
  const int32_t count = ReplaceUnits(base->units, std::move(units), batch);
  result.outcome = base->document.has_value() ? ImportOutcome::kReplaced
                                              : ImportOutcome::kStored;
  result.document = document;
  result.document.units = count;
  if (result.document.create_time_us == 0) {
    result.document.create_time_us = now_us;
  }
  batch.PutDocument(result.document, !base->document.has_value());
  if (absl::Status status = Commit(std::move(batch).Finish(), *position);
      !status.ok()) {
    return status;
  }
  return result;
}

}  // namespace duilian::storage
