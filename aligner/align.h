// Alignment of two transcripts: the beads that cover both, in order.

#ifndef DUILIAN_ALIGNER_ALIGN_H_
#define DUILIAN_ALIGNER_ALIGN_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "aligner/model.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// Half-open range of segments.
struct SegmentRange {
  int begin = 0;
  int end = 0;
  int size() const { return end - begin; }
  bool operator==(const SegmentRange&) const = default;
};

// The texts of the transcript's segments in the range, which must be in it;
// they are borrowed.
std::vector<absl::string_view> TextsOf(const Transcript& transcript,
                                       const SegmentRange& range);

// A run of source segments and the run of target segments translating it.
struct Bead {
  SegmentRange source, target;  // one may be empty, never both
  // Posterior probability, in [0, 1]: of the bead as it is, or, of one with an
  // empty side, that its segment has no counterpart.
  double confidence = 0;
};

struct AlignOptions {
  // Asked now and then; true ends the work with kCancelled. May be empty.
  std::function<bool()> cancelled;
  // Told the share done, in [0, 1], now and then. May be empty.
  std::function<void(double)> progress;
};

// Returns the most probable beads of a semi-Markov conditional random field
// (Sarawagi & Cohen 2004) over n-to-m beads, with their posteriors. They
// cover each segment of both sides once, in order. One side is English, the
// other Chinese, either way round; swapping the sides swaps the beads. A second
// pass knows the texts' terms and where their clauses go from a first. Pure and
// deterministic. Front matter before and behind the talk is left alone. Time
// and memory linear in the number of segments. kInvalidArgument: a side has no
// segments, or both have one language. kCancelled: options.cancelled said so.
absl::StatusOr<std::vector<Bead>> Align(const Model& model,
                                        const Transcript& source,
                                        const Transcript& target,
                                        const AlignOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_ALIGN_H_
