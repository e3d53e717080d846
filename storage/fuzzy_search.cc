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
// different pairs are found as were asked for, the worst of their scores is the
// threshold, and only texts at least as good can change the answer.
// Tested by lookup_index_test.cc against the simple version.

#include "storage/fuzzy_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "storage/band_distance.h"
#include "storage/edit_distance.h"
#include "storage/index_filter.h"
#include "storage/letter_filter.h"
#include "storage/text_hash.h"
#include "text/normalize.h"
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
  struct Hit {
    int score_percent;
    bool accepted;
    double confidence;
    uint64_t revision;
    UnitId id;
    uint64_t texts_hash;
    int64_t occurrences = 1;
    // As IsBetterMatch.
    auto Order() const {
      return std::tie(score_percent, accepted, confidence, revision, id);
    }
  };

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
  void Score(SlotId slot, size_t distance, size_t longer);
  void RaiseThreshold(const Hit& hit);
  void CollapseEqualPairs();
  std::vector<ScoredUnit> Best();

  const ProjectIndex& index_;
  const FuzzyQuery& query_;
  const PreparedQuery& prepared_;
  const IndexFilter filter_;
  int threshold_percent_;  // rises
  std::optional<BandPattern> band_;
  std::optional<EditPattern> distance_;
  absl::flat_hash_map<char32_t, Symbol> symbols_;
  std::vector<size_t> rows_;  // that wait to be compared
  std::vector<Symbol> text_;  // a candidate's letters
  std::vector<Hit> hits_;
  absl::flat_hash_set<uint64_t> found_;      // texts_hash of hits
  std::array<size_t, 101> found_with_ = {};  // by score, 100 at the most
};

Search::Search(const ProjectIndex& index, const FuzzyQuery& query,
               const PreparedQuery& prepared)
    : index_(index),
      query_(query),
      prepared_(prepared),
      filter_(query.filter, index),
      threshold_percent_(query.threshold_percent) {}

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

void Search::Score(SlotId slot, size_t distance, size_t longer) {
  const IndexEntry& entry = index_.entry(slot);
  const SideEntry& side = index_.side(slot, query_.language);
  int score;
  if (distance == 0) {
    const auto equal = [](uint64_t a, uint64_t b) { return a != 0 && a == b; };
    score = 100 + (equal(side.previous_hash, prepared_.previous_hash) ? 1 : 0) +
            (equal(side.next_hash, prepared_.next_hash) ? 1 : 0);
  } else {
    score = static_cast<int>(100 * (longer - distance) / longer);
  }
  if (score < threshold_percent_) return;
  hits_.push_back({score, entry.status == ReviewStatus::kAccepted,
                   entry.confidence, entry.revision, entry.id,
                   entry.texts_hash});
  RaiseThreshold(hits_.back());
}

// Equal pairs have one score, or, in context, one of at least 100: up to 100,
// raising loses no occurrence of a pair that stays.
void Search::RaiseThreshold(const Hit& hit) {
  if (!found_.insert(hit.texts_hash).second) return;
  ++found_with_[static_cast<size_t>(std::min(hit.score_percent, 100))];
  size_t as_good = 0;
  for (int score = 100; score > threshold_percent_; --score) {
    as_good += found_with_[static_cast<size_t>(score)];
    if (as_good >= query_.limit) {
      threshold_percent_ = score;
      return;
    }
  }
}

void Search::CompareExactly(SlotId slot) {
  if (!filter_.Passes(index_.entry(slot), index_.side(slot, query_.language))) {
    return;
  }
  const absl::string_view text = index_.normalized(slot, query_.language);
  text_.clear();
  for (size_t offset = 0; offset < text.size();) {
    const auto found = symbols_.find(text::NextCodepoint(text, offset));
    text_.push_back(found == symbols_.end() ? kForeignSymbol : found->second);
  }
  const size_t longer = std::max(text_.size(), length());
  const std::optional<size_t> distance =
      distance_->Distance(text_, Cutoff(longer));
  if (distance.has_value()) Score(slot, *distance, longer);
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

// Of the hits with the same texts the best one stays, and counts them.
void Search::CollapseEqualPairs() {
  absl::flat_hash_map<uint64_t, size_t> place_of;
  std::vector<Hit> distinct;
  for (const Hit& hit : hits_) {
    const auto [found, is_new] =
        place_of.try_emplace(hit.texts_hash, distinct.size());
    if (is_new) {
      distinct.push_back(hit);
      continue;
    }
    Hit& best = distinct[found->second];
    const int64_t occurrences = best.occurrences + 1;
    if (hit.Order() > best.Order()) best = hit;
    best.occurrences = occurrences;
  }
  hits_ = std::move(distinct);
}

std::vector<ScoredUnit> Search::Best() {
  CollapseEqualPairs();
  const size_t count = std::min(hits_.size(), query_.limit);
  std::partial_sort(
      hits_.begin(), hits_.begin() + static_cast<std::ptrdiff_t>(count),
      hits_.end(),
      [](const Hit& a, const Hit& b) { return a.Order() > b.Order(); });
  std::vector<ScoredUnit> best;
  for (size_t i = 0; i < count; ++i) {
    best.push_back({{hits_[i].id, hits_[i].revision},
                    hits_[i].score_percent,
                    hits_[i].occurrences});
  }
  return best;
}

absl::StatusOr<std::vector<ScoredUnit>> Search::Run() {
  if (Cancelled()) return CallIsOver();
  if (!filter_.possible()) return std::vector<ScoredUnit>();
  NumberSymbols();
  if (absl::Status status = SearchLengths(); !status.ok()) return status;
  return Best();
}

}  // namespace

PreparedQuery PrepareQuery(const FuzzyQuery& query) {
  const std::string normalized = text::NormalizeForMatching(query.text);
  PreparedQuery prepared;
  prepared.codepoints = text::Codepoints(normalized);
  prepared.letters = LetterClasses(normalized);
  prepared.previous_hash =
      HashText(text::NormalizeForMatching(query.previous_text));
  prepared.next_hash = HashText(text::NormalizeForMatching(query.next_text));
  return prepared;
}

absl::StatusOr<std::vector<ScoredUnit>> FuzzySearch(
    const ProjectIndex& index, const FuzzyQuery& query,
    const PreparedQuery& prepared) {
  return Search(index, query, prepared).Run();
}

}  // namespace duilian::storage
