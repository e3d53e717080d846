#include "aligner/training/bead_trainer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "aligner/band.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner::training {
namespace {

int TypeOf(int chinese, int english) {
  for (int type = 0; type < kBeadTypes; ++type) {
    const BeadType& bead = kTypes[static_cast<size_t>(type)];
    if (bead.chinese == chinese && bead.english == english) return type;
  }
  return -1;
}

bool Contiguous(const std::vector<int>& segments) {
  return segments.empty() || segments.back() - segments.front() + 1 ==
                                 static_cast<int>(segments.size());
}

// Appends a path from (i, j) to (end_i, end_j): deletions, Chinese first.
void AppendDeletions(int& i, int& j, int end_i, int end_j,
                     std::vector<LatticeBead>& path) {
  for (; i < end_i; ++i) path.push_back({i, j, kDeleteChinese, 0});
  for (; j < end_j; ++j) path.push_back({i, j, kDeleteEnglish, 0});
}

// The gold as a monotone path of known types: crossing beads become
// deletions, large ones a core of a known type and deletions.
std::vector<LatticeBead> GoldPath(const GoldDocument& document) {
  std::vector<LatticeBead> path;
  int i = 0, j = 0;
  for (const GoldBead& bead : document.beads) {
    if (bead.chinese.empty() || bead.english.empty()) continue;
    if (!Contiguous(bead.chinese) || !Contiguous(bead.english)) continue;
    if (bead.chinese.front() < i || bead.english.front() < j) continue;
    AppendDeletions(i, j, bead.chinese.front(), bead.english.front(), path);
    const int n = std::min<int>(static_cast<int>(bead.chinese.size()),
                                bead.english.size() == 1 ? 5 : 3);
    const int m = std::min<int>(static_cast<int>(bead.english.size()), 6 - n);
    path.push_back({i, j, TypeOf(n, m), 0});
    i += n;
    j += m;
    AppendDeletions(i, j, bead.chinese.back() + 1, bead.english.back() + 1,
                    path);
  }
  AppendDeletions(i, j, static_cast<int>(document.chinese.segments.size()),
                  static_cast<int>(document.english.segments.size()), path);
  return path;
}

// The aligner's band, widened where the gold leaves it.
Band BandWithGold(const PreparedPair& texts,
                  const std::vector<LatticeBead>& gold) {
  Band band = FindBand(texts.chinese, texts.english, BandOptions());
  const auto include = [&](int i, int j) {
    const size_t row = static_cast<size_t>(i);
    band.begin[row] = std::min(band.begin[row], j);
    band.end[row] = std::max(band.end[row], j + 1);
  };
  for (const LatticeBead& bead : gold) include(bead.i, bead.j);
  for (size_t row = 1; row < band.begin.size(); ++row) {
    band.end[row] = std::max(band.end[row], band.end[row - 1]);
  }
  for (size_t row = band.begin.size() - 1; row > 0; --row) {
    band.begin[row - 1] = std::min(band.begin[row - 1], band.begin[row]);
  }
  band.offsets.assign(1, 0);
  for (size_t row = 0; row < band.begin.size(); ++row) {
    band.offsets.push_back(
        band.offsets.back() +
        static_cast<size_t>(band.end[row] - band.begin[row]));
  }
  return band;
}

}  // namespace

FittingDocument::FittingDocument(const Model& model,
                                 const GoldDocument& document)
    : model_(model),
      document_(document),
      lattice_(FullBand(0, 0)),
      gold_(GoldPath(document)) {
  const PreparedPair texts = Prepare(model, document.chinese, document.english);
  lattice_ = BeadLattice(BandWithGold(texts, gold_));
  const Band& band = lattice_.band();
  features_.assign(band.nodes() * kBeadTypes * kBeadFeatures, 0.0F);
  BeadFeaturizer featurizer(model.pack().lexicons(), texts, band);
  FeatureVector bead;
  for (int i = 0; i < band.rows(); ++i) {
    featurizer.MoveTo(i);
    const size_t row = static_cast<size_t>(i);
    for (int j = band.begin[row]; j < band.end[row]; ++j) {
      for (int type = 0; type < kBeadTypes; ++type) {
        if (!lattice_.Fits(i, j, type)) continue;
        featurizer.Compute(i, j, type, bead);
        std::copy(bead.begin(), bead.end(),
                  const_cast<float*>(features(i, j, type)));
      }
    }
  }
}

