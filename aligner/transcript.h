// Reading transcripts: from a file's text to segments that know who speaks.

#ifndef DUILIAN_ALIGNER_TRANSCRIPT_H_
#define DUILIAN_ALIGNER_TRANSCRIPT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

enum class SegmentKind {
  kSpeech,       // a sentence
  kHeading,      // a title of the document or of a part
  kFrontMatter,  // site furniture, links, notes before the talk begins
};

// One sentence or heading: what the aligner moves around.
struct Segment {
  std::string text;     // as seen, white space of line breaks made one space
  text::ByteSpan span;  // where, in the whole text as read
  int line = 1;         // where it begins, from 1
  SegmentKind kind = SegmentKind::kSpeech;
  int turn = 0;         // counts changes of speaker and headings, from 0
  int paragraph = 0;    // from 0; a turn may hold several
  std::string speaker;  // as written; empty when unknown
  std::optional<int> timestamp_seconds;  // of the paragraph that it is in
};

struct Transcript {
  text::Language language = text::Language::kEnglish;
  std::vector<Segment> segments;
  // For a person: "line 12: …". At most 100.
  std::vector<std::string> warnings;
};

struct ReadLimits {
  size_t max_bytes = 64u << 20;
  size_t max_line_bytes = 1u << 20;
  size_t max_lines = 1'000'000;
  size_t max_segments = 200'000;
};

// Recognises, line by line: a speaker on a line of its own (a short line
// without final punctuation that recurs, or that names a speaker seen
// elsewhere); `Speaker [(00:01:13)](url) text`, `Speaker (00:01:13): text` and
// `Speaker: text`; timestamps alone; Markdown headings, links, images and
// emphasis; SubRip and WebVTT; menus and tables of contents before the talk
// (front matter); hard wrapped paragraphs (English) and one paragraph a line
// (Chinese). Then cuts paragraphs into sentences (sentences.h). A byte order
// mark is skipped, CRLF is a line's end. Linear.
// kInvalidArgument: empty, not UTF-8 (names the byte), a NUL byte, or nothing
// to align in it. kResourceExhausted: over a limit (names it and the line).
absl::StatusOr<Transcript> ReadTranscript(absl::string_view text,
                                          text::Language language,
                                          const ReadLimits& limits);

// Each line is a segment as given; an empty line is an empty segment, so that
// indices are line numbers less one. The same errors.
absl::StatusOr<Transcript> ReadLines(absl::string_view text,
                                     text::Language language,
                                     const ReadLimits& limits);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_TRANSCRIPT_H_
