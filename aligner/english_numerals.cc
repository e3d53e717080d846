#include <algorithm>
#include <iterator>

#include "aligner/numerals.h"

namespace duilian::aligner {
namespace {

enum class WordKind {
  kNone,
  kUnit,       // one … nine
  kTeen,       // zero, ten … nineteen
  kTen,        // twenty … ninety
  kHundred,    // hundred
  kMagnitude,  // thousand …
  kOrdinal,    // first … ninetieth
  kPlural,     // hundreds, millions
  kCalendar,   // Monday is 1, November is 11
};

struct NumberWord {
  absl::string_view word;
  double value;
  WordKind kind;
};

// Sorted by word.
constexpr NumberWord kWords[] = {
    {"april", 4, WordKind::kCalendar},
    {"august", 8, WordKind::kCalendar},
    {"billion", 1e9, WordKind::kMagnitude},
    {"billions", 1e9, WordKind::kPlural},
    {"december", 12, WordKind::kCalendar},
    {"eight", 8, WordKind::kUnit},
    {"eighteen", 18, WordKind::kTeen},
    {"eighteenth", 18, WordKind::kOrdinal},
    {"eighth", 8, WordKind::kOrdinal},
    {"eighty", 80, WordKind::kTen},
    {"eleven", 11, WordKind::kTeen},
    {"eleventh", 11, WordKind::kOrdinal},
    {"february", 2, WordKind::kCalendar},
    {"fifteen", 15, WordKind::kTeen},
    {"fifteenth", 15, WordKind::kOrdinal},
    {"fifth", 5, WordKind::kOrdinal},
    {"fifty", 50, WordKind::kTen},
    {"first", 1, WordKind::kOrdinal},
    {"five", 5, WordKind::kUnit},
    {"forty", 40, WordKind::kTen},
    {"four", 4, WordKind::kUnit},
    {"fourteen", 14, WordKind::kTeen},
    {"fourteenth", 14, WordKind::kOrdinal},
    {"fourth", 4, WordKind::kOrdinal},
    {"friday", 5, WordKind::kCalendar},
    {"hundred", 100, WordKind::kHundred},
    {"hundreds", 100, WordKind::kPlural},
    {"january", 1, WordKind::kCalendar},
    {"july", 7, WordKind::kCalendar},
    {"june", 6, WordKind::kCalendar},
    {"march", 3, WordKind::kCalendar},
    {"may", 5, WordKind::kCalendar},
    {"million", 1e6, WordKind::kMagnitude},
    {"millions", 1e6, WordKind::kPlural},
    {"monday", 1, WordKind::kCalendar},
    {"nine", 9, WordKind::kUnit},
    {"nineteen", 19, WordKind::kTeen},
    {"nineteenth", 19, WordKind::kOrdinal},
    {"ninety", 90, WordKind::kTen},
    {"ninth", 9, WordKind::kOrdinal},
    {"november", 11, WordKind::kCalendar},
    {"october", 10, WordKind::kCalendar},
    {"one", 1, WordKind::kUnit},
    {"quadrillion", 1e15, WordKind::kMagnitude},
    {"saturday", 6, WordKind::kCalendar},
    {"second", 2, WordKind::kOrdinal},
    {"september", 9, WordKind::kCalendar},
    {"seven", 7, WordKind::kUnit},
    {"seventeen", 17, WordKind::kTeen},
    {"seventeenth", 17, WordKind::kOrdinal},
    {"seventh", 7, WordKind::kOrdinal},
    {"seventy", 70, WordKind::kTen},
    {"six", 6, WordKind::kUnit},
    {"sixteen", 16, WordKind::kTeen},
    {"sixteenth", 16, WordKind::kOrdinal},
    {"sixth", 6, WordKind::kOrdinal},
    {"sixty", 60, WordKind::kTen},
    {"ten", 10, WordKind::kTeen},
    {"tens", 10, WordKind::kPlural},
    {"tenth", 10, WordKind::kOrdinal},
    {"third", 3, WordKind::kOrdinal},
    {"thirteen", 13, WordKind::kTeen},
    {"thirteenth", 13, WordKind::kOrdinal},
    {"thirty", 30, WordKind::kTen},
    {"thousand", 1e3, WordKind::kMagnitude},
    {"thousands", 1e3, WordKind::kPlural},
    {"three", 3, WordKind::kUnit},
    {"thursday", 4, WordKind::kCalendar},
    {"trillion", 1e12, WordKind::kMagnitude},
    {"trillions", 1e12, WordKind::kPlural},
    {"tuesday", 2, WordKind::kCalendar},
    {"twelfth", 12, WordKind::kOrdinal},
    {"twelve", 12, WordKind::kTeen},
    {"twentieth", 20, WordKind::kOrdinal},
    {"twenty", 20, WordKind::kTen},
    {"two", 2, WordKind::kUnit},
    {"wednesday", 3, WordKind::kCalendar},
    {"zero", 0, WordKind::kTeen},
};
constexpr size_t kLongestWord = 11;
static_assert(std::is_sorted(std::begin(kWords), std::end(kWords),
                             [](const NumberWord& a, const NumberWord& b) {
                               return a.word < b.word;
                             }));

const NumberWord* FindWord(absl::string_view word) {
  const auto* found = std::lower_bound(
      std::begin(kWords), std::end(kWords), word,
      [](const NumberWord& a, absl::string_view b) { return a.word < b; });
  return found != std::end(kWords) && found->word == word ? found : nullptr;
}

// A word of a text and what it means; `end` == begin when there is none.
struct WordAt {
  std::string lower;
  size_t end = 0;
  const NumberWord* meaning = nullptr;
};

WordAt ReadWord(const Characters& chars, size_t i) {
  WordAt word;
  word.end = i;
  while (word.end <= i + kLongestWord && IsAsciiLetter(chars[word.end])) {
    ++word.end;
  }
  if (word.end > i + kLongestWord) return word;
  word.lower = chars.LowerAscii(i, word.end);
  const char32_t next = chars[word.end];
  // "one's" counts nothing, and a digit makes a name of the word.
  if (next == '\'' || next == U'’' || IsAsciiDigit(next)) return word;
  word.meaning = FindWord(word.lower);
  return word;
}

bool IsSeparator(char32_t c) {
  return c == ' ' || c == '-' || c == U'\u2010' || c == U'\u2011';
}

// Sums up number words as long as they make one number.
class NumberSum {
 public:
  // False when the word begins another number.
  bool Add(const NumberWord& word) {
    if (done_) return false;
    switch (word.kind) {
      case WordKind::kUnit:
        if (last_ == WordKind::kUnit || last_ == WordKind::kTeen) return false;
        section_ += word.value;
        break;
      case WordKind::kTeen:
      case WordKind::kTen:
        if (!AddTens(word.value)) return false;
        break;
      case WordKind::kHundred:
        if (section_ >= 100) return false;
        section_ = (last_ == WordKind::kNone ? 1 : section_) * word.value;
        break;
      case WordKind::kMagnitude:
        AddMagnitude(word.value);
        break;
      case WordKind::kOrdinal:
        if (!AddOrdinal(word.value)) return false;
        break;
      default:
        if (last_ != WordKind::kNone) return false;
        section_ = word.value;
        done_ = true;
    }
    last_ = word.kind;
    return true;
  }

