#include "service/json_log.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace duilian::service {
namespace {

using Json = nlohmann::ordered_json;

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone());
}

// Messages of the other codes may quote what the user sent.
bool IsServersFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal ||
         code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

std::string Line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

JsonLog::JsonLog(Clock clock, Sink sink)
    : clock_(std::move(clock)), sink_(std::move(sink)) {}

void JsonLog::Call(const CallRecord& record) {
  Json json;
  json["ts"] = Rfc3339(clock_());
  json["event"] = "call";
  json["method"] = std::string(record.method);
  json["code"] = absl::StatusCodeToString(record.status.code());
  json["ms"] =
      std::round(absl::ToDoubleMilliseconds(record.duration) * 1000) / 1000;
  json["peer"] = std::string(record.peer);
  json["request_id"] = std::string(record.request_id);
  if (IsServersFault(record.status.code())) {
    json["error"] = std::string(record.status.message());
  }
  Write(Line(json));
}

void JsonLog::Event(absl::string_view event, absl::string_view detail) {
  Write(EventLine(event, detail));
}

std::string JsonLog::EventLine(absl::string_view event,
                               absl::string_view detail) const {
  Json json;
  json["ts"] = Rfc3339(clock_());
  json["event"] = std::string(event);
  json["detail"] = std::string(detail);
  return Line(json);
}

void JsonLog::Write(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  if (lost_ > 0 && sink_(EventLine("lines_lost", absl::StrCat(lost_)))) {
    lost_ = 0;
  }
  if (lost_ > 0 || !sink_(line)) ++lost_;
}

}  // namespace duilian::service
