// The texts of the soak: made of few words, so that they resemble each other
// and no index's vocabulary grows with the time.

#ifndef DUILIAN_TESTS_SOAK_SENTENCES_H_
#define DUILIAN_TESTS_SOAK_SENTENCES_H_

#include <random>
#include <string>

namespace duilian::soak {

using Random = std::mt19937;
// In [least, most].
inline int Pick(int least, int most, Random& random) {
  return least +
         static_cast<int>(random() % static_cast<uint32_t>(most - least + 1));
}

// What stands on a document's line. Without digits: numbers alone that differ
// would count as equal.
struct Line {
  std::string english, chinese;
};
Line MakeLine(Random& random);

std::string EnglishWord(Random& random);  // lower case

// The text with 1 to 3 of its characters left out, doubled or replaced.
std::string WithTypos(const std::string& text, Random& random);

}  // namespace duilian::soak

#endif  // DUILIAN_TESTS_SOAK_SENTENCES_H_
