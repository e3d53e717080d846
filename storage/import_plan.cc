#include "storage/import_plan.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "storage/segment_match.h"

namespace duilian::storage {
namespace {

using Spans = std::vector<SegmentSpan>;

struct UnitPlace {
  Spans source, target;
};

std::string SpansKey(const Spans& source, const Spans& target) {
  std::string key;
  for (const Spans* spans : {&source, &target}) {
    for (const SegmentSpan& span : *spans) {
      absl::StrAppend(&key, span.begin_byte, "-", span.end_byte, " ");
    }
    key += '/';
  }
  return key;
}

using Texts = std::pair<std::string, std::string>;

Texts TextsOf(const TranslationUnit& unit) {
  return {unit.source.text, unit.target.text};
}

// The bytes of a side that units hold.
class HeldText {
 public:
  void Hold(const Spans& spans) {
    for (const SegmentSpan& span : spans) held_[span.segment].push_back(span);
  }

  bool Touches(const Spans& spans) const {
    return std::any_of(spans.begin(), spans.end(), [&](const auto& span) {
      const auto found = held_.find(span.segment);
      return found != held_.end() &&
             std::any_of(found->second.begin(), found->second.end(),
                         [&](const SegmentSpan& other) {
                           return span.begin_byte < other.end_byte &&
                                  other.begin_byte < span.end_byte;
                         });
    });
  }

 private:
  absl::flat_hash_map<int32_t, Spans> held_;
};

class Planner {
 public:
  explicit Planner(Reimport reimport)
      : reimport_(std::move(reimport)),
        new_of_(reimport_.old_units.size()),
        place_of_(reimport_.old_units.size()),
        gone_(reimport_.new_units.size(), false) {}

  ImportPlan Run() && {
    FindPlaces();
    IndexNewUnits();
    for (size_t i = 0; i < place_of_.size(); ++i) {
      if (IsReviewed(old(i))) MatchBySpans(i);
    }
    LeaveHeldTextAlone();
    for (size_t i = 0; i < place_of_.size(); ++i) {
      if (!IsReviewed(old(i))) MatchBySpans(i);
    }
    MatchByTexts();
    for (size_t i = 0; i < place_of_.size(); ++i) PlanOld(i);
    PlanNew();
    plan_.paired_source_segments = static_cast<int32_t>(source_.size());
    plan_.paired_target_segments = static_cast<int32_t>(target_.size());
    return std::move(plan_);
  }

 private:
  const TranslationUnit& old(size_t i) const { return reimport_.old_units[i]; }

  void FindPlaces() {
    const SpanMover source(reimport_.before.source_prints,
                           reimport_.after.source_prints);
    const SpanMover target(reimport_.before.target_prints,
                           reimport_.after.target_prints);
    for (size_t i = 0; i < place_of_.size(); ++i) {
      std::optional<Spans> source_spans = source.Move(old(i).source.spans);
      std::optional<Spans> target_spans = target.Move(old(i).target.spans);
      if (source_spans.has_value() && target_spans.has_value()) {
        place_of_[i] = {*std::move(source_spans), *std::move(target_spans)};
      }
    }
  }

  void IndexNewUnits() {
    for (size_t i = 0; i < reimport_.new_units.size(); ++i) {
      const TranslationUnit& unit = reimport_.new_units[i];
      by_spans_.emplace(SpansKey(unit.source.spans, unit.target.spans), i);
    }
  }

  void Take(size_t old_index, size_t new_index) {
    new_of_[old_index] = new_index;
    gone_[new_index] = true;
  }

  void MatchBySpans(size_t i) {
    if (!place_of_[i].has_value()) return;
    const auto found =
        by_spans_.find(SpansKey(place_of_[i]->source, place_of_[i]->target));
    if (found != by_spans_.end() && !gone_[found->second]) {
      Take(i, found->second);
    }
  }

