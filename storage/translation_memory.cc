// Opening, single reads and the change log. Lists, changes, imports and undo
// have files of their own: memory_lists.cc, memory_changes.cc,
// memory_import.cc, memory_settings.cc, memory_undo.cc.

#include "storage/translation_memory.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/stored_rows.h"

namespace duilian::storage {
namespace {

// Raise it when an older release could no longer read what this one writes,
// and say in docs/storage_format.md how the older form is read.
constexpr uint32_t kFormatVersion = 1;

// One read of the log returns no more units than this, so that a reader far
// behind does not take the whole memory at once; one change is never cut.
constexpr size_t kUnitsPerRead = 10'000;

absl::Status CheckFormat(absl::string_view record) {
  const absl::StatusOr<uint32_t> version = DecodeFormat(record);
  if (!version.ok()) return version.status();
  if (*version >= 1 && *version <= kFormatVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the data has format version ", *version,
      "; this release reads up to version ", kFormatVersion,
      "; run the newer release that wrote it, or export from there and import "
      "into an empty data directory here"));
}

uint64_t PositionOf(const std::vector<KeyValue>& last_change) {
  return last_change.empty() ? 0 : LastNumber(last_change.front().key);
}

}  // namespace

TranslationMemory::TranslationMemory(OrderedStore& store,
                                     uint64_t last_position)
    : store_(store), last_position_(last_position) {}

absl::StatusOr<std::unique_ptr<TranslationMemory>> TranslationMemory::Open(
    OrderedStore& store) {
  KeyRange anything;
  anything.limit = 1;
  const std::string format_key = FormatKey();
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> found =
      store.MultiScan({PrefixRange(format_key), LastChange(), anything},
                      nullptr);
  if (!found.ok()) return found.status();
  const std::vector<KeyValue>& format = (*found)[0];
  if (!format.empty()) {
    if (absl::Status status = CheckFormat(format.front().value); !status.ok()) {
      return status;
    }
  } else if (!(*found)[2].empty()) {
    return absl::FailedPreconditionError(
        "the data directory holds other data: it has no format version; an "
        "empty one, or one that duilian wrote, is accepted; choose another "
        "data directory");
  } else {
    WriteBatch first;
    first.Put(format_key, EncodeFormat(kFormatVersion));
    if (absl::Status status = store.Write(first); !status.ok()) return status;
  }
  return absl::WrapUnique(
      new TranslationMemory(store, PositionOf((*found)[1])));
}

