#include "storage/text_hash.h"

#include <xxhash.h>

namespace duilian::storage {

uint64_t StableHash(absl::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

uint64_t HashText(absl::string_view normalized) {
  if (normalized.empty()) return 0;
  const uint64_t hash = StableHash(normalized);
  return hash == 0 ? 1 : hash;
}

}  // namespace duilian::storage
