// The simple version looks at every unit, keeps those whose tokens hold the
// terms, and sorts them by rank. Here
// 1. the slots that hold every token of the terms come from intersecting the
//    tokens' lists, the shortest with the others by galloping;
// 2. of these the few of the highest ranks are picked without sorting, and only
//    they are looked at; if too few of them hold the terms, more are picked.

#include "storage/concordance_search.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/index_filter.h"
#include "storage/matching_units.h"

namespace duilian::storage {
namespace {

struct TokenTermUnit {
  std::vector<TokenId> tokens;  // any of these; ascending
  Joint joint;
};
using TokenTerm = std::vector<TokenTermUnit>;

constexpr size_t kSlotsPerCheck = 256;
constexpr size_t kLeastPrefix = 2;  // code points

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
  if (!term.empty() && !IsHanUnit(term.back().text)) {
    // Normalising has made a full-width ＊ one of these.
    term.back().prefix = prepared.normalized.substr(before.end) == "*";
  }
  if (!term.empty()) terms.push_back(std::move(term));
}

bool Fits(Joint joint, bool apart) {
  return joint == Joint::kAny || apart == (joint == Joint::kApart);
}

bool StandsAt(const PlacedUnit& unit, const TermUnit& wanted) {
  const bool equal = wanted.prefix ? absl::StartsWith(unit.text, wanted.text)
                                   : unit.text == wanted.text;
  return equal && Fits(wanted.joint, unit.apart);
}

bool StandsAt(PlacedToken token, const TokenTermUnit& wanted) {
  return absl::c_binary_search(wanted.tokens, token.token()) &&
         Fits(wanted.joint, token.apart());
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

// Slots that stand in any of the tokens' lists, ascending.
std::vector<SlotId> SlotsWithAny(const ProjectIndex& index,
                                 text::Language language,
                                 const std::vector<TokenId>& tokens) {
  std::vector<bool> holds(index.slots());
  for (const TokenId token : tokens) {
    index.slots_with(token, language).ForEach([&](SlotId slot) {
      holds[slot] = true;
    });
  }
  std::vector<SlotId> slots;
  for (SlotId slot = 0; slot < holds.size(); ++slot) {
    if (holds[slot]) slots.push_back(slot);
  }
  return slots;
}

// Keeps those that stand in both; both ascend.
void KeepCommon(const std::vector<SlotId>& list, std::vector<SlotId>& slots) {
  std::vector<SlotId> common;
  absl::c_set_intersection(list, slots, std::back_inserter(common));
  slots = std::move(common);
}

// One side of a project, searched for terms.
class SideSearch {
 public:
  SideSearch(const ProjectIndex& index, text::Language language,
             const std::vector<Term>& terms);

  // Slots that hold every unit of the terms, ascending, gone ones among them.
  // Good as long as this object.
  absl::Span<const SlotId> candidates() const { return candidates_; }
  // True when the slot's units hold each term together.
  bool Holds(SlotId slot) const;

 private:
  void FindCandidates();

  const ProjectIndex& index_;
  const text::Language language_;
  std::vector<TokenTerm> terms_;
  std::vector<SlotList> lists_;
  std::vector<std::vector<SlotId>> of_prefixes_;  // lists, too
  std::vector<SlotId> candidates_;
  mutable std::vector<PlacedToken> units_;  // of the slot that is looked at
};

SideSearch::SideSearch(const ProjectIndex& index, text::Language language,
                       const std::vector<Term>& terms)
    : index_(index), language_(language) {
  for (const Term& term : terms) {
    TokenTerm tokens;
    for (const TermUnit& unit : term) {
      if (unit.prefix) {
        tokens.push_back(
            {index.TokensWithPrefix(unit.text, language), unit.joint});
        of_prefixes_.push_back(
            SlotsWithAny(index, language, tokens.back().tokens));
      } else {
        const TokenId token = index.FindToken(unit.text, language);
        tokens.push_back({{token}, unit.joint});
        lists_.push_back(index.slots_with(token, language));
      }
    }
    terms_.push_back(std::move(tokens));
  }
  FindCandidates();
}

void SideSearch::FindCandidates() {
  const auto shorter = [](const auto& a, const auto& b) {
    return a.size() < b.size();
  };
  absl::c_sort(lists_, shorter);
  absl::c_sort(of_prefixes_, shorter);
  // The shortest of all, then the others.
  size_t list = 0;
  size_t of_prefix = 0;
  if (lists_.empty() ||
      (!of_prefixes_.empty() && of_prefixes_[0].size() < lists_[0].size())) {
    candidates_ = std::move(of_prefixes_[of_prefix++]);
  } else {
    candidates_.reserve(lists_[0].size());
    lists_[list++].ForEach([&](SlotId slot) { candidates_.push_back(slot); });
  }
  for (; list < lists_.size(); ++list) lists_[list].KeepCommon(candidates_);
  for (; of_prefix < of_prefixes_.size(); ++of_prefix) {
    KeepCommon(of_prefixes_[of_prefix], candidates_);
  }
}

bool SideSearch::Holds(SlotId slot) const {
  units_.clear();
  index_.AppendTokens(slot, language_, units_);
  return absl::c_all_of(terms_, [&](const TokenTerm& term) {
    return std::search(units_.begin(), units_.end(), term.begin(), term.end(),
                       [](PlacedToken token, const TokenTermUnit& wanted) {
                         return StandsAt(token, wanted);
                       }) != units_.end();
  });
}

// Both sides of a project, or one, searched for terms.
class PairSearch {
 public:
  PairSearch(const ProjectIndex& index, const ConcordanceQuery& query,
             const std::vector<Term>& terms);

  absl::StatusOr<std::vector<ConcordanceUnit>> Run(uint64_t below) const;

 private:
  bool Cancelled() const { return query_.cancelled && query_.cancelled(); }
  std::vector<SlotId> Highest(size_t count, uint64_t below) const;
  std::optional<ConcordanceUnit> Look(SlotId slot) const;

  const ProjectIndex& index_;
  const ConcordanceQuery& query_;
  const IndexFilter filter_;
  std::unique_ptr<const SideSearch> source_, target_;  // null: not searched
  std::vector<SlotId> of_both_;
  absl::Span<const SlotId> candidates_;  // ascending
};

PairSearch::PairSearch(const ProjectIndex& index, const ConcordanceQuery& query,
                       const std::vector<Term>& terms)
    : index_(index), query_(query), filter_(query.filter, index) {
  if (!filter_.possible()) return;
  if (query.language != text::Language::kChinese) {
    source_ = std::make_unique<const SideSearch>(
        index, text::Language::kEnglish, terms);
    candidates_ = source_->candidates();
  }
  if (query.language == text::Language::kEnglish) return;
  target_ = std::make_unique<const SideSearch>(index, text::Language::kChinese,
                                               terms);
  const absl::Span<const SlotId> in_target = target_->candidates();
  if (candidates_.empty()) {
    candidates_ = in_target;
  } else if (!in_target.empty()) {
    absl::c_set_union(candidates_, in_target, std::back_inserter(of_both_));
    candidates_ = of_both_;
  }
}

// The `count` candidates of the highest ranks below `below`, highest first.
std::vector<SlotId> PairSearch::Highest(size_t count, uint64_t below) const {
  const auto higher = [&](SlotId a, SlotId b) {
    return index_.rank(a) > index_.rank(b);
  };
  std::vector<SlotId> heap;  // the lowest of them in front
  // Later slots are newer, so most of the highest come first.
  for (auto slot = candidates_.rbegin(); slot != candidates_.rend(); ++slot) {
    const uint64_t rank = index_.rank(*slot);
    if (rank == 0 || rank >= below) continue;
    if (heap.size() == count) {
      if (rank <= index_.rank(heap.front())) continue;
      absl::c_pop_heap(heap, higher);
      heap.pop_back();
    }
    heap.push_back(*slot);
    absl::c_push_heap(heap, higher);
  }
  absl::c_sort_heap(heap, higher);
  return heap;
}

std::optional<ConcordanceUnit> PairSearch::Look(SlotId slot) const {
  const auto holds = [&](const SideSearch* side, text::Language language) {
    return side != nullptr && filter_.Passes(slot, language) &&
           side->Holds(slot);
  };
  ConcordanceUnit unit;
  unit.version = {index_.id(slot), index_.context(slot).revision};
  unit.rank = index_.rank(slot);
  unit.in_source = holds(source_.get(), text::Language::kEnglish);
  unit.in_target = holds(target_.get(), text::Language::kChinese);
  if (!unit.in_source && !unit.in_target) return std::nullopt;
  return unit;
}

absl::StatusOr<std::vector<ConcordanceUnit>> PairSearch::Run(
    uint64_t below) const {
  std::vector<ConcordanceUnit> units;
  // Each round picks more, as the candidates are gone through each time.
  for (size_t count = 2 * (query_.limit + 1);; count *= 8) {
    const std::vector<SlotId> slots = Highest(count, below);
    for (size_t i = 0; i < slots.size(); ++i) {
      if (i % kSlotsPerCheck == 0 && Cancelled()) {
        return absl::CancelledError("the concordance search was cancelled");
      }
      const std::optional<ConcordanceUnit> unit = Look(slots[i]);
      if (!unit.has_value()) continue;
      units.push_back(*unit);
      if (units.size() > query_.limit) return units;
    }
    if (slots.size() < count) return units;
    below = index_.rank(slots.back());
  }
}

// kInvalidArgument: a prefix that is too short.
absl::Status CheckPrefixes(const std::vector<Term>& terms) {
  for (const Term& term : terms) {
    const TermUnit& last = term.back();
    if (!last.prefix || text::Codepoints(last.text).size() >= kLeastPrefix) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "query: \"", last.text, "*\" given; at least ", kLeastPrefix,
        " letters before * are accepted; add the next letter of the word"));
  }
  return absl::OkStatus();
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
        "query: nothing but white space, punctuation and signs given; a word, "
        "an "
        "emoji or a "
        "Chinese character is accepted; send what to search for");
  }
  if (absl::Status status = CheckPrefixes(terms); !status.ok()) return status;
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
    const std::vector<Term>& terms, uint64_t below) {
  return PairSearch(index, query, terms).Run(below);
}

}  // namespace duilian::storage
