#include "storage/stored_rows.h"

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

}  // namespace duilian::storage
