// Where a segment's clauses end.

#ifndef DUILIAN_ALIGNER_CLAUSES_H_
#define DUILIAN_ALIGNER_CLAUSES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

// The clauses of a segment, in order; together they are all of it, and an empty
// segment is one clause. A clause ends behind a comma, a colon, a semicolon, a
// dash or a final mark (，：；。？！— anywhere, the ASCII ones before white
// space or a wide character, so that 1,000 is not cut), and has at least 4 code
// points of Chinese, or 8 of English, but for white space: what is shorter goes
// with the clause behind it, at the end with the one before. Bytes of the
// segment. Linear.
std::vector<text::ByteSpan> CutClauses(absl::string_view segment,
                                       text::Language language);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_CLAUSES_H_
