#ifndef DUILIAN_ALIGNER_BAND_H_
#define DUILIAN_ALIGNER_BAND_H_

#include <cstddef>
#include <vector>

#include "aligner/prepared_text.h"

namespace duilian::aligner {

// The nodes that the dynamic program visits. Node (i, j): i Chinese and j
// English segments consumed, so there are one more of each than segments.
// Row i holds the nodes [begin[i], end[i]); both rise with i. The corners
// (0, 0) and (rows, columns) are in it.
struct Band {
  // The usual Chinese code points for an English one, white space aside.
  static constexpr float kUsualRatio = 0.33F;

  std::vector<int> begin, end;  // [Chinese segments + 1]
  std::vector<size_t> offsets;  // [Chinese segments + 2]: nodes before row i
  // The same of these two texts, as far as they correspond: translators differ.
  float length_ratio = kUsualRatio;

  int rows() const { return static_cast<int>(begin.size()); }
  bool Contains(int i, int j) const {
    const size_t row = static_cast<size_t>(i);
    return j >= begin[row] && j < end[row];
  }
  size_t Index(int i, int j) const {
    const size_t row = static_cast<size_t>(i);
    return offsets[row] + static_cast<size_t>(j - begin[row]);
  }
  size_t nodes() const { return offsets.back(); }
};

struct BandOptions {
  int radius = 7;  // nodes kept each side of the path
  // Up to so many cells the path is searched among all, above it coarse to
  // fine. Tests lower it.
  size_t dense_cells = 2'000'000;
};

// Every node: for small texts and for tests.
Band FullBand(int chinese, int english);

// A band around the best monotone path of sentence similarities, found coarse
// to fine (Thompson & Koehn 2019): neighbouring segments are summed until the
// texts are small, then each path is refined. Time and memory are linear in
// the segments.
Band FindBand(const PreparedText& chinese, const PreparedText& english,
              const BandOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_BAND_H_
