#include "storage/match_details.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "storage/edit_distance.h"
#include "storage/edit_words.h"
#include "storage/matching_form.h"
#include "storage/matching_units.h"
#include "text/numbers.h"
#include "text/placeholders.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using Codepoints = std::vector<char32_t>;

// Stands for any number; in no text that anyone wrote.
constexpr char32_t kAnyNumber = 0x1;

// The share of the longer sequence that stays, rounded down.
template <typename Unit>
int Similarity(const std::vector<Unit>& query, const std::vector<Unit>& text) {
  const size_t longer = std::max(query.size(), text.size());
  if (longer == 0) return 100;
  absl::flat_hash_map<Unit, Symbol> symbols;
  std::vector<Symbol> pattern, other;
  for (const Unit& unit : query) {
    const auto next = static_cast<Symbol>(symbols.size());
    pattern.push_back(symbols.try_emplace(unit, next).first->second);
  }
  for (const Unit& unit : text) {
    const auto found = symbols.find(unit);
    other.push_back(found == symbols.end() ? kForeignSymbol : found->second);
  }
  const size_t distance = EditPattern(pattern, symbols.size())
                              .Distance(other, longer)
                              .value_or(longer);
  return static_cast<int>(100 * (longer - distance) / longer);
}

std::vector<std::string> TokensOf(absl::string_view written) {
  const std::string form = MatchingForm(written);
  std::vector<std::string> tokens;
  for (const text::ByteSpan& unit : SplitUnits(form)) {
    tokens.push_back(form.substr(unit.begin, unit.size()));
  }
  return tokens;
}

Codepoints WithAnyNumbers(const Codepoints& form) {
  Codepoints out;
  size_t kept = 0;
  const auto keep = [&](size_t end) {
    for (; kept < end; ++kept) out.push_back(form[kept]);
  };
  for (const text::CodepointSpan& number : text::FindNumbers(form)) {
    keep(number.begin);
    out.push_back(kAnyNumber);
    kept = number.end;
  }
  keep(form.size());
  return out;
}

int QualityOf(const TranslationUnit& unit) {
  if (unit.status == ReviewStatus::kAccepted) return 100;
  if (unit.status == ReviewStatus::kRejected) return 0;
  // 0.29 * 100 is a little less than 29.
  return static_cast<int>(unit.confidence * 100 + 1e-9);
}

std::vector<std::string> PlaceholdersOf(absl::string_view text) {
  std::vector<std::string> placeholders;
  for (const text::ByteSpan& span : text::FindPlaceholders(text)) {
    placeholders.emplace_back(text.substr(span.begin, span.size()));
  }
  return placeholders;
}

// Those of the query without the translation's, each for each.
std::vector<std::string> MissingPlaceholders(absl::string_view query,
                                             absl::string_view translation) {
  std::vector<std::string> there = PlaceholdersOf(translation);
  std::vector<std::string> missing;
  for (std::string& placeholder : PlaceholdersOf(query)) {
    const auto found = std::find(there.begin(), there.end(), placeholder);
    if (found == there.end()) {
      missing.push_back(std::move(placeholder));
    } else {
      there.erase(found);
    }
  }
  return missing;
}

// Fills suggested_text and substituted.
void SuggestNumbers(const WrittenText& query, const WrittenText& text,
                    absl::string_view translation, MatchDetails& details) {
  if (!text::AreEqualButForNumbers(query.form.codepoints,
                                   text.form.codepoints)) {
    return;
  }
  const text::PlacedText form = PlaceMatchingForm(translation);
  const auto changes = text::ChangeNumbers(
      query.form.codepoints, text.form.codepoints, form.codepoints);
  if (!changes.has_value()) return;
  const Codepoints written = text::Codepoints(translation);
  std::string suggested;
  std::vector<text::CodepointSpan> substituted;
  size_t kept = 0;
  size_t length = 0;
  const auto keep = [&](size_t end) {
    for (; kept < end; ++kept, ++length) {
      text::AppendUtf8(written[kept], suggested);
    }
  };
  for (const text::NumberChange& change : *changes) {
    const size_t begin = form.places[change.span.begin].begin;
    const size_t end = form.places[change.span.end - 1].end;
    if (begin < kept || end <= begin) return;  // it cannot be told where
    keep(begin);
    substituted.push_back({length, length + change.digits.size()});
    suggested += change.digits;
    length += change.digits.size();
    kept = end;
  }
  keep(written.size());
  details.suggested_text = std::move(suggested);
  details.substituted = std::move(substituted);
}

