#include "storage/change_batch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/keys.h"

namespace duilian::storage {
namespace {

// The scopes under which a unit stands in the indexes: the whole project, and
// its document.
std::vector<std::string> ScopesOf(const TranslationUnit& unit) {
  std::vector<std::string> scopes = {""};
  if (!unit.document.empty()) scopes.push_back(unit.document);
  return scopes;
}

std::vector<std::string> IndexKeys(absl::string_view project,
                                   const TranslationUnit& unit) {
  std::vector<std::string> keys;
  for (const std::string& scope : ScopesOf(unit)) {
    keys.push_back(StatusKey(project, scope, unit.status, unit.id));
    if (unit.status == ReviewStatus::kUnreviewed) {
      keys.push_back(QueueKey(project, scope, {unit.confidence, unit.id}));
    }
  }
  return keys;
}

}  // namespace

ChangeBatch::ChangeBatch(std::string project, ProjectRow row, uint64_t position,
                         ChangeContext context)
    : position_(position), context_(std::move(context)), row_(std::move(row)) {
  log_.project = std::move(project);
}

void ChangeBatch::Count(const TranslationUnit& unit, int64_t sign) {
  row_.counts.units += sign;
  if (unit.status == ReviewStatus::kAccepted) row_.counts.accepted += sign;
  if (unit.status == ReviewStatus::kRejected) row_.counts.rejected += sign;
}

void ChangeBatch::PutHistory(Revision revision) {
  revision.action = context_.action;
  revision.time_us = context_.now_us;
  const UnitId id = revision.unit.id;
  batch_.Put(HistoryKey(log_.project, id, position_), EncodeRevision(revision));
  log_.units.push_back(id);
}

void ChangeBatch::Unindex(const TranslationUnit& unit) {
  for (std::string& key : IndexKeys(log_.project, unit)) {
    batch_.Delete(std::move(key));
  }
}

void ChangeBatch::Index(const TranslationUnit& unit) {
  for (std::string& key : IndexKeys(log_.project, unit)) {
    batch_.Put(std::move(key), std::string());
  }
}

TranslationUnit ChangeBatch::Put(TranslationUnit unit,
                                 const TranslationUnit* before) {
  return PutAs(std::move(unit), before, context_.reviewer);
}

TranslationUnit ChangeBatch::PutKept(TranslationUnit unit,
                                     const TranslationUnit& before,
                                     const std::string& reviewer) {
  return PutAs(std::move(unit), &before, reviewer);
}

TranslationUnit ChangeBatch::PutAs(TranslationUnit unit,
                                   const TranslationUnit* before,
                                   const std::string& reviewer) {
  if (unit.id == 0) unit.id = row_.next_id++;
  unit.revision = position_;
  unit.confidence = std::clamp(unit.confidence, 0.0, 1.0) + 0.0;  // no -0
  if (before != nullptr) {
    Count(*before, -1);
    Unindex(*before);
  }
  Count(unit, +1);
  Index(unit);
  batch_.Put(UnitKey(log_.project, unit.id), EncodeUnit(unit));
  Revision revision;
  revision.unit = unit;
  revision.reviewer = reviewer;
  PutHistory(std::move(revision));
  return unit;
}

void ChangeBatch::Remove(const TranslationUnit& before) {
  Count(before, -1);
  Unindex(before);
  batch_.Delete(UnitKey(log_.project, before.id));
  Revision revision;
  revision.unit = before;
  revision.deleted = true;
  revision.reviewer = context_.reviewer;
  PutHistory(std::move(revision));
}

void ChangeBatch::PutDocument(const Document& document, bool is_new) {
  if (is_new) ++row_.counts.documents;
  batch_.Put(DocumentKey(log_.project, document.id), EncodeDocument(document));
}

void ChangeBatch::RemoveDocument(absl::string_view document) {
  --row_.counts.documents;
  batch_.Delete(DocumentKey(log_.project, document));
}

void ChangeBatch::PutLookupSettings(const LookupSettings& settings) {
  batch_.Put(LookupSettingsKey(log_.project), EncodeLookupSettings(settings));
}

void ChangeBatch::PutRendering(absl::string_view term,
                               const PreferredRendering& preferred) {
  batch_.Put(RenderingKey(log_.project, term),
             EncodePreferredRendering(preferred));
}

void ChangeBatch::RemoveRendering(absl::string_view term) {
  batch_.Delete(RenderingKey(log_.project, term));
}

void ChangeBatch::PutRequest(absl::string_view request_id) {
  batch_.Put(RequestKey(log_.project, request_id), EncodeRequest(position_));
}

WriteBatch ChangeBatch::Finish() && {
  batch_.Put(ProjectKey(log_.project), EncodeProject(row_));
  batch_.Put(ChangeKey(position_), EncodeChange(log_));
  return std::move(batch_);
}

}  // namespace duilian::storage
