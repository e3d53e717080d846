#ifndef DUILIAN_ALIGNER_FRAGMENTS_H_
#define DUILIAN_ALIGNER_FRAGMENTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/utf8.h"

namespace duilian::aligner {

enum class FragmentKind {
  kName,          // a person: Lex Fridman
  kOrganization,  // OpenAI
  kProduct,       // GPT-5
  kTerm,          // AGI, context window
  kReply,         // Yes
  kQuoted,        // English words in quotation marks
};

// English words inside a Chinese text.
struct Fragment {
  std::string text;     // as seen
  text::ByteSpan span;  // in the text given
  FragmentKind kind = FragmentKind::kTerm;
  // The Chinese that it stands for, as the text itself says so in brackets:
  // 通用人工智能(AGI) or AGI(通用人工智能). Empty when it does not say.
  std::string rendering;
  text::ByteSpan rendering_span;
};

// Every maximal run of Latin words, with the digits, hyphens, dots,
// apostrophes, ampersands and single spaces inside it, in order. A run is cut
// where a lower-case word meets a name only if punctuation stands between.
// A number behind belongs to it (DALL·E 1) unless it counts what follows
// (GPT-4 100 次). A single letter is a fragment when it is a capital standing
// as a word (Y 轴, Q*) or has a digit. URLs and e-mail addresses are not
// fragments, nor is a name that stands alone on two lines or more: it says who
// speaks. A rendering has no end marked on its left in
// 开发出通用人工智能(AGI): quotation marks, what other places of the text agree
// on, or else the nearest particle give one. Requires valid UTF-8. Linear.
std::vector<Fragment> ExtractFragments(absl::string_view chinese);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_FRAGMENTS_H_
