#include "aligner/numbers.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "aligner/characters.h"
#include "aligner/numerals.h"

namespace duilian::aligner {
namespace {

// A factor and where the words that say so end.
struct Factor {
  double value = 1;
  size_t end = 0;
};

bool IsWordCharacter(char32_t c) {
  return IsAsciiLetter(c) || IsAsciiDigit(c) || (c >= 0xC0 && c <= 0x24F);
}

size_t SkipSpace(const Characters& chars, size_t i) {
  return chars[i] == ' ' || chars[i] == 0xA0 ? i + 1 : i;
}

// Digits written in one go, 1,000.5 with its commas.
class DigitReader {
 public:
  DigitReader(const Characters& chars, size_t begin)
      : chars_(chars), end_(begin), begin_(begin) {
    ReadWhole();
    ReadFraction();
  }

  size_t end() const { return end_; }
  // nullopt for a run longer than any number.
  std::optional<double> value() const {
    if (count_ > kMaxDigits) return std::nullopt;
    return value_;
  }

 private:
  static constexpr size_t kMaxDigits = 30;

  bool IsDigitAt(size_t i) const { return IsAsciiDigit(chars_[i]); }

  void Take() {
    value_ = value_ * 10 + static_cast<double>(chars_[end_] - '0');
    ++end_;
    ++count_;
  }

  // True at ",000": a comma as wide as the digits, and three of them.
  bool IsGroupAt(size_t i) const {
    return chars_[i] == ',' &&
           chars_.WasFullWidth(i) == chars_.WasFullWidth(i - 1) &&
           IsDigitAt(i + 1) && IsDigitAt(i + 2) && IsDigitAt(i + 3) &&
           !IsDigitAt(i + 4);
  }

  void ReadWhole() {
    while (IsDigitAt(end_)) Take();
    if (end_ - begin_ > 3) return;
    while (IsGroupAt(end_)) {
      ++end_;
      for (int k = 0; k < 3; ++k) Take();
    }
  }

  // 3.5, but neither end of 2024.3.18.
  void ReadFraction() {
    if (chars_[end_] != '.' || !IsDigitAt(end_ + 1)) return;
    if (chars_[begin_ - 1] == '.') return;
    size_t i = end_ + 1;
    double fraction = 0, place = 0.1;
    for (; IsDigitAt(i); ++i) {
      fraction += static_cast<double>(chars_[i] - '0') * place;
      place /= 10;
    }
    if (chars_[i] == '.' && IsDigitAt(i + 1)) return;
    value_ += fraction;
    end_ = i;
  }

