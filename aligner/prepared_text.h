// A transcript as the dynamic program sees it: pieces, vectors, marks.

#ifndef DUILIAN_ALIGNER_PREPARED_TEXT_H_
#define DUILIAN_ALIGNER_PREPARED_TEXT_H_

#include <cstdint>
#include <vector>

#include "aligner/model.h"
#include "aligner/quotation_marks.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// Most segments of one side in a bead.
inline constexpr int kMaxSide = 5;

// Steps of a piece's weight to the unit.
inline constexpr float kWeightSteps = 64;

// Properties of a segment, as bits.
enum Mark : uint16_t {
  kQuestion = 1,
  kExclamation = 2,
  kNoFinal = 4,  // ends without a final mark
  kOpensQuote = 8,
  kClosesQuote = 16,
  kShort = 32,  // at most 4 code points of Chinese, 2 words of English
  kHeading = 64,
  kTurnStart = 128,
  kEmpty = 256,  // nothing but white space
  kFront = 512,  // front matter
};

// A word or number that both texts hold.
struct SharedToken {
  int id = 0;
  float weight = 0;  // rarer ones weigh more
  bool number = false;
  // Its absence means nothing: a number in words, an English word in a quote's
  // pair.
  bool spelled = false;
};

// One side. size segments; [a, b] means row-major with that shape.
struct PreparedText {
  int size = 0;
  int dim = 0;
  std::vector<uint16_t> pieces;
  std::vector<uint32_t> piece_starts;  // [size + 1]
  // [size]: one past the first clause's pieces; the last clause's first one.
  std::vector<int> first_clause_end, last_clause_begin;
  // [size], at least 1 each; a comma in a number ends one, too.
  std::vector<int> clauses;
  // [pieces]: whether a clause ends behind the piece, inside of a segment; the
  // length of its vector, in steps: training makes that of rare words, which
  // say much, great.
  std::vector<uint8_t> ends_clause, piece_weights;
  std::vector<float> vectors;  // [size, dim], plain sums
  std::vector<float> gram;     // [size, kMaxSide]: vector i times vector i + k
  std::vector<float> mean;     // [dim], of the unit vectors
  std::vector<float> background;  // [size]: mean cosine with the other side
  std::vector<float> length;      // [size]: code points but white space
  std::vector<uint16_t> marks;    // [size]
  std::vector<QuotationMarks> quotations;        // [size]
  std::vector<std::vector<SharedToken>> tokens;  // [size], by id

  const float* vector(int i) const {
    return vectors.data() + static_cast<size_t>(i) * static_cast<size_t>(dim);
  }
  int piece_count(int i) const {
    const size_t at = static_cast<size_t>(i);
    return static_cast<int>(piece_starts[at + 1] - piece_starts[at]);
  }
  const uint16_t* pieces_of(int i) const {
    return pieces.data() + piece_starts[static_cast<size_t>(i)];
  }
  const uint8_t* weights_of(int i) const {
    return piece_weights.data() + piece_starts[static_cast<size_t>(i)];
  }
  // Square of the norm of the sum of segments [begin, begin + count).
  float SquaredNorm(int begin, int count) const {
    const float* row = gram.data() + static_cast<size_t>(begin) * kMaxSide;
    float sum = 0;
    for (int i = 0; i < count; ++i, row += kMaxSide) {
      sum += row[0];
      for (int k = 1; i + k < count; ++k) sum += 2 * row[k];
    }
    return sum;
  }
};

struct PreparedPair {
  PreparedText chinese, english;
};

// Linear. Requires one side of each language.
PreparedPair Prepare(const Model& model, const Transcript& chinese,
                     const Transcript& english);

// A text and quotes that may stand anywhere in it, each quote by itself:
// nothing of a quote or of the text hangs on the other quotes. The text's
// background is its own mean, and the weights of words and numbers are by how
// often the text has them. Linear.
PreparedPair PrepareQuotes(const Model& model, const Transcript& text,
                           const Transcript& quotes);

// A text's vector: the plain sum of its pieces', [dim].
std::vector<float> Embed(const Model& model, absl::string_view text);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_PREPARED_TEXT_H_
