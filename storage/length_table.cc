#include "storage/length_table.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "storage/text_hash.h"

namespace duilian::storage {
namespace {

uint64_t HashPacked(PackedText text, size_t length) {
  const auto bytes = [](const LetterWord* words, size_t count) {
    return absl::string_view(reinterpret_cast<const char*>(words),
                             count * sizeof(LetterWord));
  };
  const size_t front = FrontWords(length), back = WordsFor(length) - front;
  const uint64_t hash = StableHash(bytes(text.front, front));
  return back == 0 ? hash : StableHash(bytes(text.back, back), hash);
}

}  // namespace

uint64_t HashLetters(absl::Span<const LetterClass> letters) {
  const std::vector<LetterWord> words = PackLetters(letters);
  const size_t front = FrontWords(letters.size());
  return HashPacked({words.data(), words.data() + front}, letters.size());
}

uint64_t TextsOfLength::HashRow(size_t row) const {
  return HashPacked(letters(row), length_);
}

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
  uint8_t* const lane = counts_.row(row / kBlock) + row % kBlock;
  for (size_t line = 0; line < lines; ++line) {
    lane[line * kBlock] = counts[line];
  }
}

void TextsOfLength::FilterRun(size_t run) {
  filters_.Clear(run);
  for (size_t row = run * kRun; row < (run + 1) * kRun; ++row) {
    filters_.Insert(run, HashRow(row));
  }
}

void TextsOfLength::Add(absl::Span<const LetterClass> letters, SlotId slot) {
  const std::vector<LetterWord> words = PackLetters(letters);
  front_.Add(absl::MakeConstSpan(words).first(front_words()));
  back_.Add(absl::MakeConstSpan(words).subspan(front_words()));
  slots_.Add({slot});
  words_.Resize(rows());
  counts_.Resize(blocks());
  CountRow(rows() - 1);
  if (rows() % kRun != 0) return;
  filters_.Resize(runs());
  FilterRun(runs() - 1);
}

std::optional<SlotId> TextsOfLength::Remove(size_t row) {
  const size_t last = rows() - 1;
  const SlotId moved = slot(last);
  front_.Remove(row);
  back_.Remove(row);
  slots_.Remove(row);
  words_.Remove(row);
  counts_.Resize(blocks());
  filters_.Resize(rows() / kRun);
  if (row == last) return std::nullopt;
  CountRow(row);
  const size_t run = row / kRun;
  if (run >= filters_.runs()) return moved;
  filters_.Insert(run, HashRow(row));
  if (filters_.IsWorn(run)) FilterRun(run);
  return moved;
}

void TextsOfLength::Renumber(absl::Span<const SlotId> renumbered) {
  for (size_t row = 0; row < rows(); ++row) {
    *slots_.row(row) = renumbered[slot(row)];
  }
}

size_t TextsOfLength::Memory() const {
  return sizeof(*this) + front_.Memory() + back_.Memory() + words_.Memory() +
         counts_.Memory() + slots_.Memory() + filters_.Memory();
}

void TextsOfLength::Save(SnapshotWriter& snapshot) const {
  snapshot.Number(rows());
  slots_.Save(snapshot);
  front_.Save(snapshot);
  back_.Save(snapshot);
  counts_.Save(snapshot);
  words_.Save(snapshot);
  filters_.Save(snapshot);
}

bool TextsOfLength::Load(size_t slots, SnapshotReader& snapshot) {
  const size_t rows = snapshot.Number();
  if (!slots_.Load(rows, snapshot) || rows == 0 ||
      !front_.Load(rows, snapshot) || !back_.Load(rows, snapshot) ||
      !counts_.Load(blocks(), snapshot) || !words_.Load(rows, snapshot) ||
      !filters_.Load(rows / kRun, snapshot)) {
    return false;
  }
  return *std::max_element(slots_.row(0), slots_.row(0) + rows) < slots;
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

LengthTable::Words LengthTable::MakeWords(
    absl::FunctionRef<void(SlotId, size_t, absl::Span<PlacedWord>)> choose)
    const {
  Words words;
  for (const auto& [length, texts] : lengths_) {
    const size_t width = texts.words_a_row();
    RowArray<PlacedWord>& of_rows =
        words.try_emplace(length, width).first->second;
    of_rows.Resize(texts.rows());
    for (size_t row = 0; row < texts.rows(); ++row) {
      choose(texts.slot(row), length, {of_rows.row(row), width});
    }
  }
  return words;
}

void LengthTable::SetWords(Words words) {
  for (auto& [length, texts] : lengths_) {
    texts.SetWords(std::move(words.at(length)));
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
