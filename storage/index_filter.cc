#include "storage/index_filter.h"

#include <string>

namespace duilian::storage {
namespace {

uint32_t BitOf(ReviewStatus status) {
  return uint32_t{1} << static_cast<uint32_t>(status);
}

}  // namespace

IndexFilter::IndexFilter(const UnitFilter& filter, const ProjectIndex& index)
    : min_confidence_(filter.min_confidence), changed_(filter.changed) {
  if (!filter.document.empty()) {
    document_ = index.FindName(filter.document);
    possible_ = possible_ && document_.has_value();
  }
  if (!filter.speaker.empty()) {
    speaker_ = index.FindName(filter.speaker);
    possible_ = possible_ && speaker_.has_value();
  }
  for (const ReviewStatus status : filter.statuses) statuses_ |= BitOf(status);
  if (filter.statuses.empty()) {
    statuses_ =
        BitOf(ReviewStatus::kUnreviewed) | BitOf(ReviewStatus::kAccepted);
  }
}

bool IndexFilter::Passes(const IndexEntry& entry, const SideEntry& side) const {
  return (statuses_ & BitOf(entry.status)) != 0 &&
         entry.confidence >= min_confidence_ &&
         changed_.Holds(entry.update_time_us) &&
         (!document_.has_value() || *document_ == entry.document) &&
         (!speaker_.has_value() || *speaker_ == side.speaker);
}

}  // namespace duilian::storage
