#include "clients/other_projects.h"

#include "absl/strings/str_cat.h"
#include "clients/flag_rules.h"
#include "clients/pair_output.h"

namespace duilian::clients {

void AddAlsoFlag(CLI::App& command, std::vector<std::string>& projects) {
  command
      .add_option("--also", projects,
                  "Another project to search, too; may be given again "
                  "(--document leaves "
                  "its pairs out)")
      ->type_name("PROJECT")
      ->allow_extra_args(false)
      ->check(Utf8());
}

void SetOtherProjects(const std::vector<std::string>& projects,
                      google::protobuf::RepeatedPtrField<std::string>& names) {
  for (const std::string& project : projects) {
    *names.Add() = ProjectName(project);
  }
}

std::string OtherProjectOf(const v1::Pair& pair, absl::string_view own) {
  const absl::string_view name = pair.name();
  const absl::string_view project = name.substr(0, name.find("/pairs/"));
  return project.size() == name.size() || project == ProjectName(own)
             ? std::string()
             : ShortName(project);
}

std::string PlaceOf(const v1::Pair& pair, absl::string_view own) {
  const std::string project = OtherProjectOf(pair, own);
  const std::string document = ShortName(pair.document());
  return project.empty() ? document : absl::StrCat(project, "/", document);
}

}  // namespace duilian::clients
