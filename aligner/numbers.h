#ifndef DUILIAN_ALIGNER_NUMBERS_H_
#define DUILIAN_ALIGNER_NUMBERS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

struct NumberMention {
  double value = 0;
  text::ByteSpan span;   // in the text given, magnitude word included
  bool spelled = false;  // in words alone ("three", 三): weak evidence, since
                         // 一 and "one" often count nothing
};

// The numbers of a text, in order: digits (1,000.5; full width too), with a
// magnitude behind (7 万亿, 3 亿, $7 trillion, 2.5 billion, 10k), percentages
// (80%, 百分之八十 give 80, 万分之五 0.05), Chinese numerals (二十三, 三百),
// English number words (twenty-three, first; November is 11 as 11 月 is, and
// Thursday 4 as 星期四). A digit inside a fragment such as GPT-4 or Q3 is not
// a number, nor is a timestamp (00:09:22) or a run of more than 30 digits.
// Spans do not overlap.
// Requires valid UTF-8. Linear.
std::vector<NumberMention> FindNumbers(absl::string_view text,
                                       text::Language language);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_NUMBERS_H_