  WordKind last() const { return last_; }
  double value() const { return total_ + section_; }

 private:
  bool AfterSmallNumber() const {
    return last_ == WordKind::kUnit || last_ == WordKind::kTeen ||
           last_ == WordKind::kTen;
  }

  bool AddTens(double value) {
    if (!AfterSmallNumber()) {
      section_ += value;
      return true;
    }
    // A year: nineteen eighty(-four), twenty twenty(-four).
    const bool year = total_ == 0 && section_ >= 13 && section_ <= 20 &&
                      value >= 10 && last_ != WordKind::kUnit;
    if (!year) return false;
    section_ = section_ * 100 + value;
    return true;
  }

  void AddMagnitude(double value) {
    if (last_ == WordKind::kMagnitude) {
      total_ *= value;  // a thousand billion
    } else {
      total_ += (last_ == WordKind::kNone ? 1 : section_) * value;
    }
    section_ = 0;
  }

  bool AddOrdinal(double value) {
    const bool continues = last_ == WordKind::kTen
                               ? value < 10
                               : !AfterSmallNumber();  // not "one second"
    if (!continues) return false;
    section_ += value;
    done_ = true;
    return true;
  }

  double total_ = 0, section_ = 0;
  WordKind last_ = WordKind::kNone;
  bool done_ = false;
};

// Days and months are capitalised; May and March are words too, so only
// before a number are they months.
bool IsCalendarWord(const Characters& chars, size_t i, const WordAt& word) {
  if (!IsAsciiUpper(chars[i])) return false;
  if (word.lower != "may" && word.lower != "march") return true;
  return chars[word.end] == ' ' && IsAsciiDigit(chars[word.end + 1]);
}

// "a hundred", "an hundred"; the start of the magnitude, or i.
size_t SkipArticle(const Characters& chars, size_t i) {
  const WordAt article = ReadWord(chars, i);
  if (article.lower != "a" || chars[article.end] != ' ') return i;
  const WordAt next = ReadWord(chars, article.end + 1);
  if (next.meaning == nullptr) return i;
  const WordKind kind = next.meaning->kind;
  const bool counts =
      kind == WordKind::kHundred || kind == WordKind::kMagnitude;
  return counts ? article.end + 1 : i;
}

// The word after a separator, "and" left out after hundred and above.
WordAt NextWord(const Characters& chars, size_t i, WordKind last) {
  if (!IsSeparator(chars[i])) return {};
  WordAt word = ReadWord(chars, i + 1);
  const bool may_join =
      last == WordKind::kHundred || last == WordKind::kMagnitude;
  if (word.lower != "and" || !may_join || chars[word.end] != ' ') return word;
  word = ReadWord(chars, word.end + 1);
  if (word.meaning == nullptr) return {};
  const WordKind kind = word.meaning->kind;
  const bool small = kind == WordKind::kUnit || kind == WordKind::kTeen ||
                     kind == WordKind::kTen;
  return small ? word : WordAt{};
}

}  // namespace

std::optional<double> EnglishMagnitude(absl::string_view lower_word) {
  const NumberWord* word = FindWord(lower_word);
  if (word != nullptr &&
      (word->kind == WordKind::kHundred || word->kind == WordKind::kMagnitude ||
       (word->kind == WordKind::kPlural && word->value >= 1e6))) {
    return word->value;
  }
  if (lower_word == "bn") return 1e9;
  return std::nullopt;
}

std::optional<Numeral> ReadEnglishNumeral(const Characters& chars, size_t i) {
  const size_t start = SkipArticle(chars, i);
  WordAt word = ReadWord(chars, start);
  if (word.meaning == nullptr) return std::nullopt;
  if (word.meaning->kind == WordKind::kCalendar &&
      !IsCalendarWord(chars, start, word)) {
    return std::nullopt;
  }
  NumberSum sum;
  size_t end = start;
  while (word.meaning != nullptr && sum.Add(*word.meaning)) {
    end = word.end;
    word = NextWord(chars, end, sum.last());
  }
  return Numeral{sum.value(), i, end};
}

}  // namespace duilian::aligner
