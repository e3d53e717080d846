// The simple version looks at every unit, keeps those whose tokens hold the
// terms, and sorts them by rank. Here
// 1. the slots that hold every token of the terms come from intersecting the
//    tokens' lists, the shortest with the others by galloping; for a part of a
//    word the slots of all tokens that it stands in are marked, a bit a slot;
// 2. where that leaves many, they are gone through a run of slots at a time,
//    the run of the highest rank first, until no other run can have a rank that
//    still comes onto the page: of a common word one or two runs are read;
// 3. that a term's tokens stand together is looked up in the texts as they are
//    held, from one place of its first token to the next.
// Tested by lookup_index_test.cc and concordance_search_test.cc against the
// simple version.

#include "storage/concordance_search.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "storage/index_filter.h"

namespace duilian::storage {
namespace {

struct TokenTermUnit {
  std::vector<TokenId> tokens;  // any of these; ascending
  Joint joint;
};
using TokenTerm = std::vector<TokenTermUnit>;

constexpr size_t kSlotsPerCheck = 256;
// So many are gone through at once sooner than run by run.
constexpr size_t kFewCandidates = ProjectIndex::kSlotsPerRange;

bool IsAnyOf(const std::vector<TokenId>& tokens, TokenId token) {
  return tokens.size() == 1 ? token == tokens[0]
                            : absl::c_binary_search(tokens, token);
}

bool StandsAt(PlacedToken token, const TokenTermUnit& wanted) {
  return IsAnyOf(wanted.tokens, token.token()) &&
         JointAllows(wanted.joint, token.apart());
}

// Moves behind the next place of any of the tokens. False: there is none.
bool SkipPastAny(const std::vector<TokenId>& tokens, TokenReader& reader) {
  if (tokens.size() == 1) return reader.SkipPast(tokens[0]);
  while (!reader.done()) {
    if (IsAnyOf(tokens, reader.Next().token())) return true;
  }
  return false;
}

// The slots that a part of a word stands in, the gone ones among them.
struct PartSlots {
  std::vector<bool> holds;  // by slot
  size_t size = 0;          // those that hold it
};

// Those that stand in any of the tokens' lists.
PartSlots SlotsWithAny(const ProjectIndex& index, text::Language language,
                       const std::vector<TokenId>& tokens) {
  PartSlots slots;
  slots.holds.resize(index.slots());
  for (const TokenId token : tokens) {
    index.slots_with(token, language).ForEach([&](SlotId slot) {
      if (slots.holds[slot]) return;
      slots.holds[slot] = true;
      ++slots.size;
    });
  }
  return slots;
}

// One side of a project, searched for terms.
class SideSearch {
 public:
  SideSearch(const ProjectIndex& index, text::Language language,
             const std::vector<Term>& terms);

  // No more slots than this are candidates.
  size_t most_candidates() const;
  // Fills `slots` with those of [begin, end) that hold every unit of the terms,
  // ascending, gone ones among them.
  void FindCandidates(SlotId begin, SlotId end,
                      std::vector<SlotId>& slots) const;
  // True when a candidate's units hold each term together.
  bool Holds(SlotId slot) const;

 private:
  bool HoldsTerm(SlotId slot, const TokenTerm& term) const;

