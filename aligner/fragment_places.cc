// A fragment is words, and so is the English; a place is a run of English words
// that are the fragment's. What translators do to a fragment makes the rest:
// they write it in another form, say more of a name than the speaker did, or
// misspell it. Each is tried in turn, and the first that is found anywhere is
// it.

#include "aligner/fragment_places.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "aligner/characters.h"
#include "text/normalize.h"

namespace duilian::aligner {
namespace {

constexpr size_t kMostFragments = 200;
constexpr size_t kMostEnglishWords = 10'000;
constexpr size_t kMostJoined = 4;  // words that are one elsewhere
constexpr size_t kMostWords = 8;   // of a fragment that is not found as it is

struct Word {
  std::string form;  // for comparison
  size_t text = 0;
  text::ByteSpan span;
};

// Runs of Latin letters and digits.
void AppendWords(absl::string_view of, size_t text, std::vector<Word>& words) {
  bool in_word = false;
  const size_t first = words.size();
  for (size_t offset = 0; offset < of.size();) {
    const size_t begin = offset;
    const char32_t c = text::NextCodepoint(of, offset);
    const bool goes_on = text::IsLatin(c) || text::IsDigit(c);
    if (goes_on && !in_word) words.push_back({"", text, {begin, begin}});
    if (goes_on) words.back().span.end = offset;
    in_word = goes_on;
  }
  for (size_t i = first; i < words.size(); ++i) {
    const text::ByteSpan span = words[i].span;
    words[i].form =
        text::NormalizeForMatching(of.substr(span.begin, span.size()));
  }
}

std::string Joined(absl::Span<const Word> words) {
  return absl::StrJoin(words, "", [](std::string* out, const Word& word) {
    out->append(word.form);
  });
}

std::string DigitsOf(absl::string_view word) {
  std::string digits;
  std::copy_if(word.begin(), word.end(), std::back_inserter(digits),
               [](char c) { return IsAsciiDigit(static_cast<uint8_t>(c)); });
  return digits;
}
bool IsNumber(absl::string_view word) {
  return !word.empty() && DigitsOf(word).size() == word.size();
}

// How English writes out what Chinese leaves in Latin letters.
struct Unit {
  absl::string_view sign, word;
};
constexpr Unit kUnits[] = {
    {"kb", "kilobyte"},   {"mb", "megabyte"},    {"gb", "gigabyte"},
    {"tb", "terabyte"},   {"pb", "petabyte"},    {"km", "kilometer"},
    {"cm", "centimeter"}, {"mm", "millimeter"},  {"kg", "kilogram"},
    {"mg", "milligram"},  {"hz", "hertz"},       {"mhz", "megahertz"},
    {"ghz", "gigahertz"}, {"kw", "kilowatt"},    {"mw", "megawatt"},
    {"gw", "gigawatt"},   {"ms", "millisecond"}, {"tv", "television"},
    {"pc", "computer"},   {"ok", "okay"}};

bool IsUnitSign(absl::string_view word) {
  return std::any_of(std::begin(kUnits), std::end(kUnits),
                     [&](const Unit& unit) { return unit.sign == word; });
}
bool IsWrittenOut(absl::string_view sign, absl::string_view word) {
  return std::any_of(
      std::begin(kUnits), std::end(kUnits),
      [&](const Unit& unit) { return unit.sign == sign && unit.word == word; });
}

bool IsPluralOf(absl::string_view plural, absl::string_view word) {
  return plural.size() > word.size() && word.size() > 1 &&
         absl::StartsWith(plural, word) &&
         (plural.substr(word.size()) == "s" ||
          plural.substr(word.size()) == "es");
}

bool IsFormOf(absl::string_view fragment, absl::string_view english) {
  return fragment == english || IsPluralOf(english, fragment) ||
         IsPluralOf(fragment, english) || IsWrittenOut(fragment, english) ||
         (absl::EndsWith(english, "s") &&
          IsWrittenOut(fragment, english.substr(0, english.size() - 1)));
}

// Levenshtein's distance of bytes.
size_t EditsBetween(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

// One slip, in long words two; never in a number, which is another product's.
// In a short word a letter too few or too many: Lama is Llama, Sora is not
// Sort.
bool IsMisspelled(absl::string_view fragment, absl::string_view english) {
  constexpr size_t kLeast = 4, kShort = 6, kLong = 8, kLongest = 60;
  if (fragment.size() < kLeast || fragment.size() > kLongest) return false;
  const size_t most = fragment.size() < kLong ? 1 : 2;
  const size_t longer = std::max(fragment.size(), english.size());
  const size_t difference = longer - std::min(fragment.size(), english.size());
  if (difference > most || (fragment.size() < kShort && difference == 0)) {
    return false;
  }
  return DigitsOf(fragment) == DigitsOf(english) &&
         EditsBetween(fragment, english) <= most;
}

// Of English words, [begin, end).
struct Run {
  size_t begin = 0, end = 0;
};

struct Places {
  FragmentFinding finding = FragmentFinding::kMissing;
  std::vector<Run> runs;  // in order; none when missing
};

class English {
 public:
  explicit English(absl::Span<const absl::string_view> texts) {
    for (size_t t = 0; t < texts.size(); ++t) {
      AppendWords(texts[t], t, words_);
      if (words_.size() > kMostEnglishWords) words_.resize(kMostEnglishWords);
    }
  }

  const Word& word(size_t i) const { return words_[i]; }

  Places Find(absl::Span<const Word> fragment, FragmentKind kind) const {
    if (std::vector<Run> runs = Same(fragment); !runs.empty()) {
      return {FragmentFinding::kSame, std::move(runs)};
    }
    if (fragment.size() > kMostWords) return {};
    if (std::vector<Run> runs = Forms(fragment); !runs.empty()) {
      return {FragmentFinding::kForm, std::move(runs)};
    }
    if (std::vector<Run> runs = Scattered(fragment); !runs.empty()) {
      return {FragmentFinding::kForm, std::move(runs)};
    }
    if (std::vector<Run> runs = Parts(fragment, kind); !runs.empty()) {
      return {FragmentFinding::kPart, std::move(runs)};
    }
    // A reply is translated freely.
    if (kind == FragmentKind::kReply) return {};
    if (std::vector<Run> runs = Misspelled(fragment); !runs.empty()) {
      return {FragmentFinding::kMisspelled, std::move(runs)};
    }
    return {};
  }

 private:
  // Whether words [begin, end) are there, in one text.
  bool IsRun(size_t begin, size_t end) const {
    return end <= words_.size() && words_[begin].text == words_[end - 1].text;
  }

  std::vector<Run> Same(absl::Span<const Word> fragment) const {
    std::vector<Run> runs;
    for (size_t i = 0; i < words_.size(); ++i) {
      if (!IsRun(i, i + fragment.size())) continue;
      const bool same = std::equal(
          fragment.begin(), fragment.end(),
          words_.begin() + static_cast<std::ptrdiff_t>(i),
          [](const Word& a, const Word& b) { return a.form == b.form; });
      if (same) runs.push_back({i, i + fragment.size()});
    }
    return runs;
  }

  std::vector<Run> Forms(absl::Span<const Word> fragment) const {
    const std::string wanted = Joined(fragment);
    const bool unit = IsUnitSign(wanted);
    std::vector<Run> runs;
    for (size_t i = 0; i < words_.size(); ++i) {
      if (!unit && words_[i].form[0] != wanted[0]) continue;
      std::string joined;
      for (size_t end = i + 1; end <= i + kMostJoined && IsRun(i, end); ++end) {
        joined += words_[end - 1].form;
        if (!IsFormOf(wanted, joined)) continue;
        runs.push_back({i, end});
        break;
      }
    }
    return runs;
  }

  // Every word stands somewhere: the place of the longest.
  std::vector<Run> Scattered(absl::Span<const Word> fragment) const {
    if (fragment.size() < 2) return {};
    std::vector<Run> longest;
    size_t letters = 0;
    for (size_t i = 0; i < fragment.size(); ++i) {
      std::vector<Run> runs = Forms(fragment.subspan(i, 1));
      if (runs.empty()) return {};
      if (fragment[i].form.size() <= letters) continue;
      letters = fragment[i].form.size();
      longest = std::move(runs);
    }
    return longest;
  }

  // The longest run of a name's or a product's words that stands there. A
  // product's number is never left out, and may stand alone.
  std::vector<Run> Parts(absl::Span<const Word> fragment,
                         FragmentKind kind) const {
    if (kind != FragmentKind::kName && kind != FragmentKind::kOrganization &&
        kind != FragmentKind::kProduct) {
      return {};
    }
    for (size_t size = fragment.size() - 1; size > 0; --size) {
      for (size_t i = 0; i + size <= fragment.size(); ++i) {
        const absl::Span<const Word> part = fragment.subspan(i, size);
        if (DigitsOf(Joined(part)) != DigitsOf(Joined(fragment))) continue;
        if (part[0].form.size() < 2 && !IsNumber(part[0].form)) continue;
        std::vector<Run> runs = Forms(part);
        if (!runs.empty()) return runs;
      }
    }
    return {};
  }

  std::vector<Run> Misspelled(absl::Span<const Word> fragment) const {
    const std::string wanted = Joined(fragment);
    std::vector<Run> runs;
    for (size_t i = 0; i < words_.size(); ++i) {
      const size_t end = i + fragment.size();
      if (!IsRun(i, end)) continue;
      if (IsMisspelled(wanted, Joined(absl::MakeConstSpan(words_).subspan(
                                   i, fragment.size())))) {
        runs.push_back({i, end});
      }
    }
    return runs;
  }

  std::vector<Word> words_;
};

}  // namespace

absl::string_view FindingWord(FragmentFinding finding) {
  switch (finding) {
    case FragmentFinding::kSame:
      return "same";
    case FragmentFinding::kForm:
      return "form";
    case FragmentFinding::kPart:
      return "part";
    case FragmentFinding::kMisspelled:
      return "misspelled";
    case FragmentFinding::kMissing:
      return "missing";
  }
  return "";
}

std::vector<FragmentLink> LinkFragments(
    absl::Span<const absl::string_view> chinese,
    absl::Span<const absl::string_view> english) {
  struct Known {
    Places places;
    size_t used = 0;
  };
  std::optional<English> words;  // most beads have no fragment
  absl::flat_hash_map<std::string, Known> known;
  std::vector<FragmentLink> links;
  for (size_t t = 0; t < chinese.size(); ++t) {
    for (Fragment& fragment : ExtractFragments(chinese[t])) {
      FragmentLink& link = links.emplace_back();
      link.chinese_text = t;
      link.fragment = std::move(fragment);
      if (links.size() > kMostFragments) continue;
      if (!words.has_value()) words.emplace(english);
      std::vector<Word> of_fragment;
      AppendWords(link.fragment.text, 0, of_fragment);
      if (of_fragment.empty()) continue;
      const auto [entry, fresh] = known.try_emplace(link.fragment.text);
      Known& found = entry->second;
      if (fresh) found.places = words->Find(of_fragment, link.fragment.kind);
      link.finding = found.places.finding;
      if (found.places.runs.empty()) continue;
      const Run run =
          found.places
              .runs[std::min(found.used++, found.places.runs.size() - 1)];
      link.english_text = words->word(run.begin).text;
      link.place = {words->word(run.begin).span.begin,
                    words->word(run.end - 1).span.end};
    }
  }
  return links;
}

}  // namespace duilian::aligner
