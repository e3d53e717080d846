// Two passes. The first finds what is hidden and counts it, as +1 where a
// hidden range begins and -1 where it ends, so that images inside links need
// no care; the second copies what is hidden by nothing. Brackets are matched
// on a stack, and the ends of addresses are looked up by a cursor that only
// moves forward: unclosed brackets cost no second look.

#include "aligner/markup.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "absl/strings/match.h"
#include "aligner/characters.h"

namespace duilian::aligner {
namespace {

bool IsAsciiAlnum(char c) {
  const auto u = static_cast<unsigned char>(c);
  return IsAsciiLetter(u) || IsAsciiDigit(u);
}
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Finds the next of some characters; asked for rising positions alone.
class ForwardCursor {
 public:
  ForwardCursor(absl::string_view text, absl::string_view wanted)
      : text_(text), wanted_(wanted) {}

  // text.size() when there is none.
  size_t Next(size_t from) {
    if (found_ == kUnknown || found_ < from) {
      found_ = std::min(text_.find_first_of(wanted_, from), text_.size());
    }
    return found_;
  }

 private:
  static constexpr size_t kUnknown = static_cast<size_t>(-1);
  absl::string_view text_, wanted_;
  size_t found_ = kUnknown;
};

}  // namespace

size_t EndOfUrl(absl::string_view text, size_t begin) {
  const absl::string_view rest = text.substr(begin);
  if (!absl::StartsWith(rest, "http://") &&
      !absl::StartsWith(rest, "https://") && !absl::StartsWith(rest, "www.")) {
    return begin;
  }
  size_t end = begin;
  while (end < text.size()) {
    const auto c = static_cast<unsigned char>(text[end]);
    if (c <= ' ' || c >= 0x7F || c == '<' || c == '>' || c == '"') break;
    ++end;
  }
  while (end > begin && absl::string_view(".,;:!?)'").find(text[end - 1]) !=
                            absl::string_view::npos) {
    --end;
  }
  return end;
}

// Fills a VisibleText.
class MarkupReader {
 public:
  MarkupReader(absl::string_view paragraph, size_t origin, VisibleText& out)
      : text_(paragraph),
        origin_(origin),
        out_(out),
        hidden_(paragraph.size() + 1, 0),
        linked_(paragraph.size() + 1, 0),
        next_close_(paragraph, ")"),
        next_blank_(paragraph, " \t\r\n") {}

  void Read() {
    if (text_.find_first_of("[]*_\\:.<") != text_.npos) FindMarkup();
    Copy();
  }

 private:
  struct Opened {
    size_t at = 0;
    bool image = false;
  };
  // The last emphasis mark that may open, by kind: *, **, _, __.
  static constexpr size_t kNone = static_cast<size_t>(-1);

  void Hide(size_t begin, size_t end) {
    ++hidden_[begin];
    --hidden_[end];
  }

  void Link(size_t begin, size_t end) {
    ++linked_[begin];
    --linked_[end];
  }

  void FindMarkup() {
    for (size_t i = 0; i < text_.size();) {
      switch (text_[i]) {
        case '\\':
          i = TakeEscape(i);
          break;
        case '[':
          opened_.push_back({i, i > 0 && text_[i - 1] == '!'});
          ++i;
          break;
        case ']':
          i = TakeLinkEnd(i);
          break;
        case '*':
        case '_':
          i = TakeEmphasis(i);
          break;
        case '<':
          i = TakeTag(i);
          break;
        case 'h':
        case 'w':
          i = TakeUrl(i);
          break;
        default:
          ++i;
      }
    }
  }

  size_t TakeEscape(size_t i) {
    constexpr absl::string_view kEscaped = "\\`*_{}[]()#+-.!|>~$";
    if (i + 1 == text_.size() || kEscaped.find(text_[i + 1]) == kEscaped.npos) {
      return i + 1;
    }
    Hide(i, i + 1);
    return i + 2;
  }

  size_t TakeUrl(size_t i) {
    const size_t end = EndOfUrl(text_, i);
    Link(i, end);
    return std::max(end, i + 1);
  }

  // <i>, </i>, <font color="…">: emphasis as subtitles have it, but no code.
  size_t TakeTag(size_t i) {
    if (i > 0 && text_[i - 1] == '`') return i + 1;
    constexpr size_t kLongest = 64;
    constexpr absl::string_view kTags[] = {"i",      "b",    "u", "em",
                                           "strong", "font", "c", "v"};
    size_t end = i + 1;
    if (end < text_.size() && text_[end] == '/') ++end;
    const size_t name = end;
    while (end < text_.size() && IsAsciiAlnum(text_[end])) ++end;
    const absl::string_view tag = text_.substr(name, end - name);
    if (std::find(std::begin(kTags), std::end(kTags), tag) == std::end(kTags)) {
      return i + 1;
    }
    const size_t close = text_.substr(0, i + kLongest).find_first_of("<>", end);
    const bool plain = tag != "font" && tag != "c" && tag != "v";
    if (close == text_.npos || text_[close] != '>' || (plain && close > end)) {
      return i + 1;  // "if a <b or c> d"
    }
    Hide(i, close + 1);
    return close + 1;
  }

