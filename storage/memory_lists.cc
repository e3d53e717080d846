// The lists of TranslationMemory, page by page.

#include <algorithm>
#include <cstring>
#include <utility>

#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/page_place.h"
#include "storage/stored_rows.h"
#include "storage/translation_memory.h"

namespace duilian::storage {
namespace {

using Ranges = std::vector<std::vector<KeyValue>>;

std::vector<ReviewStatus> Wanted(std::vector<ReviewStatus> statuses) {
  if (statuses.empty()) {
    return {ReviewStatus::kUnreviewed, ReviewStatus::kAccepted,
            ReviewStatus::kRejected};
  }
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  return statuses;
}

std::string PlaceOf(const TranslationUnit& unit) {
  return WritePlace({unit.id});
}

std::string QueuePlaceOf(const TranslationUnit& unit) {
  uint64_t bits;
  std::memcpy(&bits, &unit.confidence, sizeof bits);
  return WritePlace({bits, unit.id});
}

// Makes a page of items of which one more than `limit` was asked for.
template <typename T, typename PlaceFunction>
Page<T> MakePage(std::vector<T> items, size_t limit, PlaceFunction place_of) {
  Page<T> page;
  page.items = std::move(items);
  if (page.items.size() > limit) {
    page.items.resize(limit);
    page.next = place_of(page.items.back());
  }
  return page;
}

// Ids of the units under a document (or all) with one of the statuses, in
// order, one more than `limit` at most.
absl::StatusOr<std::vector<UnitId>> IdsByStatus(const OrderedStore& store,
                                                absl::string_view project,
                                                const ListOptions& options,
                                                UnitId after,
                                                const Snapshot& snapshot) {
  std::vector<KeyRange> ranges = {ProjectRowRange(project)};
  for (const ReviewStatus status : Wanted(options.statuses)) {
    ranges.push_back(StatusAfter(project, options.document, status, after,
                                 options.limit + 1));
  }
  const absl::StatusOr<Ranges> found = store.MultiScan(ranges, &snapshot);
  if (!found.ok()) return found.status();
  if (found->front().empty()) return UnknownProject(project);
  std::vector<UnitId> ids;
  for (size_t i = 1; i < found->size(); ++i) {
    for (const KeyValue& row : (*found)[i]) ids.push_back(LastNumber(row.key));
  }
  std::sort(ids.begin(), ids.end());
  if (ids.size() > options.limit + 1) ids.resize(options.limit + 1);
  return ids;
}

// All units of a project, straight from their rows.
absl::StatusOr<std::vector<TranslationUnit>> AllUnits(const OrderedStore& store,
                                                      absl::string_view project,
                                                      UnitId after,
                                                      size_t limit) {
  const absl::StatusOr<Ranges> found = store.MultiScan(
      {ProjectRowRange(project), UnitsAfter(project, after, limit)}, nullptr);
  if (!found.ok()) return found.status();
  if (found->front().empty()) return UnknownProject(project);
  std::vector<TranslationUnit> units;
  for (const KeyValue& row : found->back()) {
    absl::StatusOr<TranslationUnit> unit = DecodeUnit(row.value);
    if (!unit.ok()) return unit.status();
    units.push_back(*std::move(unit));
  }
  return units;
}

}  // namespace

absl::StatusOr<Page<TranslationUnit>> TranslationMemory::ListUnits(
    absl::string_view project, const ListOptions& options) const {
  if (absl::Status status = CheckLimit(options.limit); !status.ok()) {
    return status;
  }
  const absl::StatusOr<uint64_t> after = ReadNumber(options.after);
  if (!after.ok()) return after.status();
  if (options.document.empty() && options.statuses.empty()) {
    absl::StatusOr<std::vector<TranslationUnit>> units =
        AllUnits(store_, project, *after, options.limit + 1);
    if (!units.ok()) return units.status();
    return MakePage(*std::move(units), options.limit, PlaceOf);
  }
  const std::unique_ptr<Snapshot> snapshot = store_.TakeSnapshot();
  const absl::StatusOr<std::vector<UnitId>> ids =
      IdsByStatus(store_, project, options, *after, *snapshot);
  if (!ids.ok()) return ids.status();
  absl::StatusOr<std::vector<TranslationUnit>> units =
      UnitsOfIndex(store_, project, *ids, &*snapshot);
  if (!units.ok()) return units.status();
  return MakePage(*std::move(units), options.limit, PlaceOf);
}

absl::StatusOr<Page<TranslationUnit>> TranslationMemory::ListReviewQueue(
    absl::string_view project, const ListOptions& options) const {
  if (absl::Status status = CheckLimit(options.limit); !status.ok()) {
    return status;
  }
  std::optional<QueuePlace> after;
  if (options.after.has_value()) {
    const absl::StatusOr<std::vector<uint64_t>> numbers =
        ReadPlace(*options.after, 2);
    if (!numbers.ok()) return numbers.status();
    after.emplace();
    std::memcpy(&after->confidence, &(*numbers)[0], sizeof(double));
    after->id = (*numbers)[1];
  }
  const std::unique_ptr<Snapshot> snapshot = store_.TakeSnapshot();
  const absl::StatusOr<Ranges> found = store_.MultiScan(
      {ProjectRowRange(project),
       QueueAfter(project, options.document, after, options.limit + 1)},
      snapshot.get());
  if (!found.ok()) return found.status();
  if (found->front().empty()) return UnknownProject(project);
  std::vector<UnitId> ids;
  for (const KeyValue& row : found->back()) ids.push_back(LastNumber(row.key));
  absl::StatusOr<std::vector<TranslationUnit>> units =
      UnitsOfIndex(store_, project, ids, &*snapshot);
  if (!units.ok()) return units.status();
  return MakePage(*std::move(units), options.limit, QueuePlaceOf);
}

absl::StatusOr<Page<Revision>> TranslationMemory::ListHistory(
    absl::string_view project, UnitId id, const ListOptions& options) const {
  if (absl::Status status = CheckLimit(options.limit); !status.ok()) {
    return status;
  }
  const absl::StatusOr<uint64_t> after = ReadNumber(options.after);
  if (!after.ok()) return after.status();
  const absl::StatusOr<Ranges> found =
      store_.MultiScan({ProjectRowRange(project), NewestHistory(project, id, 1),
                        HistoryAfter(project, id, *after, options.limit + 1)},
                       nullptr);
  if (!found.ok()) return found.status();
  if ((*found)[0].empty()) return UnknownProject(project);
  if ((*found)[1].empty()) return UnknownUnit(project, id);
  std::vector<KeyValue> rows = std::move((*found)[2]);
  std::optional<std::string> next;
  if (rows.size() > options.limit) {
    rows.resize(options.limit);
    next = WritePlace({LastNumber(rows.back().key)});
  }
  absl::StatusOr<std::vector<Revision>> revisions = DecodeRevisions(rows);
  if (!revisions.ok()) return revisions.status();
  return Page<Revision>{*std::move(revisions), std::move(next)};
}

absl::StatusOr<Page<ProjectCounts>> TranslationMemory::ListProjects(
    size_t limit, std::optional<std::string> after) const {
  if (absl::Status status = CheckLimit(limit); !status.ok()) return status;
  const absl::StatusOr<Ranges> found = store_.MultiScan(
      {ProjectsAfter(after.value_or(std::string()), limit + 1)}, nullptr);
  if (!found.ok()) return found.status();
  std::vector<ProjectCounts> projects;
  for (const KeyValue& row : found->front()) {
    absl::StatusOr<ProjectRow> project = DecodeProject(row.value);
    if (!project.ok()) return project.status();
    project->counts.id = std::string(ProjectOfKey(row.key));
    projects.push_back(std::move(project->counts));
  }
  return MakePage(std::move(projects), limit,
                  [](const ProjectCounts& last) { return last.id; });
}

}  // namespace duilian::storage
