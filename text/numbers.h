// Numbers in normalised texts (normalize.h), and texts that differ in nothing
// else.

#ifndef DUILIAN_TEXT_NUMBERS_H_
#define DUILIAN_TEXT_NUMBERS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "text/normalize.h"

namespace duilian::text {

// The numbers of a text, in order: runs of ASCII digits, with points and commas
// between two digits (3.5, 10,000), but no run right behind a Latin letter:
// the 100 of h100 is part of a name.
std::vector<CodepointSpan> FindNumbers(absl::Span<const char32_t> normalized);

// The text with one sign for each number; empty when there is no number. Texts
// with the same numberless form and as many numbers differ in numbers alone.
std::string NumberlessForm(absl::Span<const char32_t> normalized);

// True when both have numbers, as many, and one form without them.
bool AreEqualButForNumbers(absl::Span<const char32_t> query,
                           absl::Span<const char32_t> text);

// A number of a translation, and what is to stand there instead.
struct NumberChange {
  CodepointSpan span;  // in the translation
  std::string digits;  // with commas if the old one has them
};

// What changes in `translation`, the translation of `text`, to make it one of
// `query`, when the two differ in numbers alone. nullopt: they differ in more,
// or in nothing, or a number that differs does not stand in the translation as
// often as in `text` (5 million is 500万, and two is 两), or is to become one
// number here and another there. Linear.
std::optional<std::vector<NumberChange>> ChangeNumbers(
    absl::Span<const char32_t> query, absl::Span<const char32_t> text,
    absl::Span<const char32_t> translation);

}  // namespace duilian::text

#endif  // DUILIAN_TEXT_NUMBERS_H_