  const ProjectIndex& index_;
  const text::Language language_;
  std::vector<TokenTerm> terms_;
  std::vector<SlotList> lists_;  // shortest first
  std::vector<PartSlots> of_parts_;
};

SideSearch::SideSearch(const ProjectIndex& index, text::Language language,
                       const std::vector<Term>& terms)
    : index_(index), language_(language) {
  for (const Term& term : terms) {
    TokenTerm tokens;
    for (const TermUnit& unit : term) {
      if (unit.is_part()) {
        tokens.push_back({index.TokensWith(unit.part(), language), unit.joint});
        of_parts_.push_back(
            SlotsWithAny(index, language, tokens.back().tokens));
      } else {
        const TokenId token = index.FindToken(unit.text, language);
        tokens.push_back({{token}, unit.joint});
        lists_.push_back(index.slots_with(token, language));
      }
    }
    terms_.push_back(std::move(tokens));
  }
  absl::c_sort(lists_, [](const SlotList& a, const SlotList& b) {
    return a.size() < b.size();
  });
  absl::c_sort(of_parts_, [](const PartSlots& a, const PartSlots& b) {
    return a.size < b.size;
  });
}

size_t SideSearch::most_candidates() const {
  if (lists_.empty()) return of_parts_[0].size;
  if (of_parts_.empty()) return lists_[0].size();
  return std::min(lists_[0].size(), of_parts_[0].size);
}

void SideSearch::FindCandidates(SlotId begin, SlotId end,
                                std::vector<SlotId>& slots) const {
  slots.clear();
  // The shortest of all, then the others.
  size_t list = 0;
  size_t of_part = 0;
  if (lists_.empty() ||
      (!of_parts_.empty() && of_parts_[0].size < lists_[0].size())) {
    const std::vector<bool>& holds = of_parts_[of_part++].holds;
    for (SlotId slot = begin; slot < end; ++slot) {
      if (holds[slot]) slots.push_back(slot);
    }
  } else {
    lists_[list++].AppendBetween(begin, end, slots);
  }
  for (; list < lists_.size(); ++list) lists_[list].KeepCommon(slots);
  for (; of_part < of_parts_.size(); ++of_part) {
    std::erase_if(slots,
                  [&](SlotId slot) { return !of_parts_[of_part].holds[slot]; });
  }
}

bool SideSearch::HoldsTerm(SlotId slot, const TokenTerm& term) const {
  TokenReader reader = index_.Tokens(slot, language_);
  while (SkipPastAny(term[0].tokens, reader)) {
    TokenReader rest = reader;
    size_t next = 1;  // unit
    while (next < term.size() && !rest.done() &&
           StandsAt(rest.Next(), term[next])) {
      ++next;
    }
    if (next == term.size()) return true;
  }
  return false;
}

bool SideSearch::Holds(SlotId slot) const {
  return absl::c_all_of(terms_, [&](const TokenTerm& term) {
    // Of one unit its list says enough.
    return term.size() == 1 || HoldsTerm(slot, term);
  });
}

// The units of the highest ranks, of those that are added.
class HighestUnits {
 public:
  explicit HighestUnits(size_t most) : most_(most) {}

  // False: a unit of that rank, or of a lower one, is not among them.
  bool Takes(uint64_t rank) const {
    return units_.size() < most_ || rank > units_.front().rank;
  }
  // Takes(unit.rank).
  void Add(const ConcordanceUnit& unit) {
    if (units_.size() == most_) {
      absl::c_pop_heap(units_, IsHigher);
      units_.pop_back();
    }
    units_.push_back(unit);
    absl::c_push_heap(units_, IsHigher);
  }
  // The highest first.
  std::vector<ConcordanceUnit> InOrder() && {
    absl::c_sort_heap(units_, IsHigher);
    return std::move(units_);
  }

 private:
  static bool IsHigher(const ConcordanceUnit& a, const ConcordanceUnit& b) {
    return a.rank > b.rank;
  }

  const size_t most_;
  std::vector<ConcordanceUnit> units_;  // a heap, the lowest in front
};

// Slots that are gone through at once, and what their ranks are at the most.
struct SlotRun {
  SlotId begin = 0, end = 0;
  uint64_t highest_rank = 0;
};

// Both sides of a project, or one, searched for terms.
class PairSearch {
 public:
  PairSearch(const ProjectIndex& index, const ConcordanceQuery& query,
             const std::vector<Term>& terms);

  absl::StatusOr<std::vector<ConcordanceUnit>> Run(uint64_t below);

 private:
  struct Candidate {
    SlotId slot = 0;
    bool in_source = false, in_target = false;  // may be
  };

  std::vector<SlotRun> Runs(uint64_t below) const;
  void FindCandidates(const SlotRun& run);
  absl::Status LookThrough(const SlotRun& run, uint64_t below,
                           HighestUnits& found);
  // Leaves the sides that hold the terms, and pass.
  void LookAt(Candidate& candidate) const;

