// The simple version computes the edit distance d of the query q to every
// text u, and keeps those with 100 * (L - d) >= threshold * L, where L is the
// longer length: those with d <= L - ceil(threshold * L / 100), the cutoff.
// Here most texts are only counted:
// 1. Lengths: d is at least their difference, which bounds u's length from
//    both sides. The texts are kept by length (length_table.h), and the nearest
//    lengths are read first.
// 2. Letters: 64 texts at a time, those stay that have few letters more than q,
//    and few in each half (letter_filter.cc has the bounds). When only equal
//    texts are wanted, a full run of 4,096 is passed over if its filter says
//    that none of them has q's letters in their order (run_filters.h).
// 3. Words, where the letters leave many and the words not nearly all of them:
//    those stay whose words are near to parts of q (word_bound.cc).
// 4. The distance over classes of letters, which is at most d, 32 texts at a
//    time (band_distance.cc).
// 5. Of what is left, the distance over code points (edit_distance.h).
// Each of 1 to 4 is a lower bound of d, so nothing is missed. Once as many
// different pairs are found as were asked for, the worst of their suitabilities
// is the threshold: a text is suited no better than it scores
// (lookup_scores.h), so only texts that score as much can change the answer.
// Texts that differ from q in numbers alone may be suited better than they
// score; they are found by a hash, before the others.
//
// A large search is shared with threads that are idle, a length at a time. What
// they find depends on no order: the best are those of all that reach the
// threshold, and it rises to what cannot be among them.
// Tested by lookup_index_test.cc against the simple version.

#include "storage/fuzzy_search.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "storage/band_distance.h"
#include "storage/edit_distance.h"
#include "storage/index_filter.h"
#include "storage/length_table.h"
#include "storage/letter_filter.h"
#include "storage/lookup_scores.h"
#include "storage/matching_form.h"
#include "storage/search_stages.h"
#include "storage/text_hash.h"
#include "storage/word_filter.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

// How many rows pass between two looks at whether the call is over.
constexpr size_t kRowsPerCheck = 64 * BandPattern::kBatch;

// How many rows before its turn a row is asked for.
constexpr size_t kRowsAhead = 2 * BandPattern::kBatch;

absl::Status CallIsOver() {
  return absl::CancelledError("the look-up was cancelled");
}

// The largest distance that reaches the threshold when the longer text has
// `longer` code points.
size_t LargestDistance(size_t longer, int threshold_percent) {
  const auto threshold = static_cast<size_t>(threshold_percent);
  return longer - (longer * threshold + 99) / 100;
}

// What all threads of a search know of it.
class Found {
 public:
  explicit Found(LookupScores& scores)
      : threshold_percent_(scores.threshold_percent()), scores_(scores) {}

  // Rises.
  int threshold_percent() const {
    return threshold_percent_.load(std::memory_order_relaxed);
  }
  void Add(SlotId slot, size_t distance, size_t longer)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    scores_.Add(slot, distance, longer);
    threshold_percent_.store(scores_.threshold_percent(),
                             std::memory_order_relaxed);
  }
  // What a thread measured.
  void AddStages(const SearchStages& stages, SearchStages& sum)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    sum += stages;
  }
  // As LookupScores.
  bool AddWithNumbers(SlotId slot, size_t distance, size_t longer)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const bool added = scores_.AddWithNumbers(slot, distance, longer);
    threshold_percent_.store(scores_.threshold_percent(),
                             std::memory_order_relaxed);
    return added;
  }

 private:
  std::atomic<int> threshold_percent_;
  absl::Mutex mutex_;
  LookupScores& scores_ ABSL_GUARDED_BY(mutex_);
};

// What all threads of a search share; only `found` changes while there are
// several.
struct Search {
  const ProjectIndex& index;
  const FuzzyQuery& query;
  const PreparedQuery& prepared;
  const Sharing& sharing;
  const IndexFilter filter;
  WordFilter words;
  Found found;
  absl::flat_hash_set<SlotId> numbered;  // found by SearchNumbers()
};

// A search as one thread takes part in it: what is written while texts are
// compared is its own.
class Searcher {
 public:
  // Both outlive it. `cancelled` may be empty.
  Searcher(Search& search, const std::function<bool()>& cancelled);
  ~Searcher();
  Searcher(const Searcher&) = delete;
  Searcher& operator=(const Searcher&) = delete;

  // Texts that differ in numbers alone, wherever their distance lies. Alone,
  // and before the others. kCancelled.
  absl::Status SearchNumbers();
  // Texts of one length. kCancelled.
  absl::Status SearchTexts(const TextsOfLength& texts);

