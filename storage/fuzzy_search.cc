// The simple version computes the edit distance d of the query q to every
// text u, and keeps those with 100 * (L - d) >= threshold * L, where L is the
// longer length. Here most texts are never looked at. A text that qualifies
// shares at least T = ceil(threshold * L / 100) units with the query, counted
// with repetitions, since an edit touches one unit of the longer text.
// 1. Lengths: T is at most the shorter length, which bounds u's length from
//    both sides.
// 2. Rare units: of q's units at most |q| - T are not shared, so among any
//    |q| - T + 1 of them one is in u. The rarest ones are taken, and only the
//    texts in their lists are candidates (prefix filter: Chaudhuri et al.
//    2006).
// 3. Shared units: those of a candidate are counted; fewer than T, and it is
//    out.
// 4. The distance, in bits (edit_distance.h), given up beyond L - T.
// Tested by lookup_index_test.cc against the simple version.

#include "storage/fuzzy_search.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "storage/edit_distance.h"
#include "storage/index_filter.h"
#include "text/normalize.h"

namespace duilian::storage {
namespace {

// How many candidates pass between two looks at whether the call is over.
constexpr size_t kCandidatesPerCheck = 512;

// The least number of shared units when the longer text has `length`.
size_t LeastShared(size_t length, int threshold_percent) {
  return (length * static_cast<size_t>(threshold_percent) + 99) / 100;
}

// The query's distinct units.
struct QuerySymbol {
  TokenId token = kUnknownToken;
  uint16_t count = 0;
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
    uint64_t revision;
    UnitId id;
    auto Order() const {
      return std::tie(score_percent, accepted, revision, id);
    }
  };

  void NumberSymbols();
  std::vector<TokenId> RareTokens() const;
  absl::Status SearchSlots(absl::Span<const SlotId> slots);
  void Consider(SlotId slot);
  bool SharesEnough(absl::Span<const TokenId> tokens, size_t least);
  void Score(SlotId slot, size_t distance, size_t length);
  std::vector<ScoredUnit> Best();

  const ProjectIndex& index_;
  const FuzzyQuery& query_;
  const PreparedQuery& prepared_;
  const IndexFilter filter_;
  size_t shortest_ = 0, longest_ = 0;  // lengths that can qualify
  std::vector<Symbol> pattern_;        // the query's units
  std::vector<QuerySymbol> symbols_;   // by Symbol
  std::vector<Symbol> symbol_of_;      // by TokenId
  std::vector<bool> seen_;             // by SlotId
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

// Tokens of which every text that qualifies holds one.
std::vector<TokenId> Search::RareTokens() const {
  std::vector<std::pair<size_t, Symbol>> by_cost;
  for (size_t i = 0; i < symbols_.size(); ++i) {
    const size_t slots =
        index_.slots_with(symbols_[i].token, query_.language).size();
    // A unit that stands twice settles two of the units to be settled.
    by_cost.emplace_back(slots / symbols_[i].count, static_cast<Symbol>(i));
  }
  std::sort(by_cost.begin(), by_cost.end());
  size_t unsettled = pattern_.size() -
                     LeastShared(pattern_.size(), query_.threshold_percent) + 1;
  const size_t unknown = static_cast<size_t>(
      std::count(pattern_.begin(), pattern_.end(), kForeignSymbol));
  unsettled -= std::min(unsettled, unknown);
  std::vector<TokenId> tokens;
  for (const auto& [cost, symbol] : by_cost) {
    if (unsettled == 0) break;
    tokens.push_back(symbols_[symbol].token);
    unsettled -= std::min<size_t>(unsettled, symbols_[symbol].count);
  }
  return tokens;
}

// Counts shared units, and translates `tokens` into text_.
bool Search::SharesEnough(absl::Span<const TokenId> tokens, size_t least) {
  for (size_t i = 0; i < symbols_.size(); ++i) left_[i] = symbols_[i].count;
  size_t may_miss = tokens.size() - least;
  text_.resize(tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Symbol symbol = symbol_of_[tokens[i]];
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
                   entry.revision, entry.id});
}

void Search::Consider(SlotId slot) {
  const uint32_t length = index_.length(slot, query_.language);
  if (length < shortest_ || length > longest_ || seen_[slot]) return;
  seen_[slot] = true;
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

absl::Status Search::SearchSlots(absl::Span<const SlotId> slots) {
  for (size_t i = 0; i < slots.size(); ++i) {
    if (i % kCandidatesPerCheck == 0 && query_.cancelled &&
        query_.cancelled()) {
      return absl::CancelledError("the look-up was cancelled");
    }
    Consider(slots[i]);
  }
  return absl::OkStatus();
}

std::vector<ScoredUnit> Search::Best() {
  const size_t count = std::min(hits_.size(), query_.limit);
  std::partial_sort(
      hits_.begin(), hits_.begin() + static_cast<std::ptrdiff_t>(count),
      hits_.end(),
      [](const Hit& a, const Hit& b) { return a.Order() > b.Order(); });
  std::vector<ScoredUnit> best;
  for (size_t i = 0; i < count; ++i) {
    best.push_back({{hits_[i].id, hits_[i].revision}, hits_[i].score_percent});
  }
  return best;
}

absl::StatusOr<std::vector<ScoredUnit>> Search::Run() {
  if (!filter_.possible()) return std::vector<ScoredUnit>();
  seen_.assign(index_.slots(), false);
  NumberSymbols();
  left_.resize(symbols_.size());
  if (pattern_.empty()) {
    // Without units to share there is no resemblance, only equality.
    absl::Status status = SearchSlots(index_.tokenless(query_.language));
    if (!status.ok()) return status;
    return Best();
  }
  for (const TokenId token : RareTokens()) {
    absl::Status status =
        SearchSlots(index_.slots_with(token, query_.language));
    if (!status.ok()) return status;
  }
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
