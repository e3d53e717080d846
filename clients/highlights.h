// Byte ranges of a text that the server points at.

#ifndef DUILIAN_CLIENTS_HIGHLIGHTS_H_
#define DUILIAN_CLIENTS_HIGHLIGHTS_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "duilian/v1/translation_memory_service.pb.h"
#include "text/utf8.h"

namespace duilian::clients {

// The least confidence of a counterpart that is marked in a table.
constexpr double kShownConfidence = 0.5;

// What lies before the text is left out.
text::ByteSpan SpanOf(const v1::Highlight& highlight);

// The words in question; empty when they are not in the text.
std::string Cut(const std::string& text, const v1::Highlight& highlight);

// "9-10", the end not among them.
std::string BytesWord(const v1::Highlight& highlight);

// The range and its words.
nlohmann::ordered_json SpanToJson(const v1::Highlight& highlight,
                                  const std::string& text);
// And how sure that is.
nlohmann::ordered_json CounterpartToJson(const v1::Highlight& counterpart,
                                         const std::string& text);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_HIGHLIGHTS_H_
