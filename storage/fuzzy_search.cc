// The simple version computes the edit distance d of the query q to every
// text u, and keeps those with 100 * (L - d) >= threshold * L, where L is the
// longer length. Here most texts are never looked at. A text that qualifies
// shares at least T = ceil(threshold * L / 100) units with the query, counted
// with repetitions, since an edit touches one unit of the longer text.
// 1. Lengths: T is at most the shorter length, which bounds u's length from
//    both sides.
// 2. Rare units: of q's units at most |q| - T are not shared, so among any
//    |q| - T + k of them k are in u. The rarest ones are taken, and only the
//    texts that stand k times in their lists are candidates (prefix filter:
//    Chaudhuri et al. 2006; k above 1: Li et al. 2008). A larger k means more
//    and longer lists but fewer candidates, and a look at a candidate costs
//    much more than one at a list's entry.
// 3. Shared units: those of a candidate are counted; fewer than T, and it is
//    out.
// 4. The distance, in bits (edit_distance.h), given up beyond L - T.
// Tested by lookup_index_test.cc against the simple version.

#include "storage/fuzzy_search.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "storage/edit_distance.h"
#include "storage/index_filter.h"
#include "text/normalize.h"

namespace duilian::storage {
namespace {

// How many entries pass between two looks at whether the call is over.
constexpr size_t kEntriesPerCheck = 4096;

// The lists may hold so many times the entries that they hold for k = 1.
constexpr size_t kListBudget = 3;

absl::Status CallIsOver() {
  return absl::CancelledError("the look-up was cancelled");
}

// The least number of shared units when the longer text has `length`.
size_t LeastShared(size_t length, int threshold_percent) {
  return (length * static_cast<size_t>(threshold_percent) + 99) / 100;
}

// The query's distinct units.
struct QuerySymbol {
  TokenId token = kUnknownToken;
  uint16_t count = 0;
};

// Units of which every text that qualifies shares at least `least`.
struct RareUnits {
  std::vector<Symbol> symbols;
  size_t least = 1;
};

class Search {
 public:
  Search(const ProjectIndex& index, const FuzzyQuery& query,
         const PreparedQuery& prepared);

  absl::StatusOr<std::vector<ScoredUnit>> Run();

 private:
  struct Hit {
    int score_percent;
    bool accepted;
    double confidence;
    uint64_t revision;
    UnitId id;
    uint64_t texts_hash;
    int64_t occurrences = 1;
    // As IsBetterMatch.
    auto Order() const {
      return std::tie(score_percent, accepted, confidence, revision, id);
    }
  };

  void NumberSymbols();
  RareUnits ChooseRareUnits() const;
  absl::Status SearchRareUnits(const RareUnits& rare);
  absl::Status SearchTokenless();
  bool Cancelled() const { return query_.cancelled && query_.cancelled(); }
  void Consider(SlotId slot);
  bool SharesEnough(absl::Span<const PlacedToken> tokens, size_t least);
  void Score(SlotId slot, size_t distance, size_t length);
  void CollapseEqualPairs();
  std::vector<ScoredUnit> Best();

