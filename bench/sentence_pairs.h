// Bilingual sentences without end, for measuring with: no text of anybody's.

#ifndef DUILIAN_BENCH_SENTENCE_PAIRS_H_
#define DUILIAN_BENCH_SENTENCE_PAIRS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "text/language.h"

namespace duilian::bench {

// The same numbers on every machine; std's distributions do not promise that.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next();                   // SplitMix64 (Steele et al. 2014)
  uint64_t Below(uint64_t limit);    // in [0, limit); limit > 0
  double Share();                    // in [0, 1)
  int Between(int least, int most);  // both inclusive

 private:
  uint64_t state_;
};

struct SentencePair {
  std::string english, chinese;

  const std::string& Text(text::Language language) const {
    return language == text::Language::kEnglish ? english : chinese;
  }
};

// Pairs with the statistics that a look-up index feels, and no meaning: 8 to
// 30 English words and 10 to 40 Chinese characters, from 20,000 words a
// language whose frequencies follow Zipf's law, the frequent ones short, the
// Chinese ones of 3,500 characters. One pair in ten is an earlier one with a
// few edits, as a talk repeats itself. Immutable after construction;
// thread-safe.
class SentencePairs {
 public:
  explicit SentencePairs(uint64_t seed);

  // The pair of that number: always the same, whichever were asked before.
  SentencePair At(uint64_t number) const;

  // At(number) as it would be if it were no variation of an earlier one.
  SentencePair Fresh(uint64_t number) const;

  // `sentence` with `edits` words (English) or characters (Chinese) inserted,
  // deleted or replaced. Its final punctuation stays.
  std::string Edited(const std::string& sentence, text::Language language,
                     int edits, Random& random) const;

 private:
  const std::string& Word(text::Language language, Random& random) const;
  // So many of them, none twice running.
  std::vector<std::string> Words(text::Language language, size_t count,
                                 Random& random) const;
  std::string EnglishSentence(Random& random) const;
  std::string ChineseSentence(Random& random) const;

  uint64_t seed_;
  std::vector<std::string> english_words_, chinese_words_;
  std::vector<double> frequency_sums_;  // by rank, of the words before and it
};

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_SENTENCE_PAIRS_H_
