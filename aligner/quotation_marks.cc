// The simple version: an opening mark opens, a closing one closes. Then:
// 1. A straight mark looks the same at both ends: it closes what is open, but
//    for one at a segment's beginning, so that a mark that was forgotten does
//    not turn the rest of the text inside out.
// 2. ’ and ' are apostrophes, too: they open behind a space only, and behind a
//    Latin letter they do not close.
// Tested by quotation_marks_test.cc.
#include "aligner/quotation_marks.h"

#include <algorithm>
#include <cstddef>

#include "text/utf8.h"

namespace duilian::aligner {
namespace {

enum class Open { kNothing, kDouble, kSingle };

class Counter {
 public:
  QuotationMarks Count(const std::vector<char32_t>& codepoints) {
    marks_ = {};
    for (size_t k = 0; k < codepoints.size(); ++k) {
      const char32_t before = k > 0 ? codepoints[k - 1] : U' ';
      const char32_t after =
          k + 1 < codepoints.size() ? codepoints[k + 1] : U' ';
      Take(codepoints[k], before, after, k == 0);
    }
    return marks_;
  }

 private:
  static bool MayStandBefore(char32_t c) {
    return text::IsSpace(c) || c == '(' || c == '-' || c == 0x2014 ||
           c == '"' || c == 0x201C;
  }

  void Take(char32_t c, char32_t before, char32_t after, bool first) {
    const bool behind_gap = MayStandBefore(before);
    const bool ends = text::IsSpace(after) || text::IsPunctuation(after) ||
                      text::IsHan(after);
    const bool in_word = text::IsLatin(before);
    switch (c) {
      case 0x201C:  // “
      case 0x300C:  // 「
        return Begin(Open::kDouble);
      case 0x201D:  // ”
      case 0x300D:  // 」
        return End(Open::kDouble);
      case '"':
        if (open_ == Open::kDouble && !(first && !ends)) {
          return End(Open::kDouble);
        }
        return Begin(Open::kDouble);
      case 0x2018:  // ‘
      case 0x300E:  // 『
        return BeginOutside(Open::kSingle);
      case 0x300F:  // 』
        return End(Open::kSingle);
      case '\'':
        if (behind_gap && !ends) return BeginOutside(Open::kSingle);
        [[fallthrough]];
      case 0x2019:  // ’
        if (ends && !behind_gap && !in_word) End(Open::kSingle);
        return;
      default:
        return;
    }
  }

  void Begin(Open open) {
    open_ = open;
    if (marks_.opened < 255) ++marks_.opened;
  }
  void BeginOutside(Open open) {
    if (open_ == Open::kNothing) Begin(open);
  }
  void End(Open open) {
    if (open_ != open) return;
    open_ = Open::kNothing;
    if (marks_.closed < 255) ++marks_.closed;
  }

  Open open_ = Open::kNothing;
  QuotationMarks marks_;
};

}  // namespace

std::vector<QuotationMarks> CountQuotationMarks(const Transcript& transcript) {
  Counter counter;
  std::vector<QuotationMarks> marks;
  for (const Segment& segment : transcript.segments) {
    marks.push_back(counter.Count(text::Codepoints(segment.text)));
  }
  return marks;
}

}  // namespace duilian::aligner
