#ifndef DUILIAN_STORAGE_CONCORDANCE_SEARCH_H_
#define DUILIAN_STORAGE_CONCORDANCE_SEARCH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/lookup_index.h"
#include "storage/project_index.h"
#include "text/utf8.h"

namespace duilian::storage {

// What stands between a unit of a term and the one before it. Beside a Han
// character punctuation counts, so that Chinese is matched as written; between
// two words it does not.
enum class Joint { kAny, kTogether, kApart };

// A unit, or a part of a word.
struct TermUnit {
  std::string text;
  Joint joint = Joint::kAny;
  bool more_before = false;  // letters, or none, may stand before `text`
  bool more_behind = false;
};

// Units (matching_units.h) that stand one after the other.
using Term = std::vector<TermUnit>;

// What a query asks for: each run between white space is a term, and so is
// all between two quotation marks (" “ ” „ 「 」 『 』, full and half width); a
// mark without a partner reaches to the end. A * right behind a word (transl*)
// stands for any letters, or none, there, and so does one right before a word
// (*lation) and one on either side (*ransl*), if beyond the * is a space,
// punctuation, the term's end or, when the word has two letters at least, a Han
// character (GPT*模型; GPT* 模型 is the same, as no space beside a Han
// character counts). Otherwise a * beside a Han character stands for nothing,
// or for punctuation as it is written (模型*, 模*型, A*算法). Any other * is
// punctuation, as in mo*l, GPT-* and bold **words**. kInvalidArgument: no unit
// in it, less than two letters beside a *, or a * at more words than are
// searched for at once.
absl::StatusOr<std::vector<Term>> ParseConcordanceQuery(
    absl::string_view query);

// Where the terms stand in a text as written: in order, those that overlap
// made one. Empty unless every term is there.
std::vector<text::ByteSpan> FindTerms(absl::string_view original,
                                      const std::vector<Term>& terms);

struct ConcordanceUnit {
  UnitVersion version;
  uint64_t rank = 0;  // ProjectIndex::rank
  bool in_source = false;
  bool in_target = false;
};

// The units of a rank below `below` that hold every term in one side, the
// highest rank first, one more than query.limit at most. kCancelled.
absl::StatusOr<std::vector<ConcordanceUnit>> ConcordanceSearch(
    const ProjectIndex& index, const ConcordanceQuery& query,
    const std::vector<Term>& terms, uint64_t below);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CONCORDANCE_SEARCH_H_
