// From rows as the store gives them to values, for all parts of
// TranslationMemory.

#ifndef DUILIAN_STORAGE_STORED_ROWS_H_
#define DUILIAN_STORAGE_STORED_ROWS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/codec.h"
#include "storage/ordered_store.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// kNotFound.
absl::Status UnknownProject(absl::string_view project);
absl::Status UnknownDocument(absl::string_view project,
                             absl::string_view document);
absl::Status UnknownUnit(absl::string_view project, UnitId id);

// kDataLoss: one row points to another that is not there.
absl::Status MissingRow(absl::string_view what);

// kInvalidArgument: a list's limit is 0.
absl::Status CheckLimit(size_t limit);

// kInvalidArgument: the unit cannot be stored. `field` names it.
absl::Status CheckUnit(absl::string_view field, const TranslationUnit& unit);

// A project's row as MultiGet gives it; a new one where there is none.
absl::StatusOr<ProjectRow> ProjectOrNew(
    const std::optional<std::string>& value);

// Units as MultiGet gives them.
absl::StatusOr<std::vector<std::optional<TranslationUnit>>> DecodeUnits(
    absl::Span<const std::optional<std::string>> values);

absl::StatusOr<std::vector<Revision>> DecodeRevisions(
    absl::Span<const KeyValue> rows);

// The units that rows of an index name, in their order, in one round trip;
// `snapshot` may be null. kDataLoss: one is not there.
absl::StatusOr<std::vector<TranslationUnit>> UnitsOfIndex(
    const OrderedStore& store, absl::string_view project,
    const std::vector<UnitId>& ids, const Snapshot* snapshot);

// The units of a document, ascending, in one round trip.
absl::StatusOr<std::vector<UnitId>> IdsOfDocument(const OrderedStore& store,
                                                  absl::string_view project,
                                                  absl::string_view document);

// All units of a document, in id order, in two round trips. The caller sees to
// it that nothing is written meanwhile.
absl::StatusOr<std::vector<TranslationUnit>> UnitsOfDocument(
    const OrderedStore& store, absl::string_view project,
    absl::string_view document);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_STORED_ROWS_H_
