// How good alignments are with weights that have not seen the text.

#ifndef DUILIAN_ALIGNER_TRAINING_HELD_OUT_H_
#define DUILIAN_ALIGNER_TRAINING_HELD_OUT_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/model.h"
#include "aligner/training/bead_trainer.h"
#include "aligner/training/calibration.h"
#include "aligner/training/gold.h"

namespace duilian::aligner::training {

// What users get of gold documents, and whether its confidence is honest.
struct AlignmentQuality {
  AlignmentScore score;
  Calibration pairs;  // of beads with both sides
  Calibration alone;  // of segments left alone

  // The aligner's beads of the document, its Chinese being the source.
  void Add(const GoldDocument& gold, absl::Span<const Bead> beads);
  void Add(const AlignmentQuality& other);
};

// The model with other weights; its own where none are given.
// kUnavailable: no temporary file could be written.
absl::StatusOr<std::unique_ptr<const Model>> WithWeights(
    const Model& model, absl::Span<const double> bead_weights,
    absl::Span<const double> quote_weights);

// For each document what Align makes of it with weights fitted on all others.
// Empty with fewer than two documents. Takes as long as fitting each time. The
// errors of WithWeights and Align.
absl::StatusOr<std::vector<AlignmentQuality>> MeasureHeldOut(
    const Model& model, absl::Span<FittingDocument* const> documents,
    const BeadOptions& options);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_HELD_OUT_H_
