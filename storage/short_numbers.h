// Numbers of 32 bits in one to five bytes, small ones in few: seven bits a
// byte, the lowest first, and a bit that says whether more follow. For what is
// in memory; nothing is checked.

#ifndef DUILIAN_STORAGE_SHORT_NUMBERS_H_
#define DUILIAN_STORAGE_SHORT_NUMBERS_H_

#include <cstddef>
#include <cstdint>

namespace duilian::storage {

inline constexpr size_t kMostShortBytes = 5;

// Writes at most kMostShortBytes; returns the place behind them.
inline uint8_t* WriteShort(uint32_t number, uint8_t* to) {
  for (; number >= 0x80; number >>= 7) {
    *to++ = static_cast<uint8_t>(number | 0x80);
  }
  *to++ = static_cast<uint8_t>(number);
  return to;
}

// Reads the number at `from` and moves behind it.
inline uint32_t ReadShort(const uint8_t*& from) {
  uint32_t number = *from++;
  if (number < 0x80) return number;
  number &= 0x7F;
  for (unsigned shift = 7;; shift += 7) {
    const uint32_t byte = *from++;
    number |= (byte & 0x7F) << shift;
    if (byte < 0x80) return number;
  }
}

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SHORT_NUMBERS_H_
