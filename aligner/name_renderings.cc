// The simple version: of all pairs that have "Elon", count every run of two to
// four Han characters and every Latin word of the Chinese; the one that most of
// them have, and few other pairs, is its rendering. The complications:
//
// 1. A name has several (埃隆, 马斯克, Elon): once one is found, those pairs
//    are set aside and the rest is counted again.
// 2. A run and a longer one around it have the same counts (斯克, 马斯克): the
//    longer wins.
// 3. A word that only begins sentences is no name: names have a capital
//    wherever they stand, and never stand without one.
//
// Tested by name_renderings_test.cc.

#include "aligner/name_renderings.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "aligner/characters.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

constexpr size_t kShortestRun = 2, kLongestRun = 4;  // Han characters
constexpr double kLeastPrecision = 0.7;  // pairs of the name, of a run's

using PairSet = std::vector<size_t>;  // rising

// A word of English, and whether it begins a sentence.
struct Word {
  std::string text;
  bool begins = false;
};

std::vector<Word> EnglishWords(absl::string_view english) {
  const Characters chars(english);
  std::vector<Word> words;
  bool begins = true;
  for (size_t i = 0; i < chars.size();) {
    if (!IsAsciiLetter(chars[i])) {
      const char32_t c = chars[i];
      const bool ends = c == '.' || c == '?' || c == '!' || c == ':' ||
                        c == '"' || c == 0x201C || c == 0x2026 || c == '-';
      begins |= ends;
      ++i;
      continue;
    }
    size_t end = i;
    // GPT-4 and GPT-V are words, "GPT-like" is two.
    const auto goes_on = [&](size_t k) {
      return IsAsciiDigit(chars[k]) || IsAsciiUpper(chars[k]);
    };
    while (IsAsciiLetter(chars[end]) || IsAsciiDigit(chars[end]) ||
           (chars[end] == '-' && goes_on(end + 1))) {
      ++end;
    }
    const text::ByteSpan span = chars.Bytes(i, end);
    words.push_back(
        {std::string(english.substr(span.begin, span.size())), begins});
    begins = false;
    // 's and 't belong to the word before.
    const bool joins = chars[end] == '\'' || chars[end] == 0x2019;
    i = joins ? chars.EndOfLetters(end + 1) : end;
    if (joins && i == end) ++i;
  }
  return words;
}

// The words that are names, and the pairs that have them.
std::map<std::string, PairSet> FindNames(absl::Span<const NamedPair> pairs) {
  std::map<std::string, PairSet> places;
  absl::flat_hash_set<std::string> proper, common;
  for (size_t p = 0; p < pairs.size(); ++p) {
    for (Word& word : EnglishWords(pairs[p].english)) {
      const bool capital =
          IsAsciiUpper(static_cast<unsigned char>(word.text[0]));
      if (!capital) common.insert(absl::AsciiStrToLower(word.text));
      if (!capital || word.text.size() < 2) continue;
      if (!word.begins) proper.insert(word.text);
      PairSet& at = places[std::move(word.text)];
      if (at.empty() || at.back() != p) at.push_back(p);
    }
  }
  for (auto it = places.begin(); it != places.end();) {
    const bool is_name = proper.contains(it->first) &&
                         !common.contains(absl::AsciiStrToLower(it->first));
    it = is_name ? std::next(it) : places.erase(it);
  }
  return places;
}

// The runs of Han characters and the Latin words of a text, each once.
absl::flat_hash_set<std::string> RunsOf(absl::string_view chinese) {
  const std::string normal = text::NormalizeForMatching(chinese);
  absl::flat_hash_set<std::string> runs;
  std::vector<size_t> han;  // where each character of the run begins
  size_t latin = normal.npos;
  for (size_t offset = 0; offset <= normal.size();) {
    const size_t begin = offset;
    const char32_t c =
        offset < normal.size() ? text::NextCodepoint(normal, offset) : 0;
    const bool is_latin = text::IsLatin(c) || text::IsDigit(c) || c == '-';
    if (is_latin && latin == normal.npos) latin = begin;
    if (!is_latin && latin != normal.npos) {
      runs.insert(normal.substr(latin, begin - latin));
      latin = normal.npos;
    }
    if (text::IsHan(c)) {
      han.push_back(begin);
      for (size_t n = kShortestRun; n <= std::min(kLongestRun, han.size());
           ++n) {
        const size_t first = han[han.size() - n];
        runs.insert(normal.substr(first, offset - first));
      }
    } else {
      han.clear();
    }
    if (begin == normal.size()) break;
  }
  return runs;
}

