// Where a text's quotations open and close.

#ifndef DUILIAN_ALIGNER_QUOTATION_MARKS_H_
#define DUILIAN_ALIGNER_QUOTATION_MARKS_H_

#include <cstdint>
#include <vector>

#include "aligner/transcript.h"

namespace duilian::aligner {

// Of one segment; more than 255 count as 255.
struct QuotationMarks {
  uint8_t opened = 0;
  uint8_t closed = 0;
  bool operator==(const QuotationMarks&) const = default;
};

// One entry a segment. Counts outer quotations only, in “”, 「」, 『』, ‘’ and
// straight marks: a quotation inside another is not counted, nor is an
// apostrophe. A quotation may run over several segments. Linear.
std::vector<QuotationMarks> CountQuotationMarks(const Transcript& transcript);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_QUOTATION_MARKS_H_
