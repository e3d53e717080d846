// Cutting a translation unit in two, and joining several into one. Pure.

#ifndef DUILIAN_SERVICE_UNIT_EDITS_H_
#define DUILIAN_SERVICE_UNIT_EDITS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/translation_unit.h"
#include "text/language.h"

namespace duilian::service {

// Puts `text` behind `joined`: with a space between English texts, with
// nothing between Chinese ones.
void JoinText(text::Language language, absl::string_view text,
              std::string& joined);

// Where the second part begins, in bytes of the sides' texts.
struct CutPoints {
  int64_t source = 0;
  int64_t target = 0;
};

struct UnitParts {
  storage::TranslationUnit first;   // keeps the id
  storage::TranslationUnit second;  // new: id and revision 0
};

// Cuts both sides. White space at a cut goes. Each part keeps the spans of
// its own bytes; in a text that was edited, the segment that holds the cut
// stays with both. The parts become each other's neighbours, and are marked as
// reshaped; all else is the unit's.
// kInvalidArgument: a cut is not on a character's edge, or leaves a part with
// nothing.
absl::StatusOr<UnitParts> SplitUnit(const storage::TranslationUnit& unit,
                                    const CutPoints& cuts);

// Joins the texts and spans in the order given. Id, speaker, timestamp and
// model version are the first's; the confidence is the least; the status is
// what all agree on, else unreviewed; manual if one of them is; reshaped.
// kInvalidArgument: they are of several documents, or a side grows too long.
absl::StatusOr<storage::TranslationUnit> MergeUnits(
    absl::Span<const storage::TranslationUnit> units);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_UNIT_EDITS_H_