class RenderingLearner {
 public:
  RenderingLearner(absl::Span<const NamedPair> pairs,
                   const NameOptions& options)
      : options_(options) {
    for (const NamedPair& pair : pairs) {
      runs_.push_back(RunsOf(pair.chinese));
      for (const std::string& run : runs_.back()) ++pairs_with_[run];
    }
  }

  // What stands in the name's pairs where `own`, the name itself, does not.
  // Best first.
  std::vector<std::string> RenderingsOf(const PairSet& pairs,
                                        const std::string& own) const {
    std::vector<std::string> renderings;
    PairSet rest = Without(pairs, own);
    while (static_cast<int>(renderings.size()) < options_.most_renderings) {
      std::string best = BestRun(pairs, rest);
      if (best.empty()) break;
      rest = Without(rest, best);
      renderings.push_back(std::move(best));
    }
    // Usual is what the most have.
    const bool is_kept = 2 * Without(pairs, own).size() <= pairs.size();
    renderings.insert(is_kept ? renderings.begin() : renderings.end(), own);
    return renderings;
  }

  bool Has(size_t pair, const std::vector<std::string>& renderings) const {
    return std::any_of(
        renderings.begin(), renderings.end(),
        [&](const std::string& run) { return runs_[pair].contains(run); });
  }

  size_t size() const { return runs_.size(); }

 private:
  PairSet Without(const PairSet& pairs, const std::string& run) const {
    PairSet rest;
    for (const size_t p : pairs) {
      if (!runs_[p].contains(run)) rest.push_back(p);
    }
    return rest;
  }

  // The run that the most of the pairs left have, and few but the name's.
  std::string BestRun(const PairSet& pairs, const PairSet& rest) const {
    constexpr int kLeast = 2;
    absl::flat_hash_map<absl::string_view, int> counts, all;
    for (const size_t p : rest) {
      for (const std::string& run : runs_[p]) ++counts[run];
    }
    for (const size_t p : pairs) {
      for (const std::string& run : runs_[p]) ++all[run];
    }
    std::pair<int, size_t> best = {kLeast, 0};  // pairs, length
    absl::string_view found;
    for (const auto& [run, count] : counts) {
      const std::pair<int, size_t> value = {count, run.size()};
      const bool wins = value > best || (value == best && run < found);
      if (!wins || all[run] < kLeastPrecision * pairs_with_.at(run)) continue;
      best = value;
      found = run;
    }
    return std::string(found);
  }

  const NameOptions& options_;
  std::vector<absl::flat_hash_set<std::string>> runs_;
  absl::flat_hash_map<std::string, int> pairs_with_;
};

// Of one stretch; its pairs are counted from 0.
std::vector<MissingName> FindMissingIn(absl::Span<const NamedPair> pairs,
                                       const NameOptions& options) {
  std::vector<MissingName> missing;
  const RenderingLearner learner(pairs, options);
  size_t names = 0;
  for (const auto& [name, places] : FindNames(pairs)) {
    if (static_cast<int>(places.size()) < options.least_pairs) continue;
    if (++names > kMostNames) break;
    const std::string own = text::NormalizeForMatching(name);
    const std::vector<std::string> renderings =
        learner.RenderingsOf(places, own);
    const std::string usual =
        renderings.front() == own ? name : renderings.front();
    PairSet without;
    for (const size_t p : places) {
      if (!learner.Has(p, renderings)) without.push_back(p);
    }
    const double share = 1 - static_cast<double>(without.size()) /
                                 static_cast<double>(places.size());
    if (share < options.least_share) continue;
    for (const size_t p : without) {
      bool is_near = false;
      const size_t first = p > options.nearby ? p - options.nearby : 0;
      const size_t last = std::min(p + options.nearby + 1, learner.size());
      for (size_t q = first; q < last; ++q) {
        is_near |= learner.Has(q, renderings);
      }
      if (!is_near) missing.push_back({p, name, usual});
    }
  }
  std::stable_sort(missing.begin(), missing.end(),
                   [](const MissingName& a, const MissingName& b) {
                     return a.pair < b.pair;
                   });
  return missing;
}

}  // namespace

std::vector<MissingName> FindMissingNames(absl::Span<const NamedPair> pairs,
                                          const NameOptions& options) {
  std::vector<MissingName> missing;
  for (size_t first = 0; first < pairs.size(); first += kNameStretch) {
    for (MissingName& name :
         FindMissingIn(pairs.subspan(first, kNameStretch), options)) {
      name.pair += first;
      missing.push_back(std::move(name));
    }
  }
  return missing;
}

}  // namespace duilian::aligner
