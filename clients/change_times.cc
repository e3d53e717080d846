#include "clients/change_times.h"

#include "absl/time/time.h"
#include "clients/flag_rules.h"

namespace duilian::clients {

std::optional<google::protobuf::Timestamp> ParseTime(absl::string_view text) {
  absl::Time time;
  const bool is_time =
      absl::ParseTime(absl::RFC3339_full, text, &time, nullptr) ||
      absl::ParseTime("%Y-%m-%d", text, &time, nullptr);
  if (!is_time || time == absl::InfiniteFuture() ||
      time == absl::InfinitePast()) {
    return std::nullopt;
  }
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(absl::ToUnixSeconds(time));  // rounds down
  stamp.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(stamp.seconds()))));
  return stamp;
}

void AddChangeTimeFlags(CLI::App& command, ChangeTimes& times) {
  command
      .add_option("--changed-after", times.after,
                  "Only pairs last changed then or later: "
                  "2026-11-26T09:30:00+08:00, or a date, which begins at 00:00 "
                  "UTC")
      ->type_name("TIME")
      ->check(DateOrTime());
  command
      .add_option("--changed-before", times.before,
                  "Only pairs last changed earlier than that")
      ->type_name("TIME")
      ->check(DateOrTime());
}

}  // namespace duilian::clients
