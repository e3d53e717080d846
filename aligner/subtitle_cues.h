// Subtitles: SubRip (.srt) and WebVTT.

#ifndef DUILIAN_ALIGNER_SUBTITLE_CUES_H_
#define DUILIAN_ALIGNER_SUBTITLE_CUES_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "text/utf8.h"

namespace duilian::aligner {

// What a line of subtitles is.
struct CueLine {
  enum Kind {
    kNone,    // in no cue
    kLayout,  // a cue's number or name, its time, WebVTT's header and notes
    kWords,   // what a cue says
  };
  Kind kind = kNone;
  // Of the first line of a cue's words: when it appears, in whole seconds.
  std::optional<int> seconds;
};

// One for each of the document's lines (source_lines.h). A cue is a line such
// as `00:01:02,345 --> 00:01:04,000`, with hours or without, its number or name
// before it, and the words behind it up to an empty line or the next cue; a
// document without such a line has none. Linear.
std::vector<CueLine> FindCues(absl::string_view text,
                              absl::Span<const text::ByteSpan> lines);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SUBTITLE_CUES_H_
