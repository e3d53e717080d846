// How a line may say who speaks, and when.

#ifndef DUILIAN_ALIGNER_TURN_OPENINGS_H_
#define DUILIAN_ALIGNER_TURN_OPENINGS_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace duilian::aligner {

// What stands before the words of a line. `speaker` points into the line.
struct TurnOpening {
  absl::string_view speaker;  // empty: the one before speaks on
  std::optional<int> seconds;
  size_t rest = 0;  // where in the line the words begin
};

// `Speaker [(00:01:13)](url) words`, `Speaker (00:01:13): words`,
// `[00:01:13] Speaker: words`, `00:01:13 Speaker`, or a timestamp without a
// speaker. nullopt for any other line. Linear.
std::optional<TurnOpening> ReadTimedOpening(absl::string_view line);

// `Speaker: words` or `**Speaker:** words`, either width; whether it really
// is a speaker only the whole document can tell.
std::optional<TurnOpening> ReadLabel(absl::string_view line);

// The name on a line that may name a speaker and nothing else: short, without
// final punctuation; "Speaker:" and "**Speaker**" too. Empty when it cannot.
absl::string_view ReadLoneName(absl::string_view line);

// Whether a line begins with 1:13, 01:13 or 00:01:13.
bool BeginsWithTimestamp(absl::string_view line);

// Whether a name looks like a person's or a role's: capitalised Latin words,
// or a few Chinese characters.
bool LooksLikeName(absl::string_view name);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_TURN_OPENINGS_H_
