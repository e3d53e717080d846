// The flags that keep a search among some of the stored pairs.

#ifndef DUILIAN_CLIENTS_LOOKUP_FILTER_H_
#define DUILIAN_CLIENTS_LOOKUP_FILTER_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/change_times.h"
#include "duilian/v1/translation_memory_service.pb.h"

namespace duilian::clients {

// As given; empty where a flag was not.
struct LookupFilterFlags {
  std::string document;
  std::string speaker;
  std::vector<std::string> statuses;
  double min_confidence = 0;
  ChangeTimes changed;
};

// --document, --speaker, --status, --min-confidence and the times of changes.
// `flags` must outlive the command.
void AddLookupFilterFlags(CLI::App& command, LookupFilterFlags& flags);

// A document's id is of `project`.
v1::LookupFilter MakeLookupFilter(const LookupFilterFlags& flags,
                                  absl::string_view project);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_LOOKUP_FILTER_H_
