// Phrase links on the wire: what of a pair renders what is highlighted.

#ifndef DUILIAN_SERVICE_COUNTERPARTS_H_
#define DUILIAN_SERVICE_COUNTERPARTS_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "aligner/model.h"
#include "duilian/v1/quote_service.pb.h"
#include "duilian/v1/translation_memory_service.pb.h"
#include "text/language.h"

namespace duilian::service {

// Highlights of a side of a hit whose counterparts are sought, from the first.
inline constexpr int kMostLinkedHighlights = 8;
// Of a text's words, or characters of Chinese, one in so many may be missing in
// a quote that counts as all of it.
inline constexpr size_t kWordsPerUnquotedWord = 10;
// Words or characters by which a counterpart grows at either end, at most, to
// begin and end with a clause as the quote does.
inline constexpr size_t kMostWordsToClauseEdge = 2;

// Fills the counterparts of a hit's highlights. Some milliseconds for long
// texts; none where a side has more than aligner::kMaxLinkedCodepoints.
void LinkHighlights(const aligner::Model& model, v1::ConcordanceHit& hit);

// Fills the difference between a query in `language` and the match's text, and
// its counterpart. Both stay unset where the texts are equal, or the match only
// lacks something.
void LinkDifference(const aligner::Model& model, absl::string_view query,
                    text::Language language, v1::Match& match);

// Fills the counterpart of what of a quote stands in a pair's text in
// `language`: all of the other text where the quote leaves next to nothing out.
// It stays unset where none is found.
void LinkQuoted(const aligner::Model& model, text::Language language,
                v1::PassagePart& part);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_COUNTERPARTS_H_
