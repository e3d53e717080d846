#include "aligner/fragments.h"

#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "aligner/characters.h"
#include "aligner/fragment_kinds.h"
#include "aligner/fragment_renderings.h"
#include "aligner/markup.h"

namespace duilian::aligner {
namespace {

bool IsOneOf(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != set.npos;
}

class FragmentFinder {
 public:
  explicit FragmentFinder(absl::string_view text) : text_(text), chars_(text) {}

  std::vector<Fragment> Find() && {
    for (size_t i = 0; i < chars_.size();) {
      i = IsAlnum(i) ? TakeRun(i) : i + 1;
    }
    DropLoneSpeakers();
    FindRenderings(text_, chars_, places_, fragments_);
    return std::move(fragments_);
  }

 private:
  bool IsLatin(size_t i) const { return text::IsLatin(chars_[i]); }
  bool IsDigit(size_t i) const { return IsAsciiDigit(chars_[i]); }
  bool IsAlnum(size_t i) const { return IsLatin(i) || IsDigit(i); }

  // The end of the word that begins at i: letters and digits, with marks that
  // have one of these on either side, and the marks of Q* and C++ behind.
  size_t EndOfWord(size_t i) const {
    while (true) {
      if (IsAlnum(i)) {
        ++i;
      } else if (IsOneOf(chars_[i], U"-.'’&·_‑") && IsAlnum(i + 1)) {
        i += 2;
      } else {
        break;
      }
    }
    if (chars_[i] == '*' && chars_[i + 1] != '*' && !IsAlnum(i + 1))
      return i + 1;
    if (chars_[i] == '+' && chars_[i + 1] == '+') return i + 2;
    if (chars_[i] == '#' && !IsAlnum(i + 1)) return i + 1;
    return i;
  }

  // Letters make words; digits alone do not, nor do 128K and 20km.
  bool IsWord(size_t begin, size_t end) const {
    bool has_letter = false;
    for (size_t i = begin; i < end && !has_letter; ++i) has_letter = IsLatin(i);
    if (!has_letter) return false;
    if (IsDigit(begin)) return !IsQuantity(begin, end);
    return end - begin > 1 || IsAsciiUpper(chars_[begin]);
  }

  // Digits and a unit: 64K, 20km, 100GB, 16th; 3D and 5G are words.
  bool IsQuantity(size_t begin, size_t end) const {
    size_t unit = begin;
    while (IsDigit(unit) || chars_[unit] == '.') ++unit;
    const size_t length = end - unit;
    if (length == 1) return IsOneOf(chars_[unit], U"KMBTkmbtsxhg");
    return IsAsciiLower(chars_[unit]) ||
           (length == 2 && chars_[unit + 1] == 'B');
  }

  // The end of a URL at i, or of an e-mail address whose first word ends at
  // `end`; else nullopt.
  std::optional<size_t> EndOfAddress(size_t i, size_t end) const {
    const size_t byte = chars_.Bytes(i, i).begin;
    const size_t url_end =
        IsAsciiLower(chars_[i]) ? EndOfUrl(text_, byte) : byte;
    if (url_end > byte) {
      // An address is ASCII: as many characters as bytes.
      return i + (url_end - byte);
    }
    if (chars_[end] == '@' && IsAlnum(end + 1)) return EndOfWord(end + 1);
    return std::nullopt;
  }

  // Takes the run that begins with the word at i; returns where to go on.
  size_t TakeRun(size_t i) {
    const size_t begin = i;
    size_t end = i;  // of the run, behind its last word
    size_t next = EndOfWord(i);
    bool begun = false;
    while (true) {
      if (const auto address = EndOfAddress(i, next)) {
        if (begun) Push(begin, end);
        return std::max(*address, next);
      }
      const bool word = IsWord(i, next);
      if (!word && !begun) return next;
      if (!word && !NumberBelongs(i, next)) break;
      begun = true;
      end = next;
      i = FollowingWord(end);
      if (i == end) break;
      next = EndOfWord(i);
    }
    Push(begin, end);
    return std::max(end, begin + 1);
  }

  // Where the next word of the run begins, behind one space or " & "; `end`
  // when there is none.
  size_t FollowingWord(size_t end) const {
    if (chars_[end] != ' ') return end;
    if (IsAlnum(end + 1)) return end + 1;
    const bool ampersand =
        chars_[end + 1] == '&' && chars_[end + 2] == ' ' && IsLatin(end + 3);
    return ampersand ? end + 3 : end;
  }

