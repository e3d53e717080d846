#include "service/json_log.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace duilian::service {
namespace {

// "2026-11-18T11:06:40.250000Z"
std::string Rfc3339(absl::Time time) {
  const absl::CivilSecond second =
      absl::ToCivilSecond(time, absl::UTCTimeZone());
  const absl::Duration past =
      time - absl::FromCivil(second, absl::UTCTimeZone());
  return absl::StrCat(
      absl::Dec(second.year(), absl::kZeroPad4), "-",
      absl::Dec(second.month(), absl::kZeroPad2), "-",
      absl::Dec(second.day(), absl::kZeroPad2), "T",
      absl::Dec(second.hour(), absl::kZeroPad2), ":",
      absl::Dec(second.minute(), absl::kZeroPad2), ":",
      absl::Dec(second.second(), absl::kZeroPad2), ".",
      absl::Dec(absl::ToInt64Microseconds(past), absl::kZeroPad6), "Z");
}

// Milliseconds with three decimals.
std::string Milliseconds(absl::Duration duration) {
  const int64_t us = absl::ToInt64Microseconds(absl::AbsDuration(duration) +
                                               absl::Nanoseconds(500));
  return absl::StrCat(duration < absl::ZeroDuration() ? "-" : "", us / 1'000,
                      ".", absl::Dec(us % 1'000, absl::kZeroPad3));
}

// Messages of the other codes may quote what the user sent.
bool IsServersFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal ||
         code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

std::string Quoted(absl::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return absl::ascii_isprint(c) && c != '"' && c != '\\';
  });
  if (plain) return absl::StrCat("\"", text, "\"");
  return nlohmann::json(std::string(text))
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonLog::JsonLog(Clock clock, Sink sink)
    : clock_(std::move(clock)), sink_(std::move(sink)) {}

// Without objects of fields: there is a line for each call.
void JsonLog::Call(const CallRecord& record) {
  std::string line = absl::StrCat(
      "{\"ts\":\"", Rfc3339(clock_()),
      "\",\"event\":\"call\",\"method\":", Quoted(record.method),
      ",\"code\":\"", absl::StatusCodeToString(record.status.code()),
      "\",\"ms\":", Milliseconds(record.duration));
  absl::StrAppend(&line, ",\"peer\":", Quoted(record.peer),
                  ",\"request_id\":", Quoted(record.request_id));
  if (IsServersFault(record.status.code())) {
    absl::StrAppend(&line, ",\"error\":", Quoted(record.status.message()));
  }
  Write(line + "}\n");
}

void JsonLog::Event(absl::string_view event, absl::string_view detail) {
  Write(absl::StrCat("{\"ts\":\"", Rfc3339(clock_()), "\",\"event\":",
                     Quoted(event), ",\"detail\":", Quoted(detail), "}\n"));
}

void JsonLog::Write(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  sink_(line);
}

}  // namespace duilian::service
