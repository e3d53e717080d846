#include "storage/stored_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/keys.h"

namespace duilian::storage {

absl::Status UnknownProject(absl::string_view project) {
  return absl::NotFoundError(absl::StrCat(
      "project \"", project,
      "\" holds nothing; a project is accepted once "
      "something was stored in it; import a document or create a pair first, "
      "or correct the name"));
}

absl::Status UnknownUnit(absl::string_view project, UnitId id) {
  return absl::NotFoundError(absl::StrCat(
      "pair ", id, " is not in project \"", project,
      "\"; a pair that was stored and not deleted is accepted; list the pairs "
      "again"));
}

absl::Status UnknownDocument(absl::string_view project,
                             absl::string_view document) {
  return absl::NotFoundError(absl::StrCat(
      "document \"", document, "\" is not in project \"", project,
      "\"; a document that was imported and not deleted is accepted; correct "
      "the name"));
}

absl::Status MissingRow(absl::string_view what) {
  return absl::DataLossError(absl::StrCat(
      "a stored row is missing: ", what,
      "; a complete store is accepted; stop the server and restore the data "
      "directory from a backup"));
}

absl::Status CheckLimit(size_t limit) {
  if (limit > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "limit: 0 given; 1 or more is accepted; ask for at least one item");
}

absl::Status CheckUnit(absl::string_view field, const TranslationUnit& unit) {
  // Written so that a NaN fails too.
  if (!(unit.confidence >= 0 && unit.confidence <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ".confidence: ", unit.confidence,
        " given; a number in [0, 1] is accepted; send the pair's probability"));
  }
  if (unit.document.empty()) return absl::OkStatus();
  return CheckName(absl::StrCat(field, ".document"), unit.document);
}

absl::StatusOr<ProjectRow> ProjectOrNew(
    const std::optional<std::string>& value) {
  if (!value.has_value()) return ProjectRow();
  return DecodeProject(*value);
}

absl::StatusOr<std::vector<std::optional<TranslationUnit>>> DecodeUnits(
    absl::Span<const std::optional<std::string>> values) {
  std::vector<std::optional<TranslationUnit>> units(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (!values[i].has_value()) continue;
    absl::StatusOr<TranslationUnit> unit = DecodeUnit(*values[i]);
    if (!unit.ok()) return unit.status();
    units[i] = *std::move(unit);
  }
  return units;
}

absl::StatusOr<std::vector<Revision>> DecodeRevisions(
    absl::Span<const KeyValue> rows) {
  std::vector<Revision> revisions;
  revisions.reserve(rows.size());
  for (const KeyValue& row : rows) {
    absl::StatusOr<Revision> revision = DecodeRevision(row.value);
    if (!revision.ok()) return revision.status();
    revisions.push_back(*std::move(revision));
  }
  return revisions;
}

absl::StatusOr<std::vector<TranslationUnit>> UnitsOfIndex(
    const OrderedStore& store, absl::string_view project,
    const std::vector<UnitId>& ids, const Snapshot* snapshot) {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const UnitId id : ids) keys.push_back(UnitKey(project, id));
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store.MultiGet(keys, snapshot);
  if (!values.ok()) return values.status();
  absl::StatusOr<std::vector<std::optional<TranslationUnit>>> found =
      DecodeUnits(*values);
  if (!found.ok()) return found.status();
  std::vector<TranslationUnit> units;
  units.reserve(found->size());
  for (std::optional<TranslationUnit>& unit : *found) {
    if (!unit.has_value()) return MissingRow("a unit that an index names");
    units.push_back(*std::move(unit));
  }
  return units;
}

absl::StatusOr<std::vector<UnitId>> IdsOfDocument(const OrderedStore& store,
                                                  absl::string_view project,
                                                  absl::string_view document) {
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> index =
      store.MultiScan(
          {StatusAfter(project, document, ReviewStatus::kUnreviewed, 0, 0),
           StatusAfter(project, document, ReviewStatus::kAccepted, 0, 0),
           StatusAfter(project, document, ReviewStatus::kRejected, 0, 0)},
          nullptr);
  if (!index.ok()) return index.status();
  std::vector<UnitId> ids;
  for (const std::vector<KeyValue>& rows : *index) {
    for (const KeyValue& entry : rows) ids.push_back(LastNumber(entry.key));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::StatusOr<std::vector<TranslationUnit>> UnitsOfDocument(
    const OrderedStore& store, absl::string_view project,
    absl::string_view document) {
  const absl::StatusOr<std::vector<UnitId>> ids =
      IdsOfDocument(store, project, document);
  if (!ids.ok()) return ids.status();
  return UnitsOfIndex(store, project, *ids, nullptr);
}

}  // namespace duilian::storage
