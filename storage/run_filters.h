#ifndef DUILIAN_STORAGE_RUN_FILTERS_H_
#define DUILIAN_STORAGE_RUN_FILTERS_H_

#include <cstddef>
#include <cstdint>

#include "storage/row_array.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

// Which runs of texts may hold one, by its hash: of each run a Bloom filter of
// eight bits a text, all of a text's in 64 bytes that lie together (Putze,
// Sanders and Singler, "Cache-, Hash- and Space-Efficient Bloom Filters",
// 2007). Of the runs that do not hold a text one in 40 may. What was inserted
// is not taken out by itself; a run of which much has gone is filled anew. Not
// thread-safe for writers; any number of readers without one.
class RunFilters {
 public:
  static constexpr size_t kTexts = 4096;  // of a run

  size_t runs() const { return rows_.rows(); }
  // Adds runs that hold nothing, or takes some away, at the end.
  void Resize(size_t runs) { rows_.Resize(runs); }
  void Insert(size_t run, uint64_t hash);
  // Makes it hold nothing.
  void Clear(size_t run);
  // False: nothing of that hash was inserted.
  bool MayHold(size_t run, uint64_t hash) const;
  // True when twice as many as fit in a run were inserted: one in six of the
  // texts that it does not hold may be in it.
  bool IsWorn(size_t run) const {
    return rows_.row(run)[kInserted] >= 2 * kTexts;
  }

  // Bytes of memory.
  size_t Memory() const { return rows_.Memory(); }

  void Save(SnapshotWriter& snapshot) const { rows_.Save(snapshot); }
  // As RowArray::Load.
  bool Load(size_t runs, SnapshotReader& snapshot) {
    return rows_.Load(runs, snapshot);
  }

 private:
  static constexpr size_t kInserted = kTexts * 8 / 64;  // behind the bits

  RowArray<uint64_t> rows_{kInserted + 1};
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_RUN_FILTERS_H_