 private:
  size_t length() const { return search_.prepared.codepoints.size(); }
  bool Cancelled() const { return cancelled_ && cancelled_(); }
  size_t Cutoff(size_t longer) const {
    return LargestDistance(longer, search_.found.threshold_percent());
  }

  // Of stages_; nullptr: nobody asked for it.
  SearchStage* Measured(SearchStage& stage) const {
    return search_.query.stages == nullptr ? nullptr : &stage;
  }

  bool Passes(SlotId slot) const {
    return search_.filter.Passes(slot, search_.query.language);
  }
  absl::Status ChooseRows(const TextsOfLength& texts, size_t cutoff);
  void ChooseRowsOfRun(const TextsOfLength& texts, size_t run,
                       const LetterFilter& filter);
  // Takes those out of rows_ whose words are too far from the query.
  void KeepByWords(const TextsOfLength& texts, size_t cutoff);
  void CompareBatch(const TextsOfLength& texts, absl::Span<const size_t> rows,
                    size_t cutoff);
  void CompareExactly(SlotId slot);
  const WordDistances* DistancesOfWords(const TextsOfLength& texts);
  void ReadText(SlotId slot);

  Search& search_;
  const std::function<bool()>& cancelled_;
  absl::flat_hash_map<char32_t, Symbol> symbols_;  // the query's letters
  std::optional<EditPattern> distance_;
  std::optional<BandPattern> band_;
  // For texts up to the query's length, and for longer ones: the lengths come
  // from both sides in turn.
  std::array<PlacedDistances, 2> placed_;
  std::vector<size_t> rows_;  // that wait to be compared
  std::string normalized_;    // a candidate's text
  std::vector<Symbol> text_;  // its letters
  SearchStages stages_;
};

Searcher::Searcher(Search& search, const std::function<bool()>& cancelled)
    : search_(search), cancelled_(cancelled) {
  std::vector<Symbol> pattern;
  for (const char32_t c : search_.prepared.codepoints) {
    const auto next = static_cast<Symbol>(symbols_.size());
    pattern.push_back(symbols_.try_emplace(c, next).first->second);
  }
  distance_.emplace(pattern, symbols_.size());
  const std::vector<LetterClass>& letters = search_.prepared.letters;
  if (!letters.empty()) band_.emplace(letters);
}

Searcher::~Searcher() {
  SearchStages* const sum = search_.query.stages;
  if (sum != nullptr) search_.found.AddStages(stages_, *sum);
}

absl::Status Searcher::SearchNumbers() {
  const ProjectIndex& index = search_.index;
  const text::Language language = search_.query.language;
  const uint32_t hash = search_.prepared.numberless_hash;
  // What is found here is suited no better than that. The others come by their
  // distance.
  const int most = 100 - search_.query.penalties.numbers_substituted;
  if (hash == 0 || most < search_.query.threshold_percent) {
    return absl::OkStatus();
  }
  size_t compared = 0;
  std::vector<SlotId> slots;
  index.slots_with_numberless(hash, language).ForEach([&](SlotId slot) {
    slots.push_back(slot);
  });
  for (const SlotId slot : slots) {
    if (index.is_gone(slot)) continue;
    if (compared++ % kRowsPerCheck == 0 && Cancelled()) return CallIsOver();
    if (!Passes(slot)) continue;
    ReadText(slot);
    const size_t longer = std::max(text_.size(), length());
    const size_t distance = distance_->Distance(text_, longer).value_or(longer);
    if (search_.found.AddWithNumbers(slot, distance, longer)) {
      search_.numbered.insert(slot);
    }
  }
  return absl::OkStatus();
}

void Searcher::ReadText(SlotId slot) {
  normalized_.clear();
  search_.index.AppendText(slot, search_.query.language, normalized_);
  text_.clear();
  for (size_t offset = 0; offset < normalized_.size();) {
    const auto found = symbols_.find(text::NextCodepoint(normalized_, offset));
    text_.push_back(found == symbols_.end() ? kForeignSymbol : found->second);
  }
}

void Searcher::CompareExactly(SlotId slot) {
  // The table of lengths has some that are gone.
  if (search_.index.is_gone(slot) || !Passes(slot) ||
      search_.numbered.contains(slot)) {
    return;
  }
  const StageTimer timer(Measured(stages_.code_points), 1);
  ReadText(slot);
  const size_t longer = std::max(text_.size(), length());
  const std::optional<size_t> distance =
      distance_->Distance(text_, Cutoff(longer));
  if (distance.has_value()) search_.found.Add(slot, *distance, longer);
}

