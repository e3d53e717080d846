#ifndef DUILIAN_ALIGNER_TRAINING_BEAD_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_BEAD_TRAINER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "aligner/bead_lattice.h"
#include "aligner/clause_links.h"
#include "aligner/model.h"
#include "aligner/pack.h"
#include "aligner/training/gold.h"

namespace duilian::aligner::training {

struct BeadOptions {
  int rounds = 250;  // of Adam, full batch
  double step = 0.05;
  // L2 of a weight times its feature's standard deviation (0.7 at least), on
  // the mean log likelihood of a bead.
  double decay = 2e-3;
  // Features not to be used (their weights stay 0): for ablations.
  std::vector<int> left_out;
  std::vector<double> start;  // weights to begin with; empty is all 0
};

// A gold document with the features of every bead in its band, computed once.
class FittingDocument {
 public:
  // Both must outlive it.
  FittingDocument(const Model& model, const GoldDocument& document);

  const GoldDocument& document() const { return document_; }
  size_t gold_beads() const { return gold_.size(); }

  // Adds the sums of every feature and of its square over the band's beads;
  // returns how many beads.
  double AddMoments(std::vector<double>& sums,
                    std::vector<double>& squares) const;

  // Log likelihood of the gold under the weights; adds its gradient.
  double LogLikelihood(absl::Span<const double> weights,
                       std::vector<double>& gradient);

  // Links the clauses by a first pass with these weights.
  void LinkClauses(absl::Span<const double> weights);

  // After LinkClauses: the slope of the gold's log likelihood in the weight of
  // BeadLeaks, at `leak_weight`, with the other weights of that first pass.
  double LeakSlope(double leak_weight);

  // The beads that the weights choose, in one pass; with posteriors.
  std::vector<LatticeBead> Decode(absl::Span<const double> weights,
                                  double cost);

 private:
  void FillPotentials(absl::Span<const double> weights);
  const float* features(int i, int j, int type) const {
    return features_.data() + (lattice_.band().Index(i, j) * kBeadTypes +
                               static_cast<size_t>(type)) *
                                  kBeadFeatures;
  }

  const Model& model_;
  const GoldDocument& document_;
  BeadLattice lattice_;
  std::vector<double> first_weights_;  // those of LinkClauses
  ClauseLinks links_{0, 0};
  std::vector<float> features_;    // [nodes, types, features]
  std::vector<LatticeBead> gold_;  // a path of the lattice
};

// Maximum likelihood weights of the documents' gold: of the features, as one
// pass uses them. Deterministic; two threads, a document each.
std::vector<double> FitBeadWeights(absl::Span<FittingDocument* const> documents,
                                   const BeadOptions& options);

// [kBeadWeights] for a pack: those of FitBeadWeights, then the leak's, fitted
// by itself on the links that those give.
std::vector<double> FitAllBeadWeights(
    absl::Span<FittingDocument* const> documents, const BeadOptions& options);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_BEAD_TRAINER_H_
