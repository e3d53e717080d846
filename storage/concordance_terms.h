// What a concordance search looks for, as a person writes it.

#ifndef DUILIAN_STORAGE_CONCORDANCE_TERMS_H_
#define DUILIAN_STORAGE_CONCORDANCE_TERMS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/name_table.h"
#include "text/utf8.h"

namespace duilian::storage {

// What stands between a unit of a term and the one before it. Beside a Han
// character punctuation counts, so that Chinese is matched as written; between
// two words it does not.
enum class Joint { kAny, kTogether, kApart };

// True when punctuation (`apart`), or none, may stand between the two.
inline bool JointAllows(Joint joint, bool apart) {
  return joint == Joint::kAny || apart == (joint == Joint::kApart);
}

// A unit, or a part of a word.
struct TermUnit {
  std::string text;
  Joint joint = Joint::kAny;
  bool more_before = false;  // letters, or none, may stand before `text`
  bool more_behind = false;

  bool is_part() const { return more_before || more_behind; }
  // Borrows `text`.
  NamePart part() const { return {text, more_before, more_behind}; }
};

// Units (matching_units.h) that stand one after the other.
using Term = std::vector<TermUnit>;

// What a query asks for: each run between white space is a term, and so is
// all between two quotation marks (" “ ” „ 「 」 『 』, full and half width); a
// mark without a partner reaches to the end. A * right behind a word of two
// letters at least (transl*) stands for any letters, or none, there, and so
// does one right before it (*lation) and one on either side (*ransl*), if
// beyond the * is a space, punctuation, the term's end or a Han character
// (GPT*模型; GPT* 模型 is the same, as no space beside a Han character counts).
// Otherwise a * beside a Han character stands for nothing, or for punctuation
// as it is written (模型*, 模*型, A*算法). Any other * is punctuation, as in
// Q*, mo*l, GPT-* and bold **words**. kInvalidArgument: no unit in it, or a *
// at more words than are searched for at once.
absl::StatusOr<std::vector<Term>> ParseConcordanceQuery(
    absl::string_view query);

// The terms of a query, as they are written and each once, that have a * which
// is no wildcard where a person may have meant one: t*, mo*l, GPT-*,
// GPT-*模型, 模*型, a * alone. One at the edge of Chinese (模型*, A*算法) is
// not counted: Chinese is found within other Chinese without it.
std::vector<std::string> TermsWithIdleStars(absl::string_view query);

// Where the terms stand in a text as written: in order, those that overlap
// made one. Empty unless every term is there.
std::vector<text::ByteSpan> FindTerms(absl::string_view original,
                                      const std::vector<Term>& terms);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CONCORDANCE_TERMS_H_
