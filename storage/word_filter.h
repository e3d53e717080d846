// Whether a search compares words, and the distances when it does.

#ifndef DUILIAN_STORAGE_WORD_FILTER_H_
#define DUILIAN_STORAGE_WORD_FILTER_H_

#include <atomic>
#include <cstddef>
#include <optional>

#include "absl/types/span.h"
#include "storage/letter_class.h"
#include "storage/word_bound.h"

namespace duilian::storage {

// One for a search and all of its threads. The distances to 16,000 words cost
// as much as the band of some 8,000 texts, while the band has one word: for
// longer queries it has more. So the fewer texts the letters leave, the fewer
// words are compared with the query, and none where they leave few.
class WordFilter {
 public:
  static constexpr size_t kLeastTexts = 4'000;
  static constexpr size_t kTextsAWord = 2;
  // So many letters of a query make the band, at 70 %, a word wider.
  static constexpr size_t kLettersABandWord = 200;
  // A text's words cost a tenth of its band or more: where they keep nearly all
  // of so many texts, as at low thresholds, the others are not asked.
  static constexpr size_t kTextsOfTrial = 2'000;
  static constexpr size_t kMostKeptPercent = 90;

  // Both outlive it.
  WordFilter(const WordLetters& words, absl::Span<const LetterClass> query)
      : words_(words), query_(query) {}

  // How many texts the search will look at. Before the first Distances().
  void ExpectTexts(size_t texts) { expected_ = texts; }

  // Of `looked_at` more texts the letters have left `left`. nullptr: go on
  // without words. Thread-safe; the distances are worked out by one thread,
  // and no other waits for it.
  const WordDistances* Distances(size_t looked_at, size_t left);

  // Of `asked` texts the words kept `kept`. Thread-safe.
  void CountKept(size_t asked, size_t kept);

 private:
  const WordLetters& words_;
  const absl::Span<const LetterClass> query_;
  size_t expected_ = 0;
  std::atomic<size_t> looked_at_ = 0, left_ = 0;
  std::atomic<size_t> asked_ = 0, kept_ = 0;
  std::atomic<bool> begun_ = false, ready_ = false;
  std::atomic<bool> given_up_ = false;
  std::optional<WordDistances> distances_;  // once ready_
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_WORD_FILTER_H_
