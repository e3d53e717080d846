// One side of a pair as the phrase links see it: words and characters, the
// subwords that they are made of, vectors.

#ifndef DUILIAN_ALIGNER_PHRASE_TEXT_H_
#define DUILIAN_ALIGNER_PHRASE_TEXT_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "aligner/model.h"
#include "aligner/word_classes.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

// What a span may begin and end with: a word of letters and digits with the
// hyphens, apostrophes and dots inside it (a possessive 's apart), a Han
// character, a punctuation mark.
struct PhraseUnit {
  text::ByteSpan span;
  int letters = 0;   // code points; 0 for a mark
  float size = 0;    // 1 for a Han character, a third of the letters of a word
  char32_t han = 0;  // the character, 0 for words and marks
  int bracket = 0;   // 1 opens, -1 closes
  bool capital = false;
  WordClass word_class = WordClass::kContent;
  // What the edge before this unit would cut: a word of Chinese, a subword,
  // two characters that are a subword by themselves, a number with its measure.
  bool inside_word = false;
  bool inside_piece = false;
  bool inside_bigram = false;
  bool inside_number = false;

  bool function() const { return word_class != WordClass::kContent; }
};

// A subword.
struct PhrasePiece {
  int id = 0;
  int first_unit = 0, last_unit = 0;  // [first, last) are the units it touches
  float weight = 0;  // the norm of its vector: how much it says
  float share() const {
    return 1.0F / static_cast<float>(last_unit - first_unit);
  }
};

struct PhraseText {
  text::Language language = text::Language::kEnglish;
  int dim = 0;
  std::vector<PhraseUnit> units;
  std::vector<PhrasePiece> pieces;
  std::vector<float> vectors;  // [units, dim]: their pieces', shared out
  std::vector<float> total;    // [dim], their sum

  int size() const { return static_cast<int>(units.size()); }
  const PhraseUnit& unit(int u) const { return units[static_cast<size_t>(u)]; }
  const float* vector(int u) const {
    return vectors.data() + static_cast<size_t>(u) * static_cast<size_t>(dim);
  }
};

// Linear. Requires valid UTF-8.
PhraseText ReadPhraseText(const Model& model, absl::string_view text,
                          text::Language language);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_PHRASE_TEXT_H_
