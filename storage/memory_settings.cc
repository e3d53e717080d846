// TranslationMemory's settings of a project.

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/change_batch.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/stored_rows.h"
#include "storage/translation_memory.h"

namespace duilian::storage {
namespace {

absl::Status CheckPoints(const PenaltyPoints& points) {
  const struct {
    absl::string_view field;
    int32_t value, least, most;
  } rules[] = {
      {"unreviewed_alignment", points.unreviewed_alignment, 0,
       kMaxPenaltyPoints},
      {"doubtful_alignment", points.doubtful_alignment, 0, kMaxPenaltyPoints},
      {"several_translations", points.several_translations, 0,
       kMaxPenaltyPoints},
      {"width_difference", points.width_difference, 0, kMaxPenaltyPoints},
      {"numbers_substituted", points.numbers_substituted, 0, kMaxPenaltyPoints},
      {"age", points.age, 0, kMaxPenaltyPoints},
      {"age_days", points.age_days, 1, kMaxAgeDays},
      {"other_project", points.other_project, 0, kMaxPenaltyPoints},
  };
  for (const auto& rule : rules) {
    if (rule.value >= rule.least && rule.value <= rule.most) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(rule.field, ": ", rule.value, " given; ", rule.least,
                     " to ", rule.most, " is accepted; choose one of those"));
  }
  return absl::OkStatus();
}

// Rows of a project and of its settings, as MultiGet gives them.
struct SettingsBase {
  ProjectRow project;
  LookupSettings settings;
};

absl::StatusOr<SettingsBase> ReadSettings(const OrderedStore& store,
                                          absl::string_view project) {
  const absl::StatusOr<std::vector<std::optional<std::string>>> values =
      store.MultiGet({ProjectKey(project), LookupSettingsKey(project)},
                     nullptr);
  if (!values.ok()) return values.status();
  if (!(*values)[0].has_value()) return UnknownProject(project);
  absl::StatusOr<ProjectRow> row = ProjectOrNew((*values)[0]);
  if (!row.ok()) return row.status();
  SettingsBase base;
  base.project = *std::move(row);
  if ((*values)[1].has_value()) {
    const absl::StatusOr<LookupSettings> settings =
        DecodeLookupSettings(*(*values)[1]);
    if (!settings.ok()) return settings.status();
    base.settings = *settings;
  }
  return base;
}

}  // namespace

absl::StatusOr<LookupSettings> TranslationMemory::GetLookupSettings(
    absl::string_view project) const {
  absl::StatusOr<SettingsBase> base = ReadSettings(store_, project);
  if (!base.ok()) return base.status();
  return base->settings;
}

absl::StatusOr<LookupSettings> TranslationMemory::SetLookupSettings(
    absl::string_view project, const PenaltyPoints& penalties,
    std::optional<uint64_t> expected_revision, int64_t now_us) {
  if (absl::Status status = CheckPoints(penalties); !status.ok()) return status;
  absl::MutexLock lock(&write_mutex_);
  const absl::StatusOr<uint64_t> position = NextPosition();
  if (!position.ok()) return position.status();
  absl::StatusOr<SettingsBase> base = ReadSettings(store_, project);
  if (!base.ok()) return base.status();
  if (expected_revision.has_value() &&
      *expected_revision != base->settings.revision) {
    return absl::AbortedError(absl::StrCat(
        "the settings of project ", project,
        " changed since they were read: revision ", *expected_revision,
        " given, ", base->settings.revision,
        " is stored; the newest one is accepted; read the settings again and "
        "decide again"));
  }
  const LookupSettings settings = {penalties, *position};
  ChangeBatch batch(std::string(project), std::move(base->project), *position,
                    {Action::kEdit, "", now_us});
  batch.PutLookupSettings(settings);
  if (absl::Status status = Commit(std::move(batch).Finish(), *position);
      !status.ok()) {
    return status;
  }
  return settings;
}

}  // namespace duilian::storage
