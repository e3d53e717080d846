// What speaks for a span of one side rendering a phrase of the other.

#ifndef DUILIAN_ALIGNER_PHRASE_CANDIDATES_H_
#define DUILIAN_ALIGNER_PHRASE_CANDIDATES_H_

#include <array>
#include <cstddef>
#include <vector>

#include "aligner/phrase_link_matrix.h"
#include "aligner/phrase_text.h"

namespace duilian::aligner {

// Edges are the span's two; units beyond are the two that it stops before.
struct PhraseFeature {
  enum Index : size_t {
    // Links between subwords, weighted by what a subword says.
    kLinked,      // share of the phrase that ends in the span
    kLinkedRoot,  // its square root
    kAccounted,   // share of the span that comes from the phrase
    kAccountedRoot,
    kLeftOut,        // share of what comes from the phrase outside the span
    kIntruding,      // share of what ends in the span from outside the phrase
    kEdgeLinked,     // edge units that come from the phrase
    kEdgeIntruding,  // from elsewhere
    kEdgeOrphan,     // content from nowhere
    kBeyondLinked,   // the same of the units beyond
    kBeyondIntruding,
    kBeyondOrphan,
    // Sums of vectors.
    kCosine,        // of phrase and span
    kRestCosine,    // of what both leave
    kNoRest,        // one leaves nothing, the other something
    kBetterLonger,  // what one more unit would add to the cosine
    kBetterShorter,
    // Sizes and places.
    kLength,  // log of the ratio of sizes, absolute
    kLengthSquare,
    kLonger,      // the same, of spans longer than the phrase
    kDistance,    // of the middles, as shares of the texts
    kInnerMarks,  // punctuation inside, beyond the phrase's
    // Where the edges fall.
    kCutsWord,
    kCutsPiece,
    kCutsBigram,
    kCutsNumber,
    kCutsName,       // between capitalised words
    kLeavesGloss,    // before a bracket that explains the span
    kLongArticle,    // an article and another function word inside
    kOpensFunction,  // a function word; the phrase has none there
    kClosesFunction,
    kEnglishOpens,  // by WordClass
    kEnglishCloses = kEnglishOpens + kWordClasses,
    kChineseOpens = kEnglishCloses + kWordClasses,
    kChineseCloses = kChineseOpens + kWordClasses,
    // The phrase is not rendered.
    kUnrendered = kChineseCloses + kWordClasses,
    kUnrenderedLinked,  // share of the phrase that ends anywhere
    kUnrenderedCosine,  // of the most similar span
    kCount
  };
};
using PhraseFeatures = std::array<float, PhraseFeature::kCount>;

// Units [begin, end) of the other side; begin == end: not rendered.
struct PhraseCandidate {
  int begin = 0, end = 0;
  PhraseFeatures features = {};
};

// Units of the side that the phrase stands in. begin < end.
struct PhraseRange {
  int begin = 0, end = 0;
};

// The spans of `other` that might render a phrase: whole units, no bracket
// halved, at most four times its size; "not rendered" last, always there.
std::vector<PhraseCandidate> FindPhraseCandidates(
    const PhraseText& own, PhraseRange phrase, const PhraseText& other,
    const PhraseLinkMatrix& links);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_PHRASE_CANDIDATES_H_
