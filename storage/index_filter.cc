#include "storage/index_filter.h"

#include <string>

namespace duilian::storage {
namespace {

uint32_t BitOf(ReviewStatus status) {
  return uint32_t{1} << static_cast<uint32_t>(status);
}

}  // namespace

IndexFilter::IndexFilter(const UnitFilter& filter, const ProjectIndex& index)
    : index_(index),
      most_uncertain_(Uncertainty(filter.min_confidence)),
      changed_(filter.changed) {
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

bool IndexFilter::Passes(SlotId slot, text::Language language) const {
  const UnitContext& context = index_.context(slot);
  const uint32_t speaker = language == text::Language::kEnglish
                               ? context.source_speaker
                               : context.target_speaker;
  return (statuses_ & BitOf(context.status)) != 0 &&
         index_.uncertainty(slot) <= most_uncertain_ &&
         changed_.Holds(context.update_time_us) &&
         (!document_.has_value() || *document_ == context.document) &&
         (!speaker_.has_value() || *speaker_ == speaker);
}

}  // namespace duilian::storage