void Searcher::CompareBatch(const TextsOfLength& texts,
                            absl::Span<const size_t> rows, size_t cutoff) {
  if (texts.length() == 0 || cutoff > BandPattern::kMaxCutoff) {
    for (const size_t row : rows) CompareExactly(texts.slot(row));
    return;
  }
  std::array<PackedText, BandPattern::kBatch> letters;
  for (size_t i = 0; i < rows.size(); ++i) letters[i] = texts.letters(rows[i]);
  std::array<uint32_t, BandPattern::kBatch> distances;
  {
    const StageTimer timer(Measured(stages_.band), rows.size());
    distances =
        band_->Distances(absl::MakeConstSpan(letters.data(), rows.size()),
                         texts.length(), cutoff);
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (distances[i] > cutoff) continue;
    CompareExactly(texts.slot(rows[i]));
  }
}

// Fills rows_ with those that the letters leave.
absl::Status Searcher::ChooseRows(const TextsOfLength& texts, size_t cutoff) {
  rows_.clear();
  const StageTimer timer(Measured(stages_.letters), texts.rows());
  const LetterFilter filter(search_.prepared.letters, texts, cutoff);
  if (!filter.possible()) return absl::OkStatus();
  for (size_t run = 0; run < texts.runs(); ++run) {
    if (Cancelled()) return CallIsOver();
    if (cutoff == 0 && !texts.MayHold(run, search_.prepared.letters_hash)) {
      continue;
    }
    ChooseRowsOfRun(texts, run, filter);
  }
  return absl::OkStatus();
}

void Searcher::ChooseRowsOfRun(const TextsOfLength& texts, size_t run,
                               const LetterFilter& filter) {
  const size_t end = std::min(texts.rows(), (run + 1) * TextsOfLength::kRun);
  for (size_t first = run * TextsOfLength::kRun; first < end;
       first += TextsOfLength::kBlock) {
    const size_t rows = std::min(end - first, TextsOfLength::kBlock);
    uint64_t left = filter.Rows(texts.counts(first / TextsOfLength::kBlock));
    left &= ~uint64_t{0} >> (TextsOfLength::kBlock - rows);
    for (; left != 0; left &= left - 1) {
      rows_.push_back(first + static_cast<size_t>(std::countr_zero(left)));
    }
  }
}

const WordDistances* Searcher::DistancesOfWords(const TextsOfLength& texts) {
  const StageTimer timer(Measured(stages_.vocabulary), 0);
  const WordDistances* distances =
      search_.words.Distances(texts.rows(), rows_.size());
  if (distances != nullptr) {
    stages_.vocabulary.texts = static_cast<int64_t>(distances->known());
  }
  return distances;
}

void Searcher::KeepByWords(const TextsOfLength& texts, size_t cutoff) {
  const WordDistances* distances = DistancesOfWords(texts);
  if (distances == nullptr) return;
  const StageTimer timer(Measured(stages_.words), rows_.size());
  PlacedDistances& placed = placed_[texts.length() > length() ? 1 : 0];
  placed.SetFor(*distances, texts.length(), cutoff);
  size_t kept = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    texts.PrefetchWords(rows_[std::min(i + kRowsAhead, rows_.size() - 1)]);
    const size_t row = rows_[i];
    rows_[kept] = row;
    kept += placed.MayBeWithin(cutoff, texts.words(row)) ? 1 : 0;
  }
  search_.words.CountKept(rows_.size(), kept);
  rows_.resize(kept);
}

absl::Status Searcher::SearchTexts(const TextsOfLength& texts) {
  const size_t shorter = std::min(texts.length(), length());
  const size_t longer = std::max(texts.length(), length());
  size_t cutoff = Cutoff(longer);
  if (longer - shorter > cutoff) return absl::OkStatus();
  if (absl::Status status = ChooseRows(texts, cutoff); !status.ok()) {
    return status;
  }
  KeepByWords(texts, cutoff);
  // Rows lie far apart; they are asked for before they are needed.
  const auto ask_for = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < std::min(end, rows_.size()); ++i) {
      texts.Prefetch(rows_[i]);
    }
  };
  ask_for(0, kRowsAhead);
  for (size_t i = 0; i < rows_.size(); i += BandPattern::kBatch) {
    // The threshold may have risen, by another thread, too.
    cutoff = Cutoff(longer);
    if (longer - shorter > cutoff) break;
    if (i % kRowsPerCheck == 0 && Cancelled()) return CallIsOver();
    ask_for(i + kRowsAhead, i + kRowsAhead + BandPattern::kBatch);
    CompareBatch(texts,
                 absl::MakeConstSpan(rows_).subspan(i, BandPattern::kBatch),
                 cutoff);
  }
  return absl::OkStatus();
}

