#include "storage/word_filter.h"

namespace duilian::storage {

const WordDistances* WordFilter::Distances(size_t looked_at, size_t left) {
  if (given_up_.load(std::memory_order_relaxed)) return nullptr;
  if (ready_.load(std::memory_order_acquire)) return &*distances_;
  if (words_.size() == 0) return nullptr;
  const size_t all_looked_at = looked_at_ += looked_at;
  const size_t all_left = left_ += left;
  const size_t band_words = 1 + query_.size() / kLettersABandWord;
  const size_t to_come = all_left * expected_ / all_looked_at * band_words;
  if (to_come < kLeastTexts || begun_.exchange(true)) return nullptr;
  distances_.emplace(words_, to_come / kTextsAWord, query_);
  ready_.store(true, std::memory_order_release);
  return &*distances_;
}

void WordFilter::CountKept(size_t asked, size_t kept) {
  const size_t all_asked = asked_ += asked;
  const size_t all_kept = kept_ += kept;
  if (all_asked >= kTextsOfTrial &&
      100 * all_kept > kMostKeptPercent * all_asked) {
    given_up_.store(true, std::memory_order_relaxed);
  }
}

}  // namespace duilian::storage
