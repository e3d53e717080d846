#ifndef DUILIAN_ALIGNER_DOUBTS_H_
#define DUILIAN_ALIGNER_DOUBTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace duilian::aligner {

// An aligned pair as a reviewer sees it.
struct DoubtInput {
  absl::string_view source;  // English
  absl::string_view target;  // Chinese
  int source_segments = 1;
  int target_segments = 1;
  double confidence = 1;
};

struct DoubtOptions {
  double low_confidence = 0.8;  // below it, the confidence itself is a doubt
  double length_ratio = 2.5;    // of code points to what is usual, either way
};

enum class DoubtKind {
  kOneSided,       // "no Chinese for it"
  kLowConfidence,  // "low confidence 0.42"
  kNumber,         // "number 7 has no counterpart"
  kFragment,       // "GPT-4 is not in the English"
  kNegation,       // "negation never is not in the Chinese"
  kShort,          // "Chinese is much shorter than usual"
  kLong,           // "Chinese is much longer than usual"
  kBead,           // "3:2 bead" (two or more of each, or four of one)
  kQuestion,       // "question mark on one side only"
};

struct Doubt {
  DoubtKind kind = DoubtKind::kOneSided;
  std::string phrase;
  std::string subject;  // the words that it is about, as seen; may be empty
};

// Why a pair deserves a look, worst first, one short English phrase each.
// Numbers are compared by value: 7 万亿 is 7 trillion, 三 is three; negations
// as negation.h does. At most three of each kind are told. Empty when nothing
// speaks against the pair. Requires valid UTF-8. Pure.
std::vector<Doubt> FindDoubts(const DoubtInput& pair,
                              const DoubtOptions& options);

// Their phrases alone.
std::vector<std::string> Doubts(const DoubtInput& pair,
                                const DoubtOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_DOUBTS_H_
