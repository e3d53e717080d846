// Soft links between the subwords of the two sides of a pair.

#ifndef DUILIAN_ALIGNER_PHRASE_LINK_MATRIX_H_
#define DUILIAN_ALIGNER_PHRASE_LINK_MATRIX_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "aligner/model.h"
#include "aligner/phrase_text.h"

namespace duilian::aligner {

class PhraseLinkMatrix {
 public:
  struct Side {
    const PhraseText& phrases;
    absl::string_view text;
  };

  // Time and memory: the product of the sides' lengths.
  PhraseLinkMatrix(const Model& model, const Side& chinese,
                   const Side& english);

  // The probability that Chinese piece z comes from English piece e. The rest
  // to 1, over all e: from none.
  float ChineseFromEnglish(size_t z, size_t e) const {
    return chinese_[z * columns_ + e];
  }
  float EnglishFromChinese(size_t e, size_t z) const {
    return english_[z * columns_ + e];
  }

 private:
  void AddLexicons(const Model& model, const PhraseText& chinese,
                   const PhraseText& english);
  void AddLikeness(const Model& model, const Side& chinese,
                   const Side& english);
  void Normalize();

  size_t rows_ = 0, columns_ = 0;
  std::vector<float> chinese_, english_;  // [rows, columns]
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_PHRASE_LINK_MATRIX_H_
