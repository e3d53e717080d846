// How much memory an index takes, by what it holds.

#ifndef DUILIAN_STORAGE_INDEX_MEMORY_H_
#define DUILIAN_STORAGE_INDEX_MEMORY_H_

#include <cstddef>

namespace duilian::storage {

// Bytes, those that are only kept ready among them.
struct IndexMemory {
  size_t texts = 0;         // as tokens
  size_t vocabularies = 0;  // the tokens' words
  size_t lists = 0;         // of the slots with a token, or a numberless form
  size_t letters = 0;       // of the texts by length, and their counts
  size_t units = 0;         // all else
  size_t total() const {
    return texts + vocabularies + lists + letters + units;
  }
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_INDEX_MEMORY_H_