  const ProjectIndex& index_;
  const FuzzyQuery& query_;
  const PreparedQuery& prepared_;
  const IndexFilter filter_;
  size_t shortest_ = 0, longest_ = 0;  // lengths that can qualify
  std::vector<Symbol> pattern_;        // the query's units
  std::vector<QuerySymbol> symbols_;   // by Symbol
  std::vector<Symbol> symbol_of_;      // by TokenId
  std::vector<uint16_t> left_;         // by Symbol: not yet shared
  std::vector<Symbol> text_;           // the candidate's units
  std::vector<Hit> hits_;
  std::optional<EditPattern> distance_;
};

Search::Search(const ProjectIndex& index, const FuzzyQuery& query,
               const PreparedQuery& prepared)
    : index_(index),
      query_(query),
      prepared_(prepared),
      filter_(query.filter, index) {
  const size_t units = prepared.text.units.size();
  shortest_ = LeastShared(units, query.threshold_percent);
  longest_ = 100 * units / static_cast<size_t>(query.threshold_percent);
}

void Search::NumberSymbols() {
  symbol_of_.assign(index_.vocabulary_size(), kForeignSymbol);
  const absl::string_view text = prepared_.text.normalized;
  for (const text::ByteSpan& unit : prepared_.text.units) {
    const TokenId token =
        index_.FindToken(text.substr(unit.begin, unit.size()));
    if (token == kUnknownToken) {
      pattern_.push_back(kForeignSymbol);
      continue;
    }
    Symbol& symbol = symbol_of_[token];
    if (symbol == kForeignSymbol) {
      symbol = static_cast<Symbol>(symbols_.size());
      symbols_.push_back({token, 0});
    }
    ++symbols_[symbol].count;
    pattern_.push_back(symbol);
  }
  distance_.emplace(pattern_, symbols_.size());
}

RareUnits Search::ChooseRareUnits() const {
  std::vector<std::pair<size_t, Symbol>> by_cost;
  const auto slots = [&](Symbol symbol) {
    return index_.slots_with(symbols_[symbol].token, query_.language).size();
  };
  for (size_t i = 0; i < symbols_.size(); ++i) {
    const Symbol symbol = static_cast<Symbol>(i);
    // A unit that stands twice counts for two at the cost of one list.
    by_cost.emplace_back(slots(symbol) / symbols_[i].count, symbol);
  }
  std::sort(by_cost.begin(), by_cost.end());
  // Units that no stored text has are among those that are not shared.
  const size_t unknown = static_cast<size_t>(
      std::count(pattern_.begin(), pattern_.end(), kForeignSymbol));
  const size_t not_shared =
      pattern_.size() - LeastShared(pattern_.size(), query_.threshold_percent);
  RareUnits rare;
  size_t taken = unknown;
  size_t entries = 0;  // of the lists taken
  size_t budget = 0;   // for lists beyond those for k = 1
  for (const auto& [cost, symbol] : by_cost) {
    const bool needed = taken <= not_shared;
    if (!needed && entries + slots(symbol) > budget) break;
    rare.symbols.push_back(symbol);
    taken += symbols_[symbol].count;
    entries += slots(symbol);
    if (needed) budget = kListBudget * entries;
  }
  if (taken > not_shared) rare.least = taken - not_shared;
  return rare;
}

// Counts shared units, and translates `tokens` into text_.
bool Search::SharesEnough(absl::Span<const PlacedToken> tokens, size_t least) {
  for (size_t i = 0; i < symbols_.size(); ++i) left_[i] = symbols_[i].count;
  size_t may_miss = tokens.size() - least;
  text_.resize(tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Symbol symbol = symbol_of_[tokens[i].token()];
    text_[i] = symbol;
    if (symbol != kForeignSymbol && left_[symbol] > 0) {
      --left_[symbol];
    } else if (may_miss-- == 0) {
      return false;
    }
  }
  return true;
}

void Search::Score(SlotId slot, size_t distance, size_t length) {
  const IndexEntry& entry = index_.entry(slot);
  const SideEntry& side = index_.side(slot, query_.language);
  int score;
  if (side.text_hash == prepared_.text_hash) {
    const auto equal = [](uint64_t a, uint64_t b) { return a != 0 && a == b; };
    score = 100 + (equal(side.previous_hash, prepared_.previous_hash) ? 1 : 0) +
            (equal(side.next_hash, prepared_.next_hash) ? 1 : 0);
  } else {
    const size_t percent = length == 0 ? 0 : 100 * (length - distance) / length;
    score = static_cast<int>(std::min<size_t>(percent, 99));
  }
  if (score < query_.threshold_percent) return;
  hits_.push_back({score, entry.status == ReviewStatus::kAccepted,
                   entry.confidence, entry.revision, entry.id,
                   entry.texts_hash});
}

void Search::Consider(SlotId slot) {
  const uint32_t length = index_.length(slot, query_.language);
  if (length < shortest_ || length > longest_) return;
  const size_t longer = std::max<size_t>(length, pattern_.size());
  const size_t least = LeastShared(longer, query_.threshold_percent);
  if (!SharesEnough(index_.tokens(slot, query_.language), least)) return;
  if (!filter_.Passes(index_.entry(slot), index_.side(slot, query_.language))) {
    return;
  }
  const std::optional<size_t> distance =
      distance_->Distance(text_, longer - least);
  if (distance.has_value()) Score(slot, *distance, longer);
}

absl::Status Search::SearchRareUnits(const RareUnits& rare) {
  // By SlotId: how many of the rare units the text shares at most.
  std::vector<uint16_t> shared(index_.slots());
  const size_t least = rare.least;
  size_t entries = 0;
  for (const Symbol symbol : rare.symbols) {
    const uint16_t count = symbols_[symbol].count;
    for (const SlotId slot :
         index_.slots_with(symbols_[symbol].token, query_.language)) {
      if (++entries % kEntriesPerCheck == 0 && Cancelled()) return CallIsOver();
      const size_t before = shared[slot];
      shared[slot] = static_cast<uint16_t>(before + count);
      if (before < least && before + count >= least) Consider(slot);
    }
  }
  return absl::OkStatus();
}

// Without units to share there is no resemblance, only equality.
absl::Status Search::SearchTokenless() {
  size_t entries = 0;
  for (const SlotId slot : index_.tokenless(query_.language)) {
    if (++entries % kEntriesPerCheck == 0 && Cancelled()) return CallIsOver();
    Consider(slot);
  }
  return absl::OkStatus();
}

// Of the hits with the same texts the best one stays, and counts them.
void Search::CollapseEqualPairs() {
  absl::flat_hash_map<uint64_t, size_t> place_of;
  std::vector<Hit> distinct;
  for (const Hit& hit : hits_) {
    const auto [found, is_new] =
        place_of.try_emplace(hit.texts_hash, distinct.size());
    if (is_new) {
      distinct.push_back(hit);
      continue;
    }
    Hit& best = distinct[found->second];
    const int64_t occurrences = best.occurrences + 1;
    if (hit.Order() > best.Order()) best = hit;
    best.occurrences = occurrences;
  }
  hits_ = std::move(distinct);
}

std::vector<ScoredUnit> Search::Best() {
  CollapseEqualPairs();
  const size_t count = std::min(hits_.size(), query_.limit);
  std::partial_sort(
      hits_.begin(), hits_.begin() + static_cast<std::ptrdiff_t>(count),
      hits_.end(),
      [](const Hit& a, const Hit& b) { return a.Order() > b.Order(); });
  std::vector<ScoredUnit> best;
  for (size_t i = 0; i < count; ++i) {
    best.push_back({{hits_[i].id, hits_[i].revision},
                    hits_[i].score_percent,
                    hits_[i].occurrences});
  }
  return best;
}

absl::StatusOr<std::vector<ScoredUnit>> Search::Run() {
  if (Cancelled()) return CallIsOver();
  if (!filter_.possible()) return std::vector<ScoredUnit>();
  NumberSymbols();
  left_.resize(symbols_.size());
  absl::Status status =
      pattern_.empty() ? SearchTokenless() : SearchRareUnits(ChooseRareUnits());
  if (!status.ok()) return status;
  return Best();
}

}  // namespace

PreparedQuery PrepareQuery(const FuzzyQuery& query) {
  PreparedQuery prepared;
  prepared.text = PrepareText(query.text);
  prepared.text_hash = HashText(prepared.text.normalized);
  prepared.previous_hash =
      HashText(text::NormalizeForMatching(query.previous_text));
  prepared.next_hash = HashText(text::NormalizeForMatching(query.next_text));
  return prepared;
}

absl::StatusOr<std::vector<ScoredUnit>> FuzzySearch(
    const ProjectIndex& index, const FuzzyQuery& query,
    const PreparedQuery& prepared) {
  return Search(index, query, prepared).Run();
}

}  // namespace duilian::storage
