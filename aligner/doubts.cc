#include "aligner/doubts.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "aligner/characters.h"
#include "aligner/fragment_places.h"
#include "aligner/negation.h"
#include "aligner/numbers.h"
#include "text/normalize.h"
#include "text/placeholders.h"

namespace duilian::aligner {
namespace {

// How much each doubt weighs: the order in which they are told.
constexpr double kMostOfLowConfidence = 100;  // as it falls to nothing
double WeightOf(DoubtKind kind) {
  switch (kind) {
    case DoubtKind::kOneSided:
      return 100;
    case DoubtKind::kNumber:
      return 80;
    case DoubtKind::kFragment:
      return 70;
    case DoubtKind::kNegation:
      return 65;
    case DoubtKind::kLowConfidence:
      return 60;
    case DoubtKind::kShort:
    case DoubtKind::kLong:
      return 50;
    case DoubtKind::kBead:
      return 40;
    case DoubtKind::kQuestion:
      return 30;
  }
  return 0;
}

constexpr int kMostOfAKind = 3;
constexpr size_t kLongestName = 40;  // code points of what a doubt names

// To two digits, as the command line shows a confidence: 0.799 is not 0.80.
double RoundedDown(double confidence) {
  return std::floor(confidence * 100 + 1e-9) / 100;
}

class DoubtList {
 public:
  // `more` weight than the kind's own.
  void Add(DoubtKind kind, std::string phrase, double more = 0) {
    doubts_.emplace_back(WeightOf(kind) + more,
                         Doubt{kind, std::move(phrase), ""});
  }
  // Of what is named: "number 7 has no counterpart".
  void AddAbout(DoubtKind kind, absl::string_view before,
                absl::string_view subject, absl::string_view behind) {
    Add(kind,
        absl::StrCat(before, text::Abbreviate(subject, kLongestName), behind));
    doubts_.back().second.subject.assign(subject.data(), subject.size());
  }

  std::vector<Doubt> WorstFirst() && {
    std::stable_sort(
        doubts_.begin(), doubts_.end(),
        [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Doubt> doubts;
    for (auto& [weight, doubt] : doubts_) doubts.push_back(std::move(doubt));
    return doubts;
  }

 private:
  std::vector<std::pair<double, Doubt>> doubts_;
};

// Equal, or a year and its last two digits ('24, 90 年代).
bool IsSameNumber(double a, double b) {
  if (std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b))) return true;
  const auto shortens = [](double year, double two) {
    return year >= 1900 && year < 2100 && two < 100 &&
           (year - 1900 == two || year - 2000 == two);
  };
  return shortens(a, b) || shortens(b, a);
}

// Not the magnitude alone: 千万 and "a hundred" are said for many.
bool IsLarge(double value) {
  if (value <= 100) return false;
  for (const double magnitude : {1e3, 1e4, 1e6, 1e7, 1e8, 1e9, 1e12}) {
    if (value == magnitude) return false;
  }
  return true;
}

// The values that a side has, in whichever form.
class NumberValues {
 public:
  // With the digits inside fragments (GPT-4), which are no numbers of theirs.
  NumberValues(absl::string_view text,
               const std::vector<NumberMention>& numbers) {
    for (const NumberMention& n : numbers) {
      values_.push_back(n.value);
      if (n.spelled) spelled_.push_back(n.value);
    }
    constexpr size_t kMostDigits = 9;
    const Characters chars(text);
    for (size_t i = 0; i < chars.size();) {
      double value = 0;
      const size_t begin = i;
      for (; IsAsciiDigit(chars[i]); ++i) value = 10 * value + chars[i] - '0';
      if (i > begin && i - begin <= kMostDigits) values_.push_back(value);
      if (i == begin) ++i;
    }
    std::sort(values_.begin(), values_.end());
  }

  bool Has(double value) const {
    // All within a hair of it, and the years that it may shorten.
    for (const double candidate :
         {value, value + 1900, value + 2000, value - 1900, value - 2000}) {
      const auto it = std::lower_bound(values_.begin(), values_.end(),
                                       candidate - 1e-9 * std::abs(candidate));
      if (it != values_.end() && IsSameNumber(value, *it)) return true;
    }
    return false;
  }

