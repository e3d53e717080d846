// Rows for tests of stores.

#ifndef DUILIAN_TESTS_SUPPORT_SAMPLE_ROWS_H_
#define DUILIAN_TESTS_SUPPORT_SAMPLE_ROWS_H_

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/ordered_store.h"
#include "storage/sample_units.h"

namespace duilian::testing_support {

// Short keys of few letters, so that operations meet.
inline std::string RandomKey(storage::Random& random) {
  static constexpr char kLetters[] = {'\0', 'a', 'b', '\x7F', '\xFF'};
  std::string key(1 + storage::Below(3, random), '\0');
  for (char& c : key) c = kLetters[storage::Below(sizeof kLetters, random)];
  return key;
}

inline storage::WriteBatch RandomBatch(storage::Random& random) {
  storage::WriteBatch batch;
  for (size_t i = 1 + storage::Below(6, random); i > 0; --i) {
    if (storage::Below(3, random) == 0) {
      batch.Delete(RandomKey(random));
    } else {
      batch.Put(RandomKey(random), storage::RandomBytes(6, random));
    }
  }
  return batch;
}

inline storage::KeyRange RandomRange(storage::Random& random) {
  if (storage::Below(4, random) == 0) {
    return storage::PrefixRange(RandomKey(random));
  }
  storage::KeyRange range;
  if (storage::Below(4, random) != 0) range.begin = RandomKey(random);
  if (storage::Below(4, random) != 0) range.end = RandomKey(random);
  range.limit = storage::Below(5, random);
  range.reverse = storage::Below(2, random) == 0;
  return range;
}

inline void ExpectSameReads(const storage::OrderedStore& a,
                            const storage::Snapshot* at_a,
                            const storage::OrderedStore& b,
                            const storage::Snapshot* at_b,
                            storage::Random& random) {
  const std::vector<std::string> keys = {RandomKey(random), RandomKey(random),
                                         RandomKey(random)};
  ASSERT_EQ(a.MultiGet(keys, at_a).value(), b.MultiGet(keys, at_b).value());
  const std::vector<storage::KeyRange> ranges = {RandomRange(random),
                                                 RandomRange(random)};
  ASSERT_EQ(a.MultiScan(ranges, at_a).value(),
            b.MultiScan(ranges, at_b).value());
}

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_SAMPLE_ROWS_H_
