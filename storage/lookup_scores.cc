#include "storage/lookup_scores.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "text/language.h"
#include "text/numbers.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

constexpr int64_t kMicrosecondsPerDay = int64_t{24} * 60 * 60 * 1'000'000;

text::Language OtherSide(text::Language language) {
  return language == text::Language::kEnglish ? text::Language::kChinese
                                              : text::Language::kEnglish;
}

}  // namespace

LookupScores::LookupScores(const ProjectIndex& index, const FuzzyQuery& query,
                           const PreparedQuery& prepared)
    : index_(index),
      query_(query),
      prepared_(prepared),
      document_(query.document.empty() ? std::nullopt
                                       : index.FindName(query.document)),
      threshold_percent_(query.threshold_percent) {}

int LookupScores::Score(SlotId slot, size_t distance, size_t longer) const {
  if (distance > 0) return static_cast<int>(100 * (longer - distance) / longer);
  const SideEntry& side = index_.side(slot, query_.language);
  const auto equal = [](uint64_t a, uint64_t b) { return a != 0 && a == b; };
  const bool before = equal(side.previous_hash, prepared_.previous_hash);
  const bool after = equal(side.next_hash, prepared_.next_hash);
  const bool same_document =
      query_.document.empty() || document_ == index_.entry(slot).document;
  if (before && after && same_document) return 102;
  return before || after ? 101 : 100;
}

PenaltySet LookupScores::KnownPenalties(SlotId slot, bool equal) const {
  const IndexEntry& entry = index_.entry(slot);
  PenaltySet penalties;
  if (entry.origin == Origin::kAligned &&
      entry.status == ReviewStatus::kUnreviewed) {
    penalties.Add(PenaltyKind::kUnreviewedAlignment);
    if (entry.confidence < kDoubtfulConfidence) {
      penalties.Add(PenaltyKind::kDoubtfulAlignment);
    }
  }
  if (equal &&
      index_.side(slot, query_.language).width_mark != prepared_.width_mark) {
    penalties.Add(PenaltyKind::kWidthDifference);
  }
  if (entry.update_time_us <
      query_.now_us - query_.penalties.age_days * kMicrosecondsPerDay) {
    penalties.Add(PenaltyKind::kAge);
  }
  return penalties;
}

int LookupScores::Suitability(const Hit& hit) const {
  return std::max(0, hit.base - hit.penalties.Sum(query_.penalties));
}

void LookupScores::Add(SlotId slot, size_t distance, size_t longer) {
  Hit hit;
  hit.slot = slot;
  hit.score = Score(slot, distance, longer);
  if (hit.score < threshold_percent_) return;
  hit.base = hit.score;
  hit.penalties = KnownPenalties(slot, distance == 0);
  Take(hit);
}

bool LookupScores::ChangesNumbers(SlotId slot) const {
  return text::ChangeNumbers(
             prepared_.codepoints,
             text::Codepoints(index_.normalized(slot, query_.language)),
             text::Codepoints(
                 index_.normalized(slot, OtherSide(query_.language))))
      .has_value();
}

bool LookupScores::AddWithNumbers(SlotId slot, size_t distance, size_t longer) {
  Hit hit;
  hit.slot = slot;
  hit.score = Score(slot, distance, longer);
  const int substituted = 100 - query_.penalties.numbers_substituted;
  // Equal texts score at least 100.
  if (substituted < query_.threshold_percent || substituted <= hit.score ||
      !ChangesNumbers(slot)) {
    counted_.push_back(slot);
    return false;
  }
  hit.base = 100;
  hit.penalties = KnownPenalties(slot, false);
  hit.penalties.Add(PenaltyKind::kNumbersSubstituted);
  Take(hit);
  return true;
}

void LookupScores::Take(Hit hit) {
  const IndexEntry& entry = index_.entry(hit.slot);
  hit.suitability =
      std::max(0, Suitability(hit) - query_.penalties.several_translations);
  hit.accepted = entry.status == ReviewStatus::kAccepted;
  hit.revision = entry.revision;
  hit.confidence = entry.confidence;
  hit.id = entry.id;
  hits_.push_back(hit);
  RaiseThreshold(hit);
}

// All units of a text have one score, or, in context, one of at least 100: up
// to 100, raising loses no unit of a text that stays.
void LookupScores::RaiseThreshold(const Hit& hit) {
  if (!found_.insert(index_.entry(hit.slot).texts_hash).second) return;
  ++found_with_[static_cast<size_t>(std::min(hit.suitability, 100))];
  size_t as_good = 0;
  for (int percent = 100; percent > threshold_percent_; --percent) {
    as_good += found_with_[static_cast<size_t>(percent)];
    if (as_good >= query_.limit) {
      threshold_percent_ = percent;
      return;
    }
  }
}

void LookupScores::CountTranslations() {
  absl::flat_hash_map<absl::string_view, absl::flat_hash_set<absl::string_view>>
      translations;
  const auto text = [&](SlotId slot) {
    return index_.normalized(slot, query_.language);
  };
  const auto count = [&](SlotId slot) {
    translations[text(slot)].insert(
        index_.normalized(slot, OtherSide(query_.language)));
  };
  for (const Hit& hit : hits_) count(hit.slot);
  for (const SlotId slot : counted_) count(slot);
  for (Hit& hit : hits_) {
    hit.translations =
        static_cast<int64_t>(translations[text(hit.slot)].size());
    if (hit.translations > 1) {
      hit.penalties.Add(PenaltyKind::kSeveralTranslations);
    }
    hit.suitability = Suitability(hit);
  }
}

// Of the hits with the same texts the best one stays, and counts them.
void LookupScores::CollapseEqualPairs() {
  absl::flat_hash_map<uint64_t, size_t> place_of;
  std::vector<Hit> distinct;
  for (const Hit& hit : hits_) {
    const auto [found, is_new] = place_of.try_emplace(
        index_.entry(hit.slot).texts_hash, distinct.size());
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

std::vector<ScoredUnit> LookupScores::Best() && {
  CountTranslations();
  CollapseEqualPairs();
  const size_t count = std::min(hits_.size(), query_.limit);
  std::partial_sort(
      hits_.begin(), hits_.begin() + static_cast<std::ptrdiff_t>(count),
      hits_.end(),
      [](const Hit& a, const Hit& b) { return a.Order() > b.Order(); });
  std::vector<ScoredUnit> best;
  for (const Hit& hit : absl::MakeConstSpan(hits_).subspan(0, count)) {
    best.push_back({{hit.id, hit.revision},
                    hit.score,
                    hit.suitability,
                    hit.penalties,
                    hit.occurrences,
                    hit.translations});
  }
  return best;
}

}  // namespace duilian::storage