double FittingDocument::AddMoments(std::vector<double>& sums,
                                   std::vector<double>& squares) const {
  for (size_t at = 0; at < features_.size(); at += kBeadFeatures) {
    for (size_t f = 0; f < kBeadFeatures; ++f) {
      const double value = features_[at + f];
      sums[f] += value;
      squares[f] += value * value;
    }
  }
  return static_cast<double>(features_.size() / kBeadFeatures);
}

void FittingDocument::FillPotentials(absl::Span<const double> weights) {
  std::vector<float> single(weights.begin(), weights.end());
  const Band& band = lattice_.band();
  for (int i = 0; i < band.rows(); ++i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = band.begin[row]; j < band.end[row]; ++j) {
      for (int type = 0; type < kBeadTypes; ++type) {
        if (!lattice_.Fits(i, j, type)) continue;
        const float* bead = features(i, j, type);
        float sum = 0;
        for (size_t f = 0; f < kBeadFeatures; ++f) sum += single[f] * bead[f];
        lattice_.potentials(i, j)[type] = sum;
      }
    }
  }
}

double FittingDocument::LogLikelihood(absl::Span<const double> weights,
                                      std::vector<double>& gradient) {
  FillPotentials(weights);
  double likelihood = -lattice_.ForwardBackward();
  const auto add = [&](int i, int j, int type, double share) {
    const float* bead = features(i, j, type);
    for (size_t f = 0; f < kBeadFeatures; ++f) gradient[f] += share * bead[f];
  };
  for (const LatticeBead& bead : gold_) {
    likelihood += lattice_.potentials(bead.i, bead.j)[bead.type];
    add(bead.i, bead.j, bead.type, 1);
  }
  const Band& band = lattice_.band();
  for (int i = 0; i < band.rows(); ++i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = band.begin[row]; j < band.end[row]; ++j) {
      for (int type = 0; type < kBeadTypes; ++type) {
        const double posterior = lattice_.Posterior(i, j, type);
        if (posterior > 1e-6) add(i, j, type, -posterior);
      }
    }
  }
  return likelihood;
}

void FittingDocument::LinkClauses(absl::Span<const double> weights) {
  first_weights_.assign(weights.begin(), weights.end());
  FillPotentials(first_weights_);
  lattice_.ForwardBackward();
  const std::vector<LatticeBead> beads =
      lattice_.DecodePosterior(kDecodingCost);
  const std::vector<float> single(weights.begin(), weights.end());
  links_ = *aligner::LinkClauses(model_, document_.chinese, document_.english,
                                 {lattice_, beads, single}, /*stop=*/nullptr);
}

double FittingDocument::LeakSlope(double leak_weight) {
  FillPotentials(first_weights_);
  AddLeaks(links_, static_cast<float>(leak_weight), lattice_);
  lattice_.ForwardBackward();
  double slope = 0;
  for (const LatticeBead& bead : gold_) {
    if (bead.i == lattice_.chinese() || bead.j == lattice_.english()) continue;
    slope += links_.LeaksOf(bead.i, bead.j)[static_cast<size_t>(bead.type)];
  }
  const Band& band = lattice_.band();
  for (int i = 0; i < lattice_.chinese(); ++i) {
    const size_t row = static_cast<size_t>(i);
    const int end = std::min(band.end[row], lattice_.english());
    for (int j = band.begin[row]; j < end; ++j) {
      const BeadLeaks leaks = links_.LeaksOf(i, j);
      for (int type = 0; type < kBeadTypes; ++type) {
        slope -=
            leaks[static_cast<size_t>(type)] * lattice_.Posterior(i, j, type);
      }
    }
  }
  return slope;
}

