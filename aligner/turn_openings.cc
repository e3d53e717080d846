#include "aligner/turn_openings.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "aligner/characters.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

constexpr size_t kLongestNameBytes = 120;

struct Timestamp {
  int seconds = 0;
  size_t end = 0;
  bool has_hours = false;
};

bool IsDigitByte(absl::string_view line, size_t i) {
  return i < line.size() && line[i] >= '0' && line[i] <= '9';
}

size_t SkipBlanks(absl::string_view line, size_t i) {
  while (i < line.size()) {
    if (line[i] == ' ' || line[i] == '\t') {
      ++i;
    } else if (absl::StartsWith(line.substr(i), "\xE3\x80\x80")) {
      i += 3;  // ideographic space
    } else {
      break;
    }
  }
  return i;
}

absl::string_view StripBlanks(absl::string_view text) {
  text.remove_prefix(SkipBlanks(text, 0));
  while (!text.empty()) {
    if (text.back() == ' ' || text.back() == '\t') {
      text.remove_suffix(1);
    } else if (!absl::ConsumeSuffix(&text, "\xE3\x80\x80")) {
      break;
    }
  }
  return text;
}

// A name without the blanks and emphasis marks about it.
absl::string_view StripName(absl::string_view name) {
  while (true) {
    name = StripBlanks(name);
    if (!name.empty() && (name[0] == '*' || name[0] == '_')) {
      name.remove_prefix(1);
    } else if (!name.empty() && (name.back() == '*' || name.back() == '_')) {
      name.remove_suffix(1);
    } else {
      return name;
    }
  }
}

// 1:13, 01:13, 00:01:13, 00:01:13.500 at `i`.
std::optional<Timestamp> ReadTimestamp(absl::string_view line, size_t i) {
  int fields[3] = {0, 0, 0};
  int count = 0;
  while (count < 3) {
    size_t digits = 0;
    while (digits < 4 && IsDigitByte(line, i + digits)) {
      fields[count] = fields[count] * 10 + (line[i + digits] - '0');
      ++digits;
    }
    if (digits == 0 || digits > 3 || (count > 0 && digits != 2)) {
      return std::nullopt;
    }
    i += digits;
    ++count;
    if (i >= line.size() || line[i] != ':' || !IsDigitByte(line, i + 1)) break;
    ++i;
  }
  if (count < 2) return std::nullopt;
  for (int k = 1; k < count; ++k) {
    if (fields[k] >= 60) return std::nullopt;
  }
  if (i + 1 < line.size() && (line[i] == '.' || line[i] == ',') &&
      IsDigitByte(line, i + 1)) {
    ++i;
    while (IsDigitByte(line, i)) ++i;
  }
  const int seconds = count == 3 ? fields[0] * 3600 + fields[1] * 60 + fields[2]
                                 : fields[0] * 60 + fields[1];
  return Timestamp{seconds, i, count == 3};
}

// Moves over the first of `options` that stands at i.
bool Consume(absl::string_view line, size_t& i,
             std::initializer_list<absl::string_view> options) {
  for (const absl::string_view option : options) {
    if (absl::StartsWith(line.substr(i), option)) {
      i += option.size();
      return true;
    }
  }
  return false;
}

// (00:01:13), [00:01:13], [(00:01:13)](url), （01:13） at `i`.
std::optional<Timestamp> ReadBracketedTimestamp(absl::string_view line,
                                                size_t i) {
  int depth = 0;
  while (depth < 2 && Consume(line, i, {"(", "[", "（", "【"})) ++depth;
  if (depth == 0) return std::nullopt;
  std::optional<Timestamp> timestamp = ReadTimestamp(line, i);
  if (!timestamp.has_value()) return std::nullopt;
  i = timestamp->end;
  for (; depth > 0; --depth) {
    if (!Consume(line, i, {")", "]", "）", "】"})) return std::nullopt;
  }
  if (line[i - 1] == ']' && i < line.size() && line[i] == '(') {
    const size_t close = line.find(')', i);
    if (close == line.npos) return std::nullopt;
    i = close + 1;
  }
  timestamp->end = i;
  return timestamp;
}

