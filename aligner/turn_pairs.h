// Whether the turns of two aligned transcripts belong to the same people.

#ifndef DUILIAN_ALIGNER_TURN_PAIRS_H_
#define DUILIAN_ALIGNER_TURN_PAIRS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// A Chinese speaker's label, and the English one that stands where it stands.
struct SpeakerPair {
  std::string chinese, english;
  int beads = 0;     // confident ones that say so
  double share = 0;  // of those that the Chinese label has, in (0, 1]
};

struct TurnPairOptions {
  double sure = 0.8;         // beads from which the labels' pairs are learnt
  double likely = 0.5;       // and those that are held against them
  int least_beads = 2;       // for a pair of labels,
  double least_share = 0.6;  // which most of the label's beads agree on
  int least_words = 4;  // a shorter reply inside another's turn is let pass
};

// In the order in which the Chinese labels first speak. Nothing for a label
// whose beads do not agree, and nothing at all where a side names nobody.
// `beads` are of these two, English first. Linear.
std::vector<SpeakerPair> LearnSpeakers(const Transcript& english,
                                       const Transcript& chinese,
                                       absl::Span<const Bead> beads,
                                       const TurnPairOptions& options);

enum class TurnMismatchKind {
  kSwapped,  // the whole turn has another speaker in the Chinese
  kMerged,   // the Chinese runs it into another speaker's turn
  kSplit,    // the Chinese gives a part of it to another speaker
};

// A run of English that stands under a Chinese speaker who is not its own.
struct TurnMismatch {
  TurnMismatchKind kind = TurnMismatchKind::kSwapped;
  SegmentRange english, chinese;
  size_t bead = 0;        // the first
  double confidence = 0;  // the least of its beads
  std::string english_speaker;
  std::string chinese_speaker;
};

// Where beads depart from the pairs of labels, in the beads' order; what
// follows on the same turns is one. Linear.
std::vector<TurnMismatch> FindTurnMismatches(
    const Transcript& english, const Transcript& chinese,
    absl::Span<const Bead> beads, absl::Span<const SpeakerPair> speakers,
    const TurnPairOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_TURN_PAIRS_H_
