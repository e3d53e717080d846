#ifndef DUILIAN_TESTS_CRASH_LEDGER_H_
#define DUILIAN_TESTS_CRASH_LEDGER_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "duilian/v1/pair.pb.h"

namespace duilian::crash {

// What a review may change of a pair.
struct PairState {
  std::string source, target;
  v1::ReviewStatus status = v1::UNREVIEWED;
  bool operator==(const PairState&) const = default;
};
PairState StateOf(const v1::Pair& pair);

// A change that was asked for: the pairs as they were acknowledged, and what
// stands in their place afterwards. The first keeps its name.
struct Review {
  std::vector<v1::Pair> before;
  std::vector<PairState> after;
};

// Whether `pairs` are what the review makes of its pairs.
bool IsDone(const Review& review, const std::vector<v1::Pair>& pairs);

// What is known of a document. Whatever was asked for and not answered may
// have happened or not.
struct DocumentRecord {
  std::optional<int> draft;  // acknowledged
  std::optional<int> asked_draft;
  // By name, as acknowledged; empty until they were read.
  std::map<std::string, v1::Pair> pairs;
  std::optional<Review> asked_review;
  bool touched = false;  // since it was last checked
};
// Puts the pairs that the review came to in place of those that it changed.
void EnterReview(const std::vector<v1::Pair>& pairs, DocumentRecord& record);

using Records = std::map<int, DocumentRecord>;

// What a server acknowledged, and what it was asked and did not answer. Kept
// outside of the server, so it survives every kill. Thread-safe.
class Ledger {
 public:
  // Reads or changes the records.
  void Visit(const std::function<void(Records&)>& visit);

  // An answer came, and is entered.
  void Acknowledge(const std::function<void(Records&)>& enter);

  void BeginRound();
  // Nothing more will come from one of the round's writers.
  void WriterEnded();
  // Waits for so many answers in this round, or the end of a writer.
  void AwaitAnswers(int count);

  // Of all rounds.
  int answers() const;

 private:
  mutable absl::Mutex mutex_;
  Records records_ ABSL_GUARDED_BY(mutex_);
  int answers_ ABSL_GUARDED_BY(mutex_) = 0;
  int answers_before_round_ ABSL_GUARDED_BY(mutex_) = 0;
  bool writer_ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace duilian::crash

#endif  // DUILIAN_TESTS_CRASH_LEDGER_H_
