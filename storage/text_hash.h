#ifndef DUILIAN_STORAGE_TEXT_HASH_H_
#define DUILIAN_STORAGE_TEXT_HASH_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace duilian::storage {

// XXH3, 64 bits: the same in every process and on every machine.
uint64_t StableHash(absl::string_view bytes, uint64_t seed = 0);

// As StableHash, but 0 for an empty text, and for no other.
uint64_t HashText(absl::string_view text);

// 32 bits of a hash, and 16; 0 for 0, and for no other.
uint32_t ShortHash(uint64_t hash);
uint16_t TinyHash(uint64_t hash);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_TEXT_HASH_H_
