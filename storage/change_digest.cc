#include "storage/change_digest.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "storage/text_hash.h"

namespace duilian::storage {
namespace {

void AddToDigest(const Change& change, uint64_t& digest) {
  digest = StableHash(change.project, digest);
  for (const Revision& revision : change.revisions) {
    const uint64_t numbers[] = {revision.unit.id, revision.unit.revision,
                                static_cast<uint64_t>(revision.time_us),
                                revision.deleted ? 1u : 0u};
    digest = StableHash(
        {reinterpret_cast<const char*>(numbers), sizeof(numbers)}, digest);
    digest = StableHash(revision.unit.source.text, digest);
    digest = StableHash(revision.unit.target.text, digest);
  }
}

}  // namespace

absl::StatusOr<uint64_t> DigestOfChanges(const TranslationMemory& memory,
                                         uint64_t position) {
  uint64_t digest = position;
  for (const uint64_t back :
       {position - 1, uint64_t{2}, uint64_t{1}, uint64_t{0}}) {
    if (back >= position) continue;
    const uint64_t at = position - back;
    const absl::StatusOr<std::vector<Change>> changes =
        memory.ReadChanges(at - 1, 1);
    if (!changes.ok()) return changes.status();
    if (changes->empty() || changes->front().position != at) {
      return absl::NotFoundError(absl::StrCat("the memory has no change ", at));
    }
    AddToDigest(changes->front(), digest);
  }
  return digest;
}

absl::Status CheckDigest(const TranslationMemory& memory, uint64_t position,
                         uint64_t digest) {
  const absl::StatusOr<uint64_t> expected = DigestOfChanges(memory, position);
  if (!expected.ok() && !absl::IsNotFound(expected.status())) {
    return expected.status();
  }
  if (!expected.ok() || position == 0 || digest != *expected) {
    return absl::FailedPreconditionError(
        "was made of another memory's changes; it is made anew");
  }
  return absl::OkStatus();
}

}  // namespace duilian::storage