  // "](address)" makes a link of what the last "[" opened.
  size_t TakeLinkEnd(size_t i) {
    if (opened_.empty()) return i + 1;
    const Opened opened = opened_.back();
    opened_.pop_back();
    if (i + 1 == text_.size() || text_[i + 1] != '(') return i + 1;
    const size_t close = EndOfAddress(i + 2);
    if (close == text_.size()) {
      out_.has_broken_link_ = true;
      return i + 1;
    }
    if (opened.image) {
      Hide(opened.at - 1, close + 1);
    } else {
      Hide(opened.at, opened.at + 1);
      Hide(i, close + 1);
      Link(opened.at, i);
    }
    return close + 1;
  }

  // Where the ")" of an address that begins at `begin` stands; the end of the
  // text when it is no address or does not end. One pair of brackets may
  // stand inside, and hard wrapping may have cut it.
  size_t EndOfAddress(size_t begin) {
    constexpr size_t kLongest = 2048;
    size_t close = next_close_.Next(begin);
    if (close - begin > kLongest) return text_.size();
    const absl::string_view address = text_.substr(begin, close - begin);
    const bool looks_like_one =
        absl::StartsWith(address, "http") || absl::StartsWith(address, "/") ||
        absl::StartsWith(address, "#") || absl::StartsWith(address, "<") ||
        absl::StartsWith(address, "mailto:") ||
        next_blank_.Next(begin) >= close;
    if (!looks_like_one) return text_.size();
    const bool nested = address.find('(') != address.npos;
    if (nested && close + 1 < text_.size()) {
      const size_t outer = next_close_.Next(close + 1);
      const bool titled = absl::StartsWith(text_.substr(close + 1), " \"");
      if (outer - close <= kLongest &&
          (titled || next_blank_.Next(close) >= outer)) {
        return outer;
      }
    }
    return close;
  }

  // Marks open before a word and close behind one; what has no partner, as
  // the * of Q*, is text.
  size_t TakeEmphasis(size_t i) {
    size_t end = i;
    while (end < text_.size() && text_[end] == text_[i]) ++end;
    const size_t length = end - i;
    if (length > 3) return end;
    const bool after_word = i > 0 && IsAsciiAlnum(text_[i - 1]);
    const bool before_word = end < text_.size() && IsAsciiAlnum(text_[end]);
    const bool may_open =
        !after_word && end < text_.size() && !IsBlank(text_[end]);
    const bool may_close = !before_word && i > 0 && !IsBlank(text_[i - 1]);
    size_t& opener = emphasis_[(text_[i] == '*' ? 0 : 3) + length - 1];
    if (may_close && opener != kNone) {
      Hide(opener, opener + length);
      Hide(i, end);
      opener = kNone;
    } else if (may_open) {
      opener = i;
    }
    return end;
  }

  void Copy() {
    int hidden = 0, linked = 0;
    for (size_t i = 0; i < text_.size();) {
      hidden += hidden_[i];
      linked += linked_[i];
      const size_t before = out_.text_.size();
      size_t end = i + 1;
      if (hidden == 0 && IsBlank(text_[i])) {
        // The run of white space, up to where something changes.
        while (end < text_.size() && IsBlank(text_[end]) && hidden_[end] == 0 &&
               linked_[end] == 0) {
          ++end;
        }
        PutBlanks(i, end);
      } else if (hidden == 0) {
        Put(text_[i], i);
      }
      if (linked > 0) out_.linked_bytes_ += out_.text_.size() - before;
      i = end;
    }
  }

  // "eyebrow-", a line's end, "raising": one word.
  bool CutsWordAtHyphen(size_t begin, size_t end) const {
    return begin >= 2 && end < text_.size() && text_[begin - 1] == '-' &&
           IsAsciiAlnum(text_[begin - 2]) &&
           IsAsciiLower(static_cast<unsigned char>(text_[end]));
  }

  void PutBlanks(size_t begin, size_t end) {
    const absl::string_view blanks = text_.substr(begin, end - begin);
    if (blanks.find_first_of("\r\n") != blanks.npos) {
      if (!CutsWordAtHyphen(begin, end)) Put(' ', begin);
      return;
    }
    for (size_t i = begin; i < end; ++i) Put(text_[i], i);
  }

  void Put(char c, size_t at) {
    const size_t origin = origin_ + at;
    const size_t visible = out_.text_.size();
    if (out_.runs_.empty() || visible - out_.runs_.back().visible !=
                                  origin - out_.runs_.back().origin) {
      out_.runs_.push_back({visible, origin});
    }
    out_.text_ += c;
  }

  const absl::string_view text_;
  const size_t origin_;
  VisibleText& out_;
  // By how much more ranges hide a byte, or make a link of it, than the last.
  std::vector<int> hidden_, linked_;
  std::vector<Opened> opened_;
  std::array<size_t, 6> emphasis_ = {kNone, kNone, kNone, kNone, kNone, kNone};
  ForwardCursor next_close_, next_blank_;
};

VisibleText::VisibleText(absl::string_view whole, text::ByteSpan paragraph) {
  MarkupReader(whole.substr(paragraph.begin, paragraph.size()), paragraph.begin,
               *this)
      .Read();
}

size_t VisibleText::OriginOf(size_t visible) const {
  const auto after = std::upper_bound(
      runs_.begin(), runs_.end(), visible,
      [](size_t v, const Run& run) { return v < run.visible; });
  const Run& run = *std::prev(after);
  return run.origin + (visible - run.visible);
}

text::ByteSpan VisibleText::Origin(text::ByteSpan span) const {
  return {OriginOf(span.begin), OriginOf(span.end - 1) + 1};
}

}  // namespace duilian::aligner
