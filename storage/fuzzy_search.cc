// The simple version computes the edit distance d of the query q to every
// text u, and keeps those with 100 * (L - d) >= threshold * L, where L is the
// longer length: those with d <= L - ceil(threshold * L / 100), the cutoff.
// Here most texts are only counted:
// 1. Lengths: d is at least their difference, which bounds u's length from
//    both sides. The texts are kept by length (length_table.h), and the nearest
//    lengths are read first.
// 2. Letters: 64 texts at a time, those stay that have few letters more than q,
//    and few in each half (letter_filter.cc has the bounds).
// 3. The distance over classes of letters, which is at most d, 32 texts at a
//    time (band_distance.cc).
// 4. Of what is left, the distance over code points (edit_distance.h).
// Each of 1 to 3 is a lower bound of d, so nothing is missed. Once as many
// different pairs are found as were asked for, the worst of their suitabilities
// is the threshold: a text is suited no better than it scores
// (lookup_scores.h), so only texts that score as much can change the answer.
// Texts that differ from q in numbers alone may be suited better than they
// score; they are found by a hash, before the others.
// Tested by lookup_index_test.cc against the simple version.

#include "storage/fuzzy_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "storage/band_distance.h"
#include "storage/edit_distance.h"
#include "storage/index_filter.h"
#include "storage/letter_filter.h"
#include "storage/lookup_scores.h"
#include "storage/matching_form.h"
#include "storage/text_hash.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

// How many blocks of texts, and rows of them, pass between two looks at whether
// the call is over.
constexpr size_t kBlocksPerCheck = 64;
constexpr size_t kRowsPerCheck = 64 * BandPattern::kBatch;

// How many rows before its turn a row is asked for.
constexpr size_t kRowsAhead = 2 * BandPattern::kBatch;

absl::Status CallIsOver() {
  return absl::CancelledError("the look-up was cancelled");
}

// The texts of one language that are like a query.
class Search {
 public:
  Search(const ProjectIndex& index, const FuzzyQuery& query,
         const PreparedQuery& prepared);

  absl::StatusOr<std::vector<ScoredUnit>> Run();

 private:
  size_t length() const { return prepared_.codepoints.size(); }
  bool Cancelled() const { return query_.cancelled && query_.cancelled(); }
  // The largest distance that qualifies when the longer text has `longer`.
  size_t Cutoff(size_t longer) const;
  bool Qualifies(size_t text_length) const;

  void NumberSymbols();
  absl::Status SearchLengths();
  absl::Status SearchTexts(const TextsOfLength& texts);
  absl::Status ChooseRows(const TextsOfLength& texts);
  void CompareBatch(const TextsOfLength& texts, absl::Span<const size_t> rows);
  void CompareExactly(SlotId slot);
  absl::Status SearchNumbers();
  void ReadText(SlotId slot);

  const ProjectIndex& index_;
  const FuzzyQuery& query_;
  const PreparedQuery& prepared_;
  const IndexFilter filter_;
  int threshold_percent_;  // rises
  std::optional<BandPattern> band_;
  std::optional<EditPattern> distance_;
  absl::flat_hash_map<char32_t, Symbol> symbols_;
  std::vector<size_t> rows_;  // that wait to be compared
  std::string normalized_;    // a candidate's text
  std::vector<Symbol> text_;  // its letters
  LookupScores scores_;
  absl::flat_hash_set<SlotId> numbered_;  // that SearchNumbers() added
};

Search::Search(const ProjectIndex& index, const FuzzyQuery& query,
               const PreparedQuery& prepared)
    : index_(index),
      query_(query),
      prepared_(prepared),
      filter_(query.filter, index),
      threshold_percent_(query.threshold_percent),
      scores_(index, query, prepared) {}

size_t Search::Cutoff(size_t longer) const {
  const auto threshold = static_cast<size_t>(threshold_percent_);
  return longer - (longer * threshold + 99) / 100;
}

bool Search::Qualifies(size_t text_length) const {
  const size_t shorter = std::min(text_length, length());
  const size_t longer = std::max(text_length, length());
  return longer - shorter <= Cutoff(longer);
}

void Search::NumberSymbols() {
  std::vector<Symbol> pattern;
  for (const char32_t c : prepared_.codepoints) {
    const auto next = static_cast<Symbol>(symbols_.size());
    pattern.push_back(symbols_.try_emplace(c, next).first->second);
  }
  distance_.emplace(pattern, symbols_.size());
  if (!prepared_.letters.empty()) band_.emplace(prepared_.letters);
}

// Texts that differ in numbers alone, wherever their distance lies.
absl::Status Search::SearchNumbers() {
  if (prepared_.numberless_hash == 0) return absl::OkStatus();
  size_t compared = 0;
  std::vector<SlotId> slots;
  index_.slots_with_numberless(prepared_.numberless_hash, query_.language)
      .ForEach([&](SlotId slot) { slots.push_back(slot); });
  for (const SlotId slot : slots) {
    if (index_.is_gone(slot)) continue;
    if (compared++ % kRowsPerCheck == 0 && Cancelled()) return CallIsOver();
    if (!filter_.Passes(slot, query_.language)) continue;
    ReadText(slot);
    const size_t longer = std::max(text_.size(), length());
    const size_t distance = distance_->Distance(text_, longer).value_or(longer);
    if (scores_.AddWithNumbers(slot, distance, longer)) numbered_.insert(slot);
  }
  threshold_percent_ = scores_.threshold_percent();
  return absl::OkStatus();
}

