// --changed-after and --changed-before: pairs by the time of their last change.

#ifndef DUILIAN_CLIENTS_CHANGE_TIMES_H_
#define DUILIAN_CLIENTS_CHANGE_TIMES_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"

namespace duilian::clients {

// As given; empty where a flag was not.
struct ChangeTimes {
  std::string after, before;
};

// RFC 3339 (2026-11-26T09:30:00+08:00), or a date, which stands for its first
// moment in UTC. nullopt: neither.
std::optional<google::protobuf::Timestamp> ParseTime(absl::string_view text);

void AddChangeTimeFlags(CLI::App& command, ChangeTimes& times);

// Sets a message's changed_after and changed_before.
template <typename Message>
void SetChangeTimes(const ChangeTimes& times, Message& message) {
  if (const auto after = ParseTime(times.after)) {
    *message.mutable_changed_after() = *after;
  }
  if (const auto before = ParseTime(times.before)) {
    *message.mutable_changed_before() = *before;
  }
}

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_CHANGE_TIMES_H_