absl::Status TranslationMemory::NoticeChanges() {
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> found =
      store_.MultiScan({LastChange()}, nullptr);
  if (!found.ok()) return found.status();
  const uint64_t position = PositionOf(found->front());
  if (position < last_position()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "it ends at change ", position, ", after change ", last_position(),
        " was there: it was put back to an older state; a store that only "
        "grows is accepted; read it anew"));
  }
  last_position_.store(position, std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> TranslationMemory::NextPosition() {
  if (position_unsure_) {
    const absl::StatusOr<std::vector<std::vector<KeyValue>>> found =
        store_.MultiScan({LastChange()}, nullptr);
    if (!found.ok()) return found.status();
    last_position_.store(PositionOf(found->front()), std::memory_order_release);
    position_unsure_ = false;
  }
  return last_position_.load(std::memory_order_relaxed) + 1;
}

absl::Status TranslationMemory::Commit(const WriteBatch& batch,
                                       uint64_t position) {
  if (absl::Status status = store_.Write(batch); !status.ok()) {
    // The batch may stand all the same: a later one must not take its place.
    position_unsure_ = true;
    return status;
  }
  last_position_.store(position, std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Document>> TranslationMemory::FindDocument(
    absl::string_view project, absl::string_view document) const {
  absl::StatusOr<std::vector<std::optional<Document>>> found = FindDocuments(
      {ProjectDocument{std::string(project), std::string(document)}});
  if (!found.ok()) return found.status();
  return std::move(found->front());
}

absl::StatusOr<std::vector<std::optional<Document>>>
TranslationMemory::FindDocuments(
    absl::Span<const ProjectDocument> names) const {
  std::vector<std::string> keys;
  for (const auto& [project, document] : names) {
    keys.push_back(DocumentKey(project, document));
  }
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store_.MultiGet(keys, nullptr);
  if (!values.ok()) return values.status();
  std::vector<std::optional<Document>> found(keys.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (!(*values)[i].has_value()) continue;
    absl::StatusOr<Document> document = DecodeDocument(*(*values)[i]);
    if (!document.ok()) return document.status();
    found[i] = *std::move(document);
  }
  return found;
}

absl::StatusOr<std::vector<std::optional<TranslationUnit>>>
TranslationMemory::GetUnits(absl::string_view project,
                            absl::Span<const UnitId> ids) const {
  std::vector<std::string> keys = {ProjectKey(project)};
  for (const UnitId id : ids) keys.push_back(UnitKey(project, id));
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store_.MultiGet(keys, nullptr);
  if (!values.ok()) return values.status();
  if (!values->front().has_value()) return UnknownProject(project);
  return DecodeUnits(absl::MakeConstSpan(*values).subspan(1));
}

absl::StatusOr<std::vector<std::optional<Revision>>>
TranslationMemory::GetVersions(absl::string_view project,
                               absl::Span<const UnitVersion> versions) const {
  std::vector<ProjectUnitVersion> of_project;
  of_project.reserve(versions.size());
  for (const UnitVersion& version : versions) {
    of_project.push_back({std::string(project), version});
  }
  return GetVersions(of_project);
}

absl::StatusOr<std::vector<std::optional<Revision>>>
TranslationMemory::GetVersions(
    absl::Span<const ProjectUnitVersion> versions) const {
  std::vector<std::string> keys;
  keys.reserve(versions.size());
  for (const auto& [project, version] : versions) {
    keys.push_back(HistoryKey(project, version.id, version.revision));
  }
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store_.MultiGet(keys, nullptr);
  if (!values.ok()) return values.status();
  std::vector<std::optional<Revision>> revisions(versions.size());
  for (size_t i = 0; i < revisions.size(); ++i) {
    if (!(*values)[i].has_value()) continue;
    absl::StatusOr<Revision> revision = DecodeRevision(*(*values)[i]);
    if (!revision.ok()) return revision.status();
    revisions[i] = *std::move(revision);
  }
  return revisions;
}

namespace {

// Decodes rows of the log until their units are enough for one read.
absl::StatusOr<std::vector<std::pair<uint64_t, ChangeRow>>> DecodeLog(
    const std::vector<KeyValue>& rows) {
  std::vector<std::pair<uint64_t, ChangeRow>> changes;
  size_t units = 0;
  for (const KeyValue& row : rows) {
    absl::StatusOr<ChangeRow> change = DecodeChange(row.value);
    if (!change.ok()) return change.status();
    units += change->units.size();
    if (!changes.empty() && units > kUnitsPerRead) break;
    changes.emplace_back(LastNumber(row.key), *std::move(change));
  }
  return changes;
}

}  // namespace

absl::StatusOr<std::vector<Change>> TranslationMemory::ReadChanges(
    uint64_t after, size_t limit) const {
  if (absl::Status status = CheckLimit(limit); !status.ok()) return status;
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> rows =
      store_.MultiScan({ChangesAfter(after, limit)}, nullptr);
  if (!rows.ok()) return rows.status();
  const absl::StatusOr<std::vector<std::pair<uint64_t, ChangeRow>>> log =
      DecodeLog(rows->front());
  if (!log.ok()) return log.status();

  std::vector<std::string> keys;
  for (const auto& [position, change] : *log) {
    for (const UnitId id : change.units) {
      keys.push_back(HistoryKey(change.project, id, position));
    }
  }
  // Rows of the history never change: no snapshot is needed between the two.
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store_.MultiGet(keys, nullptr);
  if (!values.ok()) return values.status();

  std::vector<Change> changes;
  size_t next = 0;
  for (const auto& [position, row] : *log) {
    Change change;
    change.position = position;
    change.project = row.project;
    for (size_t i = 0; i < row.units.size(); ++i, ++next) {
      if (!(*values)[next].has_value()) return MissingRow("a unit's history");
      absl::StatusOr<Revision> revision = DecodeRevision(*(*values)[next]);
      if (!revision.ok()) return revision.status();
      change.revisions.push_back(*std::move(revision));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

absl::StatusOr<std::vector<ChangeSize>> TranslationMemory::ReadChangeSizes(
    uint64_t after, size_t limit) const {
  if (absl::Status status = CheckLimit(limit); !status.ok()) return status;
  const absl::StatusOr<std::vector<std::vector<KeyValue>>> rows =
      store_.MultiScan({ChangesAfter(after, limit)}, nullptr);
  if (!rows.ok()) return rows.status();
  std::vector<ChangeSize> sizes;
  for (const KeyValue& row : rows->front()) {
    absl::StatusOr<ChangeRow> change = DecodeChange(row.value);
    if (!change.ok()) return change.status();
    sizes.push_back({LastNumber(row.key), std::move(change->project),
                     static_cast<int64_t>(change->units.size())});
  }
  return sizes;
}

}  // namespace duilian::storage