  const Characters& chars_;
  double value_ = 0;
  size_t end_;
  size_t begin_;
  size_t count_ = 0;
};

// 千 of 千米 and 千克 is a part of a unit.
bool BeginsUnitOfMeasure(const Characters& chars, size_t i) {
  constexpr std::u32string_view kUnits = U"米克瓦卡字赫焦伏帕";
  return chars[i] == U'千' && chars[i + 1] != 0 &&
         kUnits.find(chars[i + 1]) != kUnits.npos;
}

// 万亿 behind a number, 多 of 20 多万 passed over.
Factor ReadChineseMagnitude(const Characters& chars, size_t i) {
  Factor factor{1, i};
  i = SkipSpace(chars, i);
  constexpr std::u32string_view kAndMore = U"多余餘几幾";
  if (kAndMore.find(chars[i]) != kAndMore.npos) {
    if (ChineseUnit(chars[i + 1]) < 1e4) return factor;
    ++i;
  }
  while (ChineseUnit(chars[i]) > 1 && !BeginsUnitOfMeasure(chars, i)) {
    if (factor.value * ChineseUnit(chars[i]) > 1e20) break;
    factor.value *= ChineseUnit(chars[i]);
    factor.end = ++i;
  }
  return factor;
}

// k, M, B and T written to the number: 10k, 7B.
double LetterMagnitude(char32_t c) {
  switch (c) {
    case 'k':
    case 'K':
      return 1e3;
    case 'M':
      return 1e6;
    case 'b':
    case 'B':
      return 1e9;
    case 'T':
      return 1e12;
    default:
      return 0;
  }
}

Factor ReadEnglishMagnitude(const Characters& chars, size_t i) {
  const double letter = LetterMagnitude(chars[i]);
  if (letter != 0 && !IsWordCharacter(chars[i + 1])) return {letter, i + 1};
  constexpr size_t kLongestWord = 11;
  Factor factor{1, i};
  while (factor.value < 1e15) {  // two hundred thousand; a hundred million
    i = factor.end;
    if (chars[i] == ' ' || chars[i] == '-') ++i;
    size_t end = i;
    while (end <= i + kLongestWord && IsAsciiLetter(chars[end])) ++end;
    const std::optional<double> word =
        EnglishMagnitude(chars.LowerAscii(i, end));
    if (!word.has_value() || IsWordCharacter(chars[end])) break;
    factor.value *= *word;
    factor.end = end;
  }
  return factor;
}

Factor ReadMagnitude(const Characters& chars, size_t i) {
  const Factor chinese = ReadChineseMagnitude(chars, i);
  return chinese.end > i ? chinese : ReadEnglishMagnitude(chars, i);
}

// The end of "%", " percent", " per cent" at i, or i.
size_t EndOfPercent(const Characters& chars, size_t i) {
  const size_t word = SkipSpace(chars, i);
  if (chars[word] == '%') return word + 1;
  constexpr std::u32string_view kWords[] = {U"percent", U"per cent", U"pct"};
  for (const std::u32string_view percent : kWords) {
    const size_t end = word + percent.size();
    if (chars.StartsWith(word, percent) && !IsAsciiLetter(chars[end])) {
      return end;
    }
  }
  return i;
}

// Whether letters written to a number leave it one: 16th, 1990s, 20km; 4o
// and 3D are names.
bool LeavesNumber(const Characters& chars, size_t i) {
  if (!IsWordCharacter(chars[i])) return true;
  constexpr std::u32string_view kSuffixes[] = {
      U"st", U"nd", U"rd", U"th", U"s",  U"x",  U"am", U"pm", U"km", U"cm",
      U"mm", U"m",  U"kg", U"g",  U"mg", U"ms", U"h",  U"hr", U"min"};
  for (const std::u32string_view suffix : kSuffixes) {
    if (chars.StartsWith(i, suffix) &&
        !IsWordCharacter(chars[i + suffix.size()])) {
      return true;
    }
  }
  return false;
}

// The end of a name with digits in it that begins at i: GPT-4.5, Q3, node.js.
size_t EndOfName(const Characters& chars, size_t i) {
  bool is_name = false;  // lower case alone does not bind: mid-1990
  while (true) {
    const char32_t c = chars[i];
    if (IsWordCharacter(c)) {
      is_name = is_name || !IsAsciiLower(c);
      ++i;
    } else if (c == '.' && IsWordCharacter(chars[i + 1])) {
      ++i;
    } else if ((c == '-' || c == '_') && is_name &&
               IsWordCharacter(chars[i + 1])) {
      ++i;
    } else {
      return i;
    }
  }
}

class NumberFinder {
 public:
  NumberFinder(absl::string_view text, text::Language language)
      : chars_(text), language_(language) {}

  std::vector<NumberMention> Find() && {
    for (size_t i = 0; i < chars_.size();) i = Step(i);
    return std::move(found_);
  }

 private:
  // Takes what begins at i; returns where to go on.
  size_t Step(size_t i) {
    const char32_t c = chars_[i];
    if (IsAsciiDigit(c)) return TakeDigits(i);
    if (IsWordCharacter(c)) return TakeWord(i);
    if (language_ != text::Language::kChinese) return i + 1;
    if (PartsAt(i) != 0) return TakeChinesePercent(i);
    if (IsChineseNumeral(c)) return TakeChinese(i);
    return i + 1;
  }

  void Push(double value, size_t begin, size_t end, bool spelled) {
    found_.push_back({value, chars_.Bytes(begin, end), spelled});
  }

