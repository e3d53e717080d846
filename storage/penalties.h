// What speaks against a match beside its text, in points of a hundred.

#ifndef DUILIAN_STORAGE_PENALTIES_H_
#define DUILIAN_STORAGE_PENALTIES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace duilian::storage {

// In the order in which they are told.
enum class PenaltyKind : uint8_t {
  kUnreviewedAlignment,
  kDoubtfulAlignment,
  kSeveralTranslations,
  kWidthDifference,
  kNumbersSubstituted,
  kAge,
  kOtherProject,
};
inline constexpr PenaltyKind kPenaltyKinds[] = {
    PenaltyKind::kUnreviewedAlignment, PenaltyKind::kDoubtfulAlignment,
    PenaltyKind::kSeveralTranslations, PenaltyKind::kWidthDifference,
    PenaltyKind::kNumbersSubstituted,  PenaltyKind::kAge,
    PenaltyKind::kOtherProject,
};

inline constexpr int32_t kMaxPenaltyPoints = 50;
inline constexpr int32_t kMaxAgeDays = 36'500;

// Below it an unreviewed alignment is doubtful.
inline constexpr double kDoubtfulConfidence = 0.5;

// A project's points, each in [0, kMaxPenaltyPoints]; 0 takes nothing off, and
// is not told.
struct PenaltyPoints {
  int32_t unreviewed_alignment = 1;  // the aligner's work, seen by no one
  int32_t doubtful_alignment = 3;    // and of a low confidence; adds to it
  int32_t several_translations = 1;  // the text has another one, too
  int32_t width_difference = 1;      // an equal text, in full and half width
  // The text differs in numbers alone, and the query's were put in their place.
  int32_t numbers_substituted = 1;
  int32_t age = 0;            // last changed more than age_days ago
  int32_t age_days = 365;     // [1, kMaxAgeDays]
  int32_t other_project = 1;  // of another project than the one that asks
  bool operator==(const PenaltyPoints&) const = default;

  int32_t Of(PenaltyKind kind) const;
};

// How a project's look-ups are scored, as it was stored.
struct LookupSettings {
  PenaltyPoints penalties;
  // Position of the change that wrote it; 0 for what was never changed.
  uint64_t revision = 0;
  bool operator==(const LookupSettings&) const = default;
};

// A set of kinds.
class PenaltySet {
 public:
  void Add(PenaltyKind kind) { bits_ |= 1u << static_cast<unsigned>(kind); }
  bool Has(PenaltyKind kind) const {
    return (bits_ >> static_cast<unsigned>(kind) & 1) != 0;
  }
  // The sum of their points.
  int32_t Sum(const PenaltyPoints& points) const;

 private:
  uint32_t bits_ = 0;
};

struct Penalty {
  PenaltyKind kind = PenaltyKind::kUnreviewedAlignment;
  int32_t points = 0;  // above 0
  std::string words;   // "unreviewed alignment"
  bool operator==(const Penalty&) const = default;
};

// Those of the set that take points off, in the kinds' order.
std::vector<Penalty> TellPenalties(const PenaltySet& set,
                                   const PenaltyPoints& points);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PENALTIES_H_
