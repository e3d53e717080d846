#ifndef DUILIAN_STORAGE_CHANGE_DIGEST_H_
#define DUILIAN_STORAGE_CHANGE_DIGEST_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/translation_memory.h"

namespace duilian::storage {

// Of the first change and the last ones up to that position: two memories that
// agree there are one, or were until then. Several, because a change of a title
// has nothing to tell it by. kNotFound: the memory has no such change.
absl::StatusOr<uint64_t> DigestOfChanges(const TranslationMemory& memory,
                                         uint64_t position);

// kFailedPrecondition: what has this digest at that position was made of
// another memory's changes, or of none. Else as DigestOfChanges reads the
// memory.
absl::Status CheckDigest(const TranslationMemory& memory, uint64_t position,
                         uint64_t digest);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CHANGE_DIGEST_H_
