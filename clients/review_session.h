// A reviewer's walk through the queue, apart from any terminal: keys in,
// state out.

#ifndef DUILIAN_CLIENTS_REVIEW_SESSION_H_
#define DUILIAN_CLIENTS_REVIEW_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "duilian/v1/review_service.pb.h"

namespace duilian::clients {

// Byte offsets into the sides' texts.
struct CutPlace {
  int32_t source = 0;
  int32_t target = 0;
};

// What a review asks of the server. Errors are the server's own; kAborted
// means that a pair changed since it was read.
class ReviewBackend {
 public:
  virtual ~ReviewBackend() = default;
  virtual absl::StatusOr<v1::ListReviewQueueResponse> ListQueue(
      const std::string& page_token) = 0;
  virtual absl::StatusOr<v1::Pair> Get(const std::string& name) = 0;
  // Writes the fields of `mask`: status, source.text, target.text.
  virtual absl::StatusOr<v1::Pair> Update(
      const v1::Pair& pair, const std::vector<std::string>& mask) = 0;
  virtual absl::StatusOr<v1::SplitPairResponse> Split(const v1::Pair& pair,
                                                      CutPlace place) = 0;
  virtual absl::StatusOr<v1::Pair> Merge(
      const std::vector<v1::Pair>& pairs) = 0;
  // Takes back the last change; every pair that it changed.
  virtual absl::StatusOr<std::vector<v1::Pair>> Undo(const v1::Pair& pair) = 0;
  // Oldest first.
  virtual absl::StatusOr<std::vector<v1::PairRevision>> History(
      const std::string& name) = 0;
  // The pair that follows in its document. kNotFound: it is the last one.
  virtual absl::StatusOr<v1::Pair> Following(const v1::Pair& pair) = 0;
};

enum class ReviewMode {
  kPair,         // a pair is shown; waits for what to do with it
  kEditSide,     // waits for s or t
  kEditText,     // waits for Answer or Cancel
  kSplitSource,  // waits for the label of a cut in the English
  kSplitTarget,  // … in the Chinese
  kHistory,      // any key goes back
  kHelp,         // any key goes back
  kFinished,     // no pair is left; u, n (look again) and q work
  kQuit,
};

struct ReviewTally {
  size_t accepted = 0;
  size_t rejected = 0;
  size_t edited = 0;
  size_t split = 0;
  size_t merged = 0;
};

// Not thread-safe. No call fails: what went wrong is in message(), and the
// session goes on.
class ReviewSession {
 public:
  struct Entry {
    v1::Pair pair;
    std::vector<std::string> reasons;
    bool done = false;  // accepted or rejected here
  };

  // Fetches the first page. `backend` must outlive the session.
  explicit ReviewSession(ReviewBackend& backend);

  ReviewMode mode() const { return mode_; }
  // What the last step did, or why it could not.
  const std::string& message() const { return message_; }
  const ReviewTally& tally() const { return tally_; }

  // Null when no pair is left.
  const Entry* current() const;
  size_t position() const { return index_ + 1; }
  size_t known_length() const { return entries_.size(); }
  bool more_to_come() const { return more_; }

  // In kSplitSource and kSplitTarget: where the side shown can be cut.
  const std::vector<size_t>& cuts() const { return cuts_; }
  // In kEditText.
  std::string text_to_edit() const;
  bool editing_source() const { return editing_source_; }
  // In kHistory.
  const std::vector<v1::PairRevision>& history() const { return history_; }

  // A key in any mode but kEditText; 0x1B is Escape.
  void Press(char key);
  // Ends kEditText with a new text, or without one.
  void Answer(const std::string& text);
  void Cancel();

 private:
  // One change that can be taken back.
  struct Deed {
    enum class Kind { kUpdate, kSplit, kMerge };
    Kind kind = Kind::kUpdate;
    v1::Pair before;
    std::string after_etag;
    std::string other;  // name of the split's second, or of the merge's second
    size_t ReviewTally::*counted = nullptr;
    std::string words;
  };

  void PressOnPair(char key);
  void PressOnFinished(char key);
  void PressOnCut(char key);
  void SetStatus(v1::ReviewStatus status, size_t ReviewTally::*counted);
  void BeginSplit();
  void AskTargetCut();
  void FinishSplit();
  void MergeWithFollowing();
  void ShowHistory();
  void UndoLast();
  absl::StatusOr<std::vector<v1::Pair>> TakeBack(const Deed& deed,
                                                 const v1::Pair& now);
  void PutBack(const Deed& deed, const std::vector<v1::Pair>& pairs);

  void GoTo(size_t index);
  void Advance();
  // Fetches pages until there is an entry at `index_` or no more.
  void Load();
  void TakePage(const v1::ListReviewQueueResponse& page);
  // Tells of a failed change; after kAborted reads the pair again.
  void Explain(const absl::Status& status);
  void Reread();
  size_t Find(absl::string_view name) const;  // entries_.size() when absent
  void Remove(absl::string_view name);
  Entry& entry() { return entries_[index_]; }

  ReviewBackend& backend_;
  ReviewMode mode_ = ReviewMode::kPair;
  std::string message_;
  ReviewTally tally_;
  std::vector<Entry> entries_;
  size_t index_ = 0;
  std::string next_page_token_;
  bool more_ = true;
  std::vector<Deed> deeds_;
  std::vector<size_t> cuts_;
  CutPlace place_;
  bool editing_source_ = false;
  std::vector<v1::PairRevision> history_;
};

// The key that chooses the cut with this index: 1 to 9, then a to z; 0 for
// those beyond.
char CutLabel(size_t index);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_REVIEW_SESSION_H_
