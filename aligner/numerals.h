// Numbers in words. FindNumbers (numbers.h) puts these together with digits.

#ifndef DUILIAN_ALIGNER_NUMERALS_H_
#define DUILIAN_ALIGNER_NUMERALS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "aligner/characters.h"

namespace duilian::aligner {

// A number in the characters [begin, end).
struct Numeral {
  double value = 0;
  size_t begin = 0;
  size_t end = 0;
};

// True for 零 to 九, 两, 十, 百, 千, 万, 亿 and their other forms.
bool IsChineseNumeral(char32_t c);

// 10 for 十 … 1e12 for 兆; 0 for all else.
double ChineseUnit(char32_t c);

// Appends the numbers of the run of Chinese numerals that begins at i (none
// in 十分 or 一样; two in 三四十) and returns the run's end, beyond i. Requires
// IsChineseNumeral(characters[i]).
size_t ReadChineseNumerals(const Characters& characters, size_t i,
                           std::vector<Numeral>& out);

// The number that the English words at i spell: "twenty-three", "a hundred
// and five", "first", "millions", "nineteen eighty-four", "Thursday" (4),
// "November" (11). Requires a word to begin at i.
std::optional<Numeral> ReadEnglishNumeral(const Characters& characters,
                                          size_t i);

// "thousand", "billion"… as a factor; nullopt for all else, "hundredth" too.
std::optional<double> EnglishMagnitude(absl::string_view lower_word);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_NUMERALS_H_