  // Whether the digits [begin, end) behind a word are part of its name:
  // DALL·E 1, iPhone 15 Pro; in "GPT-4 100 次" and "Sam 3 月" they count.
  bool NumberBelongs(size_t begin, size_t end) const {
    constexpr size_t kMostDigits = 4;
    for (size_t i = begin; i < end; ++i) {
      if (!IsDigit(i)) return false;
    }
    if (end - begin > kMostDigits) return false;
    const size_t behind = chars_[end] == ' ' ? end + 1 : end;
    return !IsOneOf(
        chars_[behind],
        U"个個年月日号次万萬亿億千百十倍种種位名家岁歲天周分秒小时時点點"
        U"条條部台台项項款元美块塊人张張本件只支篇页頁章层層%级級多几");
  }

  void Push(size_t begin, size_t end) {
    Fragment fragment;
    fragment.span = chars_.Bytes(begin, end);
    fragment.text =
        std::string(text_.substr(fragment.span.begin, fragment.span.size()));
    FragmentContext context;
    context.quoted = IsQuoted(begin, end);
    std::u32string behind;
    for (size_t i = end; i < end + 5 && i < chars_.size(); ++i) {
      behind += chars_[i];
    }
    context.behind = behind;
    fragment.kind = ClassifyFragment(Words(begin, end), context);
    fragments_.push_back(std::move(fragment));
    places_.push_back({begin, end});
  }

  // A speaker's name on a line of its own, as it begins each turn. A name that
  // fills a line once may be a title.
  void DropLoneSpeakers() {
    absl::flat_hash_map<absl::string_view, int> lines;
    for (size_t i = 0; i < fragments_.size(); ++i) {
      if (FillsLine(i)) ++lines[fragments_[i].text];
    }
    // The keys are the fragments' own texts: nothing moves before all is known.
    std::vector<bool> speaks;
    for (size_t i = 0; i < fragments_.size(); ++i) {
      speaks.push_back(FillsLine(i) && lines[fragments_[i].text] > 1);
    }
    size_t kept = 0;
    for (size_t i = 0; i < speaks.size(); ++i) {
      if (speaks[i]) continue;
      std::swap(fragments_[kept], fragments_[i]);
      std::swap(places_[kept], places_[i]);
      ++kept;
    }
    fragments_.resize(kept);
    places_.resize(kept);
  }

  bool FillsLine(size_t fragment) const {
    if (fragments_[fragment].kind != FragmentKind::kName) return false;
    size_t begin = places_[fragment].begin;
    size_t end = places_[fragment].end;
    const auto is_blank = [&](size_t i) {
      return chars_[i] != '\n' && text::IsSpace(chars_[i]);
    };
    while (begin > 0 && is_blank(begin - 1)) --begin;
    while (is_blank(end)) ++end;
    return (begin == 0 || chars_[begin - 1] == '\n') &&
           (end >= chars_.size() || chars_[end] == '\n');
  }

  bool IsQuoted(size_t begin, size_t end) const {
    const size_t before = chars_[begin - 1] == ' ' ? begin - 2 : begin - 1;
    const size_t behind = chars_[end] == ' ' ? end + 1 : end;
    constexpr std::u32string_view kOpening = U"「『“‘\"";
    constexpr std::u32string_view kClosing = U"」』”’\"";
    const size_t kind = kOpening.find(chars_[before]);
    return kind != kOpening.npos && kClosing[kind] == chars_[behind];
  }

  // The words of a run in half width.
  std::vector<std::string> Words(size_t begin, size_t end) const {
    std::vector<std::string> words(1);
    for (size_t i = begin; i < end; ++i) {
      if (chars_[i] == ' ') {
        words.emplace_back();
      } else {
        text::AppendUtf8(chars_[i], words.back());
      }
    }
    return words;
  }

  const absl::string_view text_;
  const Characters chars_;
  std::vector<Fragment> fragments_;
  std::vector<CharacterRange> places_;
};

}  // namespace

std::vector<Fragment> ExtractFragments(absl::string_view chinese) {
  return FragmentFinder(chinese).Find();
}

}  // namespace duilian::aligner
