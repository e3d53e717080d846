#include "bench/sentence_pairs.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

constexpr size_t kWords = 20'000;
constexpr uint64_t kCharacters = 3'500;
constexpr char32_t kFirstHan = 0x4E00;
constexpr uint64_t kVariationEvery = 10;

// Frequent words are short (Zipf's law of abbreviation): the first ranks have
// one syllable or character, as "the" and 的 do.
int LengthOfRank(size_t rank) {
  if (rank < 200) return 1;
  return rank < 14'000 ? 2 : 3;
}

std::string EnglishWord(int length, Random& random) {
  constexpr const char* kOnsets[] = {"b", "c",  "d",  "f",  "g",  "h", "l",
                                     "m", "n",  "p",  "r",  "s",  "t", "v",
                                     "w", "st", "tr", "ch", "sh", "pl"};
  constexpr const char* kVowels[] = {"a", "e", "i", "o", "u", "ea", "ou"};
  constexpr const char* kCodas[] = {"", "", "", "n", "r", "s", "t", "l", "ck"};
  const auto pick = [&random](const auto& of) {
    return of[random.Below(std::size(of))];
  };
  std::string word;
  for (; length > 0; --length) {
    absl::StrAppend(&word, pick(kOnsets), pick(kVowels), pick(kCodas));
  }
  return word;
}

// Common characters stand in many words, as 的 and 不 do: the cube of a share
// leans towards the first ones.
std::string ChineseWord(int length, Random& random) {
  std::string word;
  for (; length > 0; --length) {
    const double share = random.Share();
    const auto rank = static_cast<char32_t>(share * share * share *
                                            static_cast<double>(kCharacters));
    // Neighbours in rank are not neighbours in Unicode, nor in bytes.
    text::AppendUtf8(kFirstHan + (rank * 2'999 + 17) % 20'000, word);
  }
  return word;
}

std::vector<std::string> Vocabulary(std::string (*make)(int, Random&),
                                    Random& random) {
  absl::flat_hash_set<std::string> seen;
  std::vector<std::string> words;
  while (words.size() < kWords) {
    std::string word = make(LengthOfRank(words.size()), random);
    if (seen.insert(word).second) words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> Units(const std::string& body,
                               text::Language language) {
  if (language == text::Language::kEnglish) return absl::StrSplit(body, ' ');
  std::vector<std::string> units;
  for (const char32_t codepoint : text::Codepoints(body)) {
    text::AppendUtf8(codepoint, units.emplace_back());
  }
  return units;
}

}  // namespace

uint64_t Random::Next() {
  uint64_t z = state_ += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

uint64_t Random::Below(uint64_t limit) { return Next() % limit; }

double Random::Share() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

int Random::Between(int least, int most) {
  return least +
         static_cast<int>(Below(static_cast<uint64_t>(most - least + 1)));
}

SentencePairs::SentencePairs(uint64_t seed) : seed_(seed) {
  Random random(seed);
  english_words_ = Vocabulary(EnglishWord, random);
  chinese_words_ = Vocabulary(ChineseWord, random);
  double sum = 0;
  for (size_t rank = 1; rank <= kWords; ++rank) {
    frequency_sums_.push_back(sum += 1 / static_cast<double>(rank));
  }
}

const std::string& SentencePairs::Word(text::Language language,
                                       Random& random) const {
  const auto at =
      std::upper_bound(frequency_sums_.begin(), frequency_sums_.end(),
                       random.Share() * frequency_sums_.back());
  const auto rank =
      std::min<std::ptrdiff_t>(at - frequency_sums_.begin(), kWords - 1);
  return (language == text::Language::kEnglish
              ? english_words_
              : chinese_words_)[static_cast<size_t>(rank)];
}

std::vector<std::string> SentencePairs::Words(text::Language language,
                                              size_t count,
                                              Random& random) const {
  std::vector<std::string> words;
  while (words.size() < count) {
    const std::string& word = Word(language, random);
    if (words.empty() || words.back() != word) words.push_back(word);
  }
  return words;
}

std::string SentencePairs::EnglishSentence(Random& random) const {
  const auto length = static_cast<size_t>(random.Between(8, 30));
  std::vector<std::string> words =
      Words(text::Language::kEnglish, length, random);
  for (size_t i = 0; i + 2 < length; ++i) {
    if (random.Below(9) == 0) words[i] += ',';
  }
  words.front().front() =
      absl::ascii_toupper(static_cast<unsigned char>(words.front().front()));
  return absl::StrCat(absl::StrJoin(words, " "), ".");
}

std::string SentencePairs::ChineseSentence(Random& random) const {
  // The full stop is one of the 10 to 40; a word is one character at least.
  const auto length = static_cast<size_t>(random.Between(10, 40) - 1);
  std::vector<std::string> characters;
  for (const std::string& word :
       Words(text::Language::kChinese, length, random)) {
    for (std::string& character : Units(word, text::Language::kChinese)) {
      characters.push_back(std::move(character));
    }
    if (characters.size() + 2 < length && random.Below(8) == 0) {
      characters.emplace_back("，");
    }
  }
  characters.resize(length);
  return absl::StrCat(absl::StrJoin(characters, ""), "。");
}

SentencePair SentencePairs::Fresh(uint64_t number) const {
  Random random(seed_ ^ Random(number).Next());
  std::string english = EnglishSentence(random);
  return {std::move(english), ChineseSentence(random)};
}

SentencePair SentencePairs::At(uint64_t number) const {
  if (number % kVariationEvery != kVariationEvery - 1) return Fresh(number);
  Random random(seed_ + number);
  const uint64_t tens = random.Below(number / kVariationEvery + 1);
  const SentencePair earlier =
      Fresh(tens * kVariationEvery + random.Below(kVariationEvery - 1));
  const int edits = random.Between(1, 4);
  return {Edited(earlier.english, text::Language::kEnglish, edits, random),
          Edited(earlier.chinese, text::Language::kChinese, edits, random)};
}

std::string SentencePairs::Edited(const std::string& sentence,
                                  text::Language language, int edits,
                                  Random& random) const {
  const bool english = language == text::Language::kEnglish;
  const std::string stop = english ? "." : "。";
  std::vector<std::string> units =
      Units(sentence.substr(0, sentence.size() - stop.size()), language);
  for (; edits > 0; --edits) {
    const auto at =
        units.begin() + static_cast<std::ptrdiff_t>(random.Below(units.size()));
    // A Chinese word may have three characters; an edit is one of them.
    std::string unit = Units(Word(language, random), language).front();
    switch (units.size() > 1 ? random.Below(3) : 0) {
      case 0:
        units.insert(at, std::move(unit));
        break;
      case 1:
        *at = std::move(unit);
        break;
      default:
        units.erase(at);
    }
  }
  return absl::StrCat(absl::StrJoin(units, english ? " " : ""), stop);
}

}  // namespace duilian::bench
