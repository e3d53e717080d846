// Terms of English and their renderings in Chinese: where they stand in texts.

#ifndef DUILIAN_ALIGNER_TERMS_H_
#define DUILIAN_ALIGNER_TERMS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "text/utf8.h"

namespace duilian::aligner {

// What terms are compared by: a run of Latin letters and digits, or a Han
// character. All else stands between words.
struct TermWord {
  std::string folded;    // half width, lower case
  bool capital = false;  // it is written with a capital letter somewhere
  text::ByteSpan span;
};

// The words of a text, in order. Requires valid UTF-8. Linear.
std::vector<TermWord> SplitTermWords(absl::string_view text);

struct TermPlace {
  size_t term = 0;  // its index
  text::ByteSpan span;
};

// Finds any of many terms in English texts. Immutable and thread-safe.
class TermFinder {
 public:
  // A word of a term that has a capital letter is found with a capital letter
  // only (Apple is not in "an apple"), any other in any case. Terms without a
  // word are never found; of equal terms the first is.
  explicit TermFinder(absl::Span<const std::string> terms);

  // Where terms stand, in order; of those that overlap the one that begins
  // first, of those the longest. Also with a plural's s behind the last word.
  // Hyphens, points and spaces between two words are the same (GPT 4, GPT-4).
  // Time: the text's length, and for each word the terms that begin with it.
  std::vector<TermPlace> Find(absl::string_view english) const;

 private:
  struct Term {
    size_t index = 0;
    std::vector<TermWord> words;
  };
  // The words that the term takes at `begin`; 0: it does not stand there.
  static size_t WordsAt(absl::string_view english,
                        absl::Span<const TermWord> words, const Term& term);

  // By their first word, longest first.
  absl::flat_hash_map<std::string, std::vector<Term>> terms_;
};

// Where a rendering stands first in a text, word by word in any case, whatever
// marks stand between them (埃隆·马斯克 is 埃隆马斯克). nullopt: nowhere, or it
// has no word. Both as SplitTermWords gives them.
std::optional<text::ByteSpan> FindRendering(
    absl::Span<const TermWord> text, absl::Span<const TermWord> rendering);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_TERMS_H_
