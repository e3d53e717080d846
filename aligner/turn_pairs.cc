// Nobody says that 主持人 is Lex Fridman, but nearly every bead does: a Chinese
// label is paired with the English one that most of its confident beads have.
// A bead whose English speaker is another then departs, for one of three
// reasons, told apart by what else stands in the two turns:
//
//   two turns in a row depart, each to the other's speaker: swapped;
//   the Chinese turn has its own speaker's words, too: merged;
//   the English turn stands under its own speaker elsewhere: split;
//   else: swapped.
//
// The first comes first, since a reader joins a turn with a wrong label to its
// neighbour of that label.
//
// Tested by turn_pairs_test.cc.

#include "aligner/turn_pairs.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace duilian::aligner {
namespace {

// What one speaker says within a bead's side.
struct Share {
  absl::string_view speaker;
  SegmentRange range;
  int turn = 0;
  int words = 0;  // by spaces: of English
};

int CountWords(absl::string_view text) {
  return static_cast<int>(std::vector<absl::string_view>(
                              absl::StrSplit(text, ' ', absl::SkipWhitespace()))
                              .size());
}

// The speech of a range by speaker, nameless speech left out.
std::vector<Share> SharesOf(const Transcript& side, const SegmentRange& range) {
  std::vector<Share> shares;
  for (int i = range.begin; i < range.end; ++i) {
    const Segment& segment = side.segments[static_cast<size_t>(i)];
    if (segment.kind != SegmentKind::kSpeech || segment.speaker.empty()) {
      continue;
    }
    if (shares.empty() || shares.back().speaker != segment.speaker) {
      shares.push_back({segment.speaker, {i, i}, segment.turn});
    }
    shares.back().range.end = i + 1;
    shares.back().words += CountWords(segment.text);
  }
  return shares;
}

// "Lex" is "Lex Fridman".
bool IsSamePerson(absl::string_view a, absl::string_view b) {
  if (a == b) return true;
  const std::vector<absl::string_view> x =
      absl::StrSplit(a, ' ', absl::SkipWhitespace());
  const std::vector<absl::string_view> y =
      absl::StrSplit(b, ' ', absl::SkipWhitespace());
  const auto& fewer = x.size() < y.size() ? x : y;
  const auto& more = x.size() < y.size() ? y : x;
  return !fewer.empty() &&
         std::all_of(fewer.begin(), fewer.end(), [&](absl::string_view word) {
           return std::find(more.begin(), more.end(), word) != more.end();
         });
}

// Turns that have a bead of the right speakers.
class AgreeingTurns {
 public:
  void Add(int english, int chinese) {
    english_.insert(english);
    chinese_.insert(chinese);
  }
  TurnMismatchKind KindOf(int english, int chinese) const {
    if (chinese_.contains(chinese)) return TurnMismatchKind::kMerged;
    if (english_.contains(english)) return TurnMismatchKind::kSplit;
    return TurnMismatchKind::kSwapped;
  }

 private:
  absl::flat_hash_set<int> english_, chinese_;
};

// A departure, and the turns that it is in.
struct Departure {
  TurnMismatch mismatch;
  int english_turn = 0, chinese_turn = 0;
  size_t agreed = 0;  // speakers found right before it
};

using Labels = absl::flat_hash_map<absl::string_view, absl::string_view>;

// Reads the beads one by one.
class DepartureFinder {
 public:
  DepartureFinder(const Transcript& english, const Transcript& chinese,
                  Labels labels, const TurnPairOptions& options)
      : english_(english),
        chinese_(chinese),
        labels_(std::move(labels)),
        options_(options) {}

  void Read(const Bead& bead, size_t index) {
    const std::vector<Share> english = SharesOf(english_, bead.source);
    const std::vector<Share> chinese = SharesOf(chinese_, bead.target);
    for (const Share& said : english) {
      const Share* other = nullptr;
      bool agrees = false;
      for (const Share& under : chinese) {
        const auto label = labels_.find(under.speaker);
        if (label == labels_.end()) return;
        agrees |= IsSamePerson(label->second, said.speaker);
        if (agrees) {
          turns_.Add(said.turn, under.turn);
          ++agreed_;
          break;
        }
        if (other == nullptr) other = &under;
      }
      if (agrees || other == nullptr) continue;
      // "Yeah." inside a longer answer is no turn that anyone misses.
      if (english.size() > 1 && said.words < options_.least_words) continue;
      Depart(bead, index, said, *other);
    }
  }

