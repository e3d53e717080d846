// The simple version: compare each source with each other. The complications:
//
// 1. Of a million sources few are near. Cut the one into one piece
//    more than it may have edits: any near one holds a piece of it unchanged,
//    not far from its place (Li, Deng, Wang and Feng, Pass-Join, 2011). So
//    pieces are looked up by their hash, and what they lead to is compared.
// 2. "Near" is no equivalence: a chain of near sources ends far from where it
//    began. Sources join a leader, the one that more pairs have, and only it.
// 3. Sources that differ in a number have translations that differ in one:
//    that is one rendering.
//
// Tested by source_groups_test.cc.

#include "aligner/source_groups.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "aligner/terms.h"

namespace duilian::aligner {
namespace {

// Texts or comparisons between two looks at whether anybody waits.
constexpr size_t kWorkBetweenLooks = 256;

absl::Status CheckWaiting(const SourceGroupOptions& options) {
  if (options.cancelled && options.cancelled()) {
    return absl::CancelledError("the comparison of sources was cancelled");
  }
  return absl::OkStatus();
}

using WordId = uint32_t;
using WordIds = std::vector<WordId>;
using Words = absl::Span<const WordId>;

class Vocabulary {
 public:
  // Appends them.
  void AddIdsOf(absl::string_view text, WordIds& ids) {
    for (TermWord& word : SplitTermWords(text)) {
      const auto next = static_cast<WordId>(ids_.size());
      ids.push_back(
          ids_.try_emplace(std::move(word.folded), next).first->second);
    }
  }

 private:
  absl::flat_hash_map<std::string, WordId> ids_;
};

// In words.
size_t EditDistance(Words a, Words b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

// Of the longer one, in [0, 1].
double Difference(Words a, Words b) {
  const size_t longer = std::max(a.size(), b.size());
  return longer == 0 ? 0
                     : static_cast<double>(EditDistance(a, b)) /
                           static_cast<double>(longer);
}

struct Source {
  Words words;
  absl::Span<const uint32_t> pairs;  // rising
};

// The distinct sources, those of most pairs first: what many of a million have
// stands in a few long arrays.
class SourceList {
 public:
  SourceList() = default;
  SourceList(const SourceList&) = delete;  // sources point into it
  SourceList& operator=(const SourceList&) = delete;

  // Once. kCancelled.
  absl::Status Read(absl::Span<const PairTexts> pairs,
                    const SourceGroupOptions& options) {
    const size_t least = std::max<size_t>(options.least_words, 1);
    std::vector<uint32_t> source_of(pairs.size(), kNone);
    std::vector<uint32_t> counts;
    Vocabulary vocabulary;
    absl::flat_hash_set<uint32_t, Hash, Equal> known(0, Hash{this},
                                                     Equal{this});
    begins_ = {0};
    for (size_t p = 0; p < pairs.size(); ++p) {
      if (p % kWorkBetweenLooks == 0) {
        absl::Status status = CheckWaiting(options);
        if (!status.ok()) return status;
      }
      const auto next = static_cast<uint32_t>(counts.size());
      vocabulary.AddIdsOf(pairs[p].english, words_);
      begins_.push_back(static_cast<uint32_t>(words_.size()));
      const bool is_long = WordsOf(next).size() >= least;
      if (is_long) source_of[p] = *known.insert(next).first;
      if (source_of[p] == next) {
        counts.push_back(0);
      } else {
        begins_.pop_back();
        words_.resize(begins_.back());
      }
      if (is_long) ++counts[source_of[p]];
    }
    Order(source_of, counts);
    return absl::OkStatus();
  }

  size_t size() const { return order_.size(); }
  Source operator[](size_t rank) const {
    const uint32_t begin = pair_begins_[rank];
    return {WordsOf(order_[rank]), absl::MakeConstSpan(pairs_).subspan(
                                       begin, pair_begins_[rank + 1] - begin)};
  }

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};

  // Sources in a set are their numbers.
  struct Hash {
    const SourceList* list;
    size_t operator()(uint32_t number) const {
      return absl::HashOf(list->WordsOf(number));
    }
  };
  struct Equal {
    const SourceList* list;
    bool operator()(uint32_t a, uint32_t b) const {
      return list->WordsOf(a) == list->WordsOf(b);
    }
  };

  Words WordsOf(uint32_t number) const {
    return absl::MakeConstSpan(words_).subspan(
        begins_[number], begins_[number + 1] - begins_[number]);
  }

  // `counts` are the sources' pairs.
  void Order(const std::vector<uint32_t>& source_of,
             const std::vector<uint32_t>& counts) {
    order_.resize(counts.size());
    std::iota(order_.begin(), order_.end(), 0u);
    std::stable_sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
      return counts[a] > counts[b];
    });
    pair_begins_ = {0};
    std::vector<uint32_t> place(counts.size());
    for (const uint32_t number : order_) {
      place[number] = pair_begins_.back();
      pair_begins_.push_back(place[number] + counts[number]);
    }
    pairs_.resize(pair_begins_.back());
    for (size_t p = 0; p < source_of.size(); ++p) {
      if (source_of[p] == kNone) continue;
      pairs_[place[source_of[p]]++] = static_cast<uint32_t>(p);
    }
  }