// The texts of the lengths that may reach the threshold, the nearest to
// `length` first, and of two the longer.
std::vector<const TextsOfLength*> NearestLengths(const LengthTable& table,
                                                 size_t length,
                                                 int threshold_percent) {
  const std::map<size_t, TextsOfLength>& lengths = table.lengths();
  const auto qualifies = [&](size_t text_length) {
    const size_t longer = std::max(text_length, length);
    return longer - std::min(text_length, length) <=
           LargestDistance(longer, threshold_percent);
  };
  std::vector<const TextsOfLength*> nearest;
  auto longer = lengths.lower_bound(length);
  auto shorter = std::make_reverse_iterator(longer);
  while (true) {
    const bool up = longer != lengths.end() && qualifies(longer->first);
    const bool down = shorter != lengths.rend() && qualifies(shorter->first);
    if (!up && !down) return nearest;
    if (up && (!down || longer->first - length <= length - shorter->first)) {
      nearest.push_back(&(longer++)->second);
    } else {
      nearest.push_back(&(shorter++)->second);
    }
  }
}

size_t RowsOf(absl::Span<const TextsOfLength* const> lengths) {
  size_t rows = 0;
  for (const TextsOfLength* texts : lengths) rows += texts->rows();
  return rows;
}

// How many threads beside the caller's are worth waking. Of one length, which
// is all that equal texts have, there is nothing left for another to take.
size_t MostHelpers(absl::Span<const TextsOfLength* const> lengths,
                   size_t texts_a_thread) {
  return lengths.empty()
             ? 0
             : std::min(lengths.size() - 1, RowsOf(lengths) / texts_a_thread);
}

// Goes through the lengths with all threads that there are, each taking the
// next one that nobody has taken.
absl::Status SearchLengths(absl::Span<const TextsOfLength* const> lengths,
                           Search& search, Searcher& callers) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> over = false;
  const std::function<bool()> is_over = [&] { return over.load(); };
  const auto take_part = [&](Searcher& searcher) -> absl::Status {
    for (size_t i = next++; i < lengths.size(); i = next++) {
      absl::Status status = searcher.SearchTexts(*lengths[i]);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  };
  const std::thread::id caller = std::this_thread::get_id();
  absl::Status outcome;  // the caller's thread writes it
  search.sharing.threads.Share(
      MostHelpers(lengths, search.sharing.texts_a_thread), [&] {
        if (std::this_thread::get_id() == caller) {
          outcome = take_part(callers);
          if (!outcome.ok()) over = true;
          return;
        }
        Searcher searcher(search, is_over);
        take_part(searcher).IgnoreError();  // the caller ended it
      });
  return outcome;
}

absl::Status Run(Search& search) {
  const std::function<bool()>& cancelled = search.query.cancelled;
  if (cancelled && cancelled()) return CallIsOver();
  if (!search.filter.possible()) return absl::OkStatus();
  Searcher searcher(search, cancelled);
  if (absl::Status status = searcher.SearchNumbers(); !status.ok()) {
    return status;
  }
  const std::vector<const TextsOfLength*> lengths = NearestLengths(
      search.index.by_length(search.query.language),
      search.prepared.codepoints.size(), search.found.threshold_percent());
  search.words.ExpectTexts(RowsOf(lengths));
  return SearchLengths(lengths, search, searcher);
}

}  // namespace

PreparedQuery PrepareQuery(const FuzzyQuery& query) {
  const std::string normalized = MatchingForm(query.text);
  PreparedQuery prepared;
  prepared.codepoints = text::Codepoints(normalized);
  prepared.letters = LetterClasses(normalized);
  prepared.letters_hash = HashLetters(prepared.letters);
  prepared.numberless_hash = NumberlessHash(normalized);
  prepared.width_mark = TinyHash(WidthMark(query.text));
  prepared.written_hash = ShortHash(HashText(query.text));
  prepared.previous_hash =
      ShortHash(HashText(MatchingForm(query.previous_text)));
  prepared.next_hash = ShortHash(HashText(MatchingForm(query.next_text)));
  return prepared;
}

absl::Status FuzzySearch(const ProjectIndex& index, const FuzzyQuery& query,
                         const PreparedQuery& prepared, const Sharing& sharing,
                         LookupScores& scores) {
  scores.Enter(index);
  Search search = {index,
                   query,
                   prepared,
                   sharing,
                   IndexFilter(query.filter, index),
                   WordFilter(index.words(query.language), prepared.letters),
                   Found(scores),
                   {}};
  return Run(search);
}

}  // namespace duilian::storage
