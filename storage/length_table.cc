#include "storage/length_table.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace duilian::storage {
namespace {

// The last `width` values take the place of those of a row.
template <typename T>
void MoveLast(size_t row, size_t width, GrowingArray<T>& values) {
  const size_t last = values.size() - width;
  if (row * width != last) {
    std::copy_n(values.begin() + last, width, values.begin() + row * width);
  }
  values.resize(last);
}

}  // namespace

void TextsOfLength::CountRow(size_t row) {
  const PackedText text = letters(row);
  const uint8_t most = MostCounted(count_bits_);
  std::array<uint8_t, kLetterClasses> counts = {};  // by line
  for (size_t i = 0; i < length_; ++i) {
    const size_t word = i / kLettersPerWord;
    const LetterWord& of_letter = word < front_words()
                                      ? text.front[word]
                                      : text.back[word - front_words()];
    const CountPlace place =
        Place(LetterAt({&of_letter, 1}, i % kLettersPerWord), count_bits_);
    uint8_t& count = counts[place.line];
    const unsigned shift = place.shift + (i < length_ / 2 ? 0 : count_bits_);
    if ((count >> shift & most) != most) {
      count = static_cast<uint8_t>(count + (1u << shift));
    }
  }
  const size_t lines = CountLines(count_bits_);
  uint8_t* lane = counts_.data() + row / kBlock * lines * kBlock + row % kBlock;
  for (size_t line = 0; line < lines; ++line) {
    lane[line * kBlock] = counts[line];
  }
}

void TextsOfLength::Swap(TextsOfLength& other) {
  std::swap(words_, other.words_);
  std::swap(front_, other.front_);
  std::swap(back_, other.back_);
  std::swap(counts_, other.counts_);
  std::swap(slots_, other.slots_);
}

void TextsOfLength::Add(absl::Span<const LetterClass> letters, SlotId slot) {
  const std::vector<LetterWord> words = PackLetters(letters);
  front_.Append(absl::MakeConstSpan(words).first(front_words()));
  back_.Append(absl::MakeConstSpan(words).subspan(front_words()));
  slots_.push_back(slot);
  words_.resize(rows() * words_a_row_);
  counts_.resize(blocks() * CountLines(count_bits_) * kBlock);
  CountRow(rows() - 1);
}

std::optional<SlotId> TextsOfLength::Remove(size_t row) {
  const size_t last = rows() - 1;
  const SlotId moved = slots_[last];
  MoveLast(row, front_words(), front_);
  MoveLast(row, back_words(), back_);
  MoveLast(row, 1, slots_);
  MoveLast(row, words_a_row_, words_);
  counts_.resize(blocks() * CountLines(count_bits_) * kBlock);
  if (row == last) return std::nullopt;
  CountRow(row);
  return moved;
}

void TextsOfLength::Renumber(absl::Span<const SlotId> renumbered) {
  for (SlotId& slot : slots_) slot = renumbered[slot];
}

size_t TextsOfLength::Memory() const {
  return sizeof(*this) + front_.Memory() + back_.Memory() + words_.Memory() +
         counts_.Memory() + slots_.Memory();
}

void TextsOfLength::Save(SnapshotWriter& snapshot) const {
  snapshot.Array(slots_);
  snapshot.Array(front_);
  snapshot.Array(back_);
  snapshot.Array(counts_);
  snapshot.Array(words_);
}

bool TextsOfLength::Load(size_t slots, SnapshotReader& snapshot) {
  slots_ = GrowingArray(snapshot.View<SlotId>());
  front_ = GrowingArray(snapshot.View<LetterWord>());
  back_ = GrowingArray(snapshot.View<LetterWord>());
  counts_ = GrowingArray(snapshot.View<uint8_t>());
  words_ = GrowingArray(snapshot.View<PlacedWord>());
  return snapshot.ok() && rows() > 0 &&
         front_.size() == rows() * front_words() &&
         back_.size() == rows() * back_words() &&
         counts_.size() == blocks() * CountLines(count_bits_) * kBlock &&
         words_.size() == rows() * words_a_row_ &&
         *std::max_element(slots_.begin(), slots_.end()) < slots;
}

uint32_t LengthTable::Add(absl::Span<const LetterClass> letters, SlotId slot) {
  TextsOfLength& texts =
      lengths_.try_emplace(letters.size(), letters.size(), layout_)
          .first->second;
  texts.Add(letters, slot);
  return static_cast<uint32_t>(texts.rows() - 1);
}

std::optional<SlotId> LengthTable::Remove(size_t length, uint32_t row) {
  const auto found = lengths_.find(length);
  const std::optional<SlotId> moved = found->second.Remove(row);
  if (found->second.rows() == 0) lengths_.erase(found);
  return moved;
}

std::optional<TextsOfLength> LengthTable::CopyToGrow(size_t length) const {
  const auto found = lengths_.find(length);
  if (found == lengths_.end() || !found->second.lies_in_snapshot()) {
    return std::nullopt;
  }
  return found->second;
}

LengthTable::Words LengthTable::MakeWords(
    absl::FunctionRef<void(SlotId, size_t, absl::Span<PlacedWord>)> choose)
    const {
  Words words;
  for (const auto& [length, texts] : lengths_) {
    GrowingArray<PlacedWord>& of_rows = words[length];
    of_rows.resize(texts.rows() * texts.words_a_row());
    const absl::Span<PlacedWord> all(of_rows.data(), of_rows.size());
    for (size_t row = 0; row < texts.rows(); ++row) {
      choose(texts.slot(row), length,
             all.subspan(row * texts.words_a_row(), texts.words_a_row()));
    }
  }
  return words;
}

void LengthTable::SetWords(Words words) {
  for (auto& [length, texts] : lengths_) {
    texts.SetWords(std::move(words[length]));
  }
}

size_t LengthTable::Memory() const {
  size_t bytes = 0;
  for (const auto& [length, texts] : lengths_) bytes += texts.Memory();
  return bytes;
}

void LengthTable::Save(SnapshotWriter& snapshot) const {
  snapshot.Number(lengths_.size());
  for (const auto& [length, texts] : lengths_) {
    snapshot.Number(length);
    texts.Save(snapshot);
  }
}

bool LengthTable::Load(size_t slots, SnapshotReader& snapshot) {
  const uint64_t count = snapshot.Number();
  for (uint64_t i = 0; i < count && snapshot.ok(); ++i) {
    const size_t length = snapshot.Number();
    const auto [place, is_new] = lengths_.try_emplace(length, length, layout_);
    if (!is_new || !place->second.Load(slots, snapshot)) return false;
  }
  return snapshot.ok();
}

void LengthTable::Renumber(absl::Span<const SlotId> renumbered) {
  for (auto& [length, texts] : lengths_) texts.Renumber(renumbered);
}

}  // namespace duilian::storage