  std::vector<TurnMismatch> Finish() && {
    std::vector<TurnMismatch> found;
    for (Departure& departure : departures_) {
      departure.mismatch.kind =
          turns_.KindOf(departure.english_turn, departure.chinese_turn);
    }
    for (size_t i = 0; i + 1 < departures_.size(); ++i) {
      if (!Cross(departures_[i], departures_[i + 1])) continue;
      departures_[i].mismatch.kind = TurnMismatchKind::kSwapped;
      departures_[i + 1].mismatch.kind = TurnMismatchKind::kSwapped;
    }
    for (Departure& departure : departures_) {
      found.push_back(std::move(departure.mismatch));
    }
    return found;
  }

 private:
  // Each of two in a row stands under the other's speaker.
  bool Cross(const Departure& a, const Departure& b) const {
    return a.agreed == b.agreed &&
           IsSamePerson(labels_.at(b.mismatch.chinese_speaker),
                        a.mismatch.english_speaker) &&
           IsSamePerson(labels_.at(a.mismatch.chinese_speaker),
                        b.mismatch.english_speaker);
  }

  void Depart(const Bead& bead, size_t index, const Share& said,
              const Share& under) {
    if (!departures_.empty()) {
      Departure& last = departures_.back();
      if (last.english_turn == said.turn && last.chinese_turn == under.turn &&
          last.agreed == agreed_) {
        last.mismatch.english.end = said.range.end;
        last.mismatch.chinese.end = bead.target.end;
        last.mismatch.confidence =
            std::min(last.mismatch.confidence, bead.confidence);
        return;
      }
    }
    TurnMismatch mismatch;
    mismatch.english = said.range;
    mismatch.chinese = bead.target;
    mismatch.bead = index;
    mismatch.confidence = bead.confidence;
    mismatch.english_speaker = std::string(said.speaker);
    mismatch.chinese_speaker = std::string(under.speaker);
    departures_.push_back(
        {std::move(mismatch), said.turn, under.turn, agreed_});
  }

  const Transcript& english_;
  const Transcript& chinese_;
  const Labels labels_;
  const TurnPairOptions& options_;
  AgreeingTurns turns_;
  std::vector<Departure> departures_;
  size_t agreed_ = 0;
};

// How many confident beads a Chinese label has with each English one.
struct LabelCounts {
  std::vector<absl::string_view> order;  // of the first appearance
  absl::flat_hash_map<absl::string_view,
                      absl::flat_hash_map<absl::string_view, int>>
      counts;
};

LabelCounts CountLabels(const Transcript& english, const Transcript& chinese,
                        absl::Span<const Bead> beads, double sure) {
  LabelCounts labels;
  for (const Bead& bead : beads) {
    if (bead.confidence < sure) continue;
    const std::vector<Share> source = SharesOf(english, bead.source);
    const std::vector<Share> target = SharesOf(chinese, bead.target);
    if (source.size() != 1 || target.size() != 1) continue;
    const auto [row, is_new] = labels.counts.try_emplace(target[0].speaker);
    if (is_new) labels.order.push_back(target[0].speaker);
    ++row->second[source[0].speaker];
  }
  return labels;
}

}  // namespace

std::vector<SpeakerPair> LearnSpeakers(const Transcript& english,
                                       const Transcript& chinese,
                                       absl::Span<const Bead> beads,
                                       const TurnPairOptions& options) {
  const LabelCounts labels = CountLabels(english, chinese, beads, options.sure);
  std::vector<SpeakerPair> pairs;
  for (const absl::string_view label : labels.order) {
    std::pair<int, absl::string_view> best;
    int all = 0;
    for (const auto& [speaker, count] : labels.counts.at(label)) {
      all += count;
      best = std::max(best, {count, speaker});
    }
    const double share = static_cast<double>(best.first) / all;
    if (best.first < options.least_beads || share < options.least_share) {
      continue;
    }
    pairs.push_back(
        {std::string(label), std::string(best.second), best.first, share});
  }
  return pairs;
}

std::vector<TurnMismatch> FindTurnMismatches(
    const Transcript& english, const Transcript& chinese,
    absl::Span<const Bead> beads, absl::Span<const SpeakerPair> speakers,
    const TurnPairOptions& options) {
  Labels labels;
  for (const SpeakerPair& pair : speakers) {
    labels.emplace(pair.chinese, pair.english);
  }
  DepartureFinder finder(english, chinese, std::move(labels), options);
  for (size_t i = 0; i < beads.size(); ++i) {
    const Bead& bead = beads[i];
    if (bead.confidence < options.likely || bead.source.size() == 0 ||
        bead.target.size() == 0) {
      continue;
    }
    finder.Read(bead, i);
  }
  return std::move(finder).Finish();
}

}  // namespace duilian::aligner
