#include "storage/text_hash.h"

#include <xxhash.h>

namespace duilian::storage {

uint64_t StableHash(absl::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

uint64_t HashText(absl::string_view text) {
  if (text.empty()) return 0;
  const uint64_t hash = StableHash(text);
  return hash == 0 ? 1 : hash;
}

uint32_t ShortHash(uint64_t hash) {
  if (hash == 0) return 0;
  const auto bits = static_cast<uint32_t>(hash >> 32);
  return bits == 0 ? 1 : bits;
}

uint16_t TinyHash(uint64_t hash) {
  if (hash == 0) return 0;
  const auto bits = static_cast<uint16_t>(hash >> 48);
  return bits == 0 ? 1 : bits;
}

}  // namespace duilian::storage
