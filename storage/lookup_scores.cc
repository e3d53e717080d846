#include "storage/lookup_scores.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "storage/text_hash.h"
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

LookupScores::LookupScores(const FuzzyQuery& query,
                           const PreparedQuery& prepared)
    : query_(query),
      prepared_(prepared),
      threshold_percent_(query.threshold_percent) {}

void LookupScores::Enter(const ProjectIndex& index) {
  if (projects_.empty() && !query_.document.empty()) {
    document_ = index.FindName(query_.document);
  }
  projects_.push_back(&index);
}

int LookupScores::Score(SlotId slot, size_t distance, size_t longer) const {
  if (distance > 0) return static_cast<int>(100 * (longer - distance) / longer);
  // Neighbours are of the query's own project.
  if (of_other_project()) return 100;
  const SideEntry& side = index().side(slot, query_.language);
  const auto equal = [](uint32_t a, uint32_t b) { return a != 0 && a == b; };
  const bool before = equal(side.previous_hash, prepared_.previous_hash);
  const bool after = equal(side.next_hash, prepared_.next_hash);
  const bool same_document =
      query_.document.empty() || document_ == index().context(slot).document;
  if (before && after && same_document) return 102;
  return before || after ? 101 : 100;
}

PenaltySet LookupScores::KnownPenalties(SlotId slot, bool equal) const {
  const UnitContext& context = index().context(slot);
  PenaltySet penalties;
  if (context.origin == Origin::kAligned &&
      context.status == ReviewStatus::kUnreviewed) {
    penalties.Add(PenaltyKind::kUnreviewedAlignment);
    if (index().uncertainty(slot) > Uncertainty(kDoubtfulConfidence)) {
      penalties.Add(PenaltyKind::kDoubtfulAlignment);
    }
  }
  if (equal &&
      index().width_mark(slot, query_.language) != prepared_.width_mark) {
    penalties.Add(PenaltyKind::kWidthDifference);
  }
  if (context.update_time_us <
      query_.now_us - query_.penalties.age_days * kMicrosecondsPerDay) {
    penalties.Add(PenaltyKind::kAge);
  }
  if (of_other_project()) penalties.Add(PenaltyKind::kOtherProject);
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
  hit.identical =
      distance == 0 && index().side(slot, query_.language).written_hash ==
                           prepared_.written_hash;
  hit.penalties = KnownPenalties(slot, distance == 0);
  Take(hit);
}

bool LookupScores::ChangesNumbers(SlotId slot) const {
  std::string text, translation;
  index().AppendText(slot, query_.language, text);
  index().AppendText(slot, OtherSide(query_.language), translation);
  return text::ChangeNumbers(prepared_.codepoints, text::Codepoints(text),
                             text::Codepoints(translation))
      .has_value();
}

LookupScores::PairHash LookupScores::HashOf(const Hit& hit) const {
  const auto written = [&](text::Language language) -> PairHash {
    return projects_[hit.project]->side(hit.slot, language).written_hash;
  };
  return written(text::Language::kEnglish) << 32 |
         written(text::Language::kChinese);
}

bool LookupScores::AddWithNumbers(SlotId slot, size_t distance, size_t longer) {
  Hit hit;
  hit.slot = slot;
  hit.score = Score(slot, distance, longer);
  const int substituted = 100 - query_.penalties.numbers_substituted;
  // Equal texts score at least 100.
  if (substituted < query_.threshold_percent || substituted <= hit.score ||
      !ChangesNumbers(slot)) {
    counted_.emplace_back(projects_.size() - 1, slot);
    return false;
  }
  hit.base = 100;
  hit.penalties = KnownPenalties(slot, false);
  hit.penalties.Add(PenaltyKind::kNumbersSubstituted);
  Take(hit);
  return true;
}

void LookupScores::Take(Hit hit) {
  const UnitContext& context = index().context(hit.slot);
  hit.project = projects_.size() - 1;
  hit.suitability =
      std::max(0, Suitability(hit) - query_.penalties.several_translations);
  hit.accepted = context.status == ReviewStatus::kAccepted;
  hit.revision = context.revision;
  hit.sureness = -index().uncertainty(hit.slot);
  hit.id = index().id(hit.slot);
  hits_.push_back(hit);
  RaiseThreshold(hit);
}

// All units of a text have one score, or, in context, one of at least 100: up
// to 100, raising loses no unit of a text that stays.
void LookupScores::RaiseThreshold(const Hit& hit) {
  if (!found_.insert(HashOf(hit)).second) return;
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
  std::string text;
  const auto hash = [&](size_t project, SlotId slot, text::Language language) {
    text.clear();
    projects_[project]->AppendText(slot, language, text);
    return HashText(text);
  };
  // By hashes of the matching forms.
  absl::flat_hash_map<uint64_t, absl::flat_hash_set<uint64_t>> translations;
  std::vector<uint64_t> texts;  // of hits
  for (Hit& hit : hits_) {
    texts.push_back(hash(hit.project, hit.slot, query_.language));
    hit.translation = hash(hit.project, hit.slot, OtherSide(query_.language));
    translations[texts.back()].insert(hit.translation);
  }
  for (const auto& [project, slot] : counted_) {
    translations[hash(project, slot, query_.language)].insert(
        hash(project, slot, OtherSide(query_.language)));
  }
  for (size_t i = 0; i < hits_.size(); ++i) {
    Hit& hit = hits_[i];
    hit.translations = static_cast<int64_t>(translations[texts[i]].size());
    if (hit.translations > 1) {
      hit.penalties.Add(PenaltyKind::kSeveralTranslations);
    }
    hit.suitability = Suitability(hit);
  }
}

// Of the hits with the same texts the best one stays, and counts them. A text
// may have many translations: 32 bits alone would not keep them apart.
void LookupScores::CollapseEqualPairs() {
  absl::flat_hash_map<std::pair<PairHash, uint64_t>, size_t> place_of;
  std::vector<Hit> distinct;
  for (const Hit& hit : hits_) {
    const auto [found, is_new] = place_of.try_emplace(
        std::pair(HashOf(hit), hit.translation), distinct.size());
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
    best.push_back({hit.project,
                    {hit.id, hit.revision},
                    hit.score,
                    hit.suitability,
                    hit.penalties,
                    hit.occurrences,
                    hit.translations});
  }
  return best;
}

}  // namespace duilian::storage
