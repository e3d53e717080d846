// How often phrase links are right, on links marked by hand.

#ifndef DUILIAN_BENCH_PHRASE_QUALITY_H_
#define DUILIAN_BENCH_PHRASE_QUALITY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aligner/model.h"
#include "aligner/phrase_links.h"
#include "aligner/training/phrase_trainer.h"

namespace duilian::bench {

// A phrase, and where it is rendered.
struct PhraseCase {
  std::string kind;  // term, name, number, idiom, mixed
  int line = 0;      // of the Chinese: what is near stays in one fold
  text::Language language = text::Language::kChinese;  // of the phrase
  std::shared_ptr<const aligner::PhraseLinker> linker;
  text::ByteSpan phrase;
  // nullopt: the rendering was cut out of the other side.
  std::optional<text::ByteSpan> rendering;
};

// Both directions of each link of `data`/interview/terms.dev.tsv, each also
// with the rendering cut out where enough is left. kNotFound, kDataLoss: no
// such file, or it does not fit the texts.
absl::StatusOr<std::vector<PhraseCase>> ReadPhraseCases(
    const std::string& data, const aligner::Model& model);

struct PhraseScore {
  int cases = 0, overlapping = 0, exact = 0;
  double Overlapping() const {
    return cases > 0 ? 1.0 * overlapping / cases : 0;
  }
  double Exact() const { return cases > 0 ? 1.0 * exact / cases : 0; }
};

// By the weights given.
struct PhraseScores {
  PhraseScore to_english, to_chinese;
  int refused = 0, cut = 0;  // renderings cut out: found to be missing, and all
};
PhraseScores ScorePhrases(const std::vector<PhraseCase>& cases,
                          const aligner::PhraseWeights& weights);

// Prints the scores by direction and kind with weights fitted on the other
// seven eighths of the lines, how sure the answers were, and the time a link
// takes. Returns the scores.
PhraseScores PrintPhraseQuality(const std::vector<PhraseCase>& cases);

// Fits on all the cases and prints the weights as phrase_weights.cc has them.
void PrintPhraseWeights(const std::vector<PhraseCase>& cases);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_PHRASE_QUALITY_H_
