// Phrase links: where a phrase of one side of a pair is rendered in the other.

#ifndef DUILIAN_ALIGNER_PHRASE_LINKS_H_
#define DUILIAN_ALIGNER_PHRASE_LINKS_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "aligner/model.h"
#include "aligner/phrase_candidates.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

// Code points of a side beyond which no link is sought.
inline constexpr size_t kMaxLinkedCodepoints = 1'000;

// What a feature is worth, in nats.
using PhraseWeights = PhraseFeatures;
// Fitted by alignment_quality --fit-phrases on links marked by hand;
// docs/model.md.
extern const PhraseWeights kPhraseWeights;

struct PhraseLink {
  // In the other side: from the first to the last of its whole words and
  // characters. nullopt: not rendered there.
  std::optional<text::ByteSpan> span;
  // In [0, 1]: the probability that the rendering and the span overlap, or
  // that there is none.
  double confidence = 0;
};

// The links of one pair. Thread-safe once made.
class PhraseLinker {
 public:
  // Requires valid UTF-8. Copies what it needs of the texts, borrows nothing.
  // Time and memory: the product of the texts' lengths.
  PhraseLinker(const Model& model, absl::string_view chinese,
               absl::string_view english);
  ~PhraseLinker();
  PhraseLinker(PhraseLinker&&) noexcept;

  // The rendering of the bytes `phrase` of the side in `language`. What of a
  // word is in the phrase counts as the whole word. Not rendered, with
  // confidence 0: a phrase of marks and spaces alone, one out of the text,
  // and any of a text above kMaxLinkedCodepoints.
  PhraseLink Link(text::Language language, text::ByteSpan phrase,
                  const PhraseWeights& weights = kPhraseWeights) const;

  // What Link chooses from, for fitting. Empty where there is nothing.
  std::vector<PhraseCandidate> Candidates(text::Language language,
                                          text::ByteSpan phrase) const;
  // Units of the side in `language`; begin == end: touches none.
  PhraseRange RangeOf(text::Language language, text::ByteSpan bytes) const;

 private:
  struct Sides;
  std::unique_ptr<const Sides> sides_;  // nullptr: a text is too long or empty
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_PHRASE_LINKS_H_
