// The simple version: align the query with the text of every unit, where the
// text may hang over the query at either end and the query over the text, and
// keep the best. The complications:
//
// 1. Most units share nothing with it: the posting lists of its tokens say
//    which do. A unit that holds the query but for k edits has one at least of
//    any k + 1 of its tokens, so the rarest lists are enough to meet it; the
//    common ones are left out once kMostPostings entries are read.
// 2. Rare tokens weigh more (by the logarithm of their rarity), so that the
//    units that are compared are those that share what few have.
// 3. Of those, the scores are computed before where they overlap (overlap.h).
// 4. A short unit in the middle of a pasted paragraph ("Yes.") shares little
//    that is rare; it stands beside units that do, mostly under the next id.
// 5. Of the units that are left, those are not read that lack so much of the
//    query, with all that is kept of their document, that no passage in them
//    can reach the threshold.
//
// Tested by passage_search_test.cc.

#include "storage/passage_search.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "storage/heaviest_slots.h"
#include "storage/index_filter.h"
#include "storage/overlap.h"

namespace duilian::storage {
namespace {

// Units that are kept: more for a longer query, which more of them make up.
constexpr size_t kLeastKept = 32, kMostKept = 256;
constexpr size_t kTokensPerKept = 4, kKeptPerPassage = 4;
// Ids between two kept units that are taken for their neighbours.
constexpr UnitId kMostBetween = 8;
// Texts that are read before they are compared.
constexpr size_t kReadAtOnce = 512;

std::vector<TokenId> TokensOf(const ProjectIndex& index,
                              text::Language language,
                              const PreparedText& text) {
  std::vector<TokenId> tokens;
  for (const text::ByteSpan& unit : text.units) {
    tokens.push_back(index.FindToken(
        absl::string_view(text.normalized).substr(unit.begin, unit.size()),
        language));
  }
  return tokens;
}

absl::Status Cancelled() {
  return absl::CancelledError("the search for a passage was cancelled");
}

// The lists of the query's tokens, each token once, shortest first.
std::vector<WeightedList> RarestLists(const ProjectIndex& index,
                                      text::Language language,
                                      std::vector<TokenId> tokens) {
  absl::c_sort(tokens);
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  std::vector<WeightedList> lists;
  for (const TokenId token : tokens) {
    const SlotList list = index.slots_with(token, language);
    if (list.empty()) continue;
    const auto weight =
        static_cast<uint32_t>(std::bit_width(index.slots() / list.size()));
    lists.push_back({list, weight});
  }
  absl::c_stable_sort(lists, [](const WeightedList& a, const WeightedList& b) {
    return a.slots.size() < b.slots.size();
  });
  size_t postings = 0;
  for (size_t i = 0; i < lists.size(); ++i) {
    postings += lists[i].slots.size();
    if (i > 0 && postings > kMostPostings) lists.resize(i);
  }
  return lists;
}

// Slots that share tokens with the query, those that share the most rare ones
// first, and that live and pass the filter. kCancelled.
absl::StatusOr<std::vector<HeavySlot>> SharingSlots(
    const ProjectIndex& index, const PassageQuery& query,
    const std::vector<TokenId>& tokens, IdleThreads& threads) {
  const IndexFilter filter(query.filter, index);
  if (!filter.possible()) return std::vector<HeavySlot>();
  const auto accept = [&](SlotId slot) {
    return !index.is_gone(slot) && filter.Passes(slot, query.language);
  };
  const auto id = [&](SlotId slot) { return index.id(slot); };
  const std::vector<WeightedList> lists =
      RarestLists(index, query.language, tokens);
  std::vector<HeavySlot> slots = HeaviestSlots(
      {lists, index.slots(), kMostCompared, accept, id, query.cancelled},
      threads);
  if (query.cancelled && query.cancelled()) return Cancelled();
  return slots;
}

// The query's tokens by their first places in it, and the texts' likewise.
class QuoteTokens {
 public:
  explicit QuoteTokens(const std::vector<TokenId>& tokens) {
    for (size_t i = 0; i < tokens.size(); ++i) {
      const auto [known, is_new] =
          places_.try_emplace(tokens[i], static_cast<QuoteToken>(i + 1));
      quote_.push_back(known->second);
    }
  }

  absl::Span<const QuoteToken> quote() const { return quote_; }

  void AppendText(const ProjectIndex& index, SlotId slot,
                  text::Language language,
                  std::vector<QuoteToken>& text) const {
    TokenReader reader = index.Tokens(slot, language);
    while (!reader.done()) {
      const auto place = places_.find(reader.Next().token());
      text.push_back(place == places_.end() ? QuoteToken{0} : place->second);
    }
  }

