// One pass over the characters. At every run of final marks, with the closing
// quotes, brackets and emoji behind it, a chain of rules says whether a
// sentence ends there; all of them look at most a few words back and one ahead.
// Tested by sentences_test.cc, and on a real interview by transcript_test.cc.

#include "aligner/sentences.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "aligner/characters.h"

namespace duilian::aligner {
namespace {

bool IsOneOf(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != set.npos;
}

bool IsMark(char32_t c) { return IsOneOf(c, U".?!。…｡‼⁇⁈⁉‽"); }
bool IsClosingQuote(char32_t c) { return IsOneOf(c, U"”’」』»"); }
bool IsClosingBracket(char32_t c) { return IsOneOf(c, U")]}）】》〉〕］｝"); }
bool IsOpener(char32_t c) { return IsOneOf(c, U"“‘「『«([{【《〈〔"); }
bool IsWordCharacter(char32_t c) {
  return text::IsLatin(c) || text::IsDigit(c) || text::IsHan(c);
}
bool IsRegional(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }
bool IsLowerLatin(char32_t c) {
  return IsAsciiLower(c) || (c >= 0xDF && c <= 0xFF);
}

// Abbreviations that a sentence goes on after, in lower case without the last
// dot. Sorted.
constexpr absl::string_view kNeverLast[] = {
    "al",     "approx", "capt", "cf",  "col", "dept", "dr",  "e.g",
    "fig",    "figs",   "ft",   "gen", "gov", "hon",  "i.e", "lt",
    "messrs", "mr",     "mrs",  "ms",  "mt",  "prof", "rep", "rev",
    "sen",    "sgt",    "st",   "viz", "vs"};
// Abbreviations only before a number. Sorted.
constexpr absl::string_view kBeforeNumber[] = {
    "apr", "art", "aug", "ch",  "dec", "eq", "feb", "jan", "jul",  "jun", "mar",
    "no",  "nos", "nov", "oct", "p",   "pp", "sec", "sep", "sept", "vol"};
// Abbreviations that may be the last word as well. Sorted.
constexpr absl::string_view kMaybeLast[] = {"a.m", "co",  "corp", "etc",  "inc",
                                            "jr",  "ltd", "p.m",  "ph.d", "sr",
                                            "u.k", "u.n", "u.s"};
// Words before a number that name a part of a text, in lower case. Sorted.
constexpr absl::string_view kParts[] = {"annex",    "appendix", "article",
                                        "chapter",  "clause",   "part",
                                        "schedule", "section",  "step"};
// Words that after such an abbreviation begin a sentence. Sorted.
constexpr absl::string_view kSentenceStarters[] = {
    "a",     "after", "although", "and",  "as",   "at",  "because",
    "but",   "for",   "from",     "he",   "how",  "i",   "if",
    "in",    "it",    "my",       "no",   "now",  "on",  "or",
    "our",   "she",   "so",       "some", "that", "the", "then",
    "there", "these", "they",     "this", "to",   "we",  "well",
    "what",  "when",  "where",    "who",  "why",  "yes", "you"};

template <size_t n>
bool Contains(const absl::string_view (&sorted)[n], absl::string_view word) {
  return std::binary_search(std::begin(sorted), std::end(sorted), word);
}

// What stands at a possible end of a sentence.
struct Candidate {
  size_t mark = 0;           // first character of the run of marks
  size_t end = 0;            // behind marks, closing quotes, brackets, emoji
  size_t next = 0;           // the first character that is not white space
  bool closed = false;       // a quote or bracket closes here
  bool in_brackets = false;  // which the sentence opened, not at its start
};

class SentenceSplitter {
 public:
  explicit SentenceSplitter(absl::string_view paragraph) : chars_(paragraph) {}

  std::vector<text::ByteSpan> Split() && {
    begin_ = SkipSpace(0);
    for (size_t i = begin_; i < chars_.size();) {
      if (!IsMark(chars_[i])) {
        Pass(chars_[i], i);
        ++i;
        continue;
      }
      const Candidate candidate = ReadCandidate(i);
      i = candidate.end;
      if (EndsSentence(candidate)) {
        Emit(candidate.end);
        i = begin_ = candidate.next;
        has_words_ = false;
      }
    }
    Emit(chars_.size());
    return std::move(spans_);
  }

 private:
  size_t SkipSpace(size_t i) const {
    while (i < chars_.size() && text::IsSpace(chars_[i])) ++i;
    return i;
  }

  void Emit(size_t end) {
    while (end > begin_ && text::IsSpace(chars_[end - 1])) --end;
    if (end > begin_) spans_.push_back(chars_.Bytes(begin_, end));
  }

  // Notes a character that is no mark.
  void Pass(char32_t c, size_t i) {
    if (c == '"') quote_open_ = !quote_open_;
    if (IsOneOf(c, U"(《〈")) bracket_ = i;
    if (IsOneOf(c, U")》〉")) bracket_ = kNoBracket;
    has_words_ = has_words_ || IsWordCharacter(c);
  }