  bool HasLarge() const {
    return std::any_of(values_.begin(), values_.end(), IsLarge);
  }

  // "Maybe eight": the trillion was said before.
  bool HasShort(double value) const {
    const auto is_short = [&](double said) {
      if (said <= 0 || said >= 1000) return false;
      for (const double magnitude : {1e4, 1e6, 1e8, 1e9, 1e12}) {
        if (IsSameNumber(value, said * magnitude)) return true;
      }
      return false;
    };
    return std::any_of(spelled_.begin(), spelled_.end(), is_short);
  }

 private:
  std::vector<double> values_, spelled_;
};

// Numbers of one side that the other has in no form: those in digits, and large
// ones in words where the other has a large one, too.
void DoubtNumbersOf(absl::string_view text,
                    const std::vector<NumberMention>& numbers,
                    const NumberValues& others, DoubtList& doubts) {
  absl::flat_hash_set<double> told;
  for (const NumberMention& n : numbers) {
    if ((n.spelled && !(IsLarge(n.value) && others.HasLarge())) ||
        others.Has(n.value) || others.HasShort(n.value) ||
        !told.insert(n.value).second) {
      continue;
    }
    if (told.size() > kMostOfAKind) return;
    const absl::string_view seen = text.substr(n.span.begin, n.span.size());
    doubts.AddAbout(DoubtKind::kNumber, "number ", seen, " has no counterpart");
  }
}

void DoubtNumbers(const DoubtInput& pair, DoubtList& doubts) {
  // The digits of {0} are no number.
  const std::string source = text::WithoutPlaceholders(pair.source);
  const std::string target = text::WithoutPlaceholders(pair.target);
  const auto english = FindNumbers(source, text::Language::kEnglish);
  const auto chinese = FindNumbers(target, text::Language::kChinese);
  DoubtNumbersOf(target, chinese, NumberValues(source, english), doubts);
  DoubtNumbersOf(source, english, NumberValues(target, chinese), doubts);
}

using WordSet = absl::flat_hash_set<std::string>;

void DoubtFragments(const DoubtInput& pair, DoubtList& doubts) {
  WordSet told;
  for (const FragmentLink& link : LinkFragments({pair.target}, {pair.source})) {
    const Fragment& fragment = link.fragment;
    // A reply is translated freely, a lone letter may be anything.
    if (link.finding < FragmentFinding::kMisspelled ||
        fragment.kind == FragmentKind::kReply || fragment.text.size() < 2 ||
        !told.insert(fragment.text).second) {
      continue;
    }
    if (told.size() > kMostOfAKind) return;
    doubts.AddAbout(DoubtKind::kFragment, "", fragment.text,
                    " is not in the English");
  }
}

// "GPT-4-like" up to its last digit.
absl::string_view UpToDigit(absl::string_view word) {
  return word.substr(0, word.find_last_of("0123456789") + 1);
}

// Names with digits (GPT-4) are never translated: the Chinese has them too.
void DoubtMissingProducts(const DoubtInput& pair, DoubtList& doubts) {
  const std::string chinese = text::NormalizeForMatching(pair.target);
  WordSet told;
  for (absl::string_view word :
       absl::StrSplit(pair.source, absl::ByAnyChar(" \t\n,;:()\"/"))) {
    while (!word.empty() && absl::string_view(".?!'").find(word.back()) !=
                                absl::string_view::npos) {
      word.remove_suffix(1);
    }
    if (word.size() < 2 || !IsAsciiUpper(static_cast<unsigned char>(word[0]))) {
      continue;
    }
    const bool has_digit = std::any_of(word.begin(), word.end(), [](char c) {
      return IsAsciiDigit(static_cast<unsigned char>(c));
    });
    if (!has_digit || !FindNumbers(word, text::Language::kEnglish).empty() ||
        absl::StrContains(chinese,
                          text::NormalizeForMatching(UpToDigit(word))) ||
        !told.insert(std::string(word)).second) {
      continue;
    }
    if (told.size() > kMostOfAKind) return;
    doubts.AddAbout(DoubtKind::kFragment, "", word, " is not in the Chinese");
  }
}

void DoubtNegation(const DoubtInput& pair, DoubtList& doubts) {
  const auto mismatch = CompareNegations(pair.source, pair.target);
  if (!mismatch.has_value()) return;
  const bool in_english = mismatch->side == text::Language::kEnglish;
  const absl::string_view seen =
      (in_english ? pair.source : pair.target)
          .substr(mismatch->span.begin, mismatch->span.size());
  doubts.AddAbout(
      DoubtKind::kNegation, "negation ", seen,
      in_english ? " is not in the Chinese" : " is not in the English");
}

// Of English code points to Chinese, over both texts' lengths, as translations
// of talks have it. Latin inside Chinese counts as the few characters that its
// translation would take, and short texts are allowed more leeway.
void DoubtLength(const DoubtInput& pair, const DoubtOptions& options,
                 DoubtList& doubts) {
  constexpr double kUsual = 3.05, kOtherCharacter = 0.35;
  constexpr double kEnglishLeeway = 12, kChineseLeeway = 4;
  double chinese = 0;
  for (size_t offset = 0; offset < pair.target.size();) {
    const char32_t c = text::NextCodepoint(pair.target, offset);
    chinese += text::IsHan(c) ? 1 : kOtherCharacter;
  }
  const auto english = static_cast<double>(text::CountCodepoints(pair.source));
  const double ratio =
      (english + kEnglishLeeway) / (chinese + kChineseLeeway) / kUsual;
  if (ratio > options.length_ratio) {
    doubts.Add(DoubtKind::kShort, "Chinese is much shorter than usual");
  } else if (ratio * options.length_ratio < 1) {
    doubts.Add(DoubtKind::kLong, "Chinese is much longer than usual");
  }
}

void DoubtQuestion(const DoubtInput& pair, DoubtList& doubts) {
  const auto asks = [](absl::string_view text) {
    return absl::StrContains(text, "?") || absl::StrContains(text, "？");
  };
  if (asks(pair.source) != asks(pair.target)) {
    doubts.Add(DoubtKind::kQuestion, "question mark on one side only");
  }
}

void DoubtBead(const DoubtInput& pair, DoubtList& doubts) {
  const int fewer = std::min(pair.source_segments, pair.target_segments);
  const int more = std::max(pair.source_segments, pair.target_segments);
  if ((fewer >= 2 && more >= 2) || more >= 4) {
    doubts.Add(DoubtKind::kBead, absl::StrCat(pair.source_segments, ":",
                                              pair.target_segments, " bead"));
  }
}

}  // namespace

std::vector<Doubt> FindDoubts(const DoubtInput& pair,
                              const DoubtOptions& options) {
  DoubtList doubts;
  if (pair.confidence < options.low_confidence) {
    const double fall = 1 - pair.confidence / options.low_confidence;
    doubts.Add(
        DoubtKind::kLowConfidence,
        absl::StrFormat("low confidence %.2f", RoundedDown(pair.confidence)),
        (kMostOfLowConfidence - WeightOf(DoubtKind::kLowConfidence)) * fall);
  }
  DoubtBead(pair, doubts);
  if (pair.source.empty() || pair.target.empty()) {
    if (pair.source.empty())
      doubts.Add(DoubtKind::kOneSided, "no English for it");
    if (pair.target.empty())
      doubts.Add(DoubtKind::kOneSided, "no Chinese for it");
    return std::move(doubts).WorstFirst();
  }
  DoubtNumbers(pair, doubts);
  DoubtFragments(pair, doubts);
  DoubtMissingProducts(pair, doubts);
  DoubtNegation(pair, doubts);
  DoubtLength(pair, options, doubts);
  DoubtQuestion(pair, doubts);
  return std::move(doubts).WorstFirst();
}

std::vector<std::string> Doubts(const DoubtInput& pair,
                                const DoubtOptions& options) {
  std::vector<std::string> phrases;
  for (Doubt& doubt : FindDoubts(pair, options)) {
    phrases.push_back(std::move(doubt.phrase));
  }
  return phrases;
}

}  // namespace duilian::aligner
