// The line that people put behind a quote: who said it, where, when.

#ifndef DUILIAN_SERVICE_CITATION_H_
#define DUILIAN_SERVICE_CITATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "text/language.h"

namespace duilian::service {

// Speakers that are named; further ones are "others".
inline constexpr size_t kMostCitedSpeakers = 3;

struct Citation {
  std::vector<std::string> speakers;  // in the quote's order; empty ones, and
                                      // those named before, are passed over
  std::string title;                  // may be empty
  std::optional<int64_t> begin_ms, end_ms;  // equal, or no end: one time
};

// Ada Lane and Bo, "A talk about bees", 01:23:45–01:24:10
// 艾达·莱恩、老波，《关于蜜蜂的谈话》，01:23:45–01:24:10
// What is not known is left out; empty when nothing is. Quotation marks inside
// a title become those of the second rank.
std::string FormatCitation(const Citation& citation, text::Language language);

// 01:23:45; hours grow beyond two digits. Negative ones count as 0.
std::string FormatTimestamp(int64_t milliseconds);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_CITATION_H_
