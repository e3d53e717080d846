// --status: pairs by what a reviewer said of them.

#ifndef DUILIAN_CLIENTS_STATUS_FLAG_H_
#define DUILIAN_CLIENTS_STATUS_FLAG_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "duilian/v1/pair.pb.h"

namespace duilian::clients {

// One status or several, with commas between them. The help says `fallback` to
// be what is meant when none is given.
CLI::Option* AddStatusFlag(CLI::App& command, absl::string_view fallback,
                           std::vector<std::string>& words);

// The inverse of StatusWord (pair_output.h), of a word that the flag lets
// through.
v1::ReviewStatus StatusOf(absl::string_view word);

// Adds them to a message's statuses.
template <typename Message>
void AddStatuses(const std::vector<std::string>& words, Message& message) {
  for (const std::string& word : words) message.add_statuses(StatusOf(word));
}

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_STATUS_FLAG_H_
