// What a fuzzy search did, for those who measure it.

#ifndef DUILIAN_STORAGE_SEARCH_STAGES_H_
#define DUILIAN_STORAGE_SEARCH_STAGES_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace duilian::storage {

struct SearchStage {
  int64_t texts = 0;        // that came to it
  int64_t nanoseconds = 0;  // of all threads together

  SearchStage& operator+=(const SearchStage& other) {
    texts += other.texts;
    nanoseconds += other.nanoseconds;
    return *this;
  }
};

// As fuzzy_search.cc counts them, in their order. Texts that come to no words,
// since they are not worth it, go on from the letters to the band.
struct SearchStages {
  SearchStage letters;
  // Of words, not texts: those compared with the query. Each thread that uses
  // them counts them.
  SearchStage vocabulary;
  SearchStage words;
  SearchStage band;
  SearchStage code_points;

  SearchStages& operator+=(const SearchStages& other) {
    letters += other.letters;
    vocabulary += other.vocabulary;
    words += other.words;
    band += other.band;
    code_points += other.code_points;
    return *this;
  }
};

// Adds what passes while it lives to a stage, if there is one: nothing is
// measured without.
class StageTimer {
 public:
  StageTimer(SearchStage* stage, size_t texts) : stage_(stage) {
    if (stage_ == nullptr) return;
    stage_->texts += static_cast<int64_t>(texts);
    begin_ = std::chrono::steady_clock::now();
  }
  ~StageTimer() {
    if (stage_ == nullptr) return;
    stage_->nanoseconds +=
        std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin_)
            .count();
  }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  SearchStage* const stage_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SEARCH_STAGES_H_