  // By the sources' numbers, in the order in which they were met.
  WordIds words_;
  std::vector<uint32_t> begins_;
  // By their ranks.
  std::vector<uint32_t> order_;  // their numbers
  std::vector<uint32_t> pairs_, pair_begins_;
};

// Leaders, found again by their pieces.
class PieceIndex {
 public:
  // Of at most so many sources.
  PieceIndex(double most_difference, size_t sources)
      : share_(most_difference), seen_by_(sources) {}

  void Add(uint32_t leader, Words words) {
    lengths_.insert(words.size());
    ForPieces(words.size(), [&](size_t piece, size_t begin, size_t end) {
      const auto node = static_cast<uint32_t>(nodes_.size());
      nodes_.push_back({leader, node});
      const auto [list, is_new] = lists_.try_emplace(
          Key(words.size(), piece, Hash(words, begin, end)), List{node, node});
      if (is_new) return;
      nodes_[list->second.last].next = node;
      list->second.last = node;
    });
  }

  // Leaders that may be near, each once, at most so many; until the next call.
  const std::vector<uint32_t>& Candidates(Words words, size_t most) {
    found_.clear();
    ++search_;
    const double size = static_cast<double>(words.size());
    const auto least = static_cast<size_t>(std::ceil(size * (1 - share_)));
    const auto longest = static_cast<size_t>(size / (1 - share_));
    for (size_t length = least; length <= longest; ++length) {
      if (!lengths_.contains(length)) continue;
      const size_t edits = Edits(std::max(length, words.size()));
      ForPieces(length, [&](size_t piece, size_t begin, size_t end) {
        const size_t count = end - begin;
        const size_t first = begin > edits ? begin - edits : 0;
        for (size_t at = first;
             at <= begin + edits && at + count <= words.size(); ++at) {
          TakeList(Key(length, piece, Hash(words, at, at + count)), most);
        }
      });
    }
    return found_;
  }

 private:
  // Of a piece: the leaders that have it, in the order in which they came.
  struct List {
    uint32_t first = 0, last = 0;
  };
  struct Node {
    uint32_t leader = 0;
    uint32_t next = 0;  // itself at the end
  };

  void TakeList(uint64_t key, size_t most) {
    const auto list = lists_.find(key);
    if (list == lists_.end()) return;
    for (uint32_t at = list->second.first; found_.size() < most;) {
      const Node& node = nodes_[at];
      if (seen_by_[node.leader] != search_) {
        seen_by_[node.leader] = search_;
        found_.push_back(node.leader);
      }
      if (node.next == at) return;
      at = node.next;
    }
  }

  size_t Edits(size_t words) const {
    return static_cast<size_t>(static_cast<double>(words) * share_);
  }