  // A straight quote closes when one is open, unless a word begins behind it
  // with a space before.
  bool ClosesHere(size_t i) const {
    const char32_t c = chars_[i];
    if (IsClosingQuote(c) || IsClosingBracket(c)) return true;
    if (c == '"') return quote_open_ || !IsWordCharacter(chars_[i + 1]);
    return c == '\'' && !IsWordCharacter(chars_[i + 1]);
  }

  Candidate ReadCandidate(size_t i) {
    Candidate candidate;
    candidate.mark = i;
    while (true) {
      if (IsMark(chars_[i])) {
        ++i;
      } else if (i < chars_.size() && ClosesHere(i)) {
        candidate.closed = true;
        if (IsOneOf(chars_[i], U")》〉")) {
          candidate.in_brackets = bracket_ != kNoBracket && bracket_ > begin_;
        }
        Pass(chars_[i], i);
        ++i;
      } else {
        break;
      }
    }
    candidate.end = EndOfEmoji(i);
    candidate.next = SkipSpace(candidate.end);
    return candidate;
  }

  // Emoji behind a sentence belong to it, also behind a space: they answer
  // what was said. `i` when there are none.
  size_t EndOfEmoji(size_t i) const {
    size_t end = i;
    for (size_t at = SkipSpace(i); BeginsEmoji(at); at = SkipSpace(end)) {
      end = at + 1;
      while (IsEmojiPart(end)) ++end;
    }
    return end;
  }

  bool BeginsEmoji(size_t i) const {
    return text::IsEmoji(chars_[i]) || IsRegional(chars_[i]) ||
           (text::IsPictograph(chars_[i]) &&
            chars_[i + 1] == text::kEmojiStyle);
  }

  bool IsEmojiPart(size_t i) const {
    return chars_[i] == text::kEmojiStyle || chars_[i] == text::kJoiner ||
           text::IsSkinTone(chars_[i]) || IsRegional(chars_[i]) ||
           (chars_[i - 1] == text::kJoiner && text::IsPictograph(chars_[i]));
  }

  bool EndsSentence(const Candidate& at) const {
    if (at.next >= chars_.size()) return true;
    if (!has_words_) return false;  // "… and so on": the marks open it
    const char32_t next = chars_[at.next];
    if (IsOneOf(next, U",;:、，；：—–~")) return false;
    if (IsClosingBracket(next)) return false;
    if (IsEllipsis(at)) return EllipsisEnds(at);
    if (IsChineseMark(at)) return ChineseMarkEnds(at);
    const bool apart = at.next > at.end;
    if (IsLowerLatin(next)) return false;
    if (IsFullStop(at)) return FullStopEnds(at);
    if (apart) return true;
    // "watch?v=3" goes on; Han or an opening quote begins anew.
    return text::IsHan(next) || IsOpener(next);
  }

  size_t MarkCount(const Candidate& at) const {
    size_t i = at.mark;
    while (IsMark(chars_[i])) ++i;
    return i - at.mark;
  }

  // "…", "……", "..." with no other mark in the run.
  bool IsEllipsis(const Candidate& at) const {
    size_t dots = 0;
    for (size_t i = at.mark; IsMark(chars_[i]); ++i) {
      if (chars_[i] != '.' && chars_[i] != U'…') return false;
      dots += chars_[i] == '.' ? 1 : 3;
    }
    return dots > 1;
  }

  bool IsFullStop(const Candidate& at) const {
    return MarkCount(at) == 1 && chars_[at.mark] == '.';
  }

  // A mark of Chinese, or a half-width one behind Chinese.
  bool IsChineseMark(const Candidate& at) const {
    const char32_t before = chars_[at.mark - 1];
    const bool behind_chinese =
        text::IsHan(before) || IsOneOf(before, U"」』》”）");
    for (size_t i = at.mark; IsMark(chars_[i]); ++i) {
      if (IsOneOf(chars_[i], U"。｡") || chars_.WasFullWidth(i)) return true;
      if (behind_chinese && chars_[i] != '.') return true;
    }
    return false;
  }

  bool ChineseMarkEnds(const Candidate& at) const {
    const char32_t next = chars_[at.next];
    if (at.in_brackets) return false;
    // 「……？」的人: no sentence begins with this 的.
    return !(at.closed && next == U'的' && chars_[at.next + 1] != U'确');
  }

  bool EllipsisEnds(const Candidate& at) const {
    const char32_t next = chars_[at.next];
    if (at.in_brackets || next == U'的') return false;
    if (text::IsHan(next)) {
      // A stutter or a hesitation goes on: 我……我不知道, 嗯……也许。
      constexpr size_t kHesitation = 2;
      return at.mark - begin_ > kHesitation && chars_[at.mark - 1] != next;
    }
    if (IsLowerLatin(next)) return false;
    if (at.next > at.end) return !RepeatsWord(at);
    return IsOpener(next);
  }

