#include "bench/lookup_material.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/corpus_pairs.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using text::Language;

std::string TwoCharacters(const std::string& text, Random& random) {
  const std::vector<char32_t> codepoints = text::Codepoints(text);
  std::vector<size_t> places;
  for (size_t i = 0; i + 1 < codepoints.size(); ++i) {
    if (text::IsHan(codepoints[i]) && text::IsHan(codepoints[i + 1])) {
      places.push_back(i);
    }
  }
  if (places.empty()) return "模型";
  const size_t place = places[random.Below(places.size())];
  std::string two;
  text::AppendUtf8(codepoints[place], two);
  text::AppendUtf8(codepoints[place + 1], two);
  return two;
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase(words, "");
  return words;
}

std::string OneWord(const std::string& text, Random& random) {
  const std::vector<std::string> words = WordsOf(text);
  return words.empty() ? "model" : words[random.Below(words.size())];
}

// True when the parts before and behind `place` are of one word: GPT in
// Chinese.
bool CutsAWord(const std::vector<std::string>& parts, size_t place) {
  return place > 0 && place < parts.size() &&
         absl::ascii_isalnum(static_cast<unsigned char>(parts[place - 1][0])) &&
         absl::ascii_isalnum(static_cast<unsigned char>(parts[place][0]));
}

}  // namespace

LookupMaterial::LookupMaterial(std::vector<SentencePair> pairs, size_t stored,
                               size_t projects)
    : pairs_(std::move(pairs)), stored_(stored) {
  for (size_t i = 1; i <= projects; ++i) {
    projects_.push_back(i == 1 ? kProject : absl::StrCat(kProject, "-", i));
  }
}

const std::string& LookupMaterial::SomeText(Language language,
                                            Random& random) const {
  return pairs_[random.Below(stored_)].Text(language);
}

std::vector<std::string> LookupMaterial::Queries(Language language,
                                                 size_t count) const {
  Random random(kLookupSeed + static_cast<uint64_t>(language));
  std::vector<std::string> queries;
  for (size_t i = 0; i < count; ++i) {
    const std::string& text = SomeText(language, random);
    const std::string& other = SomeText(language, random);
    const double kind = random.Share();
    if (kind < 0.3) {
      queries.push_back(text);
    } else if (kind < 0.8) {
      queries.push_back(
          WithEdits(text, language, random.Between(1, 4), other, random));
    } else {
      queries.push_back(pairs_[stored_ + i].Text(language));
    }
    if (text::NormalizeForMatching(queries.back()).empty()) {
      queries.back() = text;
    }
  }
  return queries;
}

std::vector<std::string> LookupMaterial::Terms(Language language,
                                               size_t count) const {
  Random random(kLookupSeed);
  std::vector<std::string> terms;
  for (size_t i = 0; i < count; ++i) {
    const std::string& text = SomeText(language, random);
    terms.push_back(language == Language::kChinese ? TwoCharacters(text, random)
                                                   : OneWord(text, random));
  }
  return terms;
}

std::vector<std::string> LookupMaterial::PartsOfWords(WordPart part,
                                                      size_t count) const {
  constexpr size_t kLeastLetters = 6;
  Random random(kLookupSeed + 4);
  std::vector<std::string> parts;
  while (parts.size() < count) {
    std::vector<std::string> words =
        WordsOf(SomeText(Language::kEnglish, random));
    std::erase_if(words, [](const std::string& word) {
      return word.size() < kLeastLetters;
    });
    if (words.empty()) continue;
    const std::string& word = words[random.Below(words.size())];
    parts.push_back(
        part == WordPart::kBeginning
            ? absl::StrCat(word.substr(0, (word.size() + 1) / 2), "*")
            : absl::StrCat("*", word.substr(word.size() / 4, word.size() / 2),
                           "*"));
  }
  return parts;
}

std::vector<std::string> LookupMaterial::Quotes(Language language,
                                                size_t count) const {
  Random random(kLookupSeed + 2 + static_cast<uint64_t>(language));
  std::vector<std::string> quotes;
  while (quotes.size() < count) {
    const std::vector<std::string> parts =
        TextParts(SomeText(language, random), language);
    const size_t half = (parts.size() + 1) / 2;
    const size_t begin = random.Below(parts.size() - half + 1);
    if (language == Language::kChinese &&
        (CutsAWord(parts, begin) || CutsAWord(parts, begin + half))) {
      continue;
    }
    const auto first = parts.begin() + static_cast<std::ptrdiff_t>(begin);
    std::string quote = JoinedParts(
        {first, first + static_cast<std::ptrdiff_t>(half)}, language);
    // A quote of signs alone is refused.
    if (text::NormalizeForMatching(quote).size() >= 6) {
      quotes.push_back(std::move(quote));
    }
  }
  return quotes;
}

std::vector<LinesDocument> LookupMaterial::Documents(size_t begin,
                                                     size_t end) const {
  std::vector<LinesDocument> documents;
  for (size_t i = begin; i < end; ++i) {
    if (i % kPairsPerDocument == 0) {
      const size_t number = i / kPairsPerDocument;
      documents.emplace_back().name = absl::StrFormat(
          "%s/documents/from-%09u", projects_[number % projects_.size()], i);
    }
    absl::StrAppend(&documents.back().english, pairs_[i].english, "\n");
    absl::StrAppend(&documents.back().chinese, pairs_[i].chinese, "\n");
  }
  return documents;
}

}  // namespace duilian::bench