  // One piece more than the longest near text may have edits.
  template <typename Function>
  void ForPieces(size_t length, Function function) const {
    const auto longest =
        static_cast<size_t>(static_cast<double>(length) / (1 - share_));
    const size_t pieces = std::min(Edits(longest) + 1, length);
    for (size_t i = 0; i < pieces; ++i) {
      function(i, i * length / pieces, (i + 1) * length / pieces);
    }
  }

  static uint64_t Hash(Words words, size_t begin, size_t end) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = begin; i < end; ++i) {
      hash = (hash ^ words[i]) * 0x100000001b3u;
    }
    return hash;
  }
  static uint64_t Key(size_t length, size_t piece, uint64_t hash) {
    return hash ^ ((uint64_t{length} << 32 | piece) * 0x9e3779b97f4a7c15u);
  }

  const double share_;
  absl::flat_hash_set<size_t> lengths_;
  absl::flat_hash_map<uint64_t, List> lists_;
  std::vector<Node> nodes_;
  // The last search that found a leader; they are counted from 1.
  std::vector<uint32_t> seen_by_;
  uint32_t search_ = 0;
  std::vector<uint32_t> found_;
};

struct Leaders {
  // Of each source; the source itself where there is none.
  std::vector<uint32_t> leader_of;
  size_t partly_compared = 0;
};

absl::StatusOr<Leaders> FindLeaders(const SourceList& sources,
                                    const SourceGroupOptions& options) {
  Leaders leaders;
  std::vector<uint32_t>& leader_of = leaders.leader_of;
  leader_of.resize(sources.size());
  PieceIndex index(options.most_difference, sources.size());
  size_t allowed = 0;  // comparisons
  size_t work = kWorkBetweenLooks;
  for (uint32_t s = 0; s < sources.size(); ++s) {
    if (++work > kWorkBetweenLooks) {
      absl::Status status = CheckWaiting(options);
      if (!status.ok()) return status;
      work = 1;
    }
    leader_of[s] = s;
    allowed += kMostNearCandidates;
    const Words words = sources[s].words;
    if (words.size() > kMostNearWords || options.most_difference <= 0) continue;
    double least = options.most_difference;
    const size_t most = std::min(allowed, kMostCandidatesOfOne);
    const std::vector<uint32_t>& candidates = index.Candidates(words, most);
    if (candidates.size() == most) ++leaders.partly_compared;
    allowed -= candidates.size();
    work += candidates.size();
    for (const uint32_t leader : candidates) {
      const double difference = Difference(words, sources[leader].words);
      const bool is_nearer =
          difference < least || (difference == least && leader < leader_of[s]);
      if (!is_nearer) continue;
      least = difference;
      leader_of[s] = leader;
    }
    if (leader_of[s] == s) index.Add(s, words);
  }
  return leaders;
}

// Pairs of one source and one translation.
struct Entry {
  size_t source = 0;  // of the group's
  WordIds target;
  std::vector<size_t> pairs;
};

std::vector<Entry> EntriesOf(absl::Span<const PairTexts> pairs,
                             absl::Span<const Source> sources,
                             size_t& omitted_pairs) {
  Vocabulary vocabulary;
  std::vector<Entry> entries;
  for (size_t s = 0; s < sources.size(); ++s) {
    const size_t first = entries.size();
    for (const uint32_t p : sources[s].pairs) {
      WordIds target;
      vocabulary.AddIdsOf(pairs[p].chinese, target);
      size_t e = first;
      while (e < entries.size() && entries[e].target != target) ++e;
      if (e == entries.size()) {
        if (entries.size() == kMostGroupTexts) {
          ++omitted_pairs;
          continue;
        }
        entries.push_back({s, std::move(target), {}});
      }
      entries[e].pairs.push_back(p);
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) {
                     return a.pairs.size() > b.pairs.size();
                   });
  return entries;
}

