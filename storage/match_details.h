// What a translator is told of a match beside its place in the list: each of
// its scores, where it differs, and why it is not 100 %.

#ifndef DUILIAN_STORAGE_MATCH_DETAILS_H_
#define DUILIAN_STORAGE_MATCH_DETAILS_H_

#include <string>
#include <vector>

#include "storage/edit_trace.h"
#include "storage/lookup_index.h"
#include "text/normalize.h"

namespace duilian::storage {

struct MatchDetails {
  // The score without what context adds.
  int similarity_percent = 0;
  // As the score, but of words and Chinese characters (matching_units.h); 100
  // when neither text has any.
  int token_percent = 0;
  // As the score, but with each number one sign that equals any other; at least
  // the similarity.
  int number_blind_percent = 0;
  // Trust in the pair: 100 for an accepted one, 0 for a rejected one, otherwise
  // its confidence in percent, rounded down.
  int quality_percent = 0;
  // What turns the query into the match's text, both as written: of the fewest
  // in their matching forms, made wider where one written character is several
  // there. In order, none touches another.
  std::vector<Edit> edits;
  // One line: how the texts differ, then the penalties, and that numbers are
  // substituted, whatever that costs. What stands in
  // quotation marks first is the match's, behind "for" the query's.
  std::string explanation;
  // The translation with the query's numbers, when they are all that differs
  // and can be put in (text/numbers.h); empty otherwise.
  std::string suggested_text;
  std::vector<text::CodepointSpan> substituted;  // in suggested_text
  // Placeholders of the query that the translation does not have.
  std::vector<std::string> missing_placeholders;
};

// `match` answers `query`. O(query / 32 * text) time, about 20 us for two
// sentences; nearly nothing for texts of one matching form.
MatchDetails DescribeMatch(const FuzzyQuery& query, const FuzzyMatch& match);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_MATCH_DETAILS_H_
