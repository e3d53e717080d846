// A pair in the three formats, the same wherever one is printed.

#ifndef DUILIAN_CLIENTS_PAIR_OUTPUT_H_
#define DUILIAN_CLIENTS_PAIR_OUTPUT_H_

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/table.h"
#include "duilian/v1/pair.pb.h"

namespace duilian::clients {

// `projects/{project}`; an id that is a full name already stays.
std::string ProjectName(absl::string_view project);
// Empty stays empty: no filter.
std::string DocumentName(absl::string_view project, absl::string_view id);
std::string PairName(absl::string_view project, absl::string_view id);

// What stands behind the last slash.
std::string ShortName(absl::string_view name);

// "unreviewed", "accepted", "rejected"; "" when unspecified.
std::string StatusWord(v1::ReviewStatus status);
// "aligned", "imported", "manual"; "" when unspecified.
std::string OriginWord(v1::Origin origin);

// In RFC 3339, UTC.
std::string TimeField(const google::protobuf::Timestamp& time);

// "1 pair", "2 pairs".
std::string PairCount(int64_t pairs);

// Two decimals, cut, not rounded: 1.00 means certain.
std::string ConfidenceWord(double confidence);

// The field names of the API, times in RFC 3339, enumerations as words.
nlohmann::ordered_json PairToJson(const v1::Pair& pair);

// Columns of a pair in TSV. New ones are only ever added at the end.
std::vector<std::string> PairTsvHeader();
std::vector<std::string> PairTsvFields(const v1::Pair& pair);

// Cells of a table: green when likely right, yellow, red when likely wrong.
Cell ConfidenceCell(double confidence);
Cell StatusCell(v1::ReviewStatus status);

// One JSON value a line or indented, always valid UTF-8, with every character
// that a terminal could take for a command escaped.
std::string JsonText(const nlohmann::ordered_json& json, int indent);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_PAIR_OUTPUT_H_
