#include "service/settings_service.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/names.h"
#include "service/status.h"
#include "storage/penalties.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using Methods = SettingsMethods;

constexpr absl::string_view kCollection = "/settings";

// The project's id.
absl::StatusOr<std::string> ParseSettingsName(absl::string_view name) {
  absl::string_view project = name;
  if (absl::ConsumeSuffix(&project, kCollection)) {
    return ParseProjectName("name", project);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "name: '", text::Abbreviate(name, 100),
      "' given, projects/{project}/settings accepted; send such a name"));
}

std::string SettingsEtag(const storage::LookupSettings& settings) {
  return absl::StrCat("s", absl::Hex(settings.revision));
}

v1::ProjectSettings ToProto(absl::string_view project,
                            const storage::LookupSettings& settings) {
  v1::ProjectSettings out;
  out.set_name(absl::StrCat(FormatProjectName(project), kCollection));
  const storage::PenaltyPoints& points = settings.penalties;
  v1::LookupPenalties& penalties = *out.mutable_lookup_penalties();
  penalties.set_unreviewed_alignment(points.unreviewed_alignment);
  penalties.set_doubtful_alignment(points.doubtful_alignment);
  penalties.set_several_translations(points.several_translations);
  penalties.set_width_difference(points.width_difference);
  penalties.set_numbers_substituted(points.numbers_substituted);
  penalties.set_age(points.age);
  penalties.set_age_days(points.age_days);
  penalties.set_other_project(points.other_project);
  out.set_etag(SettingsEtag(settings));
  return out;
}

// Takes over what is set.
void Merge(const v1::LookupPenalties& given, storage::PenaltyPoints& points) {
  const auto take = [](bool is_set, int32_t value, int32_t& field) {
    if (is_set) field = value;
  };
  take(given.has_unreviewed_alignment(), given.unreviewed_alignment(),
       points.unreviewed_alignment);
  take(given.has_doubtful_alignment(), given.doubtful_alignment(),
       points.doubtful_alignment);
  take(given.has_several_translations(), given.several_translations(),
       points.several_translations);
  take(given.has_width_difference(), given.width_difference(),
       points.width_difference);
  take(given.has_numbers_substituted(), given.numbers_substituted(),
       points.numbers_substituted);
  take(given.has_age(), given.age(), points.age);
  take(given.has_age_days(), given.age_days(), points.age_days);
  take(given.has_other_project(), given.other_project(), points.other_project);
}

}  // namespace

absl::StatusOr<v1::ProjectSettings> Methods::GetProjectSettings(
    const v1::GetProjectSettingsRequest& request, const Call&) const {
  const absl::StatusOr<std::string> project = ParseSettingsName(request.name());
  if (!project.ok()) return project.status();
  const absl::StatusOr<storage::LookupSettings> settings =
      stores_.memory.GetLookupSettings(*project);
  if (!settings.ok()) return settings.status();
  return ToProto(*project, *settings);
}

absl::StatusOr<v1::ProjectSettings> Methods::UpdateProjectSettings(
    const v1::UpdateProjectSettingsRequest& request, const Call& call) const {
  const absl::StatusOr<std::string> project = ParseSettingsName(request.name());
  if (!project.ok()) return project.status();
  absl::StatusOr<storage::LookupSettings> settings =
      stores_.memory.GetLookupSettings(*project);
  if (!settings.ok()) return settings.status();
  if (!request.etag().empty() && request.etag() != SettingsEtag(*settings)) {
    return absl::AbortedError(absl::StrCat(
        "etag: '", text::Abbreviate(request.etag(), 40), "' given, '",
        SettingsEtag(*settings), "' accepted: ", request.name(),
        " changed since it was read; read it again and decide again"));
  }
  Merge(request.lookup_penalties(), settings->penalties);
  settings = stores_.memory.SetLookupSettings(*project, settings->penalties,
                                              settings->revision,
                                              Microseconds(call.now));
  if (!settings.ok()) return Within(settings.status(), "lookup_penalties");
  CatchUp(stores_);
  return ToProto(*project, *settings);
}

grpc::ServerUnaryReactor* SettingsService::GetProjectSettings(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.SettingsService/GetProjectSettings", context,
                     request, response},
                    &methods_, &Methods::GetProjectSettings);
}

grpc::ServerUnaryReactor* SettingsService::UpdateProjectSettings(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.SettingsService/UpdateProjectSettings",
                     context, request, response},
                    &methods_, &Methods::UpdateProjectSettings);
}

}  // namespace duilian::service