 private:
  absl::flat_hash_map<TokenId, QuoteToken> places_;
  std::vector<QuoteToken> quote_;
};

struct Kept {
  SlotId slot = 0;
  int score = 0;
  bool has_all = false;  // of the query
};

// Of the units that are compared, those that overlap with the query the best.
class BestUnits {
 public:
  BestUnits(const ProjectIndex& index, const PassageQuery& query,
            const QuoteTokens& tokens)
      : index_(index),
        query_(query),
        tokens_(tokens),
        scores_(tokens.quote()),
        most_(std::clamp(tokens.quote().size() / kTokensPerKept +
                             query.limit * kKeptPerPassage,
                         kLeastKept, kMostKept)) {}

  // Compares the slots that share the most with the query. kCancelled.
  absl::Status Compare(const std::vector<HeavySlot>& slots) {
    for (size_t begin = 0; begin < slots.size() && !full_;) {
      if (query_.cancelled && query_.cancelled()) return Cancelled();
      begin = ReadTexts(slots, begin);
      ScoreTexts();
    }
    return absl::OkStatus();
  }

  // The best, best first.
  std::vector<Kept> Take() && {
    DropTheWorst();
    absl::c_sort(kept_, [&](const Kept& a, const Kept& b) {
      const auto order = [&](const Kept& unit) {
        return std::make_tuple(
            -unit.score,
            index_.context(unit.slot).status != ReviewStatus::kAccepted,
            index_.uncertainty(unit.slot), index_.id(unit.slot));
      };
      return order(a) < order(b);
    });
    if (kept_.size() > most_) kept_.resize(most_);
    for (Kept& unit : kept_) {
      std::vector<QuoteToken> text;
      tokens_.AppendText(index_, unit.slot, query_.language, text);
      const Overlap overlap = BestOverlap(tokens_.quote(), text);
      unit.has_all =
          overlap.begin == 0 && overlap.end == tokens_.quote().size();
    }
    return std::move(kept_);
  }

 private:
  struct Text {
    SlotId slot = 0;
    size_t begin = 0, end = 0;  // in read_
  };

  // Of kept_, those that more than `most_` have better scores than.
  void DropTheWorst() {
    if (kept_.size() <= most_) return;
    const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(most_ - 1);
    std::nth_element(
        kept_.begin(), last, kept_.end(),
        [](const Kept& a, const Kept& b) { return a.score > b.score; });
    std::erase_if(kept_, [least = last->score](const Kept& unit) {
      return unit.score < least;
    });
  }

  // Reads the texts of some slots from `begin` on, up to what may be compared
  // at all. Returns where it ended.
  size_t ReadTexts(const std::vector<HeavySlot>& slots, size_t begin) {
    texts_.clear();
    read_.clear();
    const size_t end = std::min(slots.size(), begin + kReadAtOnce);
    for (; begin < end; ++begin) {
      const SlotId slot = slots[begin].slot;
      const size_t from = read_.size();
      tokens_.AppendText(index_, slot, query_.language, read_);
      const size_t pairs = tokens_.quote().size() * (read_.size() - from);
      const bool too_many = compared_ + pairs > kMostComparedTokens;
      // Beyond that one goes on until something is found.
      if (too_many && !texts_.empty()) break;  // and then it is asked again
      if (too_many && !kept_.empty()) {
        full_ = true;
        break;
      }
      compared_ += pairs;
      texts_.push_back({slot, from, read_.size()});
    }
    return begin;
  }

  void ScoreTexts() {
    // Those that are scored together should be about as long.
    absl::c_stable_sort(texts_, [](const Text& a, const Text& b) {
      return a.end - a.begin < b.end - b.begin;
    });
    std::vector<absl::Span<const QuoteToken>> texts;
    for (const Text& text : texts_) {
      texts.push_back(absl::MakeConstSpan(read_).subspan(
          text.begin, text.end - text.begin));
    }
    std::vector<int> scores;
    scores_.Score(texts, scores);
    for (size_t i = 0; i < texts_.size(); ++i) {
      if (scores[i] > 0) kept_.push_back({texts_[i].slot, scores[i]});
    }
  }

