// Where an alignment differs from the gold, stretch by stretch, by kind.

#ifndef DUILIAN_BENCH_ALIGNMENT_ERRORS_H_
#define DUILIAN_BENCH_ALIGNMENT_ERRORS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/training/gold.h"

namespace duilian::bench {

enum class ErrorKind {
  kCutFiner,     // beads of the gold cut into smaller ones
  kJoined,       // beads of the gold joined
  kBorderMoved,  // the same segments in pairs, divided otherwise
  kLeftAlone,    // segments left alone that the gold pairs
  kPaired,       // segments paired that the gold leaves alone
  kOther,        // some left alone, others paired
};
inline constexpr int kErrorKinds = 6;

// What a kind is called in a table.
const char* ErrorName(ErrorKind kind);

// Beads of two sides that differ, between the nearest places before and behind
// that neither crosses.
struct ErrorStretch {
  ErrorKind kind = ErrorKind::kOther;
  aligner::SegmentRange chinese, english;
  std::vector<aligner::training::GoldBead> gold, system;

  // "2-2 for 1-1 1-1": the gold's beads by their sizes, then the system's; "-"
  // for none.
  std::string Shapes() const;
};

// The stretches in which the beads of two sides are not the gold's, in order.
// O(beads times segments).
std::vector<ErrorStretch> FindErrors(
    const aligner::training::GoldDocument& gold,
    absl::Span<const aligner::training::GoldBead> system);

// Counts kinds over documents of one sort.
struct ErrorCounts {
  int stretches[kErrorKinds] = {};
  int with_speech[kErrorKinds] = {};  // of these, with a quotation mark inside
  int gold_beads[kErrorKinds] = {};   // of the gold that are missed by it

  void Add(const aligner::training::GoldDocument& gold,
           absl::Span<const ErrorStretch> errors);
};

// Prints a row a kind.
void PrintErrorCounts(const std::string& what, const ErrorCounts& counts);

// Prints each stretch for a person: the gold's beads with their text, and the
// numbers of the segments in the beads that stand in their place.
void PrintErrors(const aligner::training::GoldDocument& gold,
                 absl::Span<const ErrorStretch> errors);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_ALIGNMENT_ERRORS_H_
