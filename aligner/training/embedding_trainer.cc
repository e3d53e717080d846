// Contrastive training of subword vectors.
//
// The simple version: for a batch of B translated pairs, sum and normalise
// each side's piece vectors into U and V [B, dim], let S = U V' / temperature,
// and raise the diagonal of the row-wise and the column-wise softmax of S.
//
// Complications, and why:
// 1. A batch is made of runs of neighbouring lines, and of the concatenation
//    of two of them, so that the softmax tells a sentence from its neighbour
//    and from a span that is longer or shorter than it.
// 2. Equal texts in one batch are not each other's negatives: masked.
// 3. Determinism with two threads: every thread owns rows of S or, for the
//    update, the pieces of one parity; nothing is summed in racing order.
#include "aligner/training/embedding_trainer.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

namespace duilian::aligner::training {
namespace {

using Matrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int kThreads = 2;

template <typename F>
void InParallel(const F& work) {
  std::thread other([&] { work(1); });
  work(0);
  other.join();
}

struct Run {
  uint32_t source = 0;
  uint32_t line = 0;
  uint32_t length = 0;
};

// A training sample of one or two neighbouring lines.
struct Sample {
  uint32_t source = 0;
  uint32_t line = 0;
  uint32_t length = 1;
};

uint64_t HashPieces(const std::vector<uint16_t>& pieces) {
  uint64_t hash = 1469598103934665603ULL;
  for (const uint16_t piece : pieces) hash = (hash ^ piece) * 1099511628211ULL;
  return hash;
}

// One side of a batch.
struct Side {
  std::vector<std::vector<uint16_t>> pieces;
  std::vector<uint64_t> hashes;
  std::vector<float> norms;
  Matrix unit;      // [B, dim]
  Matrix gradient;  // of the loss by the plain sums, [B, dim]
};

class Trainer {
 public:
  Trainer(const std::vector<EncodedSource>& corpus,
          const EmbeddingOptions& options)
      : corpus_(corpus), options_(options), random_(options.seed) {
    embeddings_.dim = options.dim;
    embeddings_.values.resize(static_cast<size_t>(options.vocabulary) *
                              static_cast<size_t>(options.dim));
    std::normal_distribution<float> normal(
        0, 1 / std::sqrt(static_cast<float>(options.dim)));
    for (float& value : embeddings_.values) value = normal(random_);
    squares_.assign(static_cast<size_t>(options.vocabulary), 0.0F);
  }

  Embeddings Train() {
    for (int epoch = 0; epoch < options_.epochs; ++epoch) {
      std::vector<Run> runs = DrawRuns();
      std::shuffle(runs.begin(), runs.end(), random_);
      const size_t per_batch = static_cast<size_t>(options_.runs_per_batch);
      for (size_t at = 0; at + per_batch / 2 < runs.size(); at += per_batch) {
        const double done = (epoch + static_cast<double>(at) /
                                         static_cast<double>(runs.size())) /
                            options_.epochs;
        const size_t end = std::min(runs.size(), at + per_batch);
        Step({runs.begin() + static_cast<ptrdiff_t>(at),
              runs.begin() + static_cast<ptrdiff_t>(end)},
             static_cast<float>(1 - done));
        if (options_.progress) options_.progress(done, loss_);
      }
    }
    return std::move(embeddings_);
  }

 private:
  // Cuts every source into runs; weight 2 gives each twice, 0.3 three in ten.
  std::vector<Run> DrawRuns() {
    std::vector<Run> runs;
    std::uniform_real_distribution<double> uniform(0, 1);
    for (uint32_t s = 0; s < corpus_.size(); ++s) {
      const uint32_t lines = static_cast<uint32_t>(corpus_[s].chinese.size());
      const uint32_t length = static_cast<uint32_t>(options_.run_length);
      for (double left = corpus_[s].source.weight; left > 0; left -= 1) {
        // Another phase each time, so that runs differ between epochs.
        uint32_t line = static_cast<uint32_t>(uniform(random_) * length);
        for (; line < lines; line += length) {
          if (uniform(random_) >= left) continue;
          runs.push_back({s, line, std::min(length, lines - line)});
        }
      }
    }
    return runs;
  }

