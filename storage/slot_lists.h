// For each token, or anything else that is numbered, the slots that have it:
// posting lists, in memory, of which most are short and few are very long.

#ifndef DUILIAN_STORAGE_SLOT_LISTS_H_
#define DUILIAN_STORAGE_SLOT_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "absl/types/span.h"
#include "storage/chunked_array.h"
#include "storage/growing_array.h"
#include "storage/short_numbers.h"
#include "storage/slot_id.h"
#include "storage/snapshot_file.h"

namespace duilian::storage {

// Blocks of a few sizes, cut from large pieces of memory; what is given back
// is given out again. Where a block lies is told by a number.
class ByteBlocks {
 public:
  static constexpr size_t kSizes[] = {8,  12, 16,  24,  32, 48,
                                      64, 96, 128, 192, 256};
  static constexpr size_t kSizeCount = std::size(kSizes);

  // A block of kSizes[size] bytes.
  uint32_t Take(size_t size);
  void GiveBack(uint32_t place, size_t size);
  // Good until the next Take().
  const uint8_t* At(uint32_t place) const {
    return pieces_[place / kUnitsPerPiece].data() +
           place % kUnitsPerPiece * kUnit;
  }
  uint8_t* At(uint32_t place) {
    return pieces_[place / kUnitsPerPiece].data() +
           place % kUnitsPerPiece * kUnit;
  }

  size_t Memory() const;
  void Save(SnapshotWriter& snapshot) const;
  bool Load(SnapshotReader& snapshot);

 private:
  static constexpr size_t kUnit = 4;  // bytes; what places count
  static constexpr size_t kUnitsPerPiece = 1 << 16;

  std::vector<GrowingArray<uint8_t>> pieces_;  // full but the last
  std::vector<uint32_t> free_[kSizeCount];
};

// One list. Good until the next change of the lists.
class SlotList {
 public:
  SlotList() = default;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Calls `take` with each slot, ascending.
  template <typename Function>
  void ForEach(Function take) const;
  // Appends those of [begin, end), ascending. Reads the blocks alone in which
  // they can be.
  void AppendBetween(SlotId begin, SlotId end,
                     std::vector<SlotId>& slots) const;
  // Keeps of `slots`, which ascend, those that are in the list. Reads no block
  // in which none of them can be.
  void KeepCommon(std::vector<SlotId>& slots) const;

 private:
  friend class SlotLists;
  friend class SlotCursor;
  // A run of slots, each as what it is above the one before it; the first one
  // above 0.
  struct Block {
    SlotId first = 0;
    uint32_t place = 0;
    uint32_t bytes = 0;
  };

  // Of one that has blocks.
  absl::Span<const Block> blocks() const {
    return many_.empty() ? absl::MakeConstSpan(&only_, 1) : many_;
  }
  // The last block that begins at `slot` or before it; 0 when none does.
  size_t BlockOf(SlotId slot) const;

  size_t size_ = 0;
  SlotId first_ = 0, second_ = 0;  // of a list of one or two
  const ByteBlocks* memory_ = nullptr;
  Block only_;                    // of a longer one that has one block
  absl::Span<const Block> many_;  // of one that has several
};

// Goes through a list once, by pieces. Good until the next change of the lists.
class SlotCursor {
 public:
  explicit SlotCursor(const SlotList& list);

  // Calls `take` with each slot below `end` that lies ahead, ascending, and
  // stands behind them.
  template <typename Function>
  void TakeBelow(SlotId end, Function take);
  // Moves to the first slot at `slot` or behind it, unless it stands there or
  // farther on. Reads no block that lies between.
  void MoveTo(SlotId slot);

  // No slot lies ahead.
  bool done() const { return done_; }
  // The next one; there is one.
  SlotId slot() const { return at_; }

 private:
  void Begin(size_t block);
  // To the slot behind this one.
  void Advance();

  SlotList list_;
  const uint8_t* from_ = nullptr;  // of the block's rest
  const uint8_t* end_ = nullptr;
  size_t next_ = 0;  // block; of a list of two its second slot
  SlotId at_ = 0;
  bool done_ = false;
};

// 16 bytes a list, and one to five a slot of lists of more than two. Not
// thread-safe for writers; any number of readers without one.
class SlotLists {
 public:
  // Adds a slot behind the last of the list, unless it is the last. Not below
  // it. Lists up to `list` come to be.
  void Add(uint32_t list, SlotId slot);
  // Empty when nothing was added to it.
  SlotList operator[](uint32_t list) const;

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills empty lists, which from now on lie in snapshot.memory() and must not
  // outlive it. False: it cannot be what Save wrote.
  bool Load(SnapshotReader& snapshot);

 private:
  struct List {
    uint32_t size = 0;  // slots
    SlotId last = 0;
    // Of two slots the first; of more where their block is, or, when they have
    // several blocks, the number in many_.
    uint32_t place = 0;
    uint16_t bytes = 0;      // used of the last block
    uint8_t block_size = 0;  // of the last block, in ByteBlocks::kSizes
    bool has_many = false;
  };

  void Append(uint32_t number, SlotId slot, List& list);
  void MoveToLargerBlock(List& list);
  void BeginBlock(SlotId first, List& list);
  uint32_t LastPlace(const List& list) const;

  ChunkedArray<List> lists_;
  std::vector<GrowingArray<SlotList::Block>> many_;
  ByteBlocks memory_;
};

template <typename Function>
void SlotList::ForEach(Function take) const {
  if (size_ > 2) {
    for (const Block& block : blocks()) {
      const uint8_t* from = memory_->At(block.place);
      const uint8_t* const end = from + block.bytes;
      for (SlotId slot = 0; from < end;) take(slot += ReadShort(from));
    }
    return;
  }
  if (size_ > 0) take(first_);
  if (size_ > 1) take(second_);
}

template <typename Function>
void SlotCursor::TakeBelow(SlotId end, Function take) {
  while (!done_ && at_ < end) {
    SlotId at = at_;
    const uint8_t* from = from_;
    take(at);
    while (from < end_) {
      at += ReadShort(from);
      if (at >= end) break;
      take(at);
    }
    // The last one read lies ahead, or was taken and ends its block.
    const bool ahead = at >= end;
    at_ = at;
    from_ = from;
    if (ahead) return;
    Advance();
  }
}

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SLOT_LISTS_H_
