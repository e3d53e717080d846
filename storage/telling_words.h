// The frequent words of a side, by number, and of a text those that tell most:
// what word_bound.h needs of texts.

#ifndef DUILIAN_STORAGE_TELLING_WORDS_H_
#define DUILIAN_STORAGE_TELLING_WORDS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "storage/slot_id.h"
#include "storage/snapshot_file.h"
#include "storage/token_texts.h"
#include "storage/word_bound.h"
#include "storage/word_number.h"

namespace duilian::storage {

// A word and the same word behind a space are two: a space belongs to one word
// only, so the words of a text are disjoint, and they find fewer parts of a
// query that are like them. Not thread-safe for writers; any number of readers
// without one.
class TellingWords {
 public:
  // Numbers the words of those texts anew, the frequent ones; of equally many
  // the one first seen. Reads all texts: a tenth of a microsecond or two each.
  void Number(const TokenTexts& texts);

  // Fills `chosen` with the words of a text, of `length` letters, that tell
  // most, the longest, which are seldom near to a part of another text; the
  // longest first, and zeros behind the last one. A long word ends behind the
  // last letter that is compared.
  void Choose(const TokenTexts& texts, SlotId slot, size_t length,
              absl::Span<PlacedWord> chosen);
  // The same of a text's tokens.
  void Choose(absl::Span<const SpacedToken> tokens, size_t length,
              absl::Span<PlacedWord> chosen);

  // Of the words that have a number.
  const WordLetters& letters() const { return letters_; }

  // Bytes of memory.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Fills an empty one with what Save wrote beside `texts`. False: it cannot be
  // that.
  bool Load(const TokenTexts& texts, SnapshotReader& snapshot);

 private:
  // Twice the token, and 1 more behind a space.
  using Key = uint32_t;

  // Makes of keys_ the rest.
  void ReadWords(const TokenTexts& texts);
  WordNumber NumberOf(const SpacedToken& word) const;

  std::vector<Key> keys_;            // by number less one
  std::vector<WordNumber> numbers_;  // by key; later keys have none
  WordLetters letters_;
  std::vector<SpacedToken> words_;  // of the text that is being read
  std::vector<PlacedWord> known_;   // of them those with a number
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_TELLING_WORDS_H_
