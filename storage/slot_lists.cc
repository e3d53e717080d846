#include "storage/slot_lists.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace duilian::storage {
namespace {

// Where a list goes on whose last block is full: lists grow in proportion, so
// that the last block is small beside the others.
constexpr size_t kLargest = ByteBlocks::kSizeCount - 1;
constexpr uint8_t kSizeOfNext = 6;  // 64 bytes

}  // namespace

uint32_t ByteBlocks::Take(size_t size) {
  std::vector<uint32_t>& free = free_[size];
  if (!free.empty()) {
    const uint32_t place = free.back();
    free.pop_back();
    return place;
  }
  constexpr size_t kPiece = kUnitsPerPiece * kUnit;
  if (pieces_.empty() || pieces_.back().size() + kSizes[size] > kPiece) {
    if (!pieces_.empty()) {
      pieces_.back().resize(kPiece);
      pieces_.back().shrink_to_fit();
    }
    pieces_.emplace_back();
  }
  GrowingArray<uint8_t>& piece = pieces_.back();
  const size_t begin = piece.size();
  piece.resize(begin + kSizes[size]);
  return static_cast<uint32_t>((pieces_.size() - 1) * kUnitsPerPiece +
                               begin / kUnit);
}

void ByteBlocks::GiveBack(uint32_t place, size_t size) {
  free_[size].push_back(place);
}

size_t ByteBlocks::Memory() const {
  size_t bytes = 0;
  for (const auto& piece : pieces_) bytes += sizeof(piece) + piece.Memory();
  for (const auto& free : free_) bytes += free.capacity() * sizeof(uint32_t);
  return bytes;
}

void ByteBlocks::Save(SnapshotWriter& snapshot) const {
  for (const auto& free : free_) snapshot.Array(free);
  snapshot.Number(pieces_.size());
  for (const auto& piece : pieces_) snapshot.Array(piece);
}

bool ByteBlocks::Load(SnapshotReader& snapshot) {
  for (auto& free : free_) free = snapshot.Array<uint32_t>();
  const uint64_t pieces = snapshot.Number();
  for (uint64_t i = 0; i < pieces && snapshot.ok(); ++i) {
    pieces_.emplace_back(snapshot.View<uint8_t>());
    const size_t size = pieces_.back().size();
    if (size > kUnitsPerPiece * kUnit || size % kUnit != 0) return false;
    if (i + 1 < pieces && size != kUnitsPerPiece * kUnit) return false;
  }
  return snapshot.ok();
}

size_t SlotList::BlockOf(SlotId slot) const {
  const auto behind = std::upper_bound(
      many_.begin(), many_.end(), slot,
      [](SlotId wanted, const Block& block) { return wanted < block.first; });
  return behind == many_.begin()
             ? 0
             : static_cast<size_t>(behind - many_.begin()) - 1;
}

void SlotList::AppendBetween(SlotId begin, SlotId end,
                             std::vector<SlotId>& slots) const {
  const auto append = [&](SlotId slot) {
    if (slot >= begin && slot < end) slots.push_back(slot);
  };
  if (size_ <= 2) {
    if (size_ > 0) append(first_);
    if (size_ > 1) append(second_);
    return;
  }
  const absl::Span<const Block> all = blocks();
  for (size_t i = BlockOf(begin); i < all.size(); ++i) {
    if (i > 0 && all[i].first >= end) return;
    const uint8_t* from = memory_->At(all[i].place);
    const uint8_t* const block_end = from + all[i].bytes;
    for (SlotId slot = 0; from < block_end;) append(slot += ReadShort(from));
  }
}

void SlotList::KeepCommon(std::vector<SlotId>& slots) const {
  if (size_ <= 2) {
    std::erase_if(slots, [&](SlotId slot) {
      return !(size_ > 0 && slot == first_) && !(size_ > 1 && slot == second_);
    });
    return;
  }
  if (slots.empty()) return;
  const absl::Span<const Block> all = blocks();
  const size_t begin = BlockOf(slots.front());
  size_t next = begin;  // block
  const uint8_t* from = nullptr;
  const uint8_t* end = nullptr;
  SlotId at = 0;
  std::erase_if(slots, [&](SlotId slot) {
    if (next == begin || (next < all.size() && all[next].first <= slot)) {
      while (next + 1 < all.size() && all[next + 1].first <= slot) ++next;
      from = memory_->At(all[next].place);
      end = from + all[next].bytes;
      at = ReadShort(from);
      ++next;
    }
    while (at < slot && from < end) at += ReadShort(from);
    return at != slot;
  });
}

SlotCursor::SlotCursor(const SlotList& list) : list_(list) {
  if (list_.size_ > 2) {
    Begin(0);
    return;
  }
  done_ = list_.empty();
  at_ = list_.first_;
  next_ = list_.size_ == 2 ? 1 : 0;
}

void SlotCursor::Begin(size_t block) {
  const SlotList::Block& begun = list_.blocks()[block];
  from_ = list_.memory_->At(begun.place);
  end_ = from_ + begun.bytes;
  at_ = ReadShort(from_);
  next_ = block + 1;
}

