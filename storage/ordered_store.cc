#include "storage/ordered_store.h"

#include <utility>

namespace duilian::storage {

void WriteBatch::Put(std::string key, std::string value) {
  operations.push_back({std::move(key), std::move(value)});
}

void WriteBatch::Delete(std::string key) {
  operations.push_back({std::move(key), std::nullopt});
}

KeyRange PrefixRange(std::string prefix) {
  KeyRange range;
  range.begin = prefix;
  // The least key above all that begin with the prefix: its last byte below
  // 0xFF, raised by one. A prefix of nothing but 0xFF has no such key.
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) {
    prefix.pop_back();
  }
  if (!prefix.empty()) {
    prefix.back() =
        static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  }
  range.end = std::move(prefix);
  return range;
}

}  // namespace duilian::storage