  std::vector<Sample> SamplesOf(const std::vector<Run>& runs) const {
    std::vector<Sample> samples;
    for (const Run& run : runs) {
      for (uint32_t i = 0; i < run.length; ++i) {
        samples.push_back({run.source, run.line + i, 1});
      }
      if (corpus_[run.source].source.ordered && run.length > 1) {
        samples.push_back({run.source, run.line, 2});
      }
    }
    return samples;
  }

  void Sum(const std::vector<Sample>& samples, bool chinese, Side& side) const {
    const ptrdiff_t batch = static_cast<ptrdiff_t>(samples.size());
    side.pieces.assign(samples.size(), {});
    side.hashes.resize(samples.size());
    side.norms.resize(samples.size());
    side.unit.resize(batch, options_.dim);
    InParallel([&](int thread) {
      for (ptrdiff_t b = thread; b < batch; b += kThreads) {
        const Sample& sample = samples[static_cast<size_t>(b)];
        const EncodedSource& source = corpus_[sample.source];
        const PieceTable& table = chinese ? source.chinese : source.english;
        std::vector<uint16_t>& pieces = side.pieces[static_cast<size_t>(b)];
        for (uint32_t i = 0; i < sample.length; ++i) {
          pieces.insert(pieces.end(), table.begin(sample.line + i),
                        table.end(sample.line + i));
        }
        side.hashes[static_cast<size_t>(b)] = HashPieces(pieces);
        auto row = side.unit.row(b);
        row.setZero();
        for (const uint16_t piece : pieces) row += RowOf(piece);
        const float norm = std::max(row.norm(), 1e-6F);
        row /= norm;
        side.norms[static_cast<size_t>(b)] = norm;
      }
    });
  }

  // Fills rows of `weights` with (softmax - identity) / 2B of `scores`' rows,
  // and returns the rows' summed loss.
  double SoftmaxRows(const Side& own, const Side& other, Matrix& scores,
                     ptrdiff_t begin, ptrdiff_t end) const {
    double loss = 0;
    const ptrdiff_t batch = scores.cols();
    const float scale = 0.5F / static_cast<float>(scores.rows());
    for (ptrdiff_t r = begin; r < end; ++r) {
      for (ptrdiff_t c = 0; c < batch; ++c) {
        const size_t i = static_cast<size_t>(r), j = static_cast<size_t>(c);
        if (r != c && (own.hashes[i] == own.hashes[j] ||
                       other.hashes[i] == other.hashes[j])) {
          scores(r, c) = -1e9F;
        }
      }
      auto row = scores.row(r);
      const float right = row(r), top = row.maxCoeff();
      row = (row.array() - top).exp();
      const float sum = row.sum();
      loss += std::log(sum) + top - right;
      row *= scale / sum;
      row(r) -= scale;
    }
    return loss;
  }

  void Step(const std::vector<Run>& runs, float left) {
    const std::vector<Sample> samples = SamplesOf(runs);
    Sum(samples, /*chinese=*/true, zh_);
    Sum(samples, /*chinese=*/false, en_);
    const ptrdiff_t batch = static_cast<ptrdiff_t>(samples.size());
    const ptrdiff_t half = batch / 2;
    rows_.resize(batch, batch);
    columns_.resize(batch, batch);
    double losses[kThreads] = {};
    InParallel([&](int thread) {
      const ptrdiff_t begin = thread == 0 ? 0 : half;
      const ptrdiff_t end = thread == 0 ? half : batch;
      const ptrdiff_t count = end - begin;
      rows_.middleRows(begin, count).noalias() =
          zh_.unit.middleRows(begin, count) * en_.unit.transpose() /
          options_.temperature;
      columns_.middleRows(begin, count).noalias() =
          en_.unit.middleRows(begin, count) * zh_.unit.transpose() /
          options_.temperature;
      losses[thread] = SoftmaxRows(zh_, en_, rows_, begin, end) +
                       SoftmaxRows(en_, zh_, columns_, begin, end);
    });
    loss_ = 0.98 * loss_ +
            0.02 * (losses[0] + losses[1]) / (2 * static_cast<double>(batch));
    zh_.gradient.resize(batch, options_.dim);
    en_.gradient.resize(batch, options_.dim);
    InParallel([&](int thread) {
      const ptrdiff_t begin = thread == 0 ? 0 : half;
      const ptrdiff_t count = thread == 0 ? half : batch - half;
      Backward(zh_, en_, rows_, columns_, begin, count);
      Backward(en_, zh_, columns_, rows_, begin, count);
    });
    InParallel([&](int thread) { Update(thread, options_.step * left); });
  }