// Over the ** that close a line's first emphasis: **Speaker (01:13):** words.
size_t SkipEmphasis(absl::string_view line, size_t i) {
  if (line[0] != '*' && line[0] != '_') return i;
  while (i < line.size() && line[i] == line[0]) ++i;
  return i;
}

size_t SkipColonAndBlanks(absl::string_view line, size_t i) {
  i = SkipBlanks(line, i);
  Consume(line, i, {":", "："});
  return SkipBlanks(line, i);
}

// The opening behind a timestamp at the head of a line.
TurnOpening OpeningAfter(absl::string_view line, const Timestamp& timestamp) {
  TurnOpening opening;
  opening.seconds = timestamp.seconds;
  opening.rest = SkipColonAndBlanks(line, timestamp.end);
  const absl::string_view rest = line.substr(opening.rest);
  if (const std::optional<TurnOpening> label = ReadLabel(rest);
      label.has_value() && LooksLikeName(label->speaker)) {
    opening.speaker = label->speaker;
    opening.rest += label->rest;
  }
  return opening;
}

// A timestamp without brackets at the head of a line.
std::optional<TurnOpening> ReadBareTimestamp(absl::string_view line) {
  const std::optional<Timestamp> timestamp = ReadTimestamp(line, 0);
  if (!timestamp.has_value()) return std::nullopt;
  const absl::string_view rest = StripBlanks(line.substr(timestamp->end));
  TurnOpening opening = OpeningAfter(line, *timestamp);
  if (rest.empty() || !opening.speaker.empty()) return opening;
  const absl::string_view name = ReadLoneName(rest);
  if (!name.empty() && LooksLikeName(name)) {
    opening.speaker = name;
    opening.rest = line.size();
    return opening;
  }
  // "12:30 was too late" tells a time; "00:12:30 was …" marks one.
  const bool apart = timestamp->end < line.size() && rest.size() > 0 &&
                     line[timestamp->end] == ' ';
  if (timestamp->has_hours && apart) return opening;
  return std::nullopt;
}

// `Speaker 00:01:13` and nothing behind.
std::optional<TurnOpening> ReadNameThenTimestamp(absl::string_view line) {
  const size_t blank = line.find_last_of(" \t");
  if (blank == line.npos || line.size() > kLongestNameBytes) {
    return std::nullopt;
  }
  const std::optional<Timestamp> timestamp = ReadTimestamp(line, blank + 1);
  if (!timestamp.has_value() || timestamp->end != line.size()) {
    return std::nullopt;
  }
  const absl::string_view name = StripName(line.substr(0, blank));
  if (!LooksLikeName(name)) return std::nullopt;
  return TurnOpening{name, timestamp->seconds, line.size()};
}

bool IsOneOf(char32_t c, std::u32string_view set) {
  return set.find(c) != set.npos;
}

// A particle of a name: Ludwig van Beethoven, the host of it.
bool IsSmallWord(absl::string_view word) {
  constexpr absl::string_view kSmall[] = {"de", "van", "von", "der",
                                          "da", "del", "la",  "bin",
                                          "al", "of",  "and", "the"};
  return std::find(std::begin(kSmall), std::end(kSmall), word) !=
         std::end(kSmall);
}

}  // namespace