void Search::ReadText(SlotId slot) {
  normalized_.clear();
  index_.AppendText(slot, query_.language, normalized_);
  text_.clear();
  for (size_t offset = 0; offset < normalized_.size();) {
    const auto found = symbols_.find(text::NextCodepoint(normalized_, offset));
    text_.push_back(found == symbols_.end() ? kForeignSymbol : found->second);
  }
}

void Search::CompareExactly(SlotId slot) {
  if (!filter_.Passes(slot, query_.language)) return;
  if (!numbered_.empty() && numbered_.contains(slot)) return;
  ReadText(slot);
  const size_t longer = std::max(text_.size(), length());
  const std::optional<size_t> distance =
      distance_->Distance(text_, Cutoff(longer));
  if (!distance.has_value()) return;
  scores_.Add(slot, *distance, longer);
  threshold_percent_ = scores_.threshold_percent();
}

void Search::CompareBatch(const TextsOfLength& texts,
                          absl::Span<const size_t> rows) {
  const size_t cutoff = Cutoff(std::max(texts.length(), length()));
  if (texts.length() == 0 || cutoff > BandPattern::kMaxCutoff) {
    for (const size_t row : rows) CompareExactly(texts.slot(row));
    return;
  }
  std::array<PackedText, BandPattern::kBatch> letters;
  for (size_t i = 0; i < rows.size(); ++i) letters[i] = texts.letters(rows[i]);
  const std::array<uint32_t, BandPattern::kBatch> distances = band_->Distances(
      absl::MakeConstSpan(letters.data(), rows.size()), texts.length(), cutoff);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (distances[i] <= cutoff) CompareExactly(texts.slot(rows[i]));
  }
}

// Fills rows_ with those that the letters leave.
absl::Status Search::ChooseRows(const TextsOfLength& texts) {
  rows_.clear();
  const size_t cutoff = Cutoff(std::max(texts.length(), length()));
  const LetterFilter filter(prepared_.letters, texts.length(), cutoff);
  if (!filter.possible()) return absl::OkStatus();
  const size_t blocks = texts.whole_blocks();
  for (size_t block = 0; block <= blocks; ++block) {
    if (block % kBlocksPerCheck == 0 && Cancelled()) return CallIsOver();
    const size_t first = block * TextsOfLength::kBlock;
    uint64_t left = block < blocks
                        ? filter.Rows(texts.counts(block))
                        : (uint64_t{1} << (texts.rows() - first)) - 1;
    for (; left != 0; left &= left - 1) {
      rows_.push_back(first + static_cast<size_t>(std::countr_zero(left)));
    }
  }
  return absl::OkStatus();
}

absl::Status Search::SearchTexts(const TextsOfLength& texts) {
  if (absl::Status status = ChooseRows(texts); !status.ok()) return status;
  for (size_t i = 0; i < rows_.size(); i += BandPattern::kBatch) {
    // The threshold may have risen since the rows were chosen.
    if (!Qualifies(texts.length())) break;
    if (i % kRowsPerCheck == 0 && Cancelled()) return CallIsOver();
    // Rows lie far apart; they are asked for before they are needed.
    for (size_t ahead = i + kRowsAhead;
         ahead < std::min(i + kRowsAhead + BandPattern::kBatch, rows_.size());
         ++ahead) {
      texts.Prefetch(rows_[ahead]);
    }
    CompareBatch(texts,
                 absl::MakeConstSpan(rows_).subspan(i, BandPattern::kBatch));
  }
  return absl::OkStatus();
}

absl::Status Search::SearchLengths() {
  const std::map<size_t, TextsOfLength>& lengths =
      index_.by_length(query_.language).lengths();
  auto longer = lengths.lower_bound(length());
  auto shorter = std::make_reverse_iterator(longer);
  while (true) {
    const bool up = longer != lengths.end() && Qualifies(longer->first);
    const bool down = shorter != lengths.rend() && Qualifies(shorter->first);
    if (!up && !down) return absl::OkStatus();
    const bool go_up =
        up && (!down || longer->first - length() <= length() - shorter->first);
    const TextsOfLength& texts = go_up ? longer->second : shorter->second;
    if (go_up) {
      ++longer;
    } else {
      ++shorter;
    }
    if (absl::Status status = SearchTexts(texts); !status.ok()) return status;
  }
}

absl::StatusOr<std::vector<ScoredUnit>> Search::Run() {
  if (Cancelled()) return CallIsOver();
  if (!filter_.possible()) return std::vector<ScoredUnit>();
  NumberSymbols();
  if (absl::Status status = SearchNumbers(); !status.ok()) return status;
  if (absl::Status status = SearchLengths(); !status.ok()) return status;
  return std::move(scores_).Best();
}

}  // namespace

PreparedQuery PrepareQuery(const FuzzyQuery& query) {
  const std::string normalized = MatchingForm(query.text);
  PreparedQuery prepared;
  prepared.codepoints = text::Codepoints(normalized);
  prepared.letters = LetterClasses(normalized);
  prepared.numberless_hash = NumberlessHash(normalized);
  prepared.width_mark = ShortHash(WidthMark(query.text));
  prepared.written_hash = ShortHash(HashText(query.text));
  prepared.previous_hash =
      ShortHash(HashText(MatchingForm(query.previous_text)));
  prepared.next_hash = ShortHash(HashText(MatchingForm(query.next_text)));
  return prepared;
}

absl::StatusOr<std::vector<ScoredUnit>> FuzzySearch(
    const ProjectIndex& index, const FuzzyQuery& query,
    const PreparedQuery& prepared) {
  return Search(index, query, prepared).Run();
}

}  // namespace duilian::storage
