// A name with a number is letters and a number behind them, in one go, with a
// hyphen between or, behind capitals alone, a space: GPT-4, GPT4, GPT 4.
// Lower-case letters are no name (mid-1990), nor is a single one (Q3).

#include "aligner/elided_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "aligner/characters.h"
#include "aligner/numbers.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

using text::Language;

struct NumberedName {
  std::string letters;  // in lower case
  std::string prefix;   // "GPT-"
  std::string number;
};

bool HoldsDigit(absl::string_view text) {
  return text.find_first_of("0123456789") != text.npos;
}

bool IsLetterOrDigit(char32_t c) { return text::IsLatin(c) || IsAsciiDigit(c); }

// The end of the digits at i, 3.5 with its fraction; i when there are none.
size_t EndOfNumber(const Characters& chars, size_t i) {
  while (IsAsciiDigit(chars[i])) ++i;
  if (chars[i] != '.' || !IsAsciiDigit(chars[i + 1])) return i;
  ++i;
  while (IsAsciiDigit(chars[i])) ++i;
  return i;
}

std::string Words(absl::string_view text, const Characters& chars, size_t begin,
                  size_t end) {
  const text::ByteSpan span = chars.Bytes(begin, end);
  return std::string(text.substr(span.begin, span.size()));
}

std::vector<NumberedName> FindNumberedNames(absl::string_view text) {
  std::vector<NumberedName> names;
  // Most segments have no number at all.
  if (!HoldsDigit(text)) return names;
  const Characters chars(text);
  for (size_t i = 0; i < chars.size();) {
    const size_t letters = chars.EndOfLetters(i);
    if (letters == i) {
      ++i;
      continue;
    }
    const bool whole = !IsLetterOrDigit(chars[i - 1]);
    const bool capital = IsAsciiUpper(chars[i]);
    bool capitals = true;
    for (size_t k = i; k < letters; ++k) {
      capitals = capitals && IsAsciiUpper(chars[k]);
    }
    size_t number = letters;
    if (chars[number] == '-' || (chars[number] == ' ' && capitals)) ++number;
    const size_t end = EndOfNumber(chars, number);
    if (whole && capital && letters - i > 1 && end > number &&
        !IsLetterOrDigit(chars[end])) {
      names.push_back({chars.LowerAscii(i, letters),
                       Words(text, chars, i, number),
                       Words(text, chars, number, end)});
    }
    i = std::max(letters, end);
  }
  return names;
}

// What may stand behind a number that stands for a name; before a noun it
// counts.
constexpr absl::string_view kBehind[] = {
    "and", "or",    "to",    "than", "versus", "vs",   "is",
    "was", "will",  "can",   "does", "did",    "has",  "had",
    "but", "which", "would", "are",  "came",   "comes"};
// In front of one that is a part of a text, a time or a measure.
constexpr absl::string_view kBefore[] = {
    "at",      "by",      "age",  "aged",   "about", "around",
    "chapter", "page",    "part", "number", "no",    "section",
    "step",    "version", "item", "article"};
constexpr char32_t kHanBehind[] =
    U"和与與跟及或到至比是的之将將会會也都就能。、";

