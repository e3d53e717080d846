// Where the segments of an old text stand in a new one.

#ifndef DUILIAN_STORAGE_SEGMENT_MATCH_H_
#define DUILIAN_STORAGE_SEGMENT_MATCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// For each old segment the index of the same text in the new side, or -1.
// Each new one is taken once. What both begin and end with is the same; then
// texts that stand once on either side are, wherever they moved; then equal
// neighbours of those. Linear time.
std::vector<int32_t> MatchSegments(absl::Span<const SegmentPrint> before,
                                   absl::Span<const SegmentPrint> after);

// Moves the spans of a unit from an old side to the new one.
class SpanMover {
 public:
  // Both outlive it.
  SpanMover(absl::Span<const SegmentPrint> before,
            absl::Span<const SegmentPrint> after)
      : before_(before),
        after_(after),
        place_of_(MatchSegments(before, after)) {}

  // nullopt: there is none, or one is not in the new text.
  std::optional<std::vector<SegmentSpan>> Move(
      absl::Span<const SegmentSpan> spans) const;

 private:
  absl::Span<const SegmentPrint> before_, after_;
  std::vector<int32_t> place_of_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SEGMENT_MATCH_H_
