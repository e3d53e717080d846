// Prepared texts made by hand: random vectors, no pieces, no words.

#ifndef DUILIAN_ALIGNER_TEST_TEXTS_H_
#define DUILIAN_ALIGNER_TEST_TEXTS_H_

#include <cmath>
#include <random>
#include <vector>

#include "aligner/dot.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {

inline PreparedText TextOfVectors(const std::vector<std::vector<float>>& rows) {
  PreparedText text;
  text.size = static_cast<int>(rows.size());
  text.dim = rows.empty() ? 0 : static_cast<int>(rows[0].size());
  text.mean.assign(static_cast<size_t>(text.dim), 0.0F);
  for (const auto& row : rows) {
    text.vectors.insert(text.vectors.end(), row.begin(), row.end());
  }
  text.gram.assign(rows.size() * kMaxSide, 0.0F);
  for (int i = 0; i < text.size; ++i) {
    for (int k = 0; k < kMaxSide && i + k < text.size; ++k) {
      text.gram[static_cast<size_t>(i * kMaxSide + k)] =
          Dot(text.vector(i), text.vector(i + k), text.dim);
    }
  }
  text.piece_starts.assign(rows.size() + 1, 0);
  text.first_clause_end.assign(rows.size(), 0);
  text.last_clause_begin.assign(rows.size(), 0);
  text.clauses.assign(rows.size(), 1);
  text.ends_clause.clear();
  text.piece_weights.clear();
  text.background.assign(rows.size(), 0.0F);
  text.length.assign(rows.size(), 20.0F);
  text.marks.assign(rows.size(), 0);
  text.quotations.resize(rows.size());
  text.tokens.resize(rows.size());
  return text;
}

inline std::vector<float> RandomVector(std::mt19937& random, int dim) {
  std::normal_distribution<float> normal;
  std::vector<float> out;
  for (int d = 0; d < dim; ++d) out.push_back(normal(random));
  return out;
}

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_TEST_TEXTS_H_
