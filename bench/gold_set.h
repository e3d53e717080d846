// The gold that quality is measured on, and weights that have not seen a part
// of it.

#ifndef DUILIAN_BENCH_GOLD_SET_H_
#define DUILIAN_BENCH_GOLD_SET_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aligner/model.h"
#include "aligner/training/bead_trainer.h"
#include "aligner/training/gold.h"
#include "aligner/training/quote_trainer.h"
#include "aligner/transcript.h"

namespace duilian::bench {

// Chapters of novels, then, last, the interview.
struct GoldSet {
  std::unique_ptr<const aligner::Model> model;
  std::vector<std::unique_ptr<aligner::training::GoldDocument>> gold;
};

// `data` holds interview/ and mac-dev/. The errors of ReadGold and Load.
absl::StatusOr<GoldSet> ReadGoldSet(const std::string& data,
                                    const std::string& model);

// All lines of the interview in one language, a segment each. kNotFound: they
// are not there.
absl::StatusOr<aligner::Transcript> ReadInterviewLines(const std::string& data,
                                                       text::Language language);

inline bool IsInterview(const GoldSet& set, size_t document) {
  return document + 1 == set.gold.size();
}

// The document in so many parts of about as many beads, one behind the other.
// Cut between beads only, where neither side's order crosses: fewer parts come
// back where there are not enough such places.
std::vector<std::unique_ptr<aligner::training::GoldDocument>> CutInParts(
    const aligner::training::GoldDocument& document, int parts);

// Each document of a set with its features. The set must outlive them.
using FittingDocuments =
    std::vector<std::unique_ptr<aligner::training::FittingDocument>>;
FittingDocuments FeaturesOf(const GoldSet& set);

// Weights fitted on all the documents but one: as one pass uses them, and all
// of a pack's.
std::vector<double> WeightsWithout(
    const FittingDocuments& documents, size_t left_out,
    const aligner::training::BeadOptions& options);
std::vector<double> AllWeightsWithout(
    const FittingDocuments& documents, size_t left_out,
    const aligner::training::BeadOptions& options);

// For each document of a set the model with weights fitted on the others: of
// beads, or of quotes.
using Models = std::vector<std::unique_ptr<const aligner::Model>>;
absl::StatusOr<Models> ModelsWithout(
    const GoldSet& set, const FittingDocuments& documents,
    const aligner::training::BeadOptions& options);
absl::StatusOr<Models> QuoteModelsWithout(
    const GoldSet& set, const aligner::training::QuoteFitOptions& options);

// The beads of a lattice in the gold's form.
std::vector<aligner::training::GoldBead> ToBeads(
    const std::vector<aligner::LatticeBead>& decoded);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_GOLD_SET_H_