  // The end of a timestamp, 00:09:22, at `begin`; else `begin`.
  size_t EndOfTimestamp(size_t begin) const {
    size_t i = begin;
    int fields = 0;
    while (IsAsciiDigit(chars_[i]) && IsAsciiDigit(chars_[i + 1])) {
      i += 2;
      if (++fields == 3) return IsAsciiDigit(chars_[i]) ? begin : i;
      if (chars_[i] != ':') break;
      ++i;
    }
    return begin;
  }

  size_t TakeDigits(size_t begin) {
    const size_t timestamp = EndOfTimestamp(begin);
    if (timestamp > begin) return timestamp;
    const DigitReader digits(chars_, begin);
    const std::optional<double> read = digits.value();
    if (!read.has_value()) return EndOfName(chars_, digits.end());
    double value = *read;
    Factor factor = ReadMagnitude(chars_, digits.end());
    size_t end = factor.end;
    if (end == digits.end() && !LeavesNumber(chars_, end)) {
      return EndOfName(chars_, begin);
    }
    value *= factor.value;
    // 1 亿 2000 万 is one number.
    while (factor.value >= 1e4) {
      const size_t next = SkipSpace(chars_, end);
      if (!IsAsciiDigit(chars_[next])) break;
      const DigitReader more(chars_, next);
      const Factor smaller = ReadChineseMagnitude(chars_, more.end());
      if (smaller.value <= 1 || smaller.value >= factor.value) break;
      value += more.value().value_or(0) * smaller.value;
      factor = smaller;
      end = smaller.end;
    }
    end = EndOfPercent(chars_, end);
    Push(value, begin, end, /*spelled=*/false);
    return SkipSuffix(end);
  }

  // Over the letters of 16th, which are no word of their own.
  size_t SkipSuffix(size_t i) const {
    while (IsAsciiLetter(chars_[i])) ++i;
    return i;
  }

  size_t TakeWord(size_t begin) {
    if (language_ == text::Language::kEnglish) {
      if (const std::optional<Numeral> numeral =
              ReadEnglishNumeral(chars_, begin)) {
        const size_t end = EndOfPercent(chars_, numeral->end);
        Push(numeral->value, begin, end, /*spelled=*/true);
        return end;
      }
    }
    return EndOfName(chars_, begin);
  }

  size_t TakeChinese(size_t begin) {
    std::vector<Numeral> numerals;
    const size_t end = ReadChineseNumerals(chars_, begin, numerals);
    for (const Numeral& n : numerals) {
      Push(n.value, n.begin, n.end, /*spelled=*/true);
    }
    return end;
  }

  // The hundred of 百分之 ("of a hundred parts"), the thousand of 千分之, the
  // ten thousand of 万分之; 0 for all else.
  double PartsAt(size_t i) const {
    if (chars_[i + 1] != U'分' || chars_[i + 2] != U'之') return 0;
    const char32_t c = chars_[i];
    const bool parts = c == U'百' || c == U'千' || c == U'万' || c == U'萬';
    return parts ? ChineseUnit(c) : 0;
  }

  // "Of a hundred parts" and the number behind, in percent.
  size_t TakeChinesePercent(size_t begin) {
    const size_t number = SkipSpace(chars_, begin + 3);
    const size_t known = found_.size();
    const char32_t c = chars_[number];
    if (!IsAsciiDigit(c) && !IsChineseNumeral(c)) return number;
    // Repeated a million times it must not recurse.
    if (PartsAt(number) != 0) return number;
    const size_t end = Step(number);
    if (found_.size() > known) {
      found_[known].span.begin = chars_.Bytes(begin, number).begin;
      found_[known].value /= PartsAt(begin) / 100;
    }
    return end;
  }

  const Characters chars_;
  const text::Language language_;
  std::vector<NumberMention> found_;
};

}  // namespace

std::vector<NumberMention> FindNumbers(absl::string_view text,
                                       text::Language language) {
  return NumberFinder(text, language).Find();
}

}  // namespace duilian::aligner
