#include "clients/highlights.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace duilian::clients {

text::ByteSpan SpanOf(const v1::Highlight& highlight) {
  return {static_cast<size_t>(std::max(0, highlight.begin_byte())),
          static_cast<size_t>(std::max(0, highlight.end_byte()))};
}

std::string Cut(const std::string& text, const v1::Highlight& highlight) {
  const text::ByteSpan span = SpanOf(highlight);
  if (span.begin > span.end || span.end > text.size()) return "";
  return text.substr(span.begin, span.size());
}

std::string BytesWord(const v1::Highlight& highlight) {
  return absl::StrCat(highlight.begin_byte(), "-", highlight.end_byte());
}

nlohmann::ordered_json SpanToJson(const v1::Highlight& highlight,
                                  const std::string& text) {
  return {{"begin_byte", highlight.begin_byte()},
          {"end_byte", highlight.end_byte()},
          {"text", Cut(text, highlight)}};
}

nlohmann::ordered_json CounterpartToJson(const v1::Highlight& counterpart,
                                         const std::string& text) {
  nlohmann::ordered_json json = SpanToJson(counterpart, text);
  json["confidence"] = counterpart.confidence();
  return json;
}

}  // namespace duilian::clients
