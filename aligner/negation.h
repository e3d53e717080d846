// Whether a text denies, and whether its translation does.

#ifndef DUILIAN_ALIGNER_NEGATION_H_
#define DUILIAN_ALIGNER_NEGATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

// What denies in a text, in three degrees: what the other language denies,
// too; what it may; what it does not.
struct NegationReading {
  // In order: "never", "don't", 没有, 不会. Not among them: tags and negative
  // questions ("isn't it", 是不是), what is said without denying ("not only",
  // "no doubt", 不过, 差不多, 特别), and what is often put the other way round
  // ("until", 不同, 除非, 无论).
  std::vector<text::ByteSpan> sure;
  // Whether the other language's negation may have its counterpart here: any
  // negation but one that never denies, and words that hold one ("hardly",
  // "unable", "useless", 难, 拒绝, 只).
  bool possible = false;
};

// Simplified or Traditional Chinese. Requires valid UTF-8. Linear. Pure.
NegationReading ReadNegations(absl::string_view text, text::Language language);

// A side's negation that has nothing like it on the other side.
struct NegationMismatch {
  text::Language side = text::Language::kEnglish;  // that denies
  text::ByteSpan span;                             // the first, in that side
};

// Only whether a side denies at all is compared, since languages put double
// and repeated negations differently. nullopt: nothing speaks against the
// pair. How often that is right: docs/benchmarks.md.
std::optional<NegationMismatch> CompareNegations(absl::string_view english,
                                                 absl::string_view chinese);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_NEGATION_H_