  // Gradient of the loss by `own`'s plain sums, for some rows.
  void Backward(Side& own, const Side& other, const Matrix& direct,
                const Matrix& crossed, ptrdiff_t begin, ptrdiff_t count) const {
    auto gradient = Matrix(count, own.unit.cols());
    gradient.noalias() = direct.middleRows(begin, count) * other.unit;
    gradient.noalias() +=
        crossed.middleCols(begin, count).transpose() * other.unit;
    gradient /= options_.temperature;
    for (ptrdiff_t r = 0; r < count; ++r) {
      const auto unit = own.unit.row(begin + r);
      const float along = unit.dot(gradient.row(r));
      gradient.row(r) = (gradient.row(r) - along * unit) /
                        own.norms[static_cast<size_t>(begin + r)];
    }
    own.gradient.middleRows(begin, count) = gradient;
  }

  Eigen::Map<const Eigen::RowVectorXf> RowOf(uint16_t piece) const {
    return {embeddings_.values.data() +
                static_cast<size_t>(piece) * static_cast<size_t>(options_.dim),
            options_.dim};
  }

  // Adagrad on the pieces whose id has the thread's parity.
  void Update(int thread, float step) {
    std::vector<std::pair<uint32_t, uint32_t>> uses;  // piece, row
    const uint32_t batch = static_cast<uint32_t>(zh_.pieces.size());
    for (uint32_t b = 0; b < 2 * batch; ++b) {
      const Side& side = b < batch ? zh_ : en_;
      for (const uint16_t piece : side.pieces[b % batch]) {
        if (piece % kThreads == thread) uses.emplace_back(piece, b);
      }
    }
    std::sort(uses.begin(), uses.end());
    Eigen::RowVectorXf sum(options_.dim);
    for (size_t i = 0; i < uses.size();) {
      const uint32_t piece = uses[i].first;
      sum.setZero();
      for (; i < uses.size() && uses[i].first == piece; ++i) {
        const uint32_t b = uses[i].second;
        const Side& side = b < batch ? zh_ : en_;
        sum += side.gradient.row(static_cast<ptrdiff_t>(b % batch));
      }
      squares_[piece] += sum.squaredNorm();
      Eigen::Map<Eigen::RowVectorXf> row(
          embeddings_.values.data() +
              static_cast<size_t>(piece) * static_cast<size_t>(options_.dim),
          options_.dim);
      row -= step / std::sqrt(squares_[piece] + 1e-12F) * sum;
    }
  }

  const std::vector<EncodedSource>& corpus_;
  const EmbeddingOptions& options_;
  std::mt19937_64 random_;
  Embeddings embeddings_;
  std::vector<float> squares_;  // Adagrad's accumulator, one a row
  Side zh_, en_;
  Matrix rows_, columns_;  // [B, B]: zh by en, en by zh
  double loss_ = 0;
};

}  // namespace

Embeddings TrainEmbeddings(const std::vector<EncodedSource>& corpus,
                           const EmbeddingOptions& options) {
  return Trainer(corpus, options).Train();
}

}  // namespace duilian::aligner::training
