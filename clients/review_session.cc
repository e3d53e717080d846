// Tested by review_session_test.cc.
//
// The queue is a list that only grows at its end and around splits and merges;
// the walk is an index into it. Done entries stay, so that an undo finds its
// way back to them. Two complications:
// 1. The server's undo takes back the last change of a pair, whoever made it.
//    So a deed is undone that way only while it is still the last change of its
//    pair (the etag tells); an older one on the same pair is undone by writing
//    what was there before.
// 2. Someone else may change a pair meanwhile. The server then answers
//    kAborted, and the pair is read and shown again before anything else.

#include "clients/review_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cut_points.h"
#include "text/language.h"

namespace duilian::clients {
namespace {

constexpr char kEscape = 0x1B;
constexpr size_t kDigits = 9;
constexpr size_t kLetters = 26;

std::vector<std::string> Differences(const v1::Pair& a, const v1::Pair& b) {
  std::vector<std::string> mask;
  if (a.status() != b.status()) mask.push_back("status");
  if (a.source().text() != b.source().text()) mask.push_back("source.text");
  if (a.target().text() != b.target().text()) mask.push_back("target.text");
  return mask;
}

std::vector<size_t> CutsOf(const v1::Side& side, text::Language language) {
  std::vector<size_t> bytes;
  for (const v1::Span& span : side.spans()) {
    bytes.push_back(static_cast<size_t>(
        std::max<int64_t>(0, span.end_byte() - span.begin_byte())));
  }
  return CutPoints({side.text(), language, bytes});
}

}  // namespace

char CutLabel(size_t index) {
  if (index < kDigits) return static_cast<char>('1' + index);
  index -= kDigits;
  return index < kLetters ? static_cast<char>('a' + index) : '\0';
}

ReviewSession::ReviewSession(ReviewBackend& backend) : backend_(backend) {
  Load();
}

const ReviewSession::Entry* ReviewSession::current() const {
  return index_ < entries_.size() ? &entries_[index_] : nullptr;
}

std::string ReviewSession::text_to_edit() const {
  const v1::Pair& pair = entries_[index_].pair;
  return editing_source_ ? pair.source().text() : pair.target().text();
}

void ReviewSession::Press(char key) {
  message_.clear();
  switch (mode_) {
    case ReviewMode::kPair:
      PressOnPair(key);
      return;
    case ReviewMode::kFinished:
      PressOnFinished(key);
      return;
    case ReviewMode::kEditSide:
      if (key == 's' || key == 't') {
        editing_source_ = key == 's';
        mode_ = ReviewMode::kEditText;
      } else {
        mode_ = ReviewMode::kPair;
        message_ = "nothing edited";
      }
      return;
    case ReviewMode::kSplitSource:
    case ReviewMode::kSplitTarget:
      PressOnCut(key);
      return;
    case ReviewMode::kHistory:
    case ReviewMode::kHelp:
      mode_ =
          index_ < entries_.size() ? ReviewMode::kPair : ReviewMode::kFinished;
      return;
    case ReviewMode::kEditText:
    case ReviewMode::kQuit:
      return;
  }
}

void ReviewSession::PressOnPair(char key) {
  switch (key) {
    case 'a':
      SetStatus(v1::ACCEPTED, &ReviewTally::accepted);
      return;
    case 'r':
      SetStatus(v1::REJECTED, &ReviewTally::rejected);
      return;
    case 'e':
      mode_ = ReviewMode::kEditSide;
      return;
    case 's':
      BeginSplit();
      return;
    case 'm':
      MergeWithFollowing();
      return;
    case 'u':
      UndoLast();
      return;
    case 'n':
    case ' ':
      Advance();
      return;
    case 'h':
      ShowHistory();
      return;
    case '?':
      mode_ = ReviewMode::kHelp;
      return;
    case 'q':
      mode_ = ReviewMode::kQuit;
      return;
    default:
      message_ = "no such key; ? shows them all";
  }
}

void ReviewSession::PressOnFinished(char key) {
  switch (key) {
    case 'u':
      UndoLast();
      return;
    case 'n':
      // Pairs may have come since, or the server may be back.
      more_ = true;
      Load();
      return;
    case '?':
      mode_ = ReviewMode::kHelp;
      return;
    case 'q':
      mode_ = ReviewMode::kQuit;
      return;
    default:
      message_ =
          "no pair is left: u takes the last step back, n looks for "
          "more, q quits";
  }
}

void ReviewSession::SetStatus(v1::ReviewStatus status,
                              size_t ReviewTally::*counted) {
  v1::Pair wanted = entry().pair;
  wanted.set_status(status);
  absl::StatusOr<v1::Pair> changed = backend_.Update(wanted, {"status"});
  if (!changed.ok()) return Explain(changed.status());
  const std::string words = status == v1::ACCEPTED ? "accepted" : "rejected";
  deeds_.push_back(
      {Deed::Kind::kUpdate, entry().pair, changed->etag(), "", counted, words});
  ++(tally_.*counted);
  entry().pair = *std::move(changed);
  entry().done = true;
  Advance();
  if (message_.empty()) message_ = words;
}

void ReviewSession::Answer(const std::string& text) {
  if (mode_ != ReviewMode::kEditText) return;
  mode_ = ReviewMode::kPair;
  message_.clear();
  if (text == text_to_edit()) {
    message_ = "nothing edited";
    return;
  }
  v1::Pair wanted = entry().pair;
  (editing_source_ ? wanted.mutable_source() : wanted.mutable_target())
      ->set_text(text);
  absl::StatusOr<v1::Pair> changed = backend_.Update(
      wanted, {editing_source_ ? "source.text" : "target.text"});
  if (!changed.ok()) return Explain(changed.status());
  deeds_.push_back({Deed::Kind::kUpdate, entry().pair, changed->etag(), "",
                    &ReviewTally::edited, "edited"});
  ++tally_.edited;
  entry().pair = *std::move(changed);
  // What was doubted was the old text.
  entry().reasons = {"edited"};
  message_ = "edited; a accepts it";
}

void ReviewSession::Cancel() {
  if (mode_ != ReviewMode::kEditText) return;
  mode_ = ReviewMode::kPair;
  message_ = "nothing edited";
}

void ReviewSession::BeginSplit() {
  cuts_ = CutsOf(entry().pair.source(), text::Language::kEnglish);
  if (cuts_.empty()) {
    message_ = "the English is one clause and cannot be cut; e edits it";
    return;
  }
  if (CutsOf(entry().pair.target(), text::Language::kChinese).empty()) {
    message_ = "the Chinese is one clause and cannot be cut; e edits it";
    return;
  }
  mode_ = ReviewMode::kSplitSource;
}

void ReviewSession::PressOnCut(char key) {
  if (key == kEscape) {
    mode_ = ReviewMode::kPair;
    message_ = "nothing split";
    return;
  }
  for (size_t i = 0; i < cuts_.size() && CutLabel(i) != '\0'; ++i) {
    if (CutLabel(i) != key) continue;
    if (mode_ == ReviewMode::kSplitSource) {
      place_.source = static_cast<int32_t>(cuts_[i]);
      return AskTargetCut();
    }
    place_.target = static_cast<int32_t>(cuts_[i]);
    return FinishSplit();
  }
  message_ = "no cut has this label; Escape leaves the pair whole";
}

void ReviewSession::AskTargetCut() {
  cuts_ = CutsOf(entry().pair.target(), text::Language::kChinese);
  mode_ = ReviewMode::kSplitTarget;
}

void ReviewSession::FinishSplit() {
  mode_ = ReviewMode::kPair;
  absl::StatusOr<v1::SplitPairResponse> parts =
      backend_.Split(entry().pair, place_);
  if (!parts.ok()) return Explain(parts.status());
  deeds_.push_back({Deed::Kind::kSplit, entry().pair, parts->first().etag(),
                    parts->second().name(), &ReviewTally::split, "split"});
  ++tally_.split;
  entry().pair = parts->first();
  entry().reasons = {"first part of a split"};
  entries_.insert(entries_.begin() + static_cast<ptrdiff_t>(index_) + 1,
                  Entry{parts->second(), {"second part of a split"}});
  message_ = "split; the second part comes next";
}

void ReviewSession::MergeWithFollowing() {
  const absl::StatusOr<v1::Pair> following = backend_.Following(entry().pair);
  if (!following.ok()) return Explain(following.status());
  absl::StatusOr<v1::Pair> merged = backend_.Merge({entry().pair, *following});
  if (!merged.ok()) return Explain(merged.status());
  deeds_.push_back({Deed::Kind::kMerge, entry().pair, merged->etag(),
                    following->name(), &ReviewTally::merged, "merged"});
  ++tally_.merged;
  entry().pair = *std::move(merged);
  entry().reasons = {"merged with the next pair"};
  Remove(following->name());
  message_ = "merged with the next pair of the document";
}

void ReviewSession::ShowHistory() {
  absl::StatusOr<std::vector<v1::PairRevision>> history =
      backend_.History(entry().pair.name());
  if (!history.ok()) return Explain(history.status());
  history_ = *std::move(history);
  mode_ = ReviewMode::kHistory;
}

void ReviewSession::UndoLast() {
  if (deeds_.empty()) {
    message_ = "nothing to take back in this session";
    return;
  }
  const Deed deed = deeds_.back();
  const size_t place = Find(deed.before.name());
  if (place == entries_.size()) {
    deeds_.pop_back();
    message_ = "that pair has been merged away; its history has the rest";
    return;
  }
  GoTo(place);
  const absl::StatusOr<std::vector<v1::Pair>> pairs =
      TakeBack(deed, entry().pair);
  if (!pairs.ok()) {
    // Only a call that never arrived may be repeated.
    if (!absl::IsUnavailable(pairs.status())) deeds_.pop_back();
    return Explain(pairs.status());
  }
  deeds_.pop_back();
  --(tally_.*deed.counted);
  PutBack(deed, *pairs);
  message_ = absl::StrCat("taken back: ", deed.words);
}

absl::StatusOr<std::vector<v1::Pair>> ReviewSession::TakeBack(
    const Deed& deed, const v1::Pair& now) {
  if (now.etag() == deed.after_etag) return backend_.Undo(now);
  if (deed.kind != Deed::Kind::kUpdate) {
    return absl::FailedPreconditionError(absl::StrCat(
        "this pair was ", deed.words,
        " and then changed again, so that step cannot be taken back; edit, "
        "split or merge it anew"));
  }
  v1::Pair wanted = deed.before;
  wanted.set_etag(now.etag());
  const std::vector<std::string> mask = Differences(deed.before, now);
  if (mask.empty()) return std::vector<v1::Pair>{now};
  absl::StatusOr<v1::Pair> restored = backend_.Update(wanted, mask);
  if (!restored.ok()) return restored.status();
  return std::vector<v1::Pair>{*std::move(restored)};
}

void ReviewSession::PutBack(const Deed& deed,
                            const std::vector<v1::Pair>& pairs) {
  if (deed.kind == Deed::Kind::kSplit) Remove(deed.other);
  for (const v1::Pair& pair : pairs) {
    const size_t known = Find(pair.name());
    if (known < entries_.size()) {
      entries_[known].pair = pair;
      entries_[known].done = pair.status() != v1::UNREVIEWED;
    } else if (deed.kind == Deed::Kind::kMerge) {
      entries_.insert(entries_.begin() + static_cast<ptrdiff_t>(index_) + 1,
                      Entry{pair, {"was merged, and taken apart again"}});
    }
  }
  entry().done = false;
}

void ReviewSession::GoTo(size_t index) {
  index_ = index;
  mode_ = index < entries_.size() ? ReviewMode::kPair : ReviewMode::kFinished;
}

void ReviewSession::Advance() {
  ++index_;
  Load();
}

void ReviewSession::Load() {
  while (true) {
    while (index_ < entries_.size() && entries_[index_].done) ++index_;
    if (index_ < entries_.size() || !more_) break;
    const absl::StatusOr<v1::ListReviewQueueResponse> page =
        backend_.ListQueue(next_page_token_);
    if (!page.ok()) {
      message_ = std::string(page.status().message());
      break;
    }
    TakePage(*page);
  }
  GoTo(index_);
}

void ReviewSession::TakePage(const v1::ListReviewQueueResponse& page) {
  for (const v1::QueuedPair& queued : page.pairs()) {
    if (Find(queued.pair().name()) < entries_.size()) continue;
    entries_.push_back(
        {queued.pair(), {queued.reasons().begin(), queued.reasons().end()}});
  }
  next_page_token_ = page.next_page_token();
  more_ = !next_page_token_.empty();
}

void ReviewSession::Explain(const absl::Status& status) {
  mode_ = ReviewMode::kPair;
  message_ = std::string(status.message());
  if (absl::IsAborted(status)) Reread();
}

void ReviewSession::Reread() {
  absl::StatusOr<v1::Pair> fresh = backend_.Get(entry().pair.name());
  if (fresh.ok()) {
    entry().pair = *std::move(fresh);
    absl::StrAppend(&message_, "; here it is as it stands now");
    return;
  }
  if (!absl::IsNotFound(fresh.status())) {
    absl::StrAppend(&message_, "; reading it again failed: ",
                    std::string(fresh.status().message()));
    return;
  }
  entry().done = true;
  const std::string words = absl::StrCat(message_, "; it is gone by now");
  Advance();
  message_ = words;
}

size_t ReviewSession::Find(absl::string_view name) const {
  size_t i = 0;
  while (i < entries_.size() && entries_[i].pair.name() != name) ++i;
  return i;
}

void ReviewSession::Remove(absl::string_view name) {
  const size_t place = Find(name);
  if (place == entries_.size()) return;
  entries_.erase(entries_.begin() + static_cast<ptrdiff_t>(place));
  if (place < index_) --index_;
}

}  // namespace duilian::clients
