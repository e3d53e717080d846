// The scores of what a look-up finds, and the best of it.

#ifndef DUILIAN_STORAGE_LOOKUP_SCORES_H_
#define DUILIAN_STORAGE_LOOKUP_SCORES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "storage/fuzzy_search.h"
#include "storage/penalties.h"
#include "storage/project_index.h"

namespace duilian::storage {

// Takes units that pass the filter, each once at the most, and gives back the
// best as LookupIndex::Lookup promises. Not thread-safe.
//
// A unit's suitability is its score less penalties, of which all but one are
// known at once: whether its text has several translations is known at the end,
// when all units of that text are here. So the least that it can be is what
// raises the threshold.
//
// Several projects are searched one after the other. What one raised the
// threshold to holds for the next: a text that is among the best of all scores
// as much in each, so that each gives all of its units.
class LookupScores {
 public:
  // Both outlive it.
  LookupScores(const FuzzyQuery& query, const PreparedQuery& prepared);

  // The project whose units come from now on; at least once, and the one that
  // asks before others. It outlives Best().
  void Enter(const ProjectIndex& index);

  // A text at that distance from the query; `longer` is the length of the
  // longer one, in code points. Passed over below the threshold.
  void Add(SlotId slot, size_t distance, size_t longer);

  // A text with the query's numberless form. False: it is not suited better for
  // that; then it may come by Add(), and is only counted among the translations
  // of its text.
  bool AddWithNumbers(SlotId slot, size_t distance, size_t longer);

  // Rises: texts that score less cannot be among the best.
  int threshold_percent() const { return threshold_percent_; }

  std::vector<ScoredUnit> Best() &&;

 private:
  // Of both texts of a unit as written.
  using PairHash = uint64_t;

  struct Hit {
    size_t project = 0;  // in projects_
    SlotId slot = 0;
    int score = 0;
    int base = 0;  // the score, or 100
    PenaltySet penalties;
    int suitability = 0;  // the least, until CountTranslations()
    bool identical = false;
    bool accepted = false;
    uint64_t revision = 0;
    float sureness = 0;  // its uncertainty, negative
    UnitId id = 0;
    int64_t occurrences = 1;
    int64_t translations = 1;
    uint64_t translation = 0;  // a hash of its matching form
    // As IsBetterMatch.
    auto Order() const {
      return std::tie(suitability, identical, accepted, revision, sureness, id);
    }
  };

  int Score(SlotId slot, size_t distance, size_t longer) const;
  PenaltySet KnownPenalties(SlotId slot, bool equal) const;
  bool ChangesNumbers(SlotId slot) const;
  PairHash HashOf(const Hit& hit) const;
  int Suitability(const Hit& hit) const;
  void Take(Hit hit);
  void RaiseThreshold(const Hit& hit);
  void CountTranslations();
  void CollapseEqualPairs();

  // The one that was entered last.
  const ProjectIndex& index() const { return *projects_.back(); }
  bool of_other_project() const { return projects_.size() > 1; }

  const FuzzyQuery& query_;
  const PreparedQuery& prepared_;
  std::vector<const ProjectIndex*> projects_;
  std::optional<uint32_t> document_;  // the query's, in the first project
  int threshold_percent_;
  std::vector<Hit> hits_;
  std::vector<std::pair<size_t, SlotId>> counted_;  // that are no hits
  absl::flat_hash_set<PairHash> found_;             // of hits
  std::array<size_t, 101> found_with_ = {};  // by suitability, 100 at the most
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LOOKUP_SCORES_H_
