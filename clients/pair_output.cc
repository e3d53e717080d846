#include "clients/pair_output.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "clients/terminal.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

using nlohmann::ordered_json;

double Seconds(const google::protobuf::Duration& duration) {
  return static_cast<double>(duration.seconds()) + duration.nanos() * 1e-9;
}

ordered_json SideToJson(const v1::Side& side) {
  ordered_json json = {{"language_code", side.language_code()},
                       {"text", side.text()}};
  ordered_json spans = ordered_json::array();
  for (const v1::Span& span : side.spans()) {
    spans.push_back({{"segment", span.segment()},
                     {"begin_byte", span.begin_byte()},
                     {"end_byte", span.end_byte()}});
  }
  json["spans"] = std::move(spans);
  json["speaker"] = side.speaker();
  if (side.has_timestamp()) {
    json["timestamp_seconds"] = Seconds(side.timestamp());
  }
  json["previous_text"] = side.previous_text();
  json["next_text"] = side.next_text();
  return json;
}

std::string InProject(absl::string_view project, absl::string_view collection,
                      absl::string_view id) {
  if (absl::StartsWith(id, "projects/")) return std::string(id);
  return absl::StrCat(ProjectName(project), "/", collection, "/", id);
}

}  // namespace

std::string ProjectName(absl::string_view project) {
  if (absl::StartsWith(project, "projects/")) return std::string(project);
  return absl::StrCat("projects/", project);
}

std::string DocumentName(absl::string_view project, absl::string_view id) {
  return id.empty() ? std::string() : InProject(project, "documents", id);
}

std::string PairName(absl::string_view project, absl::string_view id) {
  return InProject(project, "pairs", id);
}

std::string ShortName(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return std::string(slash == absl::string_view::npos ? name
                                                      : name.substr(slash + 1));
}

std::string StatusWord(v1::ReviewStatus status) {
  if (status == v1::REVIEW_STATUS_UNSPECIFIED) return "";
  return absl::AsciiStrToLower(v1::ReviewStatus_Name(status));
}

std::string OriginWord(v1::Origin origin) {
  if (origin == v1::ORIGIN_UNSPECIFIED) return "";
  return absl::AsciiStrToLower(v1::Origin_Name(origin));
}

std::string TimeField(const google::protobuf::Timestamp& time) {
  return absl::FormatTime(
      "%Y-%m-%dT%H:%M:%E*SZ",
      absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()),
      absl::UTCTimeZone());
}

std::string PairCount(int64_t pairs) {
  return absl::StrCat(pairs, pairs == 1 ? " pair" : " pairs");
}

std::string ConfidenceWord(double confidence) {
  return absl::StrFormat("%.2f", std::floor(confidence * 100 + 1e-9) / 100);
}

ordered_json PairToJson(const v1::Pair& pair) {
  ordered_json json = {{"name", pair.name()},
                       {"source", SideToJson(pair.source())},
                       {"target", SideToJson(pair.target())},
                       {"document", pair.document()},
                       {"origin", OriginWord(pair.origin())},
                       {"status", StatusWord(pair.status())},
                       {"confidence", pair.confidence()},
                       {"model_version", pair.model_version()}};
  if (pair.has_create_time()) {
    json["create_time"] = TimeField(pair.create_time());
  }
  if (pair.has_update_time()) {
    json["update_time"] = TimeField(pair.update_time());
  }
  json["etag"] = pair.etag();
  return json;
}

std::vector<std::string> PairTsvHeader() {
  return {"name",           "document",
          "status",         "origin",
          "confidence",     "source",
          "target",         "source_speaker",
          "target_speaker", "timestamp_seconds",
          "model_version",  "create_time",
          "update_time",    "etag"};
}

std::vector<std::string> PairTsvFields(const v1::Pair& pair) {
  const v1::Side& timed =
      pair.source().has_timestamp() ? pair.source() : pair.target();
  return {pair.name(),
          pair.document(),
          StatusWord(pair.status()),
          OriginWord(pair.origin()),
          absl::StrFormat("%.4f", pair.confidence()),
          pair.source().text(),
          pair.target().text(),
          pair.source().speaker(),
          pair.target().speaker(),
          timed.has_timestamp()
              ? absl::StrFormat("%.15g", Seconds(timed.timestamp()))
              : "",
          pair.model_version(),
          pair.has_create_time() ? TimeField(pair.create_time()) : "",
          pair.has_update_time() ? TimeField(pair.update_time()) : "",
          pair.etag()};
}

Cell ConfidenceCell(double confidence) {
  const Style style = confidence >= 0.9   ? Style::kGreen
                      : confidence >= 0.6 ? Style::kYellow
                                          : Style::kRed;
  return MakeCell(ConfidenceWord(confidence), style);
}

Cell StatusCell(v1::ReviewStatus status) {
  const Style style = status == v1::ACCEPTED   ? Style::kGreen
                      : status == v1::REJECTED ? Style::kRed
                                               : Style::kDim;
  return MakeCell(StatusWord(status), style);
}

std::string JsonText(const ordered_json& json, int indent) {
  const std::string text =
      json.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
  std::string out;
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = text::NextCodepoint(text, offset);
    const absl::string_view bytes =
        absl::string_view(text).substr(begin, offset - begin);
    // Line breaks outside strings are the dump's own; inside it escapes them.
    if (c == '\n' || Printable(bytes) == bytes) {
      out.append(bytes.data(), bytes.size());
    } else {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(c));
    }
  }
  return out;
}

}  // namespace duilian::clients
