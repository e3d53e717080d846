#include "storage/length_table.h"

#include <algorithm>

namespace duilian::storage {
namespace {

// Grows by a quarter, not twofold: there are hundreds of lengths.
template <typename T>
void GrowTo(size_t size, std::vector<T>& values) {
  if (size > values.capacity()) {
    values.reserve(std::max(size, values.capacity() + values.capacity() / 4));
  }
  values.resize(size);
}

}  // namespace

void TextsOfLength::CountRow(size_t row) {
  const LetterCounts row_counts = CountLetters({letters(row), length_});
  uint8_t* lane =
      counts_.data() + row / kBlock * kLetterClasses * kBlock + row % kBlock;
  for (size_t k = 0; k < kLetterClasses; ++k) lane[k * kBlock] = row_counts[k];
}

void TextsOfLength::Add(absl::Span<const LetterClass> letters, SlotId slot) {
  const size_t row = rows();
  GrowTo((row + 1) * length_ + kReadable, letters_);
  std::copy(letters.begin(), letters.end(),
            letters_.begin() + static_cast<std::ptrdiff_t>(row * length_));
  GrowTo(row + 1, slots_);
  slots_.back() = slot;
  if (rows() % kBlock != 0) return;
  GrowTo(whole_blocks() * kLetterClasses * kBlock, counts_);
  for (size_t i = rows() - kBlock; i < rows(); ++i) CountRow(i);
}

std::optional<SlotId> TextsOfLength::Remove(size_t row) {
  const size_t last = rows() - 1;
  const SlotId moved = slots_[last];
  const auto last_letters =
      letters_.begin() + static_cast<std::ptrdiff_t>(last * length_);
  if (row != last) {
    std::copy_n(last_letters, length_,
                letters_.begin() + static_cast<std::ptrdiff_t>(row * length_));
    slots_[row] = moved;
  }
  slots_.pop_back();
  letters_.resize(last * length_ + kReadable);
  counts_.resize(whole_blocks() * kLetterClasses * kBlock);
  if (row == last) return std::nullopt;
  if (row / kBlock < whole_blocks()) CountRow(row);
  return moved;
}

void TextsOfLength::Renumber(absl::Span<const SlotId> renumbered) {
  for (SlotId& slot : slots_) slot = renumbered[slot];
}

uint32_t LengthTable::Add(absl::Span<const LetterClass> letters, SlotId slot) {
  TextsOfLength& texts =
      lengths_.try_emplace(letters.size(), letters.size()).first->second;
  texts.Add(letters, slot);
  return static_cast<uint32_t>(texts.rows() - 1);
}

std::optional<SlotId> LengthTable::Remove(size_t length, uint32_t row) {
  const auto found = lengths_.find(length);
  const std::optional<SlotId> moved = found->second.Remove(row);
  if (found->second.rows() == 0) lengths_.erase(found);
  return moved;
}

void LengthTable::Renumber(absl::Span<const SlotId> renumbered) {
  for (auto& [length, texts] : lengths_) texts.Renumber(renumbered);
}

}  // namespace duilian::storage
