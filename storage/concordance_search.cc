#include "storage/concordance_search.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "storage/index_filter.h"
#include "storage/matching_units.h"

namespace duilian::storage {
namespace {

struct TokenTermUnit {
  TokenId token;
  Joint joint;
};
using TokenTerm = std::vector<TokenTermUnit>;

constexpr size_t kSlotsPerCheck = 4096;

bool IsQuotationMark(char32_t c) {
  return c == '"' || c == 0xFF02 || (c >= 0x201C && c <= 0x201F) ||
         (c >= 0x300C && c <= 0x300F);
}

bool IsHanUnit(absl::string_view unit) {
  size_t offset = 0;
  return text::IsHan(text::NextCodepoint(unit, offset));
}

void AddTerm(absl::string_view written, std::vector<Term>& terms) {
  const PreparedText prepared = PrepareText(written);
  Term term;
  text::ByteSpan before;
  for (const text::ByteSpan& span : prepared.units) {
    TermUnit unit;
    unit.text = prepared.normalized.substr(span.begin, span.size());
    if (!term.empty() &&
        (IsHanUnit(unit.text) || IsHanUnit(term.back().text))) {
      unit.joint = IsApart(prepared.normalized, before, span)
                       ? Joint::kApart
                       : Joint::kTogether;
    }
    term.push_back(std::move(unit));
    before = span;
  }
  if (!term.empty()) terms.push_back(std::move(term));
}

bool Fits(Joint joint, bool apart) {
  return joint == Joint::kAny || apart == (joint == Joint::kApart);
}

bool StandsAt(const PlacedUnit& unit, const TermUnit& wanted) {
  return unit.text == wanted.text && Fits(wanted.joint, unit.apart);
}

bool StandsAt(PlacedToken token, const TokenTermUnit& wanted) {
  return token.token() == wanted.token && Fits(wanted.joint, token.apart());
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

// One side of a project, searched for terms.
class SideSearch {
 public:
  // Without a token for each unit of the terms, nothing is found.
  SideSearch(const ProjectIndex& index, text::Language language,
             const std::vector<Term>& terms);

  // Slots of ids above `after` that hold every unit of the terms, and live;
  // ascending.
  std::vector<SlotId> Candidates(UnitId after) const;
  // True when the slot's units hold each term together.
  bool Holds(SlotId slot) const;

 private:
  const ProjectIndex& index_;
  const text::Language language_;
  std::vector<TokenTerm> terms_;
  std::vector<absl::Span<const SlotId>> lists_;  // shortest first
};

SideSearch::SideSearch(const ProjectIndex& index, text::Language language,
                       const std::vector<Term>& terms)
    : index_(index), language_(language) {
  for (const Term& term : terms) {
    TokenTerm tokens;
    for (const TermUnit& unit : term) {
      tokens.push_back({index.FindToken(unit.text), unit.joint});
      lists_.push_back(index.slots_with(tokens.back().token, language));
    }
    terms_.push_back(std::move(tokens));
  }
  absl::c_sort(
      lists_, [](const auto& a, const auto& b) { return a.size() < b.size(); });
}

std::vector<SlotId> SideSearch::Candidates(UnitId after) const {
  std::vector<SlotId> candidates;
  for (const SlotId slot : lists_.front()) {
    // First, as a later page would look at all the earlier ones' again.
    if (index_.entry(slot).id <= after) continue;
    const bool everywhere = std::all_of(
        lists_.begin() + 1, lists_.end(), [&](absl::Span<const SlotId> list) {
          return std::binary_search(list.begin(), list.end(), slot);
        });
    if (everywhere && index_.length(slot, language_) != ProjectIndex::kGone) {
      candidates.push_back(slot);
    }
  }
  return candidates;
}

bool SideSearch::Holds(SlotId slot) const {
  const absl::Span<const PlacedToken> units = index_.tokens(slot, language_);
  return absl::c_all_of(terms_, [&](const TokenTerm& term) {
    return std::search(units.begin(), units.end(), term.begin(), term.end(),
                       [](PlacedToken token, const TokenTermUnit& wanted) {
                         return StandsAt(token, wanted);
                       }) != units.end();
  });
}

// Slots of either side in id order, each once.
std::vector<SlotId> InIdOrder(const ProjectIndex& index,
                              std::vector<SlotId> slots) {
  const auto before = [&](SlotId a, SlotId b) {
    return index.entry(a).id < index.entry(b).id;
  };
  // Without edits they are.
  if (!absl::c_is_sorted(slots, before)) absl::c_sort(slots, before);
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

}  // namespace

absl::StatusOr<std::vector<Term>> ParseConcordanceQuery(
    absl::string_view query) {
  std::vector<Term> terms;
  size_t begin = 0;
  bool quoted = false;
  for (size_t offset = 0; offset < query.size();) {
    const size_t mark = offset;
    const char32_t c = text::NextCodepoint(query, offset);
    const bool quotation = IsQuotationMark(c);
    if (!quotation && (quoted || !text::IsSpace(c))) continue;
    AddTerm(query.substr(begin, mark - begin), terms);
    begin = offset;
    quoted = quoted != quotation;
  }
  AddTerm(query.substr(begin), terms);
  if (terms.empty()) {
    return absl::InvalidArgumentError(
        "query: nothing but white space and punctuation given; a word or a "
        "Chinese character is accepted; send what to search for");
  }
  return terms;
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

absl::StatusOr<std::vector<ConcordanceUnit>> ConcordanceSearch(
    const ProjectIndex& index, const ConcordanceQuery& query,
    const std::vector<Term>& terms, UnitId after) {
  const IndexFilter filter(query.filter, index);
  std::vector<ConcordanceUnit> units;
  if (!filter.possible()) return units;
  const SideSearch source(index, text::Language::kEnglish, terms);
  const SideSearch target(index, text::Language::kChinese, terms);
  std::vector<SlotId> candidates;
  if (query.language != text::Language::kChinese) {
    candidates = source.Candidates(after);
  }
  if (query.language != text::Language::kEnglish) {
    absl::c_copy(target.Candidates(after), std::back_inserter(candidates));
  }
  candidates = InIdOrder(index, std::move(candidates));
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i % kSlotsPerCheck == 0 && query.cancelled && query.cancelled()) {
      return absl::CancelledError("the concordance search was cancelled");
    }
    const SlotId slot = candidates[i];
    const IndexEntry& entry = index.entry(slot);
    ConcordanceUnit unit;
    unit.version = {entry.id, entry.revision};
    unit.in_source = query.language != text::Language::kChinese &&
                     filter.Passes(entry, entry.source) && source.Holds(slot);
    unit.in_target = query.language != text::Language::kEnglish &&
                     filter.Passes(entry, entry.target) && target.Holds(slot);
    if (!unit.in_source && !unit.in_target) continue;
    units.push_back(unit);
    if (units.size() > query.limit) break;
  }
  return units;
}

}  // namespace duilian::storage
