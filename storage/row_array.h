// Rows of plain values, of which the first ones may lie in memory that a
// snapshot was read into, and stay there while others come behind them. Tested
// by length_table_test.cc.

#ifndef DUILIAN_STORAGE_ROW_ARRAY_H_
#define DUILIAN_STORAGE_ROW_ARRAY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "storage/growing_array.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

// All rows have one width, which may be 0. What is loaded is never moved: an
// index of many gigabytes takes its first text in as quickly as any other. Not
// thread-safe for writers; any number of readers without one.
template <typename T>
class RowArray {
 public:
  explicit RowArray(size_t width) : width_(width) {}

  size_t rows() const { return rows_; }
  // [width]. Good until rows are added.
  const T* row(size_t r) const {
    return r < loaded_rows_ ? loaded_.data() + r * width_
                            : grown_.data() + (r - loaded_rows_) * width_;
  }
  T* row(size_t r) {
    return r < loaded_rows_ ? loaded_.data() + r * width_
                            : grown_.data() + (r - loaded_rows_) * width_;
  }

  // Adds rows, all zero bytes, or takes some away, at the end.
  void Resize(size_t rows) {
    if (rows > rows_) Clear(rows_, std::min(rows, loaded_rows_));
    rows_ = rows;
    grown_.resize((std::max(rows, loaded_rows_) - loaded_rows_) * width_);
  }
  // `values` has the width, and is not its own.
  void Add(absl::Span<const T> values) {
    Resize(rows_ + 1);
    std::copy_n(values.begin(), width_, row(rows_ - 1));
  }
  // The last row takes the place of this one.
  void Remove(size_t r) {
    if (r + 1 != rows_) std::copy_n(row(rows_ - 1), width_, row(r));
    Resize(rows_ - 1);
  }

  // Bytes of memory.
  size_t Memory() const { return loaded_.Memory() + grown_.Memory(); }

  void Save(SnapshotWriter& snapshot) const {
    const size_t loaded = std::min(rows_, loaded_rows_);
    snapshot.Array(absl::MakeConstSpan(loaded_.data(), loaded * width_),
                   absl::MakeConstSpan(grown_.data(), grown_.size()));
  }
  // Fills an empty one with so many rows, which from now on lie in
  // snapshot.memory() and must not outlive it. False: it cannot be what Save
  // wrote.
  bool Load(size_t rows, SnapshotReader& snapshot) {
    loaded_ = GrowingArray<T>(snapshot.View<T>());
    rows_ = loaded_rows_ = rows;
    return snapshot.ok() && loaded_.size() == rows * width_;
  }

 private:
  // Rows [begin, end), which were taken away before, of what was loaded.
  void Clear(size_t begin, size_t end) {
    if (begin < end) {
      std::fill(loaded_.data() + begin * width_, loaded_.data() + end * width_,
                T{});
    }
  }

  size_t width_;
  size_t rows_ = 0;
  size_t loaded_rows_ = 0;  // the first ones; maybe more than there are by now
  GrowingArray<T> loaded_;  // does not grow
  GrowingArray<T> grown_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_ROW_ARRAY_H_
