// What a pair of texts itself teaches: names and terms that no corpus has.

#ifndef DUILIAN_ALIGNER_TEXT_LEXICON_H_
#define DUILIAN_ALIGNER_TEXT_LEXICON_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "aligner/bead_lattice.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {

// The pack's lexicons with pairs of pieces added that keep each other's company
// in the beads of these texts. Owns what lexicons() borrows.
class TextLexicon {
 public:
  // `beads` are of these texts; those of two sides that are sure of themselves
  // teach, the first few thousand of them. O(pairs of pieces in them).
  TextLexicon(const Lexicons& known, const PreparedPair& texts,
              absl::Span<const LatticeBead> beads);
  TextLexicon(const TextLexicon&) = delete;
  TextLexicon& operator=(const TextLexicon&) = delete;

  // Pairs that were learnt. With none there is nothing to look at again.
  int learnt() const { return learnt_; }
  Lexicons lexicons() const;

 private:
  struct Rows {
    std::vector<uint32_t> starts;
    std::vector<uint16_t> ids;
    std::vector<uint8_t> gains;
  };
  // A pair of pieces, the covered one first, and its gain.
  struct Entry {
    uint16_t piece, other;
    uint8_t gain;
  };
  static Rows Merge(const LexiconView& known, std::vector<Entry> learnt);

  int learnt_ = 0;
  Rows chinese_, english_;
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_TEXT_LEXICON_H_
