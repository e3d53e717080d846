// Words that a translation adds and drops freely: what a rendering begins and
// ends with is told from them.

#ifndef DUILIAN_ALIGNER_WORD_CLASSES_H_
#define DUILIAN_ALIGNER_WORD_CLASSES_H_

#include "absl/strings/string_view.h"

namespace duilian::aligner {

enum class WordClass {
  kContent,
  kParticle,     // the; 的, 了
  kPreposition,  // of, in; 在, 对
  kConjunction,  // and, that; 和, 但
  kPronoun,      // she, this; 她
  kDeterminer,   // my, some, 's; 这, 每
  kAuxiliary,    // is, would; 是, 会
  kAdverb,       // just, not; 就, 不
};
inline constexpr int kWordClasses = 8;

// Of a word as written; kContent for what is in no list.
WordClass ClassOfEnglish(absl::string_view word);
// Of a single character: a guess, since 对 may be part of 对方.
WordClass ClassOfChinese(char32_t character);

// The marks that open (1) and close (-1) a bracket or a quotation; 0: neither.
int BracketOf(char32_t character);

// Digits and the characters that Chinese counts with.
bool IsNumeral(char32_t character);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_WORD_CLASSES_H_
