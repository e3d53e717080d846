// Rows for tests of stores.

#ifndef DUILIAN_STORAGE_SAMPLE_ROWS_H_
#define DUILIAN_STORAGE_SAMPLE_ROWS_H_

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/ordered_store.h"
#include "storage/sample_units.h"

namespace duilian::storage {

// Short keys of few letters, so that operations meet.
inline std::string RandomKey(Random& random) {
  static constexpr char kLetters[] = {'\0', 'a', 'b', '\x7F', '\xFF'};
  std::string key(1 + Below(3, random), '\0');
  for (char& c : key) c = kLetters[Below(sizeof kLetters, random)];
  return key;
}

inline WriteBatch RandomBatch(Random& random) {
  WriteBatch batch;
  for (size_t i = 1 + Below(6, random); i > 0; --i) {
    if (Below(3, random) == 0) {
      batch.Delete(RandomKey(random));
    } else {
      batch.Put(RandomKey(random), RandomBytes(6, random));
    }
  }
  return batch;
}

inline KeyRange RandomRange(Random& random) {
  if (Below(4, random) == 0) return PrefixRange(RandomKey(random));
  KeyRange range;
  if (Below(4, random) != 0) range.begin = RandomKey(random);
  if (Below(4, random) != 0) range.end = RandomKey(random);
  range.limit = Below(5, random);
  range.reverse = Below(2, random) == 0;
  return range;
}

inline void ExpectSameReads(const OrderedStore& a, const Snapshot* at_a,
                            const OrderedStore& b, const Snapshot* at_b,
                            Random& random) {
  const std::vector<std::string> keys = {RandomKey(random), RandomKey(random),
                                         RandomKey(random)};
  ASSERT_EQ(a.MultiGet(keys, at_a).value(), b.MultiGet(keys, at_b).value());
  const std::vector<KeyRange> ranges = {RandomRange(random),
                                        RandomRange(random)};
  ASSERT_EQ(a.MultiScan(ranges, at_a).value(),
            b.MultiScan(ranges, at_b).value());
}

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SAMPLE_ROWS_H_