// How a text of the same matching form differs from the query.
std::string TellEqual(const FuzzyQuery& query, const FuzzyMatch& match,
                      absl::string_view text) {
  if (match.identical) return "identical";
  std::vector<absl::string_view> differences;
  if (WidthMark(query.text) != WidthMark(text)) differences.push_back("width");
  if (PlaceholdersOf(query.text) != PlaceholdersOf(text)) {
    differences.push_back("placeholders");
  }
  if (differences.empty()) differences.push_back("case, spaces or marks");
  return absl::StrCat("equal but for ", absl::StrJoin(differences, " and "));
}

std::string Explain(const FuzzyQuery& query, const FuzzyMatch& match,
                    absl::string_view text, std::string differences,
                    bool substituted) {
  std::vector<std::string> parts;
  parts.push_back(differences.empty() ? TellEqual(query, match, text)
                                      : std::move(differences));
  if (match.score_percent == 101) parts.push_back("in context");
  if (match.score_percent == 102) parts.push_back("in full context");
  bool tells_numbers = false;
  for (const Penalty& penalty : match.penalties) {
    parts.push_back(absl::StrCat(penalty.words, ": -", penalty.points));
    tells_numbers |= penalty.kind == PenaltyKind::kNumbersSubstituted;
  }
  // Without a penalty, nothing else says that the translation is not the
  // stored one.
  if (substituted && !tells_numbers) parts.push_back("numbers substituted");
  return absl::StrJoin(parts, "; ");
}

// Fills what is told of texts of unlike matching forms but what their score
// and their placeholders tell. Returns the differences in words.
std::string TellDifferences(const FuzzyQuery& query, absl::string_view text,
                            absl::string_view translation,
                            MatchDetails& details) {
  const WrittenText asked = {query.text, PlaceMatchingForm(query.text)};
  const WrittenText found = {text, PlaceMatchingForm(text)};
  details.token_percent = Similarity(TokensOf(query.text), TokensOf(text));
  details.number_blind_percent =
      std::max(details.similarity_percent,
               Similarity(WithAnyNumbers(asked.form.codepoints),
                          WithAnyNumbers(found.form.codepoints)));
  const std::vector<Edit> edits =
      TraceEdits(asked.form.codepoints, found.form.codepoints);
  details.edits = PlaceEdits(edits, asked, found);
  SuggestNumbers(asked, found, translation, details);
  return TellEdits(edits, asked, found);
}

}  // namespace

MatchDetails DescribeMatch(const FuzzyQuery& query, const FuzzyMatch& match) {
  const bool english = query.language == text::Language::kEnglish;
  const UnitSide& side = english ? match.unit.source : match.unit.target;
  const UnitSide& other = english ? match.unit.target : match.unit.source;
  MatchDetails details;
  details.similarity_percent = std::min(match.score_percent, 100);
  details.token_percent = 100;
  details.number_blind_percent = 100;
  details.quality_percent = QualityOf(match.unit);
  details.missing_placeholders = MissingPlaceholders(query.text, other.text);
  std::string differences;
  // Of equal forms nothing need be worked out.
  if (match.score_percent < 100) {
    differences = TellDifferences(query, side.text, other.text, details);
  }
  details.explanation = Explain(query, match, side.text, std::move(differences),
                                !details.suggested_text.empty());
  if (!details.missing_placeholders.empty()) {
    absl::StrAppend(&details.explanation, "; the translation lacks ",
                    absl::StrJoin(details.missing_placeholders, " "));
  }
  return details;
}

}  // namespace duilian::storage