  const ProjectIndex& index_;
  const ConcordanceQuery& query_;
  const IndexFilter filter_;
  std::unique_ptr<const SideSearch> source_, target_;  // null: not searched
  // Of the run that is gone through:
  std::vector<SlotId> of_source_, of_target_;
  std::vector<Candidate> candidates_;  // ascending
};

PairSearch::PairSearch(const ProjectIndex& index, const ConcordanceQuery& query,
                       const std::vector<Term>& terms)
    : index_(index), query_(query), filter_(query.filter, index) {
  if (!filter_.possible()) return;
  if (query.language != text::Language::kChinese) {
    source_ = std::make_unique<const SideSearch>(
        index, text::Language::kEnglish, terms);
  }
  if (query.language != text::Language::kEnglish) {
    target_ = std::make_unique<const SideSearch>(
        index, text::Language::kChinese, terms);
  }
}

// The runs that may have ranks below `below`, those of the highest first. One
// of all slots when few of them are candidates.
std::vector<SlotRun> PairSearch::Runs(uint64_t below) const {
  const auto slots = static_cast<SlotId>(index_.slots());
  size_t candidates = 0;
  for (const SideSearch* side : {source_.get(), target_.get()}) {
    if (side != nullptr) candidates += side->most_candidates();
  }
  if (candidates <= kFewCandidates) return {{0, slots, below}};
  std::vector<SlotRun> runs;
  const absl::Span<const RankRange> ranks = index_.rank_ranges();
  // Later slots are newer, so this is nearly their order.
  for (size_t i = ranks.size(); i-- > 0;) {
    if (ranks[i].lowest >= below) continue;
    const size_t begin = i * ProjectIndex::kSlotsPerRange;
    const size_t end =
        std::min(index_.slots(), begin + ProjectIndex::kSlotsPerRange);
    runs.push_back({static_cast<SlotId>(begin), static_cast<SlotId>(end),
                    ranks[i].highest});
  }
  absl::c_sort(runs, [](const SlotRun& a, const SlotRun& b) {
    return a.highest_rank > b.highest_rank;
  });
  return runs;
}

void PairSearch::FindCandidates(const SlotRun& run) {
  of_source_.clear();
  of_target_.clear();
  if (source_ != nullptr) {
    source_->FindCandidates(run.begin, run.end, of_source_);
  }
  if (target_ != nullptr) {
    target_->FindCandidates(run.begin, run.end, of_target_);
  }
  candidates_.clear();
  auto source = of_source_.begin();
  auto target = of_target_.begin();
  while (source != of_source_.end() || target != of_target_.end()) {
    Candidate candidate;
    candidate.in_source = source != of_source_.end() &&
                          (target == of_target_.end() || *source <= *target);
    candidate.in_target = target != of_target_.end() &&
                          (source == of_source_.end() || *target <= *source);
    candidate.slot = candidate.in_source ? *source : *target;
    if (candidate.in_source) ++source;
    if (candidate.in_target) ++target;
    candidates_.push_back(candidate);
  }
}

void PairSearch::LookAt(Candidate& candidate) const {
  const SlotId slot = candidate.slot;
  candidate.in_source = candidate.in_source &&
                        filter_.Passes(slot, text::Language::kEnglish) &&
                        source_->Holds(slot);
  candidate.in_target = candidate.in_target &&
                        filter_.Passes(slot, text::Language::kChinese) &&
                        target_->Holds(slot);
}

// kCancelled.
absl::Status PairSearch::LookThrough(const SlotRun& run, uint64_t below,
                                     HighestUnits& found) {
  FindCandidates(run);
  size_t looked = 0;
  // Later slots are newer, so most of the highest come first.
  for (size_t i = candidates_.size(); i-- > 0;) {
    Candidate& candidate = candidates_[i];
    const uint64_t rank = index_.rank(candidate.slot);
    if (rank == 0 || rank >= below || !found.Takes(rank)) continue;
    if (looked++ % kSlotsPerCheck == 0 && query_.cancelled &&
        query_.cancelled()) {
      return absl::CancelledError("the concordance search was cancelled");
    }
    LookAt(candidate);
    if (!candidate.in_source && !candidate.in_target) continue;
    found.Add(
        {{index_.id(candidate.slot), index_.context(candidate.slot).revision},
         rank,
         candidate.in_source,
         candidate.in_target});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ConcordanceUnit>> PairSearch::Run(uint64_t below) {
  HighestUnits found(query_.limit + 1);
  if (!filter_.possible()) return std::move(found).InOrder();
  for (const SlotRun& run : Runs(below)) {
    if (!found.Takes(run.highest_rank)) break;
    if (absl::Status status = LookThrough(run, below, found); !status.ok()) {
      return status;
    }
  }
  return std::move(found).InOrder();
}

}  // namespace

absl::StatusOr<std::vector<ConcordanceUnit>> ConcordanceSearch(
    const ProjectIndex& index, const ConcordanceQuery& query,
    const std::vector<Term>& terms, uint64_t below) {
  return PairSearch(index, query, terms).Run(below);
}

}  // namespace duilian::storage
