#include "storage/telling_words.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

uint32_t KeyOf(const SpacedToken& word) {
  return word.token << 1 | (word.spaced ? 1u : 0u);
}

}  // namespace

void TellingWords::Number(const TokenTexts& texts) {
  std::vector<uint32_t> counts(2 * texts.vocabulary().size());
  for (SlotId slot = 0; slot < texts.size(); ++slot) {
    words_.clear();
    texts.AppendSpacedTokens(slot, words_);
    for (const SpacedToken& word : words_) ++counts[KeyOf(word)];
  }
  std::vector<Key> keys;
  for (Key key = 0; key < counts.size(); ++key) {
    if (counts[key] > 0) keys.push_back(key);
  }
  const size_t most = std::min(keys.size(), kMostWordNumber);
  std::partial_sort(keys.begin(),
                    keys.begin() + static_cast<std::ptrdiff_t>(most),
                    keys.end(), [&](Key a, Key b) {
                      return std::pair(counts[b], a) < std::pair(counts[a], b);
                    });
  keys.resize(most);
  keys_ = std::move(keys);
  ReadWords(texts);
}

void TellingWords::ReadWords(const TokenTexts& texts) {
  numbers_.assign(2 * texts.vocabulary().size(), 0);
  letters_ = WordLetters();
  for (const Key key : keys_) {
    letters_.Add(absl::StrCat((key & 1) == 0 ? "" : " ",
                              texts.vocabulary().name(key >> 1)));
    numbers_[key] = static_cast<WordNumber>(letters_.size());
  }
}

WordNumber TellingWords::NumberOf(const SpacedToken& word) const {
  const Key key = KeyOf(word);
  return key < numbers_.size() ? numbers_[key] : WordNumber{0};
}

void TellingWords::Choose(const TokenTexts& texts, SlotId slot, size_t length,
                          absl::Span<PlacedWord> chosen) {
  words_.clear();
  if (!keys_.empty()) texts.AppendSpacedTokens(slot, words_);
  Choose(words_, length, chosen);
}

void TellingWords::Choose(absl::Span<const SpacedToken> tokens, size_t length,
                          absl::Span<PlacedWord> chosen) {
  std::fill(chosen.begin(), chosen.end(), PlacedWord{0});
  if (keys_.empty()) return;
  known_.clear();
  for (const SpacedToken& word : tokens) {
    const WordNumber number = NumberOf(word);
    if (number == 0) continue;
    const size_t begin = word.begin - (word.spaced ? 1 : 0);
    known_.push_back(PlaceWord(
        number, TextRegion(begin + letters_.letters(number), length)));
  }
  // Of words of one length the rarer one, which has the higher number.
  const auto tells = [&](PlacedWord word) {
    const WordNumber number = WordOf(word);
    return std::tuple(letters_.letters(number), number, word);
  };
  std::sort(known_.begin(), known_.end(),
            [&](PlacedWord a, PlacedWord b) { return tells(a) > tells(b); });
  std::copy_n(known_.begin(), std::min(known_.size(), chosen.size()),
              chosen.begin());
}

size_t TellingWords::Memory() const {
  return keys_.capacity() * sizeof(Key) +
         numbers_.capacity() * sizeof(WordNumber) + letters_.Memory();
}

void TellingWords::Save(SnapshotWriter& snapshot) const {
  snapshot.Array(keys_);
}

bool TellingWords::Load(const TokenTexts& texts, SnapshotReader& snapshot) {
  keys_ = snapshot.Array<Key>();
  const size_t keys = 2 * texts.vocabulary().size();
  if (!snapshot.ok() || keys_.size() > kMostWordNumber ||
      std::any_of(keys_.begin(), keys_.end(),
                  [&](Key key) { return key >= keys; })) {
    return false;
  }
  ReadWords(texts);
  return true;
}

}  // namespace duilian::storage
