// What a project's look-ups are judged by beside the texts.

#ifndef DUILIAN_SERVICE_LOOKUP_RULES_H_
#define DUILIAN_SERVICE_LOOKUP_RULES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "service/rendering_warnings.h"
#include "storage/penalties.h"
#include "storage/translation_memory.h"

namespace duilian::service {

struct LookupRules {
  storage::LookupSettings settings;
  RenderingWarner warner;
};

// The rules of projects, kept until the memory changes: they cost two round
// trips to the store, which in a large one take longer than a look-up.
// Thread-safe.
class KnownLookupRules {
 public:
  // `memory` must outlive it.
  explicit KnownLookupRules(const storage::TranslationMemory& memory)
      : memory_(memory) {}

  // As of the memory's last change. kNotFound: unknown project.
  absl::StatusOr<std::shared_ptr<const LookupRules>> Of(
      absl::string_view project) const;

 private:
  // All are dropped when one more would be known.
  static constexpr size_t kMostProjects = 1'000;

  const storage::TranslationMemory& memory_;
  mutable absl::Mutex mutex_;
  mutable uint64_t position_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable absl::flat_hash_map<std::string, std::shared_ptr<const LookupRules>>
      rules_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_LOOKUP_RULES_H_
