// Tested by terms_test.cc.

#include "aligner/terms.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "text/normalize.h"

namespace duilian::aligner {
namespace {

constexpr size_t kMostBytesBetween = 4;

bool IsWordCharacter(char32_t c) {
  return text::IsLatin(c) || text::IsDigit(c);
}

TermWord MakeWord(absl::string_view text, text::ByteSpan span) {
  TermWord word;
  word.span = span;
  const absl::string_view written = text.substr(span.begin, span.size());
  bool ascii = true;
  for (const char c : written) {
    const auto byte = static_cast<unsigned char>(c);
    word.capital |= absl::ascii_isupper(byte);
    ascii = ascii && byte < 0x80;
  }
  word.folded = ascii ? absl::AsciiStrToLower(written)
                      : text::NormalizeForMatching(written);
  return word;
}

bool IsPluralOf(absl::string_view word, absl::string_view singular) {
  return word.size() == singular.size() + 1 && word.back() == 's' &&
         word.substr(0, singular.size()) == singular;
}

bool Fits(const TermWord& word, const TermWord& wanted, bool is_last) {
  if (wanted.capital && !word.capital) return false;
  return word.folded == wanted.folded ||
         (is_last && wanted.folded.size() > 1 &&
          IsPluralOf(word.folded, wanted.folded));
}

// Two words of one term: nothing ends a sentence between them.
bool Join(absl::string_view english, const TermWord& before,
          const TermWord& word) {
  const absl::string_view between =
      english.substr(before.span.end, word.span.begin - before.span.end);
  if (between.size() > kMostBytesBetween) return false;
  if (between == ".") return true;  // GPT-3.5
  return between.find_first_of(".?!,;:()\"\n") == absl::string_view::npos;
}

}  // namespace

std::vector<TermWord> SplitTermWords(absl::string_view text) {
  std::vector<TermWord> words;
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = text::NextCodepoint(text, offset);
    if (text::IsHan(c)) {
      TermWord& word = words.emplace_back();
      word.span = {begin, offset};
      word.folded = std::string(text.substr(begin, offset - begin));
      continue;
    }
    if (!IsWordCharacter(c)) continue;
    size_t end = offset;
    while (end < text.size()) {
      size_t next = end;
      if (!IsWordCharacter(text::NextCodepoint(text, next))) break;
      end = next;
    }
    words.push_back(MakeWord(text, {begin, end}));
    offset = end;
  }
  return words;
}

TermFinder::TermFinder(absl::Span<const std::string> terms) {
  for (size_t i = 0; i < terms.size(); ++i) {
    Term term = {i, SplitTermWords(terms[i])};
    if (term.words.empty()) continue;
    const std::string first = term.words[0].folded;
    // A term of one word may stand with an s behind.
    if (term.words.size() == 1) terms_[first + "s"].push_back(term);
    terms_[first].push_back(std::move(term));
  }
  for (auto& [word, all] : terms_) {
    std::stable_sort(all.begin(), all.end(), [](const Term& a, const Term& b) {
      return a.words.size() > b.words.size();
    });
  }
}

size_t TermFinder::WordsAt(absl::string_view english,
                           absl::Span<const TermWord> words, const Term& term) {
  const size_t count = term.words.size();
  if (words.size() < count) return 0;
  for (size_t i = 0; i < count; ++i) {
    if (!Fits(words[i], term.words[i], i + 1 == count)) return 0;
    if (i > 0 && !Join(english, words[i - 1], words[i])) return 0;
  }
  return count;
}

std::vector<TermPlace> TermFinder::Find(absl::string_view english) const {
  std::vector<TermPlace> places;
  if (terms_.empty()) return places;
  const std::vector<TermWord> words = SplitTermWords(english);
  for (size_t i = 0; i < words.size();) {
    size_t taken = 0;
    const auto found = terms_.find(words[i].folded);
    if (found != terms_.end()) {
      for (const Term& term : found->second) {
        taken = WordsAt(english, absl::MakeConstSpan(words).subspan(i), term);
        if (taken == 0) continue;
        places.push_back(
            {term.index, {words[i].span.begin, words[i + taken - 1].span.end}});
        break;
      }
    }
    i += std::max<size_t>(taken, 1);
  }
  return places;
}

std::optional<text::ByteSpan> FindRendering(
    absl::Span<const TermWord> text, absl::Span<const TermWord> rendering) {
  if (rendering.empty()) return std::nullopt;
  const auto found =
      std::search(text.begin(), text.end(), rendering.begin(), rendering.end(),
                  [](const TermWord& a, const TermWord& b) {
                    return a.folded == b.folded;
                  });
  if (found == text.end()) return std::nullopt;
  const TermWord& last =
      *(found + static_cast<std::ptrdiff_t>(rendering.size()) - 1);
  return text::ByteSpan{found->span.begin, last.span.end};
}

}  // namespace duilian::aligner
