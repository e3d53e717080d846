// The preferred renderings of TranslationMemory: set, deleted, listed.

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/change_batch.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/stored_rows.h"
#include "storage/translation_memory.h"
#include "text/normalize.h"

namespace duilian::storage {
namespace {

using Ranges = std::vector<std::vector<KeyValue>>;

// A change of no unit: the index passes over it.
ChangeContext RenderingContext(int64_t now_us) {
  ChangeContext context;
  context.action = Action::kEdit;
  context.now_us = now_us;
  return context;
}

absl::Status CheckPreferred(absl::string_view project,
                            const PreferredRendering& preferred) {
  absl::Status status = CheckName("project", project);
  if (status.ok()) {
    status = CheckName("term", text::NormalizeForMatching(preferred.term));
  }
  return status;
}

}  // namespace

absl::StatusOr<PreferredRendering> TranslationMemory::SetPreferredRendering(
    absl::string_view project, PreferredRendering preferred, int64_t now_us) {
  if (absl::Status status = CheckPreferred(project, preferred); !status.ok()) {
    return status;
  }
  const std::string term = text::NormalizeForMatching(preferred.term);
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  const absl::StatusOr<Ranges> found = store_.MultiScan(
      {ProjectRowRange(project), RenderingRowRange(project, term),
       RenderingsAfter(project, "", kMostPreferredRenderings)},
      nullptr);
  if (!found.ok()) return found.status();
  ProjectRow row;
  if (!(*found)[0].empty()) {
    absl::StatusOr<ProjectRow> stored =
        DecodeProject((*found)[0].front().value);
    if (!stored.ok()) return stored.status();
    row = *std::move(stored);
  }
  preferred.create_time_us = preferred.update_time_us = now_us;
  if (!(*found)[1].empty()) {
    const absl::StatusOr<PreferredRendering> before =
        DecodePreferredRendering((*found)[1].front().value);
    if (!before.ok()) return before.status();
    preferred.create_time_us = before->create_time_us;
  } else if ((*found)[2].size() >= kMostPreferredRenderings) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "project \"", project, "\" has ", kMostPreferredRenderings,
        " preferred renderings, as many as are accepted; delete one first"));
  }
  ChangeBatch batch(std::string(project), row, *position,
                    RenderingContext(now_us));
  batch.PutRendering(term, preferred);
  if (absl::Status status = Commit(std::move(batch).Finish(), *position);
      !status.ok()) {
    return status;
  }
  return preferred;
}

absl::Status TranslationMemory::DeletePreferredRendering(
    absl::string_view project, absl::string_view term, int64_t now_us) {
  const std::string normal = text::NormalizeForMatching(term);
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  const absl::StatusOr<Ranges> found = store_.MultiScan(
      {ProjectRowRange(project), RenderingRowRange(project, normal)}, nullptr);
  if (!found.ok()) return found.status();
  if ((*found)[0].empty()) return UnknownProject(project);
  if ((*found)[1].empty()) {
    return absl::NotFoundError(absl::StrCat(
        "\"", term, "\" has no preferred rendering in project \"", project,
        "\"; a term that has one is accepted; list them"));
  }
  const absl::StatusOr<ProjectRow> row =
      DecodeProject((*found)[0].front().value);
  if (!row.ok()) return row.status();
  ChangeBatch batch(std::string(project), *row, *position,
                    RenderingContext(now_us));
  batch.RemoveRendering(normal);
  return Commit(std::move(batch).Finish(), *position);
}

absl::StatusOr<Page<PreferredRendering>>
TranslationMemory::ListPreferredRenderings(
    absl::string_view project, size_t limit,
    std::optional<std::string> after) const {
  if (absl::Status status = CheckLimit(limit); !status.ok()) return status;
  const absl::StatusOr<Ranges> found = store_.MultiScan(
      {ProjectRowRange(project),
       RenderingsAfter(project, after.value_or(std::string()), limit + 1)},
      nullptr);
  if (!found.ok()) return found.status();
  if (found->front().empty()) return UnknownProject(project);
  Page<PreferredRendering> page;
  for (const KeyValue& row : found->back()) {
    absl::StatusOr<PreferredRendering> preferred =
        DecodePreferredRendering(row.value);
    if (!preferred.ok()) return preferred.status();
    page.items.push_back(*std::move(preferred));
  }
  if (page.items.size() > limit) {
    page.items.resize(limit);
    page.next = text::NormalizeForMatching(page.items.back().term);
  }
  return page;
}

}  // namespace duilian::storage
