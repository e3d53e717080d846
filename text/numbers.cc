#include "text/numbers.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "text/utf8.h"

namespace duilian::text {
namespace {

using Codepoints32 = absl::Span<const char32_t>;

// Stands in no text that anyone wrote.
constexpr char32_t kAnyNumber = 0x1;

bool IsAsciiDigit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool IsGroupingMark(char32_t c) { return c == U'.' || c == U','; }

size_t EndOfNumber(Codepoints32 text, size_t begin) {
  size_t end = begin;
  while (end < text.size() &&
         (IsAsciiDigit(text[end]) ||
          (IsGroupingMark(text[end]) && end + 1 < text.size() &&
           IsAsciiDigit(text[end - 1]) && IsAsciiDigit(text[end + 1])))) {
    ++end;
  }
  return end;
}

std::string TextOf(Codepoints32 text, CodepointSpan span) {
  std::string out;
  for (const char32_t c : text.subspan(span.begin, span.size())) {
    AppendUtf8(c, out);
  }
  return out;
}

bool HasComma(absl::string_view number) {
  return number.find(',') != absl::string_view::npos;
}

// 10,000 and 10000 are one number.
std::string WithoutCommas(std::string number) {
  number.erase(std::remove(number.begin(), number.end(), ','), number.end());
  return number;
}

std::map<std::string, size_t> CountNumbers(
    Codepoints32 text, const std::vector<CodepointSpan>& numbers) {
  std::map<std::string, size_t> counts;
  for (const CodepointSpan& span : numbers) {
    ++counts[WithoutCommas(TextOf(text, span))];
  }
  return counts;
}

// What each number of `text` is in `query`; nullopt when one is two things.
std::optional<std::map<std::string, std::string>> NewNumbers(
    Codepoints32 query, const std::vector<CodepointSpan>& query_numbers,
    Codepoints32 text, const std::vector<CodepointSpan>& text_numbers) {
  std::map<std::string, std::string> becomes;
  for (size_t i = 0; i < text_numbers.size(); ++i) {
    const std::string number = TextOf(query, query_numbers[i]);
    const auto [found, is_new] = becomes.try_emplace(
        WithoutCommas(TextOf(text, text_numbers[i])), number);
    if (!is_new && WithoutCommas(found->second) != WithoutCommas(number)) {
      return std::nullopt;
    }
  }
  return becomes;
}

}  // namespace

std::vector<CodepointSpan> FindNumbers(Codepoints32 normalized) {
  std::vector<CodepointSpan> numbers;
  for (size_t i = 0; i < normalized.size();) {
    if (!IsAsciiDigit(normalized[i])) {
      ++i;
      continue;
    }
    const size_t end = EndOfNumber(normalized, i);
    if (i == 0 || !IsLatin(normalized[i - 1])) numbers.push_back({i, end});
    i = end;
  }
  return numbers;
}

std::string NumberlessForm(Codepoints32 normalized) {
  const std::vector<CodepointSpan> numbers = FindNumbers(normalized);
  std::string form;
  if (numbers.empty()) return form;
  size_t kept = 0;
  for (const CodepointSpan& number : numbers) {
    form += TextOf(normalized, {kept, number.begin});
    AppendUtf8(kAnyNumber, form);
    kept = number.end;
  }
  form += TextOf(normalized, {kept, normalized.size()});
  return form;
}

bool AreEqualButForNumbers(Codepoints32 query, Codepoints32 text) {
  const size_t numbers = FindNumbers(query).size();
  return numbers > 0 && FindNumbers(text).size() == numbers &&
         NumberlessForm(query) == NumberlessForm(text);
}

std::optional<std::vector<NumberChange>> ChangeNumbers(
    Codepoints32 query, Codepoints32 text, Codepoints32 translation) {
  if (!AreEqualButForNumbers(query, text)) return std::nullopt;
  const std::vector<CodepointSpan> query_numbers = FindNumbers(query);
  const std::vector<CodepointSpan> text_numbers = FindNumbers(text);
  const auto becomes = NewNumbers(query, query_numbers, text, text_numbers);
  if (!becomes.has_value()) return std::nullopt;
  const std::vector<CodepointSpan> numbers = FindNumbers(translation);
  const std::map<std::string, size_t> here = CountNumbers(text, text_numbers);
  const std::map<std::string, size_t> there =
      CountNumbers(translation, numbers);
  for (const auto& [number, count] : here) {
    if (WithoutCommas(becomes->at(number)) == number) continue;
    const auto found = there.find(number);
    if (found == there.end() || found->second != count) return std::nullopt;
  }
  std::vector<NumberChange> changes;
  for (const CodepointSpan& span : numbers) {
    const std::string written = TextOf(translation, span);
    const auto found = becomes->find(WithoutCommas(written));
    if (found == becomes->end() ||
        WithoutCommas(found->second) == found->first) {
      continue;
    }
    // Small numbers have no commas to tell by: they are written as asked.
    const bool plain = written.size() > 3 && !HasComma(written);
    changes.push_back(
        {span, plain ? WithoutCommas(found->second) : found->second});
  }
  if (changes.empty()) return std::nullopt;
  return changes;
}

}  // namespace duilian::text
