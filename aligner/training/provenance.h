// What a pack tells of how it was made and how well it does: JSON, as
// PackContents::meta has it.
//
//   name, vocabulary, dim, epochs, seed
//   sources  each with file, origin, licence, pairs, weight, crc32
//   gold     each with ladder, beads, crc32 (of its three files)
//   scores
//     retrieval   each file's name, pairs, crc32 and own_nearest: the share of
//                 Chinese lines whose nearest English line is their own
//     alignment   held_out (what was), beads, strict_f1, lax_f1,
//                 calibration_error; the same but the last for each of
//                 documents. Each is aligned with weights fitted on the others
//
// Scores have four digits. What a later step makes replaces what stood there.

#ifndef DUILIAN_ALIGNER_TRAINING_PROVENANCE_H_
#define DUILIAN_ALIGNER_TRAINING_PROVENANCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/training/base_trainer.h"
#include "aligner/training/gold.h"
#include "aligner/training/held_out.h"

namespace duilian::aligner::training {

// A pack's `meta` with what its vectors find. kDataLoss: it is no JSON object.
absl::StatusOr<std::string> WithRetrieval(absl::string_view meta,
                                          absl::Span<const Retrieval> scores);

// A pack's `meta` with the gold that its weights were fitted on and its
// scores, one a document or none at all. kDataLoss: as above.
absl::StatusOr<std::string> WithGold(absl::string_view meta,
                                     absl::Span<const GoldDocument* const> gold,
                                     absl::Span<const AlignmentQuality> scores);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_PROVENANCE_H_