void SlotCursor::Advance() {
  if (from_ < end_) {
    at_ += ReadShort(from_);
  } else if (list_.size_ > 2 && next_ < list_.blocks().size()) {
    Begin(next_);
  } else if (list_.size_ == 2 && next_ == 1) {
    at_ = list_.second_;
    next_ = 0;
  } else {
    done_ = true;
  }
}

void SlotCursor::MoveTo(SlotId slot) {
  if (done_ || at_ >= slot) return;
  if (list_.size_ > 2) {
    const absl::Span<const SlotList::Block> all = list_.blocks();
    if (next_ < all.size() && all[next_].first <= slot) {
      // The last block that begins at the slot or before it; mostly near.
      size_t step = 1;
      while (next_ + step < all.size() && all[next_ + step].first <= slot) {
        step *= 2;
      }
      const auto behind = std::upper_bound(
          all.begin() + static_cast<std::ptrdiff_t>(next_ + step / 2),
          all.begin() +
              static_cast<std::ptrdiff_t>(std::min(next_ + step, all.size())),
          slot, [](SlotId wanted, const SlotList::Block& block) {
            return wanted < block.first;
          });
      Begin(static_cast<size_t>(behind - all.begin()) - 1);
    }
  }
  while (!done_ && at_ < slot) Advance();
}

uint32_t SlotLists::LastPlace(const List& list) const {
  return list.has_many ? many_[list.place].back().place : list.place;
}

void SlotLists::Add(uint32_t number, SlotId slot) {
  while (lists_.size() <= number) lists_.push_back({});
  List& list = lists_[number];
  if (list.size > 0 && list.last == slot) return;
  if (list.size == 1) list.place = list.last;
  if (list.size == 2) {
    const SlotId first = list.place;
    list.place = memory_.Take(0);
    Append(first, first, list);
    Append(list.last - first, list.last, list);
  }
  if (list.size >= 2) Append(slot - list.last, slot, list);
  list.last = slot;
  ++list.size;
}

// Adds `number` to the last block, or `slot` to a new one.
void SlotLists::Append(uint32_t number, SlotId slot, List& list) {
  uint8_t bytes[kMostShortBytes];
  size_t count = static_cast<size_t>(WriteShort(number, bytes) - bytes);
  if (list.bytes + count > ByteBlocks::kSizes[list.block_size]) {
    if (list.block_size < kLargest) {
      MoveToLargerBlock(list);
    } else {
      BeginBlock(slot, list);
      count = static_cast<size_t>(WriteShort(slot, bytes) - bytes);
    }
  }
  std::memcpy(memory_.At(LastPlace(list)) + list.bytes, bytes, count);
  list.bytes = static_cast<uint16_t>(list.bytes + count);
  if (list.has_many) many_[list.place].back().bytes = list.bytes;
}

void SlotLists::MoveToLargerBlock(List& list) {
  const uint32_t old = LastPlace(list);
  const uint32_t place = memory_.Take(list.block_size + size_t{1});
  std::memcpy(memory_.At(place), memory_.At(old), list.bytes);
  memory_.GiveBack(old, list.block_size);
  ++list.block_size;
  (list.has_many ? many_[list.place].back().place : list.place) = place;
}

void SlotLists::BeginBlock(SlotId first, List& list) {
  if (!list.has_many) {
    const uint8_t* from = memory_.At(list.place);
    const SlotId first_of_all = ReadShort(from);
    many_.emplace_back().push_back({first_of_all, list.place, list.bytes});
    list.place = static_cast<uint32_t>(many_.size() - 1);
    list.has_many = true;
  }
  many_[list.place].push_back({first, memory_.Take(kSizeOfNext), 0});
  list.block_size = kSizeOfNext;
  list.bytes = 0;
}

SlotList SlotLists::operator[](uint32_t number) const {
  SlotList out;
  if (number >= lists_.size()) return out;
  const List& list = lists_[number];
  out.size_ = list.size;
  out.memory_ = &memory_;
  if (list.size <= 2) {
    out.first_ = list.size == 2 ? list.place : list.last;
    out.second_ = list.last;
  } else if (list.has_many) {
    out.many_ = many_[list.place];
  } else {
    out.only_ = {0, list.place, list.bytes};
  }
  return out;
}

size_t SlotLists::Memory() const {
  size_t bytes = lists_.Memory() + memory_.Memory() +
                 many_.capacity() * sizeof(many_.front());
  for (const auto& blocks : many_) bytes += blocks.Memory();
  return bytes;
}

void SlotLists::Save(SnapshotWriter& snapshot) const {
  lists_.Save(snapshot);
  snapshot.Number(many_.size());
  for (const auto& blocks : many_) snapshot.Array(blocks);
  memory_.Save(snapshot);
}

bool SlotLists::Load(SnapshotReader& snapshot) {
  if (!lists_.Load(snapshot)) return false;
  const uint64_t count = snapshot.Number();
  for (uint64_t i = 0; i < count && snapshot.ok(); ++i) {
    many_.emplace_back(snapshot.View<SlotList::Block>());
  }
  return snapshot.ok() && memory_.Load(snapshot);
}

}  // namespace duilian::storage
