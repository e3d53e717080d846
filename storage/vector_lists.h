// Vectors of length 1, quantised, in lists of those that are alike: what makes
// a search among millions take milliseconds.
//
// The simple version: remember every vector, and compare a query with all.
// Then
// 1. vectors are in lists, each with a centre (spherical k-means), and a search
//    reads the lists whose centres are nearest, until a share of all is read;
// 2. of a vector, what the mean of its list leaves over is kept, four numbers
//    of it as one of 16 entries of a code book (product quantisation, Jegou,
//    Douze, Schmid 2011): an eighth of a byte a number. 32 such codes are
//    compared at once, with tables of 7 bits (code_scan.h);
// 3. of what that leaves over, two numbers are one of 16 entries of another
//    book. With these finer codes the best of the first look are ordered again.
// So a search misses some and orders the others roughly: its user asks for more
// than it needs and compares those with the vectors themselves.
//
// k-means and the code books are faiss's work; faiss is named in
// vector_lists.cc alone. Tested by vector_lists_test.cc.

#ifndef DUILIAN_STORAGE_VECTOR_LISTS_H_
#define DUILIAN_STORAGE_VECTOR_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "storage/idle_threads.h"
#include "storage/length_table.h"
#include "storage/slot_id.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

// A vector that a search found. `score` is about the cosine.
struct ScoredSlot {
  SlotId slot = 0;
  float score = 0;
};

struct VectorSearch {
  const float* query = nullptr;  // [dimension], of length 1
  size_t wanted = 1;
  // Of all vectors, the share that is read at least; more when fewer than
  // `wanted` were accepted in them.
  double share = 0.25;
  // So many, at least `wanted`, are compared by their finer codes.
  size_t first_look = 1'000;
  // Slots that may be found.
  const std::function<bool(SlotId)>& accept;
  const std::function<bool()>& cancelled;  // may be empty
  // Vectors that are worth a thread.
  size_t vectors_a_thread = 50'000;
};

// Not thread-safe for writers; any number of readers without one. 100 bytes a
// vector of 256 numbers, and a 32nd more at the most where a list is growing.
class VectorLists {
 public:
  // Centres and code books for vectors like these (row-major, [rows,
  // dimension], at least 16 rows and `lists`); no vector is stored. The same
  // sample gives the same lists. With 64 rows a list, on one core: about 10 s
  // for 1,024 lists. Uses `threads` beside the caller's, for most of it.
  // kInvalidArgument: too few rows, or a dimension that is no multiple of 8, or
  // above 512.
  // kResourceExhausted, kInternal: faiss failed; the message says how.
  static absl::StatusOr<std::unique_ptr<VectorLists>> Train(
      absl::Span<const float> sample, size_t dimension, size_t lists,
      size_t threads = 0);
  ~VectorLists();

  size_t size() const { return size_; }  // vectors stored
  size_t lists() const { return lists_.size(); }

  // Where vectors belong and what is kept of them: [rows], and two codes,
  // [rows, dimension / 8] and [rows, dimension / 4].
  struct Coded {
    std::vector<uint32_t> lists;
    std::vector<uint8_t> codes, finer;
  };
  // Thread-safe beside a writer, too: it reads what Train made. About 30 us a
  // vector with 1,024 lists.
  Coded Encode(absl::Span<const float> vectors) const;

  // Stores row `row` of `coded` as that slot's.
  void Add(const Coded& coded, size_t row, SlotId slot);

  // Lists of the same centres and books with the vectors of some slots:
  // `renumbered` has each slot's new number, or kNoSlot.
  std::unique_ptr<VectorLists> Compacted(
      absl::Span<const SlotId> renumbered) const;

  // Best first, at most `wanted`. Nothing when cancelled. Idle threads take
  // part; what is found does not depend on it.
  std::vector<ScoredSlot> Search(const VectorSearch& search,
                                 IdleThreads& threads) const;

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Null: it cannot be what Save wrote. Slots are below `slots`.
  static std::unique_ptr<VectorLists> Load(SnapshotReader& snapshot,
                                           size_t dimension, size_t slots);

 private:
  struct List {
    std::vector<uint8_t> blocks;  // code_scan.h; the last one half empty
    std::vector<uint8_t> finer;   // [slots, dimension / 4]
    std::vector<SlotId> slots;
  };
  struct Query;
  struct Reading;
  class FirstLook;

  explicit VectorLists(size_t dimension);
  // A byte of `code` stands `stride` behind the one before.
  void Append(List& list, const uint8_t* code, size_t stride,
              const uint8_t* finer, SlotId slot);
  // What the mean of the nearest centre's list leaves over of a vector; returns
  // that list's number. `products` is what comes of all centres, [lists].
  uint32_t TakeNearest(const float* vector, float* products, float* rest) const;
  Query Prepare(const float* query) const;
  void Read(const VectorSearch& search, const Query& query, uint32_t number,
            FirstLook& best) const;
  FirstLook ReadNearest(const VectorSearch& search, const Query& query,
                        IdleThreads& threads) const;

  const size_t dimension_;
  const size_t code_bytes_, finer_bytes_;
  std::vector<float> centres_;  // [lists, dimension], of length 1
  std::vector<float> lengths_;  // [lists]; a list's mean is its centre so long
  std::vector<float> books_;    // [dimension / 4, 4, 16]
  std::vector<float> finer_books_;  // [dimension / 2, 2, 16]
  std::vector<List> lists_;
  size_t size_ = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_VECTOR_LISTS_H_