  // "I… I do not know"
  bool RepeatsWord(const Candidate& at) const {
    const size_t length = chars_.EndOfLetters(at.next) - at.next;
    if (length == 0 || length > at.mark - begin_) return false;
    if (IsAsciiLetter(chars_[at.mark - length - 1])) return false;
    return chars_.LowerAscii(at.next, at.next + length) ==
           chars_.LowerAscii(at.mark - length, at.mark);
  }

  bool FullStopEnds(const Candidate& at) const {
    const char32_t next = chars_[at.next];
    const char32_t before = chars_[at.mark - 1];
    if (IsListNumber(at)) return false;
    if (at.next == at.end) {
      if (text::IsHan(next)) return !text::IsDigit(before);
      return at.closed ? IsAsciiUpper(next) : IsOneOf(next, U"“「『");
    }
    const std::string word = WordBefore(at.mark);
    if (Contains(kNeverLast, word)) return false;
    if (Contains(kBeforeNumber, word)) return !text::IsDigit(next);
    if (IsInitial(at)) return false;
    if (Contains(kMaybeLast, word) || IsDotted(word)) {
      return !IsAsciiUpper(next) ? !text::IsDigit(next)
                                 : BeginsLikeSentence(at.next);
    }
    return true;
  }

  // "1. First of all", "2.1. Fees", "Article 7. Notices"
  bool IsListNumber(const Candidate& at) const {
    constexpr size_t kLongest = 8;
    size_t i = at.mark;
    while (i > begin_ && at.mark - i < kLongest &&
           (text::IsDigit(chars_[i - 1]) || chars_[i - 1] == '.')) {
      --i;
    }
    if (i == at.mark || !text::IsDigit(chars_[i])) return false;
    const bool dotted =
        chars_.LowerAscii(i, at.mark).find('.') != std::string::npos;
    constexpr size_t kMaxDigits = 3;
    if (!dotted && at.mark - i > kMaxDigits) return false;
    if (i == begin_) return true;
    if (chars_[i - 1] != ' ') return false;
    const std::string word = WordBefore(i - 1);
    return i - 1 - word.size() == begin_ && Contains(kParts, word);
  }

  // The word that a dot at `end` belongs to, in lower case, inner dots kept.
  std::string WordBefore(size_t end) const {
    constexpr size_t kLongest = 8;
    size_t i = end;
    while (i > begin_ && end - i < kLongest &&
           (IsAsciiLetter(chars_[i - 1]) || chars_[i - 1] == '.')) {
      --i;
    }
    return chars_.LowerAscii(i, end);
  }

  // "u.s", "a.b.c": single letters with dots between.
  static bool IsDotted(absl::string_view word) {
    if (word.size() < 3 || word.size() % 2 == 0) return false;
    for (size_t i = 1; i < word.size(); i += 2) {
      if (word[i] != '.') return false;
    }
    return true;
  }

  // The C of "Arthur C. Clarke" and the J of "J. Smith": one capital between
  // a name, or a beginning, and a name.
  bool IsInitial(const Candidate& at) const {
    const size_t letter = at.mark - 1;
    if (!IsAsciiUpper(chars_[letter]) || at.closed) return false;
    if (!IsAsciiUpper(chars_[at.next])) return false;
    if (letter == begin_) return true;
    const char32_t before = chars_[letter - 1];
    if (IsOpener(before) || before == '"') return true;
    if (before != ' ') return false;
    if (letter >= 2 && chars_[letter - 2] == '.') return true;  // J. K. Rowling
    if (chars_[letter] == 'I') return false;  // "So do I. But"
    size_t word = letter - 1;
    constexpr size_t kLongest = 24;
    while (word > begin_ && letter - word < kLongest &&
           text::IsLatin(chars_[word - 1])) {
      --word;
    }
    return IsAsciiUpper(chars_[word]) && !BeginsLikeSentence(at.next);
  }

  bool BeginsLikeSentence(size_t i) const {
    constexpr size_t kLongest = 8;
    size_t end = i;
    while (end < i + kLongest + 1 && IsAsciiLetter(chars_[end])) ++end;
    return Contains(kSentenceStarters, chars_.LowerAscii(i, end));
  }

  static constexpr size_t kNoBracket = static_cast<size_t>(-1);

  const Characters chars_;
  std::vector<text::ByteSpan> spans_;
  size_t begin_ = 0;             // of the sentence
  bool has_words_ = false;       // since begin_
  bool quote_open_ = false;      // a straight double quote
  size_t bracket_ = kNoBracket;  // the last one opened and not closed
};

}  // namespace

std::vector<text::ByteSpan> SplitSentences(absl::string_view paragraph,
                                           text::Language /*language*/) {
  // The rules go by the characters at hand, so that each language's hold
  // inside the other.
  return SentenceSplitter(paragraph).Split();
}

}  // namespace duilian::aligner