  const ProjectIndex& index_;
  const PassageQuery& query_;
  const QuoteTokens& tokens_;
  OverlapScores scores_;
  const size_t most_;
  std::vector<Kept> kept_;
  std::vector<Text> texts_;       // that are compared together
  std::vector<QuoteToken> read_;  // theirs, one behind the other
  size_t compared_ = 0;           // pairs of tokens
  bool full_ = false;             // no more may be compared
};

// The ids beside units that hold a part of the query only.
std::vector<UnitId> NeighbourIds(const ProjectIndex& index,
                                 const std::vector<Kept>& kept) {
  std::vector<UnitId> partial;
  for (const Kept& unit : kept) {
    if (!unit.has_all) partial.push_back(index.id(unit.slot));
  }
  absl::c_sort(partial);
  std::vector<UnitId> ids;
  for (size_t i = 0; i < partial.size(); ++i) {
    ids.push_back(partial[i] - 1);  // there is no unit 0
    ids.push_back(partial[i] + 1);
    if (i + 1 == partial.size()) break;
    if (partial[i + 1] - partial[i] > kMostBetween + 1) continue;
    for (UnitId id = partial[i] + 1; id < partial[i + 1]; ++id) {
      ids.push_back(id);
    }
  }
  return ids;
}

// The kept units and their neighbours, as far as they pass the filter.
std::vector<SlotId> WithNeighbours(const ProjectIndex& index,
                                   const PassageQuery& query,
                                   const std::vector<Kept>& kept) {
  const IndexFilter filter(query.filter, index);
  std::vector<SlotId> slots;
  absl::flat_hash_set<UnitId> seen;
  const auto add = [&](SlotId slot) {
    if (!filter.Passes(slot, query.language)) return;
    if (seen.insert(index.id(slot)).second) slots.push_back(slot);
  };
  for (const Kept& unit : kept) add(unit.slot);
  for (const UnitId id : NeighbourIds(index, kept)) {
    if (const std::optional<SlotId> slot = index.FindSlot(id)) add(*slot);
  }
  return slots;
}

// What units of one document, or one without a document, have of the query.
struct Share {
  std::vector<bool> has;  // tokens, by their first places
  size_t tokens = 0;      // of the query, at most
};

// Of `slots`, those in which a passage may reach the threshold: each token of
// the query that the passage lacks is an edit. A passage is in one document.
std::vector<SlotId> Hopeful(const ProjectIndex& index,
                            const PassageQuery& query, const QuoteTokens& quote,
                            std::vector<SlotId> slots) {
  const size_t size = quote.quote().size();
  const std::optional<uint32_t> no_document = index.FindName("");
  // Units of no document stand alone.
  const auto group_of = [&](SlotId slot) {
    const uint32_t document = index.context(slot).document;
    const bool alone = no_document.has_value() && document == *no_document;
    return std::make_pair(alone, alone ? slot : document);
  };
  absl::flat_hash_map<std::pair<bool, uint32_t>, Share> shares;
  std::vector<QuoteToken> text;
  for (const SlotId slot : slots) {
    Share& share = shares[group_of(slot)];
    share.has.resize(size + 1);
    text.clear();
    quote.AppendText(index, slot, query.language, text);
    for (const QuoteToken token : text) {
      if (token == 0) continue;
      share.has[token] = true;
      ++share.tokens;
    }
  }
  const auto reaches = [&](const Share& share) {
    const auto has = absl::c_count_if(
        quote.quote(), [&](QuoteToken token) { return share.has[token]; });
    const size_t most = std::min(share.tokens, static_cast<size_t>(has));
    return 100 * most / size >= static_cast<size_t>(query.threshold_percent);
  };
  absl::flat_hash_map<std::pair<bool, uint32_t>, bool> hopeful;
  for (const auto& [group, share] : shares) hopeful[group] = reaches(share);
  std::erase_if(slots, [&](SlotId slot) { return !hopeful[group_of(slot)]; });
  return slots;
}

}  // namespace

absl::StatusOr<std::vector<UnitVersion>> SearchPassageUnits(
    const ProjectIndex& index, const PassageQuery& query,
    const PreparedText& text, IdleThreads& threads) {
  const std::vector<TokenId> tokens = TokensOf(index, query.language, text);
  const absl::StatusOr<std::vector<HeavySlot>> slots =
      SharingSlots(index, query, tokens, threads);
  if (!slots.ok()) return slots.status();
  const QuoteTokens quote(tokens);
  BestUnits best(index, query, quote);
  if (absl::Status status = best.Compare(*slots); !status.ok()) return status;
  const std::vector<Kept> kept = std::move(best).Take();
  const std::vector<SlotId> found =
      Hopeful(index, query, quote, WithNeighbours(index, query, kept));
  std::vector<UnitVersion> versions;
  for (const SlotId slot : found) {
    versions.push_back({index.id(slot), index.context(slot).revision});
  }
  return versions;
}

}  // namespace duilian::storage