bool IsSameRendering(const Entry& a, const Entry& b,
                     absl::Span<const Source> sources, double slack) {
  if (a.target == b.target) return true;
  if (a.source == b.source) return false;
  return Difference(a.target, b.target) <=
         Difference(sources[a.source].words, sources[b.source].words) + slack;
}

SourceGroup MakeGroup(absl::Span<const PairTexts> pairs,
                      absl::Span<const Source> sources, double slack) {
  SourceGroup group;
  for (const Source& source : sources) {
    group.sources.push_back(source.pairs.front());
  }
  const std::vector<Entry> entries =
      EntriesOf(pairs, sources, group.omitted_pairs);
  std::vector<const Entry*> heads;
  for (const Entry& entry : entries) {
    size_t r = 0;
    while (r < heads.size() &&
           !IsSameRendering(*heads[r], entry, sources, slack)) {
      ++r;
    }
    if (r == heads.size()) {
      heads.push_back(&entry);
      group.renderings.emplace_back();
    }
    std::vector<size_t>& all = group.renderings[r].pairs;
    all.insert(all.end(), entry.pairs.begin(), entry.pairs.end());
    group.pairs += entry.pairs.size();
  }
  for (SourceRendering& rendering : group.renderings) {
    std::sort(rendering.pairs.begin(), rendering.pairs.end());
  }
  std::stable_sort(group.renderings.begin(), group.renderings.end(),
                   [](const SourceRendering& a, const SourceRendering& b) {
                     return a.pairs.size() > b.pairs.size();
                   });
  return group;
}

// The groups of more than one rendering, in their leaders' order.
absl::StatusOr<std::vector<SourceGroup>> GroupsOf(
    absl::Span<const PairTexts> pairs, const SourceList& sources,
    const std::vector<uint32_t>& leader_of, const SourceGroupOptions& options) {
  std::vector<uint32_t> by_leader(sources.size());
  std::iota(by_leader.begin(), by_leader.end(), 0u);
  std::stable_sort(
      by_leader.begin(), by_leader.end(),
      [&](uint32_t a, uint32_t b) { return leader_of[a] < leader_of[b]; });
  std::vector<SourceGroup> groups;
  std::vector<Source> members;
  for (size_t i = 0; i < by_leader.size(); ++i) {
    if (i % kWorkBetweenLooks == 0) {
      absl::Status status = CheckWaiting(options);
      if (!status.ok()) return status;
    }
    members.push_back(sources[by_leader[i]]);
    const bool ends = i + 1 == by_leader.size() ||
                      leader_of[by_leader[i + 1]] != leader_of[by_leader[i]];
    if (!ends) continue;
    if (members.size() > 1 || members[0].pairs.size() > 1) {
      SourceGroup group = MakeGroup(pairs, members, options.slack);
      if (group.renderings.size() > 1) groups.push_back(std::move(group));
    }
    members.clear();
  }
  return groups;
}

}  // namespace

absl::StatusOr<InconsistentSources> FindInconsistentSources(
    absl::Span<const PairTexts> pairs, const SourceGroupOptions& options) {
  SourceList sources;
  if (absl::Status status = sources.Read(pairs, options); !status.ok()) {
    return status;
  }
  const absl::StatusOr<Leaders> leaders = FindLeaders(sources, options);
  if (!leaders.ok()) return leaders.status();
  absl::StatusOr<std::vector<SourceGroup>> groups =
      GroupsOf(pairs, sources, leaders->leader_of, options);
  if (!groups.ok()) return groups.status();
  std::sort(groups->begin(), groups->end(),
            [](const SourceGroup& a, const SourceGroup& b) {
              const auto order = [](const SourceGroup& group) {
                const auto all = static_cast<int64_t>(group.pairs);
                const auto common =
                    static_cast<int64_t>(group.renderings.front().pairs.size());
                return std::make_tuple(common - all, -all,
                                       group.sources.front());
              };
              return order(a) < order(b);
            });
  return InconsistentSources{*std::move(groups), leaders->partly_compared};
}

}  // namespace duilian::aligner