bool LooksLikeName(absl::string_view name) {
  constexpr size_t kLongestChinese = 12;
  constexpr int kMostWords = 5;
  if (name.empty() || name.size() > kLongestNameBytes) return false;
  size_t han = 0;
  int words = 0;
  for (size_t i = 0; i < name.size();) {
    const size_t end = std::min(name.find(' ', i), name.size());
    const absl::string_view word = name.substr(i, end - i);
    for (const char32_t c : text::Codepoints(word)) {
      han += text::IsHan(c);
      if (IsOneOf(c, U",;?!，。；？！、:：\"“”「」()[]（）")) return false;
    }
    if (!word.empty()) {
      ++words;
      const auto first = static_cast<unsigned char>(word[0]);
      if (IsAsciiLower(first) && !IsSmallWord(word)) return false;
    }
    i = end + 1;
  }
  return words <= kMostWords && han <= kLongestChinese;
}

bool BeginsWithTimestamp(absl::string_view line) {
  return ReadTimestamp(line, 0).has_value();
}

std::optional<TurnOpening> ReadTimedOpening(absl::string_view line) {
  if (const auto bare = ReadBareTimestamp(line)) return bare;
  const absl::string_view head = line.substr(0, kLongestNameBytes);
  for (size_t i = 0; i < head.size(); ++i) {
    const bool opens = head[i] == '(' || head[i] == '[' ||
                       absl::StartsWith(head.substr(i), "（") ||
                       absl::StartsWith(head.substr(i), "【");
    if (!opens) continue;
    const std::optional<Timestamp> timestamp = ReadBracketedTimestamp(line, i);
    if (!timestamp.has_value()) continue;
    const absl::string_view name = StripName(line.substr(0, i));
    if (name.empty()) return OpeningAfter(line, *timestamp);
    if (!LooksLikeName(name)) return std::nullopt;
    size_t rest = SkipEmphasis(line, timestamp->end);
    rest = SkipEmphasis(line, SkipColonAndBlanks(line, rest));
    return TurnOpening{name, timestamp->seconds, SkipBlanks(line, rest)};
  }
  return ReadNameThenTimestamp(line);
}

std::optional<TurnOpening> ReadLabel(absl::string_view line) {
  const absl::string_view head = line.substr(0, kLongestNameBytes);
  size_t colon = head.find(':');
  size_t width = 1;
  if (const size_t wide = head.find("："); wide < colon) {
    colon = wide;
    width = 3;
  }
  if (colon == head.npos) return std::nullopt;
  const absl::string_view name = StripName(line.substr(0, colon));
  size_t rest = colon + width;
  rest = SkipEmphasis(line, rest);
  // https://…, 12:30 and a:b are no labels.
  const bool apart = width == 3 || rest == line.size() ||
                     static_cast<unsigned char>(line[rest]) >= 0x80 ||
                     SkipBlanks(line, rest) > rest;
  if (!apart || ReadLoneName(name).empty()) return std::nullopt;
  return TurnOpening{name, std::nullopt, SkipBlanks(line, rest)};
}

absl::string_view ReadLoneName(absl::string_view line) {
  constexpr size_t kLongest = 30;  // code points
  if (line.size() > kLongestNameBytes) return {};
  absl::string_view name = StripName(line);
  if (absl::ConsumeSuffix(&name, ":") || absl::ConsumeSuffix(&name, "：")) {
    name = StripName(name);
  }
  const std::vector<char32_t> codepoints = text::Codepoints(name);
  if (codepoints.empty() || codepoints.size() > kLongest) return {};
  bool has_letter = false;
  for (const char32_t c : codepoints) {
    if (IsOneOf(c, U",;?!，。；？！、…—–\"“”「」[]<>#|=/\\:：")) return {};
    has_letter = has_letter || text::IsLatin(c) || text::IsHan(c) ||
                 (c >= 0x370 && !text::IsPunctuation(c) && !text::IsSpace(c));
  }
  const char32_t last = codepoints.back();
  if (!has_letter || last == '-') return {};
  // "Arthur C. Clarke" has a dot inside; one at the end ends a sentence,
  // unless an initial goes before it.
  if (last == '.' &&
      (codepoints.size() < 3 || codepoints[codepoints.size() - 3] != ' ')) {
    return {};
  }
  return name;
}

}  // namespace duilian::aligner