  void LeaveHeldTextAlone() {
    HeldText source, target;
    for (size_t i = 0; i < place_of_.size(); ++i) {
      if (!place_of_[i].has_value() || !IsReviewed(old(i)) ||
          old(i).status == ReviewStatus::kRejected) {
        continue;
      }
      source.Hold(place_of_[i]->source);
      target.Hold(place_of_[i]->target);
    }
    for (size_t i = 0; i < gone_.size(); ++i) {
      const TranslationUnit& unit = reimport_.new_units[i];
      if (source.Touches(unit.source.spans) ||
          target.Touches(unit.target.spans)) {
        gone_[i] = true;
      }
    }
  }

  // Equal texts in order, the reviewed units first. One that holds its place
  // needs no other.
  void MatchByTexts() {
    absl::flat_hash_map<Texts, std::vector<size_t>> by_texts;
    for (size_t i = gone_.size(); i-- > 0;) {
      if (!gone_[i]) by_texts[TextsOf(reimport_.new_units[i])].push_back(i);
    }
    if (by_texts.empty()) return;
    for (const bool reviewed : {true, false}) {
      for (size_t i = 0; i < place_of_.size(); ++i) {
        if (IsReviewed(old(i)) != reviewed || new_of_[i].has_value() ||
            (reviewed && place_of_[i].has_value())) {
          continue;
        }
        const auto found = by_texts.find(TextsOf(old(i)));
        if (found == by_texts.end() || found->second.empty()) continue;
        Take(i, found->second.back());
        found->second.pop_back();
      }
    }
  }

  void PlanOld(size_t i) {
    std::optional<TranslationUnit> after = StateAfter(i);
    if (!after.has_value()) {
      plan_.removals.push_back(i);
      return;
    }
    ++plan_.kept;
    if (!new_of_[i].has_value() && !place_of_[i].has_value()) ++plan_.outdated;
    Count(*after);
    if (*after != old(i)) plan_.puts.push_back({*std::move(after), i});
  }

  // nullopt: the unit goes.
  std::optional<TranslationUnit> StateAfter(size_t i) const {
    const bool reviewed = IsReviewed(old(i));
    TranslationUnit unit = old(i);
    if (new_of_[i].has_value()) {
      const TranslationUnit& found = reimport_.new_units[*new_of_[i]];
      const UnitSide source = unit.source, target = unit.target;
      unit.source = found.source;
      unit.target = found.target;
      if (reviewed) {
        unit.source.text = source.text;
        unit.target.text = target.text;
      } else {
        unit.origin = found.origin;
        unit.confidence = found.confidence;
        unit.model_version = found.model_version;
      }
      return unit;
    }
    if (!reviewed) return std::nullopt;
    if (place_of_[i].has_value()) {
      unit.source.spans = place_of_[i]->source;
      unit.target.spans = place_of_[i]->target;
      return unit;
    }
    if (unit.status == ReviewStatus::kUnreviewed &&
        unit.origin != Origin::kManual) {
      return std::nullopt;
    }
    unit.source.spans.clear();
    unit.target.spans.clear();
    return unit;
  }

  void PlanNew() {
    for (size_t i = 0; i < gone_.size(); ++i) {
      if (gone_[i]) continue;
      ++plan_.added;
      Count(reimport_.new_units[i]);
      plan_.puts.push_back({std::move(reimport_.new_units[i]), std::nullopt});
    }
  }

  void Count(const TranslationUnit& unit) {
    plan_.confidence_sum += unit.confidence;
    for (const SegmentSpan& span : unit.source.spans) {
      source_.insert(span.segment);
    }
    for (const SegmentSpan& span : unit.target.spans) {
      target_.insert(span.segment);
    }
  }

  Reimport reimport_;
  std::vector<std::optional<size_t>> new_of_;       // by old unit
  std::vector<std::optional<UnitPlace>> place_of_;  // by old unit, in the new
  std::vector<bool> gone_;  // by new unit: taken, or left out
  absl::flat_hash_map<std::string, size_t> by_spans_;
  absl::flat_hash_set<int32_t> source_, target_;  // paired segments
  ImportPlan plan_;
};

}  // namespace

bool IsReviewed(const TranslationUnit& unit) {
  return unit.status != ReviewStatus::kUnreviewed ||
         unit.origin == Origin::kManual || unit.reshaped;
}

ImportPlan PlanImport(Reimport reimport) {
  return Planner(std::move(reimport)).Run();
}

}  // namespace duilian::storage
