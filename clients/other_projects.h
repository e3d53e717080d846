// The further projects that a search goes through.

#ifndef DUILIAN_CLIENTS_OTHER_PROJECTS_H_
#define DUILIAN_CLIENTS_OTHER_PROJECTS_H_

#include <google/protobuf/repeated_field.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "duilian/v1/pair.pb.h"

namespace duilian::clients {

// --also. `projects` must outlive the command.
void AddAlsoFlag(CLI::App& command, std::vector<std::string>& projects);

// Their names in a request.
void SetOtherProjects(const std::vector<std::string>& projects,
                      google::protobuf::RepeatedPtrField<std::string>& names);

// The project that stores the pair, in short, where that is another than `own`;
// otherwise empty.
std::string OtherProjectOf(const v1::Pair& pair, absl::string_view own);

// The pair's document, behind its project where that is another than `own`.
std::string PlaceOf(const v1::Pair& pair, absl::string_view own);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_OTHER_PROJECTS_H_
