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
// 3. A short unit in the middle of a pasted paragraph ("Yes.") shares little
//    that is rare; it stands beside units that do, mostly under the next id.
//
// Tested by passage_search_test.cc.

#include "storage/passage_search.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <tuple>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "storage/index_filter.h"

namespace duilian::storage {
namespace {

// Units that are kept: more for a longer query, which more of them make up.
constexpr size_t kLeastKept = 32, kMostKept = 256;
constexpr size_t kTokensPerKept = 4, kKeptPerPassage = 4;
// Ids between two kept units that are taken for their neighbours.
constexpr UnitId kMostBetween = 8;

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

// The lists of the query's tokens, each token once, shortest first.
std::vector<SlotList> RarestLists(const ProjectIndex& index,
                                  text::Language language,
                                  std::vector<TokenId> tokens) {
  absl::c_sort(tokens);
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  std::vector<SlotList> lists;
  for (const TokenId token : tokens) {
    const SlotList list = index.slots_with(token, language);
    if (!list.empty()) lists.push_back(list);
  }
  absl::c_stable_sort(
      lists, [](const auto& a, const auto& b) { return a.size() < b.size(); });
  size_t postings = 0;
  for (size_t i = 0; i < lists.size(); ++i) {
    postings += lists[i].size();
    if (i > 0 && postings > kMostPostings) lists.resize(i);
  }
  return lists;
}

// Slots that share tokens with the query, those that share the most rare ones
// first, and that live and pass the filter.
std::vector<SlotId> SharingSlots(const ProjectIndex& index,
                                 const PassageQuery& query,
                                 const std::vector<TokenId>& tokens) {
  const IndexFilter filter(query.filter, index);
  if (!filter.possible()) return {};
  std::vector<uint32_t> weights(index.slots(), 0);
  std::vector<SlotId> slots;
  for (const SlotList& list : RarestLists(index, query.language, tokens)) {
    const auto weight =
        static_cast<uint32_t>(std::bit_width(index.slots() / list.size()));
    list.ForEach([&](SlotId slot) {
      if (weights[slot] == 0) slots.push_back(slot);
      weights[slot] += weight;
    });
  }
  std::erase_if(slots, [&](SlotId slot) {
    return index.is_gone(slot) || !filter.Passes(slot, query.language);
  });
  const auto heavier = [&](SlotId a, SlotId b) {
    return std::make_tuple(weights[b], index.id(a)) <
           std::make_tuple(weights[a], index.id(b));
  };
  const size_t kept = std::min(slots.size(), kMostCompared);
  std::partial_sort(slots.begin(),
                    slots.begin() + static_cast<std::ptrdiff_t>(kept),
                    slots.end(), heavier);
  slots.resize(kept);
  return slots;
}

// So that a text with edits up to half of the query, and more, is worth more
// than none.
constexpr int kEqualGain = 2, kEditGain = -1;
// However much of the text a gap in the quote leaves out: passage_places.cc
// asks what it costs there.
constexpr int kGapGain = -4;

// How a query and a text overlap: the gains of equal tokens and edits, both
// free to begin before the other and to end behind it, but not inside both.
struct Overlap {
  int score = 0;
  size_t begin = 0, end = 0;  // of the query
};

Overlap Align(const std::vector<TokenId>& query,
              absl::Span<const PlacedToken> text) {
  struct Cell {
    int score = 0;
    size_t begin = 0;  // where the query begins to overlap
  };
  const auto after = [](Cell cell, int gain) {
    return Cell{cell.score + gain, cell.begin};
  };
  Overlap best;
  const auto consider = [&](Cell cell, size_t end) {
    if (cell.score > best.score) best = {cell.score, cell.begin, end};
  };
  std::vector<Cell> row(text.size() + 1);
  for (size_t i = 0; i < query.size(); ++i) {
    Cell diagonal = row[0];
    row[0] = {0, i + 1};
    Cell most = row[0];  // of the row, so far
    for (size_t j = 0; j < text.size(); ++j) {
      Cell cell =
          after(diagonal, text[j].token() == query[i] ? kEqualGain : kEditGain);
      diagonal = row[j + 1];
      for (const Cell& other : {diagonal, row[j]}) {
        if (other.score + kEditGain > cell.score)
          cell = after(other, kEditGain);
      }
      if (most.score + kGapGain > cell.score) cell = after(most, kGapGain);
      if (cell.score > most.score) most = cell;
      row[j + 1] = cell;
    }
    consider(row.back(), i + 1);
  }
  for (const Cell& cell : row) consider(cell, query.size());
  return best;
}

struct Kept {
  SlotId slot = 0;
  int score = 0;
  bool has_all = false;  // of the query
};

absl::StatusOr<std::vector<Kept>> BestSlots(
    const ProjectIndex& index, const PassageQuery& query,
    const std::vector<TokenId>& tokens) {
  std::vector<Kept> kept;
  std::vector<PlacedToken> text;
  size_t compared = 0;
  for (const SlotId slot : SharingSlots(index, query, tokens)) {
    if (query.cancelled && query.cancelled()) {
      return absl::CancelledError("the search for a passage was cancelled");
    }
    text.clear();
    index.AppendTokens(slot, query.language, text);
    compared += tokens.size() * text.size();
    if (compared > kMostComparedTokens && !kept.empty()) break;
    const Overlap overlap = Align(tokens, text);
    if (overlap.score <= 0) continue;
    kept.push_back({slot, overlap.score,
                    overlap.begin == 0 && overlap.end == tokens.size()});
  }
  absl::c_sort(kept, [&](const Kept& a, const Kept& b) {
    const auto order = [&](const Kept& unit) {
      return std::make_tuple(
          -unit.score,
          index.context(unit.slot).status != ReviewStatus::kAccepted,
          -index.confidence(unit.slot), index.id(unit.slot));
    };
    return order(a) < order(b);
  });
  const size_t most =
      std::clamp(tokens.size() / kTokensPerKept + query.limit * kKeptPerPassage,
                 kLeastKept, kMostKept);
  if (kept.size() > most) kept.resize(most);
  return kept;
}

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

}  // namespace

absl::StatusOr<std::vector<UnitVersion>> SearchPassageUnits(
    const ProjectIndex& index, const PassageQuery& query,
    const PreparedText& text) {
  const std::vector<TokenId> tokens = TokensOf(index, query.language, text);
  const absl::StatusOr<std::vector<Kept>> kept =
      BestSlots(index, query, tokens);
  if (!kept.ok()) return kept.status();
  const IndexFilter filter(query.filter, index);
  std::vector<UnitVersion> versions;
  absl::flat_hash_set<UnitId> seen;
  const auto add = [&](SlotId slot) {
    if (!filter.Passes(slot, query.language)) return;
    const UnitId id = index.id(slot);
    if (!seen.insert(id).second) return;
    versions.push_back({id, index.context(slot).revision});
  };
  for (const Kept& unit : *kept) add(unit.slot);
  for (const UnitId id : NeighbourIds(index, *kept)) {
    if (const std::optional<SlotId> slot = index.FindSlot(id)) add(*slot);
  }
  return versions;
}

}  // namespace duilian::storage
