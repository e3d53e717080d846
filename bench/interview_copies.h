#ifndef DUILIAN_BENCH_INTERVIEW_COPIES_H_
#define DUILIAN_BENCH_INTERVIEW_COPIES_H_

#include <string>

#include "absl/status/statusor.h"
#include "aligner/transcript.h"

namespace duilian::bench {

struct Bilingual {
  aligner::Transcript english, chinese;

  int sentences() const {
    return static_cast<int>(english.segments.size() + chinese.segments.size());
  }
};

// Reads `folder`/en.md and `folder`/zh.txt.
absl::StatusOr<Bilingual> ReadInterview(const std::string& folder);

// The interview's sentences over and over, with the number of the round behind
// each, until the two sides have `segments` on the average. Lines, as from a
// file without speakers and paragraphs.
absl::StatusOr<Bilingual> RepeatInterview(const Bilingual& interview,
                                          int segments);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_INTERVIEW_COPIES_H_
