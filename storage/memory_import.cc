// TranslationMemory::ImportDocument and DeleteDocument: a document and its
// units in one write.

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/change_batch.h"
#include "storage/codec.h"
#include "storage/import_plan.h"
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

ChangeContext ImportContext(int64_t now_us) {
  ChangeContext context;
  context.action = Action::kImport;
  context.now_us = now_us;
  return context;
}

// What the document's units come to be.
void FillResult(const ImportPlan& plan, ImportResult& result) {
  result.kept = plan.kept;
  result.added = plan.added;
  result.dropped = static_cast<int32_t>(plan.removals.size());
  result.outdated = plan.outdated;
  result.paired_source_segments = plan.paired_source_segments;
  result.paired_target_segments = plan.paired_target_segments;
  result.document.units = plan.kept + plan.added;
  if (result.document.units > 0) {
    result.mean_confidence = plan.confidence_sum / result.document.units;
  }
}

bool SaysTheSame(const UnitSide& a, const UnitSide& b) {
  return a.text == b.text && a.language_code == b.language_code &&
         a.speaker == b.speaker;
}

// All but where it stands in its document, and beside what.
bool SaysTheSame(const TranslationUnit& a, const TranslationUnit& b) {
  return SaysTheSame(a.source, b.source) && SaysTheSame(a.target, b.target) &&
         a.origin == b.origin && a.status == b.status &&
         a.reshaped == b.reshaped && a.confidence == b.confidence &&
         a.model_version == b.model_version;
}

// A unit that only moved keeps the time of its last change: an accepted pair is
// no newer since the transcript has a line more at its beginning.
void WritePlan(ImportPlan plan, const std::vector<TranslationUnit>& old_units,
               const std::vector<std::string>& reviewers, int64_t now_us,
               ChangeBatch& batch) {
  for (const size_t index : plan.removals) batch.Remove(old_units[index]);
  for (PlannedUnit& planned : plan.puts) {
    if (!planned.before.has_value()) {
      planned.unit.update_time_us = now_us;
      batch.Put(std::move(planned.unit), nullptr);
      continue;
    }
    const TranslationUnit& before = old_units[*planned.before];
    if (!SaysTheSame(planned.unit, before)) {
      planned.unit.update_time_us = now_us;
    }
    batch.PutKept(std::move(planned.unit), before, reviewers[*planned.before]);
  }
}

}  // namespace

// What stood before the import.
struct TranslationMemory::ImportBase {
  ProjectRow row;
  std::optional<Document> document;
  std::vector<TranslationUnit> units;  // of that document; empty if unchanged
  // By unit, who changed it last; not read of those that nobody reviewed.
  std::vector<std::string> reviewers;
};

absl::StatusOr<std::vector<std::string>> TranslationMemory::LastReviewers(
    absl::string_view project, absl::Span<const TranslationUnit> units) const {
  std::vector<UnitVersion> reviewed;
  for (const TranslationUnit& unit : units) {
    if (IsReviewed(unit)) reviewed.push_back({unit.id, unit.revision});
  }
  std::vector<std::string> reviewers(units.size());
  if (reviewed.empty()) return reviewers;
  absl::StatusOr<std::vector<std::optional<Revision>>> revisions =
      GetVersions(project, reviewed);
  if (!revisions.ok()) return revisions.status();
  size_t next = 0;
  for (size_t i = 0; i < units.size(); ++i) {
    if (!IsReviewed(units[i])) continue;
    std::optional<Revision>& revision = (*revisions)[next++];
    if (revision.has_value()) reviewers[i] = std::move(revision->reviewer);
  }
  return reviewers;
}

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

  absl::StatusOr<std::vector<TranslationUnit>> units =
      UnitsOfDocument(store_, project, document.id);
  if (!units.ok()) return units.status();
  base.units = *std::move(units);
  absl::StatusOr<std::vector<std::string>> reviewers =
      LastReviewers(project, base.units);
  if (!reviewers.ok()) return reviewers.status();
  base.reviewers = *std::move(reviewers);
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
  const bool same_texts = base->document.has_value() &&
                          base->document->content_hash == document.content_hash;
  if (same_texts) return Retitle(project, document, *base, *position, now_us);

  ImportResult result;
  result.outcome = base->document.has_value() ? ImportOutcome::kReplaced
                                              : ImportOutcome::kStored;
  result.document = document;
  if (base->document.has_value()) {
    result.document.create_time_us = base->document->create_time_us;
    if (document.title.empty()) result.document.title = base->document->title;
  }
  if (result.document.create_time_us == 0) {
    result.document.create_time_us = now_us;
  }
  for (TranslationUnit& unit : units) {
    unit.id = 0;
    unit.document = document.id;
    unit.create_time_us = now_us;
  }
  ImportPlan plan =
      PlanImport({base->document.value_or(Document()), result.document,
                  base->units, std::move(units)});
  FillResult(plan, result);
  ChangeBatch batch(std::string(project), base->row, *position,
                    ImportContext(now_us));
  WritePlan(std::move(plan), base->units, base->reviewers, now_us, batch);
  batch.PutDocument(result.document, !base->document.has_value());
  if (absl::Status status = Commit(std::move(batch).Finish(), *position);
      !status.ok()) {
    return status;
  }
  return result;
}

// The same texts are there: the title alone may be another.
absl::StatusOr<ImportResult> TranslationMemory::Retitle(
    absl::string_view project, const Document& document, const ImportBase& base,
    uint64_t position, int64_t now_us) {
  ImportResult result;
  result.document = *base.document;
  const absl::StatusOr<std::vector<UnitId>> ids =
      IdsOfDocument(store_, project, document.id);
  if (!ids.ok()) return ids.status();
  result.kept = static_cast<int32_t>(ids->size());
  result.outcome = ImportOutcome::kUnchanged;
  if (document.title.empty() || document.title == result.document.title) {
    return result;
  }
  result.outcome = ImportOutcome::kRetitled;
  result.document.title = document.title;
  ChangeBatch batch(std::string(project), base.row, position,
                    ImportContext(now_us));
  batch.PutDocument(result.document, /*is_new=*/false);
  if (absl::Status status = Commit(std::move(batch).Finish(), position);
      !status.ok()) {
    return status;
  }
  return result;
}

absl::StatusOr<std::vector<TranslationUnit>> TranslationMemory::DeleteDocument(
    absl::string_view project, absl::string_view document, int64_t now_us) {
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store_.MultiGet({ProjectKey(project), DocumentKey(project, document)},
                      nullptr);
  if (!values.ok()) return values.status();
  if (!(*values)[0].has_value()) return UnknownProject(project);
  if (!(*values)[1].has_value()) return UnknownDocument(project, document);
  const absl::StatusOr<ProjectRow> row = DecodeProject(*(*values)[0]);
  if (!row.ok()) return row.status();
  absl::StatusOr<std::vector<TranslationUnit>> units =
      UnitsOfDocument(store_, project, document);
  if (!units.ok()) return units.status();
  ChangeContext context;
  context.action = Action::kDeleteDocument;
  context.now_us = now_us;
  ChangeBatch batch(std::string(project), *row, *position, context);
  for (const TranslationUnit& unit : *units) batch.Remove(unit);
  batch.RemoveDocument(document);
  if (absl::Status status = Commit(std::move(batch).Finish(), *position);
      !status.ok()) {
    return status;
  }
  return units;
}

}  // namespace duilian::storage
