// Names that no lexicon has: how alike two of them look and sound.

#ifndef DUILIAN_ALIGNER_NAME_LIKENESS_H_
#define DUILIAN_ALIGNER_NAME_LIKENESS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace duilian::aligner {

// True of the characters that Chinese spells foreign names with (斯, 亚, 尔).
bool SpellsNames(char32_t character);

// How a word sounds, coarsely: a letter a class of sounds. The first reads
// characters that spell names and leaves others out, the second ASCII letters.
std::string SoundsOfChinese(std::u32string_view characters);
std::string SoundsOfLatin(absl::string_view word);

// In [0, 1]: 1 for equal sounds. Vowels count for less than consonants.
double SoundLikeness(absl::string_view a, absl::string_view b);

// In [0, 1]: 1 minus the share of letters to be edited, case aside.
double SpellingLikeness(absl::string_view a, absl::string_view b);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_NAME_LIKENESS_H_
