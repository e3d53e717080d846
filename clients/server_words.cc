#include "clients/server_words.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace duilian::clients {
namespace {

struct FieldAndFlag {
  absl::string_view field;
  absl::string_view flag;
};

constexpr FieldAndFlag kFlags[] = {
    {"parent", "--project"},
    {"document", "--document"},
    {"filter.document", "--document"},
    {"filter.speaker", "--speaker"},
    {"speaker", "--speaker"},
    {"filter.statuses", "--status"},
    {"filter.min_confidence", "--min-confidence"},
    {"min_confidence", "--min-confidence"},
    {"filter.changed_before", "--changed-before"},
    {"changed_before", "--changed-before"},
    {"previous_text", "--previous"},
    {"next_text", "--next"},
    {"threshold_percent", "--threshold"},
    {"limit", "--limit"},
    {"other_projects", "--also"},
    {"query_language_code", "--lang"},
    {"text_language_code", "--lang"},
    {"reviewer", "--reviewer"},
    {"query", "the query"},
};

constexpr absl::string_view kSwapped = "the two sides may be swapped: ";
constexpr absl::string_view kSideAdvice =
    "send the English text as the source and the Chinese one as the target";

}  // namespace

std::string InFlagWords(absl::string_view message) {
  for (const FieldAndFlag& known : kFlags) {
    absl::string_view rest = message;
    if (!absl::ConsumePrefix(&rest, known.field)) continue;
    // Of a list the value is told; its number says nothing here.
    if (absl::StartsWith(rest, "[")) {
      rest.remove_prefix(std::min(rest.find(']'), rest.size() - 1) + 1);
    }
    if (absl::StartsWith(rest, ":")) return absl::StrCat(known.flag, rest);
  }
  return std::string(message);
}

std::optional<ItemRefusal> ReadItemRefusal(absl::string_view message,
                                           absl::string_view list) {
  if (!absl::ConsumePrefix(&message, list) ||
      !absl::ConsumePrefix(&message, "[")) {
    return std::nullopt;
  }
  const size_t close = message.find("]: ");
  ItemRefusal refusal;
  if (close == absl::string_view::npos ||
      !absl::SimpleAtoi(message.substr(0, close), &refusal.item)) {
    return std::nullopt;
  }
  message.remove_prefix(close + 3);
  // A lookup holds flags beside its query.
  refusal.of_every_item =
      list == "requests" && !absl::StartsWith(message, "query");
  refusal.reason = InFlagWords(message);
  return refusal;
}

std::string InSideWords(absl::string_view message, const SideNames& names) {
  std::string words(message);
  for (const absl::string_view field : {"source", "target"}) {
    for (const absl::string_view ending : {": ", "_text: "}) {
      absl::string_view rest = message;
      if (!absl::ConsumePrefix(&rest, field) ||
          !absl::ConsumePrefix(&rest, ending)) {
        continue;
      }
      words = absl::StrCat(field == "source" ? names.en : names.zh, ": ", rest);
      // The English side is looked at first: it was English.
      if (field == "target") {
        words = absl::StrReplaceAll(words, {{kSwapped, ""}});
      }
    }
  }
  return absl::StrReplaceAll(words, {{kSideAdvice, names.swap_advice}});
}

std::optional<std::string> OversizeInWords(absl::string_view message) {
  absl::string_view rest = message;
  if (!absl::ConsumePrefix(&rest, "Received message larger than max (") ||
      !absl::ConsumeSuffix(&rest, ")")) {
    return std::nullopt;
  }
  const size_t middle = rest.find(" vs. ");
  if (middle == absl::string_view::npos) return std::nullopt;
  return absl::StrCat(
      "what is to be sent takes ", rest.substr(0, middle), " bytes, at most ",
      rest.substr(middle + 5),
      " are accepted in one call; give a shorter text, or cut it into parts");
}

}  // namespace duilian::clients