std::vector<LatticeBead> FittingDocument::Decode(
    absl::Span<const double> weights, double cost) {
  FillPotentials(weights);
  lattice_.ForwardBackward();
  return lattice_.DecodePosterior(cost);
}

namespace {

// The standard deviations of the features. The biases of the types, which are
// 0 or 1, are taken as they are.
std::vector<double> Deviations(absl::Span<FittingDocument* const> documents) {
  constexpr double kLeastDeviation = 0.7;
  std::vector<double> sums(kBeadFeatures, 0.0), squares(kBeadFeatures, 0.0);
  double beads = 0;
  for (const FittingDocument* document : documents) {
    beads += document->AddMoments(sums, squares);
  }
  std::vector<double> deviations(kBeadFeatures, 1.0);
  for (size_t f = kBeadTypes; f < kBeadFeatures; ++f) {
    const double mean = sums[f] / beads;
    // Those that hardly vary or apply are held back: their weights would be
    // fitted to the few documents there are.
    deviations[f] = std::sqrt(std::max(kLeastDeviation * kLeastDeviation,
                                       squares[f] / beads - mean * mean));
  }
  return deviations;
}

}  // namespace

std::vector<double> FitBeadWeights(absl::Span<FittingDocument* const> documents,
                                   const BeadOptions& options) {
  std::vector<double> weights = options.start;
  weights.resize(kBeadFeatures, 0.0);
  for (const int f : options.left_out) weights[static_cast<size_t>(f)] = 0;
  const std::vector<double> deviations = Deviations(documents);
  std::vector<double> mean(kBeadFeatures, 0.0), square(kBeadFeatures, 0.0);
  std::vector<std::vector<double>> gradients(documents.size());
  double beads = 0;
  for (const FittingDocument* document : documents) {
    beads += static_cast<double>(document->gold_beads());
  }
  for (int round = 1; round <= options.rounds; ++round) {
    std::atomic<size_t> next = 0;
    const auto work = [&] {
      for (size_t d; (d = next++) < documents.size();) {
        gradients[d].assign(kBeadFeatures, 0.0);
        documents[d]->LogLikelihood(weights, gradients[d]);
      }
    };
    std::thread other(work);
    work();
    other.join();
    const double left = 1 - static_cast<double>(round - 1) / options.rounds;
    for (size_t f = 0; f < kBeadFeatures; ++f) {
      // Of the weight a standard deviation.
      double gradient = -options.decay * weights[f] * deviations[f];
      for (const auto& part : gradients) {
        gradient += part[f] / (beads * deviations[f]);
      }
      if (std::count(options.left_out.begin(), options.left_out.end(),
                     static_cast<int>(f)) > 0) {
        continue;
      }
      mean[f] = 0.9 * mean[f] + 0.1 * gradient;
      square[f] = 0.99 * square[f] + 0.01 * gradient * gradient;
      const double m = mean[f] / (1 - std::pow(0.9, round));
      const double s = square[f] / (1 - std::pow(0.99, round));
      weights[f] +=
          options.step * left * m / ((std::sqrt(s) + 1e-8) * deviations[f]);
    }
  }
  return weights;
}

std::vector<double> FitAllBeadWeights(
    absl::Span<FittingDocument* const> documents, const BeadOptions& options) {
  // A leak is no evidence for a bead, and this is more than any fit gave.
  constexpr double kLeastWeight = -4;
  constexpr int kHalvings = 12;
  std::vector<double> weights = FitBeadWeights(documents, options);
  for (FittingDocument* document : documents) document->LinkClauses(weights);
  // The likelihood is concave: its slope falls from left to right.
  double low = kLeastWeight, high = 0;
  for (int halving = 0; halving < kHalvings; ++halving) {
    const double middle = (low + high) / 2;
    double slope = 0;
    for (FittingDocument* document : documents) {
      slope += document->LeakSlope(middle);
    }
    (slope > 0 ? low : high) = middle;
  }
  weights.push_back((low + high) / 2);
  return weights;
}

}  // namespace duilian::aligner::training
