// Gold documents made worse, as texts in the wild are, their gold with them.

#ifndef DUILIAN_BENCH_NOISE_H_
#define DUILIAN_BENCH_NOISE_H_

#include <cstdint>
#include <random>
#include <vector>

#include "aligner/training/gold.h"

namespace duilian::bench {

using aligner::training::GoldDocument;

enum class Side { kChinese, kEnglish };

// In all: `share` in [0, 1]; the same generator gives the same document.
// Segments are numbered anew, and a bead whose side is emptied is a deletion.

// That share of one side's segments is missing.
GoldDocument DropSegments(const GoldDocument& document, Side side, double share,
                          std::mt19937& random);

// That share of either side's segments is joined to the one behind; beads
// that share a segment then are one.
GoldDocument MergeSegments(const GoldDocument& document, double share,
                           std::mt19937& random);

// That share of either side's segments, or as many as can be, is cut in two
// behind a comma, a colon or the like; both halves stay in the bead.
GoldDocument SplitSegments(const GoldDocument& document, double share,
                           std::mt19937& random);

// That share of either side's characters, white space aside, is deleted, taken
// for another character of the text, or has one put before it, each as often.
GoldDocument GarbleCharacters(const GoldDocument& document, double share,
                              std::mt19937& random);

// One side ends half way.
GoldDocument CutInHalf(const GoldDocument& document, Side side);

// Behind one side, half as much again of another document's same side.
GoldDocument WithExtraHalf(const GoldDocument& document, Side side,
                           const GoldDocument& other);

// The Chinese of one document beside the English of another.
GoldDocument Mismatched(const GoldDocument& chinese,
                        const GoldDocument& english);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_NOISE_H_
