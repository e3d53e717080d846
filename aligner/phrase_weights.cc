// Printed by alignment_quality --fit-phrases: maximum likelihood over both
// directions of the interview's links marked by hand. Of edges' word classes
// only differences matter.

#include "aligner/phrase_links.h"

namespace duilian::aligner {

const PhraseWeights kPhraseWeights = {
    5.711F,   // Linked
    -0.009F,  // Linked root
    0.511F,   // Accounted
    -1.482F,  // Accounted root
    -1.019F,  // Left out
    -2.959F,  // Intruding
    0.989F,   // Edge linked
    -1.652F,  // Edge intruding
    0.255F,   // Edge orphan
    -1.155F,  // Beyond linked
    -0.660F,  // Beyond intruding
    -1.832F,  // Beyond orphan
    6.219F,   // Cosine
    5.715F,   // Rest cosine
    1.103F,   // No rest
    -3.584F,  // Better longer
    -0.124F,  // Better shorter
    -3.425F,  // Length
    0.601F,   // Length square
    -0.024F,  // Longer
    -2.086F,  // Distance
    -2.387F,  // Inner marks
    -3.535F,  // Cuts word
    -1.532F,  // Cuts piece
    -1.289F,  // Cuts bigram
    -1.327F,  // Cuts number
    -0.949F,  // Cuts name
    -3.937F,  // Leaves gloss
    1.421F,   // Long article
    -2.127F,  // Opens function
    -1.346F,  // Closes function
    -0.779F,  // English opens, content
    0.968F,   // English opens, particle
    0.546F,   // English opens, preposition
    -0.679F,  // English opens, conjunction
    0.796F,   // English opens, pronoun
    -1.122F,  // English opens, determiner
    0.578F,   // English opens, auxiliary
    -2.577F,  // English opens, adverb
    1.171F,   // English closes, content
    -0.809F,  // English closes, particle
    1.014F,   // English closes, preposition
    -1.320F,  // English closes, conjunction
    0.620F,   // English closes, pronoun
    -0.504F,  // English closes, determiner
    -1.453F,  // English closes, auxiliary
    -1.016F,  // English closes, adverb
    0.148F,   // Chinese opens, content
    -2.077F,  // Chinese opens, particle
    1.458F,   // Chinese opens, preposition
    -0.945F,  // Chinese opens, conjunction
    1.308F,   // Chinese opens, pronoun
    0.667F,   // Chinese opens, determiner
    1.027F,   // Chinese opens, auxiliary
    1.522F,   // Chinese opens, adverb
    0.380F,   // Chinese closes, content
    0.573F,   // Chinese closes, particle
    -1.521F,  // Chinese closes, preposition
    1.449F,   // Chinese closes, conjunction
    -0.570F,  // Chinese closes, pronoun
    -0.798F,  // Chinese closes, determiner
    1.972F,   // Chinese closes, auxiliary
    1.628F,   // Chinese closes, adverb
    -0.199F,  // Unrendered
    1.517F,   // Unrendered linked
    2.481F,   // Unrendered cosine
};

}  // namespace duilian::aligner
