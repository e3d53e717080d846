#include "storage/concordance_terms.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/matching_units.h"
#include "storage/project_index.h"

namespace duilian::storage {
namespace {

constexpr size_t kLeastPart = 2;   // of a word, in code points
constexpr size_t kMostParts = 16;  // of a query: each reads the vocabulary

bool IsQuotationMark(char32_t c) {
  return c == '"' || c == 0xFF02 || (c >= 0x201C && c <= 0x201F) ||
         (c >= 0x300C && c <= 0x300F) || c == 0xFF62 || c == 0xFF63;
}

bool IsHanUnit(absl::string_view unit) {
  size_t offset = 0;
  return text::IsHan(text::NextCodepoint(unit, offset));
}

// Whether the unit may have a * that stands for letters.
bool IsPartOfWords(absl::string_view unit) {
  return IsWord(unit) && text::CountCodepoints(unit) >= kLeastPart;
}

// The i-th unit with the * at its ends that stand for letters: beyond such a *
// is neither another unit nor another *. Normalising has made a full-width ＊
// one of these. A single letter is a name as it is written: Q*, A* algorithm.
text::ByteSpan WithWildcards(absl::string_view term,
                             const std::vector<text::ByteSpan>& units,
                             size_t i) {
  text::ByteSpan unit = units[i];
  if (!IsPartOfWords(term.substr(unit.begin, unit.size()))) return unit;
  const bool first = i == 0, last = i + 1 == units.size();
  const size_t begin = first ? 0 : units[i - 1].end;
  const size_t end = last ? term.size() : units[i + 1].begin;
  const absl::string_view before = term.substr(begin, unit.begin - begin);
  const absl::string_view behind = term.substr(unit.end, end - unit.end);
  if (absl::EndsWith(before, "*") && !absl::EndsWith(before, "**") &&
      (first || before.size() > 1)) {
    --unit.begin;
  }
  if (absl::StartsWith(behind, "*") && !absl::StartsWith(behind, "**") &&
      (last || behind.size() > 1)) {
    ++unit.end;
  }
  return unit;
}

// True when one * and nothing else stands between a word and a Han character.
bool IsWildcardBesideHan(absl::string_view word, absl::string_view between,
                         absl::string_view other) {
  return between == "*" && IsPartOfWords(word) && IsHanUnit(other);
}

// What may stand where `between` does in a term, beside a Han character. A *
// that is no wildcard stands for nothing, or is what is written.
Joint JointOf(absl::string_view between) {
  if (between.find_first_not_of(' ') == absl::string_view::npos) {
    return Joint::kTogether;
  }
  return between.find_first_not_of("* ") == absl::string_view::npos
             ? Joint::kAny
             : Joint::kApart;
}

// A run of a query, as it is written, and what it asks for.
struct ReadTerm {
  absl::string_view written;
  PreparedText prepared;
  Term term;  // empty: there is no unit in it
  // Where the * that stand for letters are, in the normalized text; ascending.
  // Not those between a word and a Han character.
  std::vector<size_t> wildcards;
};

ReadTerm ReadOne(absl::string_view written) {
  ReadTerm read{written, PrepareText(written), {}, {}};
  const std::vector<text::ByteSpan>& units = read.prepared.units;
  const absl::string_view normalized = read.prepared.normalized;
  text::ByteSpan before;
  for (size_t i = 0; i < units.size(); ++i) {
    const text::ByteSpan whole = WithWildcards(normalized, units, i);
    TermUnit unit;
    unit.text = std::string(normalized.substr(units[i].begin, units[i].size()));
    unit.more_before = whole.begin < units[i].begin;
    unit.more_behind = whole.end > units[i].end;
    if (!read.term.empty()) {
      TermUnit& last = read.term.back();
      const absl::string_view between =
          normalized.substr(before.end, whole.begin - before.end);
      if (IsWildcardBesideHan(unit.text, between, last.text)) {
        unit.more_before = true;
        unit.joint = Joint::kTogether;
      } else if (IsWildcardBesideHan(last.text, between, unit.text)) {
        last.more_behind = true;
        unit.joint = Joint::kTogether;
      } else if (IsHanUnit(unit.text) || IsHanUnit(last.text)) {
        unit.joint = JointOf(between);
      }
    }
    if (whole.begin < units[i].begin) read.wildcards.push_back(whole.begin);
    if (whole.end > units[i].end) read.wildcards.push_back(units[i].end);
    read.term.push_back(std::move(unit));
    before = whole;
  }
  return read;
}

// The runs of a query, those without a unit among them.
std::vector<ReadTerm> ReadAll(absl::string_view query) {
  std::vector<ReadTerm> terms;
  size_t begin = 0;
  bool quoted = false;
  for (size_t offset = 0; offset < query.size();) {
    const size_t mark = offset;
    const char32_t c = text::NextCodepoint(query, offset);
    const bool quotation = IsQuotationMark(c);
    if (!quotation && (quoted || !text::IsSpace(c))) continue;
    terms.push_back(ReadOne(query.substr(begin, mark - begin)));
    begin = offset;
    quoted = quoted != quotation;
  }
  terms.push_back(ReadOne(query.substr(begin)));
  return terms;
}

// True when the * is right beside a Han character and, on its other side, right
// beside a word or with no unit beyond: 模型*, A*算法.
bool IsAtEdgeOfHan(size_t star, const PreparedText& text) {
  const auto behind = absl::c_find_if(
      text.units,
      [star](const text::ByteSpan& unit) { return unit.begin > star; });
  const bool has_before = behind != text.units.begin();
  const bool has_behind = behind != text.units.end();
  const bool touches_before = has_before && std::prev(behind)->end == star;
  const bool touches_behind = has_behind && behind->begin == star + 1;
  const auto is_han = [&text](const text::ByteSpan& unit) {
    return IsHanUnit(
        absl::string_view(text.normalized).substr(unit.begin, unit.size()));
  };
  const bool han_before = touches_before && is_han(*std::prev(behind));
  const bool han_behind = touches_behind && is_han(*behind);
  if (han_before == han_behind) return false;
  return han_before ? touches_behind || !has_behind
                    : touches_before || !has_before;
}

bool HasIdleStar(const ReadTerm& read) {
  const absl::string_view normalized = read.prepared.normalized;
  for (size_t star = normalized.find('*'); star != normalized.npos;
       star = normalized.find('*', star + 1)) {
    if (!absl::c_binary_search(read.wildcards, star) &&
        !IsAtEdgeOfHan(star, read.prepared)) {
      return true;
    }
  }
  return false;
}

bool StandsAt(const PlacedUnit& unit, const TermUnit& wanted) {
  return wanted.part().StandsIn(unit.text) &&
         JointAllows(wanted.joint, unit.apart);
}

// The places in `units` where `term` begins.
std::vector<size_t> Occurrences(const std::vector<PlacedUnit>& units,
                                const Term& term) {
  std::vector<size_t> places;
  auto from = units.begin();
  while (true) {
    from = std::search(from, units.end(), term.begin(), term.end(),
                       [](const PlacedUnit& unit, const TermUnit& wanted) {
                         return StandsAt(unit, wanted);
                       });
    if (from == units.end()) return places;
    places.push_back(static_cast<size_t>(from - units.begin()));
    ++from;
  }
}

std::vector<text::ByteSpan> Joined(std::vector<text::ByteSpan> spans) {
  absl::c_sort(spans, [](const text::ByteSpan& a, const text::ByteSpan& b) {
    return a.begin < b.begin;
  });
  std::vector<text::ByteSpan> joined;
  for (const text::ByteSpan& span : spans) {
    if (!joined.empty() && span.begin < joined.back().end) {
      joined.back().end = std::max(joined.back().end, span.end);
    } else {
      joined.push_back(span);
    }
  }
  return joined;
}

// kInvalidArgument: too many words with a *.
absl::Status CheckParts(const std::vector<Term>& terms) {
  size_t parts = 0;
  for (const Term& term : terms) {
    for (const TermUnit& unit : term) parts += unit.is_part() ? 1 : 0;
  }
  if (parts <= kMostParts) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "query: ", parts, " words with a * given; at most ", kMostParts,
      " are accepted; leave out some, or the * of such as you know whole"));
}

}  // namespace

