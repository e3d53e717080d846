// Simplified and Traditional queries: the server keeps the two apart.

#ifndef DUILIAN_CLIENTS_QUERY_SCRIPT_H_
#define DUILIAN_CLIENTS_QUERY_SCRIPT_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duilian::clients {

// Adds --simplify.
void AddSimplifyFlag(CLI::App& command, bool& simplify);

// The query in Simplified characters if it is in Traditional ones and that is
// asked for; otherwise as it is, and so what is not UTF-8.
// kFailedPrecondition: OpenCC's dictionaries cannot be read.
absl::StatusOr<std::string> InScript(std::string query, bool simplify);

// What to say when `query` found nothing: `nothing`, and what else to do about
// a query with Traditional characters.
std::string NothingFor(absl::string_view query, absl::string_view nothing);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_QUERY_SCRIPT_H_
