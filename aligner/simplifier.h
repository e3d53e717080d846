// Traditional Chinese made Simplified, for matching alone: the packs are
// trained on Simplified text.

#ifndef DUILIAN_ALIGNER_SIMPLIFIER_H_
#define DUILIAN_ALIGNER_SIMPLIFIER_H_

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// Converts with OpenCC, whose dictionaries are read at the first Traditional
// text (some 10 ms), never for Simplified text. Thread-safe.
class Simplifier {
 public:
  // `config` names one of OpenCC's configurations; another is for tests.
  explicit Simplifier(std::string config = "tw2s.json");
  ~Simplifier();

  // The text as it is when it is Simplified; when it is Traditional, converted
  // so that each character keeps its place in bytes: a span of the result is
  // the span of the text. Requires valid UTF-8. Linear.
  // kFailedPrecondition: OpenCC's dictionaries cannot be read.
  absl::StatusOr<std::string> Simplify(absl::string_view text) const;

  // Simplify for each segment's text, all of one script unless it is mixed;
  // there each segment is taken by itself. English is left alone. Where
  // Traditional passages are the exception and cannot be converted, they stay.
  // kFailedPrecondition: a Traditional text, and as above.
  absl::Status Simplify(Transcript& transcript) const;

 private:
  class Converter;

  absl::StatusOr<const Converter*> Load() const;

  const std::string config_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<const Converter> converter_;  // by mutex_; set once
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SIMPLIFIER_H_