bool Holds(absl::Span<const absl::string_view> words, absl::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Whether a clause ends at i; not in 61883.sys.
bool EndsClauseAt(const Characters& chars, size_t i) {
  const char32_t c = chars[i];
  const bool mark = c == 0 || c == ',' || c == '.' || c == ';' || c == '!' ||
                    c == '?' || c == 0x2014 || c == 0x201D;
  return mark && !IsLetterOrDigit(chars[i + 1]);
}

// A number in digits.
struct Number {
  size_t begin = 0, end = 0;  // characters
  bool plain = true;          // nothing but digits, no percentage
};

// Whether what stands before lets a number stand for a name: not a name
// (DALL·E 3), nor a sign or a word that says what it is.
bool IsOpenBefore(const Characters& chars, size_t begin) {
  const char32_t before = chars[begin - 1];
  if (before != 0 && before != ' ' && before < 0x2E80) {
    return chars.WasFullWidth(begin - 1);
  }
  if (before != ' ') return before != U'第';
  size_t word = begin - 1;
  while (IsLetterOrDigit(chars[word - 1])) --word;
  return !IsAsciiUpper(chars[word]) &&
         !Holds(kBefore, chars.LowerAscii(word, begin - 1));
}

// Whether what stands behind leaves it so: a noun does not.
bool IsOpenBehind(const Characters& chars, size_t end) {
  if (EndsClauseAt(chars, end)) return true;
  const size_t next = chars[end] == ' ' ? end + 1 : end;
  const std::u32string_view han = kHanBehind;
  if (chars[next] >= 0x2E80) return han.find(chars[next]) != han.npos;
  return next > end &&
         Holds(kBehind, chars.LowerAscii(next, chars.EndOfLetters(next)));
}

// Whether the characters [begin, end) join two numbers of one list: 1, 2 and 3;
// from 1 to 2. What the last of them counts, all of them do.
bool JoinsNumbers(absl::string_view text, const Characters& chars, size_t begin,
                  size_t end) {
  while (begin < end && chars[begin] == ' ') ++begin;
  while (begin < end && chars[end - 1] == ' ') --end;
  constexpr absl::string_view kJoints[] = {",",  "and", "or", ", and", ", or",
                                           "to", "、",  "，", "和",    "与",
                                           "與", "或",  "到", "至",    "再到"};
  return Holds(kJoints, Words(text, chars, begin, end));
}

// The numbers in digits that count nothing.
std::vector<Number> FindLoneNumbers(absl::string_view text, Language language,
                                    const Characters& chars) {
  std::vector<Number> all;
  size_t at = 0;
  for (const NumberMention& number : FindNumbers(text, language)) {
    while (chars.Bytes(at, at).begin < number.span.begin) ++at;
    const size_t end = EndOfNumber(chars, at);
    const bool plain = chars.Bytes(at, end).end == number.span.end;
    if (end > at) all.push_back({at, end, plain});
  }
  std::vector<Number> lone;
  for (size_t first = 0, last = 0; first < all.size(); first = last) {
    bool plain = all[first].plain;
    for (last = first + 1;
         last < all.size() &&
         JoinsNumbers(text, chars, all[last - 1].end, all[last].begin);
         ++last) {
      plain = plain && all[last].plain;
    }
    if (!plain || !IsOpenBefore(chars, all[first].begin) ||
        !IsOpenBehind(chars, all[last - 1].end)) {
      continue;
    }
    for (size_t n = first; n < last; ++n) lone.push_back(all[n]);
  }
  return lone;
}

// What is written before a number, by number.
using Prefixes = std::map<std::string, std::string>;

// Of the quote's names those that stand, with any number, in the segment or
// beside it; `mentions` holds a set of names a segment. Farther away, as on
// corpora, more numbers mean something else than stand for a name.
Prefixes PrefixesAt(size_t segment, absl::Span<const NumberedName> quoted,
                    absl::Span<const std::set<std::string>> mentions) {
  Prefixes prefixes;
  const size_t first = segment == 0 ? 0 : segment - 1;
  const size_t last = std::min(segment + 1, mentions.size() - 1);
  for (const NumberedName& name : quoted) {
    for (size_t s = first; s <= last; ++s) {
      if (!mentions[s].contains(name.letters)) continue;
      prefixes.emplace(name.number, name.prefix);
      break;
    }
  }
  return prefixes;
}

std::string WrittenOut(const std::string& text, Language language,
                       const Prefixes& prefixes) {
  const Characters chars(text);
  std::string out;
  size_t copied = 0;
  for (const Number& number : FindLoneNumbers(text, language, chars)) {
    const auto prefix =
        prefixes.find(Words(text, chars, number.begin, number.end));
    if (prefix == prefixes.end()) continue;
    const size_t begin = chars.Bytes(number.begin, number.end).begin;
    out.append(text, copied, begin - copied);
    out += prefix->second;
    copied = begin;
  }
  out.append(text, copied);
  return out;
}

}  // namespace

std::optional<Transcript> WithElidedNames(const Transcript& text,
                                          absl::string_view quote) {
  const std::vector<NumberedName> quoted = FindNumberedNames(quote);
  if (quoted.empty()) return std::nullopt;
  std::vector<std::set<std::string>> mentions;
  for (const Segment& segment : text.segments) {
    std::set<std::string>& names = mentions.emplace_back();
    for (NumberedName& name : FindNumberedNames(segment.text)) {
      names.insert(std::move(name.letters));
    }
  }
  std::optional<Transcript> read;
  for (size_t s = 0; s < text.segments.size(); ++s) {
    const std::string& words = text.segments[s].text;
    if (!HoldsDigit(words)) continue;
    const Prefixes prefixes = PrefixesAt(s, quoted, mentions);
    if (prefixes.empty()) continue;
    std::string written = WrittenOut(words, text.language, prefixes);
    if (written == words) continue;
    if (!read.has_value()) read = text;
    read->segments[s].text = std::move(written);
  }
  return read;
}

}  // namespace duilian::aligner
