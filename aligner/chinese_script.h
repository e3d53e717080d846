// Simplified or Traditional: which of the two a Chinese text is written in.

#ifndef DUILIAN_ALIGNER_CHINESE_SCRIPT_H_
#define DUILIAN_ALIGNER_CHINESE_SCRIPT_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace duilian::aligner {

enum class ChineseScript {
  kSimplified,   // or nothing that tells
  kMixed,        // Simplified in the main, with Traditional passages
  kTraditional,  // in the main
};

// How many characters of a text are written in one script alone: 这 in
// Simplified, 這 in Traditional. Most characters, such as 人 and 后, tell
// nothing, and only frequent ones are known.
struct ScriptCounts {
  size_t simplified = 0, traditional = 0;
};

// Requires valid UTF-8. Linear.
ScriptCounts CountTellingCharacters(absl::string_view text);

// Traditional when more characters tell so than not. Mixed when it is not, but
// a tenth of them do: a name or a title in the other script is not a passage.
ChineseScript RecogniseScript(const ScriptCounts& counts);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_CHINESE_SCRIPT_H_
