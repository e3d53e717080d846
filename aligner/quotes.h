#ifndef DUILIAN_ALIGNER_QUOTES_H_
#define DUILIAN_ALIGNER_QUOTES_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/model.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

struct QuotePlace {
  SegmentRange segments;  // of the text
  double confidence = 0;  // in [0, 1]
};

struct QuoteOptions {
  double min_confidence = 0.5;
  int max_places = 3;
  std::function<bool()> cancelled;  // as in AlignOptions
};

// A quote without the label in front of it, which is no part of it, as
// summaries have them: "On AGI: ..." and 谈监管：……. A label is at most 20 code
// points long. Borrows the quote, which must be valid UTF-8.
absl::string_view WithoutLabel(absl::string_view quote);

// Where in `text` each quote of the other language is translated, in any
// order, labels aside: one list a quote, best first, places that do not
// overlap; empty when the text does not hold it. Front matter is no place.
// O(segments) a quote.
// kInvalidArgument: the text has no segments, or a quote is empty or in the
// text's own language (the message gives its index). kCancelled.
absl::StatusOr<std::vector<std::vector<QuotePlace>>> AlignQuotes(
    const Model& model, const Transcript& text,
    absl::Span<const std::string> quotes, const QuoteOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_QUOTES_H_
