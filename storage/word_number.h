#ifndef DUILIAN_STORAGE_WORD_NUMBER_H_
#define DUILIAN_STORAGE_WORD_NUMBER_H_

#include <cstddef>
#include <cstdint>

namespace duilian::storage {

// A word among the frequent ones of a side (telling_words.h), counted from 1; 0
// is one of which nothing is known.
using WordNumber = uint16_t;
inline constexpr size_t kMostWordNumber = 16'384;

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_WORD_NUMBER_H_
