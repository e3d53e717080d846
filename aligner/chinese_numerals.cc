#include <string_view>

#include "aligner/numerals.h"

namespace duilian::aligner {
namespace {

constexpr int kNoDigit = -1;

int ChineseDigit(char32_t c) {
  constexpr std::u32string_view kDigits = U"零一二三四五六七八九";
  constexpr std::u32string_view kFormal = U"〇壹贰叁肆伍陆柒捌玖";
  if (const size_t i = kDigits.find(c); i != kDigits.npos) {
    return static_cast<int>(i);
  }
  if (const size_t i = kFormal.find(c); i != kFormal.npos) {
    return static_cast<int>(i);
  }
  if (c == U'貳') return 2;
  if (c == U'两' || c == U'兩' || c == U'俩') return 2;
  if (c == U'仨') return 3;
  return kNoDigit;
}

bool IsOneOf(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != set.npos;
}

// 一 that counts nothing in 一样 or 统一, and the like of 十分 and 四周.
bool IsInAnotherWord(const Characters& chars, size_t i) {
  const char32_t before = chars[i - 1], after = chars[i + 1];
  switch (chars[i]) {
    case U'一':
      if (before == U'之' && chars[i - 2] == U'分') return false;
      return IsOneOf(before, U"统統唯万萬之同单單进進专專不某每任逐另这這那") ||
             IsOneOf(after,
                     U"样樣直些下切定般起旦边邊致味向再共点點会會方面"
                     U"贯貫系連连路番律时時旁瞬阵陣度生");
    case U'三':
      return before == U'再';
    case U'四':
      return IsOneOf(after, U"处周方面");
    case U'八':
      return after == U'卦';
    case U'十':
      return before != U'点' && before != U'點' && IsOneOf(after, U"分足字");
    default:
      return false;
  }
}

// Units without a digit before them: 数百, 几千万, 百万 and 十 are numbers;
// 百度, 千万 (by all means) and 万物 are not.
bool CountsWithoutDigit(const Characters& chars, size_t begin, size_t end) {
  if (chars[begin] == U'十') return true;
  if (IsOneOf(chars[begin - 1], U"几幾数數上成近之")) return true;
  return end - begin >= 2 && !chars.StartsWith(begin, U"千万") &&
         !chars.StartsWith(begin, U"千萬") &&
         !chars.StartsWith(begin, U"万一") && !chars.StartsWith(begin, U"萬一");
}

// The value of a run in which digits and units alternate.
double ValueWithUnits(const Characters& chars, size_t begin, size_t end) {
  double total = 0, section = 0, last_unit = 0;
  int digit = kNoDigit;
  bool after_zero = false;
  for (size_t i = begin; i < end; ++i) {
    const double unit = ChineseUnit(chars[i]);
    if (unit == 0) {
      digit = ChineseDigit(chars[i]);
      after_zero = digit == 0;
      if (i > begin && chars[i - 1] == U'零') after_zero = true;
      continue;
    }
    const double count = digit == kNoDigit ? 0 : digit;
    if (unit < 1e4) {
      section += (digit == kNoDigit ? 1 : count) * unit;
    } else if (section + count == 0) {
      total = (total == 0 ? 1 : total) * unit;  // 万亿
    } else {
      total += (section + count) * unit;
      section = 0;
    }
    digit = kNoDigit;
    last_unit = unit;
  }
  if (digit == kNoDigit) return total + section;
  // 三万五 is 35,000, 三万零五 is 30,005.
  const bool shortened = !after_zero && last_unit > 10;
  return total + section + (shortened ? digit * last_unit / 10 : digit);
}

// A run of digits alone: 二〇二四 is one number, 三四 (three or four) two.
void ReadDigits(const Characters& chars, size_t begin, size_t end,
                std::vector<Numeral>& out) {
  constexpr size_t kMaxDigits = 15;  // all that a double holds
  if (end - begin > kMaxDigits) return;
  bool positional = end - begin >= 3;
  double value = 0;
  for (size_t i = begin; i < end; ++i) {
    const int digit = ChineseDigit(chars[i]);
    positional = positional || digit == 0;
    value = value * 10 + digit;
  }
  if (positional) {
    out.push_back({value, begin, end});
    return;
  }
  for (size_t i = begin; i < end; ++i) {
    if (end - begin == 1 && IsInAnotherWord(chars, i)) continue;
    out.push_back({double(ChineseDigit(chars[i])), i, i + 1});
  }
}

size_t EndOfDigits(const Characters& chars, size_t i, size_t end) {
  while (i < end && ChineseDigit(chars[i]) != kNoDigit) ++i;
  return i;
}

// Moves `end` over 点五 and adds it: 三点五 is 3.5, 三点五十 (a time) is not.
double ReadFraction(const Characters& chars, size_t& end) {
  if (chars[end] != U'点' && chars[end] != U'點') return 0;
  constexpr size_t kMaxDigits = 6;
  double value = 0, place = 0.1;
  size_t i = end + 1;
  for (; i <= end + kMaxDigits && ChineseDigit(chars[i]) != kNoDigit; ++i) {
    value += ChineseDigit(chars[i]) * place;
    place /= 10;
  }
  if (i == end + 1 || IsChineseNumeral(chars[i])) return 0;
  if (IsOneOf(chars[i], U"分个個次种種条條步")) return 0;
  end = i;
  return value;
}

}  // namespace

double ChineseUnit(char32_t c) {
  switch (c) {
    case U'十':
    case U'拾':
      return 10;
    case U'百':
    case U'佰':
      return 100;
    case U'千':
    case U'仟':
      return 1000;
    case U'万':
    case U'萬':
      return 1e4;
    case U'亿':
    case U'億':
      return 1e8;
    case U'兆':
      return 1e12;
    default:
      return 0;
  }
}

bool IsChineseNumeral(char32_t c) {
  return ChineseUnit(c) != 0 || ChineseDigit(c) != kNoDigit;
}

size_t ReadChineseNumerals(const Characters& chars, size_t i,
                           std::vector<Numeral>& out) {
  constexpr size_t kLongestNumber = 40;
  size_t end = i;
  while (IsChineseNumeral(chars[end])) ++end;
  if (end - i > kLongestNumber) return end;
  const size_t digits = EndOfDigits(chars, i, end);
  if (digits == end) {
    size_t after = end;
    const double fraction = ReadFraction(chars, after);
    if (end - i == 1 && after > end) {
      out.push_back({ChineseDigit(chars[i]) + fraction, i, after});
      return after;
    }
    ReadDigits(chars, i, end, out);
    return end;
  }
  if (digits == i && !CountsWithoutDigit(chars, i, end)) return end;
  if (end - i == 1 && IsInAnotherWord(chars, i)) return end;
  if (digits - i == 2 && ChineseDigit(chars[i]) != 0) {
    double unit = 1;  // 三四十: thirty or forty
    for (size_t k = digits; k < end; ++k) {
      unit *= ChineseUnit(chars[k]) == 0 ? 1 : ChineseUnit(chars[k]);
    }
    out.push_back({ChineseDigit(chars[i]) * unit, i, i + 1});
    ++i;
  }
  const double value = ValueWithUnits(chars, i, end);
  size_t after = end;
  const double fraction = ReadFraction(chars, after);
  out.push_back({value + fraction, i, after});
  return after;
}

}  // namespace duilian::aligner
