// The same English, translated in different ways.

#ifndef DUILIAN_ALIGNER_SOURCE_GROUPS_H_
#define DUILIAN_ALIGNER_SOURCE_GROUPS_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "aligner/pair_texts.h"

namespace duilian::aligner {

// Words of a source beyond which it is compared with equal ones only.
inline constexpr size_t kMostNearWords = 60;
// Sources like it that are looked into, for each source, on average: of a
// million sentences most have a handful, and some a thousand.
inline constexpr size_t kMostNearCandidates = 200;
inline constexpr size_t kMostCandidatesOfOne = 20'000;
// Of a group: texts that are compared with each other; others are left out.
inline constexpr size_t kMostGroupTexts = 100;

struct SourceGroupOptions {
  // Shorter sources are left out: "Yeah." is rendered freely, and rightly.
  size_t least_words = 3;
  // Sources are near when at most this share of the longer one's words is
  // inserted, left out or replaced.
  double most_difference = 0.15;  // in [0, 0.5]; 0: equal ones only
  // Translations of near sources may differ by so much more than the sources
  // do, and still be one rendering.
  double slack = 0.15;
  std::function<bool()> cancelled;  // may be empty
};

// Pairs, by their indexes, that render a source in one way.
struct SourceRendering {
  std::vector<size_t> pairs;  // rising; the first stands for them
};

struct SourceGroup {
  // A pair for each of the sources, which differ in more than case, width and
  // punctuation; the one that most pairs have first.
  std::vector<size_t> sources;
  std::vector<SourceRendering> renderings;  // two at least, most pairs first
  size_t pairs = 0;                         // in one of these
  size_t omitted_pairs = 0;  // beyond kMostGroupTexts, in none of these
};

struct InconsistentSources {
  std::vector<SourceGroup> groups;
  // So many sources were compared with a part of what may be near them: one
  // that is near may be missing from their groups.
  size_t partly_compared = 0;
};

// Groups of pairs with equal or near sources and more than one rendering, those
// first that have most pairs beside their commonest rendering, then the larger
// ones, then in the pairs' order. Equal sources have two renderings when their
// translations differ in more than case, width and punctuation. A near source
// joins the source that more pairs have. Valid UTF-8, fewer than 2^32 words.
// Linear but for near sources: those that share a run of words are compared.
// Memory: some two hundred bytes a distinct source. kCancelled.
absl::StatusOr<InconsistentSources> FindInconsistentSources(
    absl::Span<const PairTexts> pairs, const SourceGroupOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SOURCE_GROUPS_H_
