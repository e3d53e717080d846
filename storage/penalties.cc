#include "storage/penalties.h"

#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

std::string WordsFor(PenaltyKind kind, const PenaltyPoints& points) {
  switch (kind) {
    case PenaltyKind::kUnreviewedAlignment:
      return "unreviewed alignment";
    case PenaltyKind::kDoubtfulAlignment:
      return "doubtful alignment";
    case PenaltyKind::kSeveralTranslations:
      return "several translations";
    case PenaltyKind::kWidthDifference:
      return "differs in width";
    case PenaltyKind::kNumbersSubstituted:
      return "numbers substituted";
    case PenaltyKind::kAge:
      return absl::StrCat("older than ", points.age_days, " days");
    case PenaltyKind::kOtherProject:
      return "other project";
  }
  return "";
}

}  // namespace

int32_t PenaltyPoints::Of(PenaltyKind kind) const {
  switch (kind) {
    case PenaltyKind::kUnreviewedAlignment:
      return unreviewed_alignment;
    case PenaltyKind::kDoubtfulAlignment:
      return doubtful_alignment;
    case PenaltyKind::kSeveralTranslations:
      return several_translations;
    case PenaltyKind::kWidthDifference:
      return width_difference;
    case PenaltyKind::kNumbersSubstituted:
      return numbers_substituted;
    case PenaltyKind::kAge:
      return age;
    case PenaltyKind::kOtherProject:
      return other_project;
  }
  return 0;
}

int32_t PenaltySet::Sum(const PenaltyPoints& points) const {
  int32_t sum = 0;
  for (const PenaltyKind kind : kPenaltyKinds) {
    if (Has(kind)) sum += points.Of(kind);
  }
  return sum;
}

std::vector<Penalty> TellPenalties(const PenaltySet& set,
                                   const PenaltyPoints& points) {
  std::vector<Penalty> told;
  for (const PenaltyKind kind : kPenaltyKinds) {
    if (!set.Has(kind) || points.Of(kind) == 0) continue;
    told.push_back({kind, points.Of(kind), WordsFor(kind, points)});
  }
  return told;
}

}  // namespace duilian::storage