absl::StatusOr<std::vector<Term>> ParseConcordanceQuery(
    absl::string_view query) {
  std::vector<Term> terms;
  for (ReadTerm& read : ReadAll(query)) {
    if (!read.term.empty()) terms.push_back(std::move(read.term));
  }
  if (terms.empty()) {
    return absl::InvalidArgumentError(
        "query: nothing but white space, punctuation and signs given; a word, "
        "an emoji or a Chinese character is accepted; send what to search for");
  }
  if (absl::Status status = CheckParts(terms); !status.ok()) return status;
  return terms;
}

std::vector<std::string> TermsWithIdleStars(absl::string_view query) {
  std::vector<std::string> idle;
  for (const ReadTerm& read : ReadAll(query)) {
    if (HasIdleStar(read) && !absl::c_linear_search(idle, read.written)) {
      idle.emplace_back(read.written);
    }
  }
  return idle;
}

std::vector<text::ByteSpan> FindTerms(absl::string_view original,
                                      const std::vector<Term>& terms) {
  const std::vector<PlacedUnit> placed = PlaceUnits(original);
  std::vector<text::ByteSpan> spans;
  for (const Term& term : terms) {
    const std::vector<size_t> places = Occurrences(placed, term);
    if (places.empty()) return {};
    for (const size_t place : places) {
      spans.push_back(
          {placed[place].span.begin, placed[place + term.size() - 1].span.end});
    }
  }
  return Joined(std::move(spans));
}

}  // namespace duilian::storage
