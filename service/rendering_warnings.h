// Stored translations that depart from the renderings a project prefers.

#ifndef DUILIAN_SERVICE_RENDERING_WARNINGS_H_
#define DUILIAN_SERVICE_RENDERING_WARNINGS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/model.h"
#include "aligner/terms.h"
#include "duilian/v1/translation_memory_service.pb.h"
#include "storage/preferred_rendering.h"
#include "storage/translation_memory.h"

namespace duilian::service {

// Immutable and thread-safe.
class RenderingWarner {
 public:
  explicit RenderingWarner(
      const std::vector<storage::PreferredRendering>& preferred);
  // Of what the project prefers, in one round trip. kNotFound: unknown project.
  static absl::StatusOr<RenderingWarner> Load(
      const storage::TranslationMemory& memory, absl::string_view project);

  // Adds a warning for each term of the match's source, at its first place,
  // that the target renders neither as preferred nor as is also good. Where a
  // model is given, also what renders it instead: some milliseconds a warning.
  void Warn(const aligner::Model* model, v1::Match& match) const;

 private:
  struct Wanted {
    std::string term, rendering;
    // The preferred one first; in words.
    std::vector<std::vector<aligner::TermWord>> good;
  };
  // The text has one of the good renderings.
  static bool IsGood(const Wanted& wanted,
                     absl::Span<const aligner::TermWord> chinese);

  std::vector<Wanted> wanted_;  // in the finder's order
  aligner::TermFinder finder_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_RENDERING_WARNINGS_H_
