#ifndef DUILIAN_SERVICE_READ_SIDE_H_
#define DUILIAN_SERVICE_READ_SIDE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "aligner/transcript.h"
#include "duilian/v1/alignment_service.pb.h"
#include "text/language.h"

namespace duilian::service {

// One side of a document as it was sent. Borrowed.
struct SideText {
  absl::string_view field;  // begins every message: "source", "target_text"
  absl::string_view text;
  text::Language language = text::Language::kEnglish;
};

// kInvalidArgument: not a format of this release.
absl::Status CheckFormat(absl::string_view field, int format);

// Cuts a side into segments, and sees to it that it is in its language: by its
// script, for a text on the wrong side would be aligned without a word.
// kInvalidArgument: empty, not UTF-8 (the message says which byte), or in
// another language. kResourceExhausted: over a limit. CheckFormat() first.
absl::StatusOr<aligner::Transcript> ReadSide(const SideText& side, int format,
                                             const aligner::ReadLimits& limits);

// "English", "Chinese".
absl::string_view LanguageName(text::Language language);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_READ_SIDE_H_
