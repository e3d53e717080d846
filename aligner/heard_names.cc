#include "aligner/heard_names.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/ascii.h"
#include "aligner/name_likeness.h"
#include "aligner/word_classes.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

using text::Language;

constexpr double kAlike = 0.68;
constexpr size_t kLongestName = 8;  // characters
constexpr size_t kMostNames = 32;   // of a quote

// A syllable alone sounds like anything.
bool IsLongEnough(const std::string& sounds) {
  return std::count_if(sounds.begin(), sounds.end(), [](char c) {
           return c != 'A' && c != 'E' && c != 'O';
         }) > 1;
}

// How every run of characters that may spell a foreign name sounds.
std::set<std::string> ChineseSounds(absl::string_view text) {
  const std::vector<char32_t> characters = text::Codepoints(text);
  std::set<std::string> sounds;
  for (size_t begin = 0; begin < characters.size(); ++begin) {
    std::u32string run;
    for (size_t at = begin;
         at < characters.size() && run.size() < kLongestName &&
         SpellsNames(characters[at]);
         ++at) {
      run.push_back(characters[at]);
      if (run.size() < 2) continue;
      std::string sound = SoundsOfChinese(run);
      if (IsLongEnough(sound)) sounds.insert(std::move(sound));
    }
  }
  return sounds;
}

// How the capitalised words sound; GPT is spelled, not spoken.
std::set<std::string> EnglishSounds(absl::string_view text) {
  std::set<std::string> sounds;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() &&
           absl::ascii_isalpha(static_cast<unsigned char>(text[end]))) {
      ++end;
    }
    const absl::string_view word = text.substr(at, end - at);
    at = std::max(end, at + 1);
    if (word.size() < 3 ||
        !absl::ascii_isupper(static_cast<unsigned char>(word[0])) ||
        !absl::ascii_islower(static_cast<unsigned char>(word[1])) ||
        ClassOfEnglish(word) != WordClass::kContent) {
      continue;
    }
    std::string sound = SoundsOfLatin(word);
    if (IsLongEnough(sound)) sounds.insert(std::move(sound));
  }
  return sounds;
}

std::set<std::string> SoundsOf(absl::string_view text, Language language) {
  return language == Language::kChinese ? ChineseSounds(text)
                                        : EnglishSounds(text);
}

}  // namespace

HeardNames::HeardNames(const Transcript& text)
    : text_is_chinese_(text.language == Language::kChinese),
      heard_(text.segments.size(), 0) {
  for (size_t k = 0; k < text.segments.size(); ++k) {
    for (const std::string& sound :
         SoundsOf(text.segments[k].text, text.language)) {
      sounds_[sound].push_back(static_cast<int>(k));
    }
  }
}

// A name is an English word, on whichever side: what may be a name in Chinese
// overlaps other such runs.
void HeardNames::Listen(absl::string_view quote) {
  std::fill(heard_.begin(), heard_.end(), 0);
  weights_.clear();
  const std::set<std::string> quoted = SoundsOf(
      quote, text_is_chinese_ ? Language::kEnglish : Language::kChinese);
  if (text_is_chinese_) {
    for (const std::string& word : quoted) {
      std::vector<const std::vector<int>*> places;
      for (const auto& [sound, segments] : sounds_) {
        if (SoundLikeness(sound, word) >= kAlike) places.push_back(&segments);
      }
      Add(places);
    }
    return;
  }
  for (const auto& [word, segments] : sounds_) {
    const bool heard =
        std::any_of(quoted.begin(), quoted.end(), [&](const auto& sound) {
          return SoundLikeness(sound, word) >= kAlike;
        });
    if (heard) Add({&segments});
  }
}

void HeardNames::Add(const std::vector<const std::vector<int>*>& places) {
  if (places.empty() || weights_.size() == kMostNames) return;
  const uint32_t bit = uint32_t{1} << weights_.size();
  int frequency = 0;
  for (const std::vector<int>* segments : places) {
    for (const int k : *segments) {
      uint32_t& bits = heard_[static_cast<size_t>(k)];
      frequency += (bits & bit) == 0;
      bits |= bit;
    }
  }
  const double size = static_cast<double>(heard_.size());
  weights_.push_back(static_cast<float>(
      std::clamp(std::log((size + 10) / (frequency + 1)) / 5, 0.05, 1.0)));
}

HeardNames::Count HeardNames::CountIn(const SegmentRange& run) const {
  uint32_t bits = 0;
  for (int k = run.begin; k < run.end; ++k) {
    bits |= heard_[static_cast<size_t>(k)];
  }
  Count count;
  for (size_t n = 0; n < weights_.size(); ++n) {
    ((bits >> n & 1) != 0 ? count.here : count.elsewhere) += weights_[n];
  }
  return count;
}

}  // namespace duilian::aligner
