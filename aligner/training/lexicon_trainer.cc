// IBM Model 1 over sorted arrays.
//
// The simple version: keep t(f | e) for every pair of pieces that meet in a
// sentence pair, and let expectation maximisation sharpen it.
//
// Complications, and why:
// 1. Hundreds of millions of pairs meet; most mean nothing. A first pass
//    counts them shard by shard (sorted keys, no hash map) and keeps the best
//    few hundred a piece by association (count times mutual information).
// 2. What is left is a table of rows sorted by id; a look-up is a binary
//    search in a row that stays in cache.
// 3. A NULL piece (id = vocabulary) takes what nothing explains.
#include "aligner/training/lexicon_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace duilian::aligner::training {
namespace {

constexpr uint32_t kShards = 32;

struct Row {
  std::vector<uint16_t> ids;  // rising
  std::vector<float> probabilities;
  std::vector<float> counts;
};

// The distinct pieces of a sentence.
void Distinct(const uint16_t* begin, const uint16_t* end,
              std::vector<uint16_t>& out) {
  out.assign(begin, end);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

class Trainer {
 public:
  Trainer(const std::vector<EncodedSource>& corpus, bool covers_chinese,
          const LexiconOptions& options)
      : corpus_(corpus), covers_chinese_(covers_chinese), options_(options) {}

  PackContents::Lexicon Train() {
    CountPieces();
    for (uint32_t shard = 0; shard < kShards; ++shard) ChooseCandidates(shard);
    for (int round = 0; round < options_.rounds; ++round) Round();
    return Prune();
  }

 private:
  const PieceTable& Covered(const EncodedSource& source) const {
    return covers_chinese_ ? source.chinese : source.english;
  }
  const PieceTable& Covering(const EncodedSource& source) const {
    return covers_chinese_ ? source.english : source.chinese;
  }
  // A source of weight below one is thinned by skipping lines.
  static bool Skipped(const EncodedSource& source, size_t line) {
    const double weight = source.source.weight;
    return weight < 1 &&
           std::floor(static_cast<double>(line) * weight) ==
               std::floor((static_cast<double>(line) + 1) * weight);
  }

  template <typename F>
  void ForEachPair(const F& visit) const {
    std::vector<uint16_t> covered, covering;
    for (const EncodedSource& source : corpus_) {
      for (size_t i = 0; i < source.chinese.size(); ++i) {
        if (Skipped(source, i)) continue;
        Distinct(Covered(source).begin(i), Covered(source).end(i), covered);
        Distinct(Covering(source).begin(i), Covering(source).end(i), covering);
        visit(covered, covering);
      }
    }
  }

  void CountPieces() {
    const size_t vocabulary = static_cast<size_t>(options_.vocabulary);
    covered_counts_.assign(vocabulary, 0);
    covering_counts_.assign(vocabulary, 0);
    rows_.resize(vocabulary);
    ForEachPair([&](const auto& covered, const auto& covering) {
      for (const uint16_t f : covered) covered_counts_[f] += 1;
      for (const uint16_t e : covering) covering_counts_[e] += 1;
      pairs_ += 1;
    });
    for (const double count : covered_counts_) covered_total_ += count;
  }

  void ChooseCandidates(uint32_t shard) {
    std::vector<uint32_t> keys;
    ForEachPair([&](const auto& covered, const auto& covering) {
      for (const uint16_t f : covered) {
        if (f % kShards != shard) continue;
        for (const uint16_t e : covering) {
          keys.push_back(static_cast<uint32_t>(f / kShards) << 16 | e);
        }
      }
    });
    std::sort(keys.begin(), keys.end());
    std::vector<std::pair<float, uint16_t>> candidates;
    for (size_t i = 0; i < keys.size();) {
      const uint32_t f = (keys[i] >> 16) * kShards + shard;
      candidates.clear();
      while (i < keys.size() && (keys[i] >> 16) * kShards + shard == f) {
        const uint32_t key = keys[i];
        double count = 0;
        for (; i < keys.size() && keys[i] == key; ++i) count += 1;
        const uint16_t e = static_cast<uint16_t>(key & 0xFFFF);
        const double information = std::log(
            count * pairs_ / (covered_counts_[f] * covering_counts_[e]));
        if (count < 2 || information <= 0) continue;
        candidates.emplace_back(static_cast<float>(-count * information), e);
      }
      KeepBest(candidates, rows_[f]);
    }
  }

  void KeepBest(std::vector<std::pair<float, uint16_t>>& candidates,
                Row& row) const {
    const size_t kept =
        std::min(candidates.size(), static_cast<size_t>(options_.candidates));
    std::nth_element(candidates.begin(),
                     candidates.begin() + static_cast<ptrdiff_t>(kept),
                     candidates.end());
    for (size_t i = 0; i < kept; ++i) row.ids.push_back(candidates[i].second);
    std::sort(row.ids.begin(), row.ids.end());
    row.probabilities.assign(kept, 1e-3F);
    row.counts.assign(kept, 0);
  }

  // t(f | NULL): the piece's own frequency.
  double Unigram(size_t f) const {
    return (covered_counts_[f] + 0.5) / (covered_total_ + 1);
  }

  void Round() {
    std::vector<std::pair<float*, float>> hits;  // where to count, t
    ForEachPair([&](const auto& covered, const auto& covering) {
      for (const uint16_t f : covered) {
        Row& row = rows_[f];
        hits.clear();
        double sum = Unigram(f);
        size_t at = 0;
        for (const uint16_t e : covering) {
          at = static_cast<size_t>(
              std::lower_bound(row.ids.begin() + static_cast<ptrdiff_t>(at),
                               row.ids.end(), e) -
              row.ids.begin());
          if (at == row.ids.size()) break;
          if (row.ids[at] != e) continue;
          hits.emplace_back(&row.counts[at], row.probabilities[at]);
          sum += row.probabilities[at];
        }
        for (const auto& [count, probability] : hits) {
          *count += static_cast<float>(probability / sum);
        }
      }
    });
    Normalise();
  }

  // From expected counts to t(f | e), which sums to one over f.
  void Normalise() {
    std::vector<double> totals(rows_.size(), 0.0);
    for (const Row& row : rows_) {
      for (size_t i = 0; i < row.ids.size(); ++i) {
        totals[row.ids[i]] += row.counts[i];
      }
    }
    for (Row& row : rows_) {
      for (size_t i = 0; i < row.ids.size(); ++i) {
        row.probabilities[i] = static_cast<float>(
            row.counts[i] / std::max(totals[row.ids[i]], 1.0));
        row.counts[i] = 0;
      }
    }
    totals_ = std::move(totals);
  }

  PackContents::Lexicon Prune() const {
    PackContents::Lexicon lexicon;
    lexicon.starts.push_back(0);
    struct Entry {
      double use;
      uint16_t id;
      uint8_t gain;
    };
    std::vector<Entry> entries;
    for (size_t f = 0; f < rows_.size(); ++f) {
      entries.clear();
      const Row& row = rows_[f];
      for (size_t i = 0; i < row.ids.size(); ++i) {
        const double t = row.probabilities[i], u = Unigram(f);
        const double gain = std::log((0.8 * t + 0.2 * u) / u);
        if (t < options_.min_probability || gain < options_.min_gain) continue;
        const double steps = std::round(gain * kGainSteps);
        entries.push_back({t * totals_[row.ids[i]] * gain, row.ids[i],
                           static_cast<uint8_t>(std::min(steps, 255.0))});
      }
      std::sort(entries.begin(), entries.end(),
                [](const Entry& a, const Entry& b) {
                  return a.use != b.use ? a.use > b.use : a.id < b.id;
                });
      if (entries.size() > static_cast<size_t>(options_.kept)) {
        entries.resize(static_cast<size_t>(options_.kept));
      }
      std::sort(entries.begin(), entries.end(),
                [](const Entry& a, const Entry& b) { return a.id < b.id; });
      for (const Entry& entry : entries) {
        lexicon.ids.push_back(entry.id);
        lexicon.gains.push_back(entry.gain);
      }
      lexicon.starts.push_back(static_cast<uint32_t>(lexicon.ids.size()));
    }
    return lexicon;
  }

  const std::vector<EncodedSource>& corpus_;
  const bool covers_chinese_;
  const LexiconOptions& options_;
  std::vector<double> covered_counts_, covering_counts_, totals_;
  double covered_total_ = 0, pairs_ = 0;
  std::vector<Row> rows_;  // by covered piece
};

}  // namespace

PackContents::Lexicon TrainLexicon(const std::vector<EncodedSource>& corpus,
                                   bool covers_chinese,
                                   const LexiconOptions& options) {
  return Trainer(corpus, covers_chinese, options).Train();
}

}  // namespace duilian::aligner::training
