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
// A single Latin letter is a fragment only with a digit or as a word (Q*).
// URLs and e-mail addresses are not fragments. Requires valid UTF-8. Linear.
std::vector<Fragment> ExtractFragments(absl::string_view chinese);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_FRAGMENTS_H_
