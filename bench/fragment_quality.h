// How well the English fragments of the Chinese are found in the English.

#ifndef DUILIAN_BENCH_FRAGMENT_QUALITY_H_
#define DUILIAN_BENCH_FRAGMENT_QUALITY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aligner/model.h"

namespace duilian::bench {

struct FragmentScore {
  int fragments = 0;
  int right = 0;
  std::vector<std::string> wrong;  // for a person
  double Share() const {
    return fragments == 0 ? 0 : static_cast<double>(right) / fragments;
  }
};

struct FragmentScores {
  FragmentScore paired;
  FragmentScore
      alone;  // in lines that are in no bead with English: a summary's
};

// Of the fragments that were marked by hand in the interview
// (interview/fragments.dev.tsv: Chinese line, fragment, kind, English line, the
// words there; - where none), those that Align and LinkFragments put into the
// same line at the same words (or some of them), or rightly nowhere. Lines that
// are alone are looked for as quotes; what stands in a quote's label is
// nowhere. kNotFound, kDataLoss: as `data` has them; the errors of Align.
absl::StatusOr<FragmentScores> ScoreFragments(const aligner::Model& model,
                                              const std::string& data);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_FRAGMENT_QUALITY_H_
