// The simple version: compare each source with each other. The complications:
//
// 1. Of a hundred thousand sources few are near. Cut the one into one piece
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
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "aligner/terms.h"

namespace duilian::aligner {
namespace {

using WordId = uint32_t;
using WordIds = std::vector<WordId>;

class Vocabulary {
 public:
  WordIds IdsOf(absl::string_view text) {
    WordIds ids;
    for (TermWord& word : SplitTermWords(text)) {
      const auto next = static_cast<WordId>(ids_.size());
      ids.push_back(
          ids_.try_emplace(std::move(word.folded), next).first->second);
    }
    return ids;
  }

 private:
  absl::flat_hash_map<std::string, WordId> ids_;
};

// In words.
size_t EditDistance(const WordIds& a, const WordIds& b) {
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
double Difference(const WordIds& a, const WordIds& b) {
  const size_t longer = std::max(a.size(), b.size());
  return longer == 0 ? 0
                     : static_cast<double>(EditDistance(a, b)) /
                           static_cast<double>(longer);
}

struct Source {
  WordIds words;
  std::vector<size_t> pairs;  // rising
};

// The distinct sources, those of most pairs first.
std::vector<Source> DistinctSources(absl::Span<const NamedPair> pairs,
                                    size_t least_words) {
  Vocabulary vocabulary;
  absl::flat_hash_map<WordIds, size_t> index;
  std::vector<Source> sources;
  for (size_t p = 0; p < pairs.size(); ++p) {
    WordIds words = vocabulary.IdsOf(pairs[p].english);
    if (words.size() < std::max<size_t>(least_words, 1)) continue;
    const auto [found, is_new] = index.try_emplace(words, sources.size());
    if (is_new) sources.push_back({std::move(words), {}});
    sources[found->second].pairs.push_back(p);
  }
  std::stable_sort(sources.begin(), sources.end(),
                   [](const Source& a, const Source& b) {
                     return a.pairs.size() > b.pairs.size();
                   });
  return sources;
}

// Leaders, found again by their pieces.
class PieceIndex {
 public:
  explicit PieceIndex(double most_difference) : share_(most_difference) {}

  void Add(size_t leader, const WordIds& words) {
    lengths_.insert(words.size());
    ForPieces(words.size(), [&](size_t piece, size_t begin, size_t end) {
      places_[Key(words.size(), piece, Hash(words, begin, end))].push_back(
          leader);
    });
  }

  // Leaders that may be near, each once.
  std::vector<size_t> Candidates(const WordIds& words) const {
    std::vector<size_t> found;
    absl::flat_hash_set<size_t> seen;
    const double size = static_cast<double>(words.size());
    const auto least = static_cast<size_t>(std::ceil(size * (1 - share_)));
    const auto most = static_cast<size_t>(size / (1 - share_));
    for (size_t length = least; length <= most; ++length) {
      if (!lengths_.contains(length)) continue;
      const size_t edits = Edits(std::max(length, words.size()));
      ForPieces(length, [&](size_t piece, size_t begin, size_t end) {
        const size_t count = end - begin;
        const size_t first = begin > edits ? begin - edits : 0;
        for (size_t at = first;
             at <= begin + edits && at + count <= words.size(); ++at) {
          const auto place =
              places_.find(Key(length, piece, Hash(words, at, at + count)));
          if (place == places_.end()) continue;
          for (const size_t leader : place->second) {
            if (found.size() >= kMostNearCandidates) return;
            if (seen.insert(leader).second) found.push_back(leader);
          }
        }
      });
    }
    return found;
  }

 private:
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

  static uint64_t Hash(const WordIds& words, size_t begin, size_t end) {
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
  absl::flat_hash_map<uint64_t, std::vector<size_t>> places_;
};

// For each source its leader, which is the source itself where there is none.
absl::StatusOr<std::vector<size_t>> FindLeaders(
    const std::vector<Source>& sources, const SourceGroupOptions& options) {
  std::vector<size_t> leader_of(sources.size());
  PieceIndex index(options.most_difference);
  for (size_t s = 0; s < sources.size(); ++s) {
    if (s % 256 == 0 && options.cancelled && options.cancelled()) {
      return absl::CancelledError("the comparison of sources was cancelled");
    }
    leader_of[s] = s;
    const WordIds& words = sources[s].words;
    if (words.size() > kMostNearWords || options.most_difference <= 0) continue;
    double least = options.most_difference;
    for (const size_t leader : index.Candidates(words)) {
      const double difference = Difference(words, sources[leader].words);
      const bool is_nearer =
          difference < least || (difference == least && leader < leader_of[s]);
      if (!is_nearer) continue;
      least = difference;
      leader_of[s] = leader;
    }
    if (leader_of[s] == s) index.Add(s, words);
  }
  return leader_of;
}

// Pairs of one source and one translation.
struct Entry {
  const Source* source = nullptr;
  WordIds target;
  std::vector<size_t> pairs;
};

std::vector<Entry> EntriesOf(absl::Span<const NamedPair> pairs,
                             const std::vector<const Source*>& sources) {
  Vocabulary vocabulary;
  std::vector<Entry> entries;
  for (const Source* source : sources) {
    const size_t first = entries.size();
    for (const size_t p : source->pairs) {
      WordIds target = vocabulary.IdsOf(pairs[p].chinese);
      size_t e = first;
      while (e < entries.size() && entries[e].target != target) ++e;
      if (e == entries.size()) {
        if (entries.size() == kMostGroupTexts) continue;
        entries.push_back({source, std::move(target), {}});
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

bool IsSameRendering(const Entry& a, const Entry& b, double slack) {
  if (a.target == b.target) return true;
  if (a.source == b.source) return false;
  return Difference(a.target, b.target) <=
         Difference(a.source->words, b.source->words) + slack;
}

SourceGroup MakeGroup(absl::Span<const NamedPair> pairs,
                      const std::vector<const Source*>& sources, double slack) {
  SourceGroup group;
  for (const Source* source : sources) {
    group.sources.push_back(source->pairs.front());
  }
  std::vector<Entry> entries = EntriesOf(pairs, sources);
  std::vector<const Entry*> heads;
  for (const Entry& entry : entries) {
    size_t r = 0;
    while (r < heads.size() && !IsSameRendering(*heads[r], entry, slack)) ++r;
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

}  // namespace

absl::StatusOr<std::vector<SourceGroup>> FindInconsistentSources(
    absl::Span<const NamedPair> pairs, const SourceGroupOptions& options) {
  const std::vector<Source> sources =
      DistinctSources(pairs, options.least_words);
  const absl::StatusOr<std::vector<size_t>> leader_of =
      FindLeaders(sources, options);
  if (!leader_of.ok()) return leader_of.status();
  std::vector<std::vector<const Source*>> followers(sources.size());
  for (size_t s = 0; s < sources.size(); ++s) {
    followers[(*leader_of)[s]].push_back(&sources[s]);
  }
  std::vector<SourceGroup> groups;
  for (const std::vector<const Source*>& members : followers) {
    if (members.empty()) continue;
    if (members.size() == 1 && members[0]->pairs.size() == 1) continue;
    SourceGroup group = MakeGroup(pairs, members, options.slack);
    if (group.renderings.size() > 1) groups.push_back(std::move(group));
  }
  std::sort(groups.begin(), groups.end(),
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
  return groups;
}

}  // namespace duilian::aligner
