// The band, coarse to fine.
//
// The simple version: a cell's score is the cosine of the two segments above
// what unrelated segments have; the path with the greatest sum wins, where a
// diagonal step takes a cell whole, a step along one side takes half of it,
// and any step may take nothing.
//
// Complications, and why:
// 1. Above `dense_cells` both sides are halved by adding neighbours, the path
//    of the halves is found first, and only its surroundings are searched.
// 2. Steps that take nothing let a path cross what has no counterpart (a
//    missing chapter) at no cost, at whatever scale.
// 3. Where the path at the finest scale takes something every few segments,
//    the texts correspond; their lengths there tell the length ratio. A long
//    stretch crossed for nothing, such as an untranslated half, does not bend
//    it.
// Tested by band_test.cc.
#include "aligner/band.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "aligner/dot.h"

namespace duilian::aligner {
namespace {

constexpr float kThreshold = 0.12F;  // of a cosine above the background
constexpr int kCoarseRadius = 12;    // nodes, while refining

// Unit vectors at one scale.
struct Level {
  int size = 0;
  int dim = 0;
  std::vector<float> units;       // [size, dim]
  std::vector<float> background;  // [size]
  const float* unit(int i) const {
    return units.data() + static_cast<size_t>(i) * static_cast<size_t>(dim);
  }
};

Level MakeLevel(const PreparedText& text, int merged) {
  Level level;
  level.size = (text.size + merged - 1) / merged;
  level.dim = text.dim;
  const size_t dim = static_cast<size_t>(text.dim);
  level.units.assign(static_cast<size_t>(level.size) * dim, 0.0F);
  for (int i = 0; i < level.size; ++i) {
    float* unit = level.units.data() + static_cast<size_t>(i) * dim;
    float background = 0;
    const int end = std::min(text.size, (i + 1) * merged);
    for (int k = i * merged; k < end; ++k) {
      for (size_t d = 0; d < dim; ++d) unit[d] += text.vector(k)[d];
      background += text.background[static_cast<size_t>(k)];
    }
    const float norm = std::sqrt(std::max(Dot(unit, unit, text.dim), 1e-12F));
    for (size_t d = 0; d < dim; ++d) unit[d] /= norm;
    level.background.push_back(background /
                               static_cast<float>(end - i * merged));
  }
  return level;
}

using Path = std::vector<std::pair<int, int>>;  // nodes, from (0, 0)

void FinishOffsets(Band& band) {
  band.offsets.assign(1, 0);
  for (size_t i = 0; i < band.begin.size(); ++i) {
    band.offsets.push_back(band.offsets.back() +
                           static_cast<size_t>(band.end[i] - band.begin[i]));
  }
}

// All nodes at most `radius` from a node of the path, on both axes.
Band Around(const Path& path, int chinese, int english, int radius) {
  Band band;
  const size_t rows = static_cast<size_t>(chinese) + 1;
  band.begin.assign(rows, english + 1);
  band.end.assign(rows, 0);
  for (const auto& [i, j] : path) {
    for (int r = std::max(0, i - radius); r <= std::min(chinese, i + radius);
         ++r) {
      const size_t row = static_cast<size_t>(r);
      band.begin[row] = std::min(band.begin[row], std::max(0, j - radius));
      band.end[row] =
          std::max(band.end[row], std::min(english, j + radius) + 1);
    }
  }
  FinishOffsets(band);
  return band;
}

// A cell above the threshold, as the path sees it.
float ScoreOf(const Level& zh, const Level& en, int i, int j) {
  const float background = zh.background[static_cast<size_t>(i)] +
                           en.background[static_cast<size_t>(j)];
  return Dot(zh.unit(i), en.unit(j), zh.dim) - background / 2 - kThreshold;
}

// Of the stretches that correspond, shrunk towards the usual: a stretch goes
// on across what the path takes nothing of, unless that is long.
float LengthRatio(const PreparedText& chinese, const PreparedText& english,
                  const Path& path) {
  constexpr float kUsualLength = 1'500;  // English code points
  constexpr int kLongGap = 12;           // segments, of both sides
  const Level zh = MakeLevel(chinese, 1), en = MakeLevel(english, 1);
  float zh_length = kUsualLength * Band::kUsualRatio, en_length = kUsualLength;
  int zh_end = 0, en_end = 0;  // of the last cell that was taken
  for (const auto& [i, j] : path) {
    if (i == 0 || j == 0 || ScoreOf(zh, en, i - 1, j - 1) <= 0) continue;
    const bool gap = i - zh_end + j - en_end > kLongGap;
    for (int k = gap ? i - 1 : zh_end; k < i; ++k) {
      zh_length += chinese.length[static_cast<size_t>(k)];
    }
    for (int k = gap ? j - 1 : en_end; k < j; ++k) {
      en_length += english.length[static_cast<size_t>(k)];
    }
    zh_end = i;
    en_end = j;
  }
  return zh_length / en_length;
}

// The path of half the scale, doubled; steps of two are filled in.
Path Doubled(const Path& coarse, int chinese, int english) {
  Path path;
  for (const auto& [i, j] : coarse) {
    path.emplace_back(std::min(chinese, 2 * i), std::min(english, 2 * j));
  }
  path.emplace_back(chinese, english);
  return path;
}

enum Step : uint8_t { kStart, kDiagonal, kDown, kAcross };

Path TraceBack(const Band& band, const std::vector<uint8_t>& steps, int i,
               int j) {
  Path path = {{i, j}};
  while (i > 0 || j > 0) {
    const uint8_t step = steps[band.Index(i, j)];
    if (step == kDiagonal || step == kDown) --i;
    if (step == kDiagonal || step == kAcross) --j;
    path.emplace_back(i, j);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Path BestPath(const Level& zh, const Level& en, const Band& band) {
  std::vector<uint8_t> steps(band.nodes(), kStart);
  std::vector<double> above, row;
  for (int i = 0; i <= zh.size; ++i) {
    const size_t at = static_cast<size_t>(i);
    row.assign(static_cast<size_t>(band.end[at] - band.begin[at]), -1e30);
    for (int j = band.begin[at]; j < band.end[at]; ++j) {
      const auto reached = [&](bool up, int left) {
        const size_t from = at - (up ? 1 : 0);
        const int column = j - left;
        if (i - (up ? 1 : 0) < 0 || column < band.begin[from] ||
            column >= band.end[from]) {
          return -1e30;
        }
        const size_t place = static_cast<size_t>(column - band.begin[from]);
        return up ? above[place] : row[place];
      };
      double best = i == 0 && j == 0 ? 0 : -1e30;
      float score = 0;
      if (i > 0 && j > 0) {
        score = ScoreOf(zh, en, i - 1, j - 1);
      }
      const double whole = std::max(score, 0.0F), half = whole / 2;
      uint8_t step = kStart;
      const auto consider = [&](double value, uint8_t kind) {
        if (value > best) best = value, step = kind;
      };
      consider(reached(true, 1) + whole, kDiagonal);
      consider(reached(true, 0) + half, kDown);
      consider(reached(false, 1) + half, kAcross);
      row[static_cast<size_t>(j - band.begin[at])] = best;
      steps[band.Index(i, j)] = step;
    }
    above.swap(row);
  }
  return TraceBack(band, steps, zh.size, en.size);
}

Path PathAtScale(const PreparedText& chinese, const PreparedText& english,
                 int merged, size_t dense_cells) {
  const Level zh = MakeLevel(chinese, merged), en = MakeLevel(english, merged);
  const size_t cells =
      static_cast<size_t>(zh.size) * static_cast<size_t>(en.size);
  if (cells <= dense_cells || std::min(zh.size, en.size) <= 2 * kCoarseRadius) {
    return BestPath(zh, en, FullBand(zh.size, en.size));
  }
  const Path coarse = PathAtScale(chinese, english, 2 * merged, dense_cells);
  return BestPath(zh, en,
                  Around(Doubled(coarse, zh.size, en.size), zh.size, en.size,
                         kCoarseRadius));
}

}  // namespace

Band FullBand(int chinese, int english) {
  Band band;
  band.begin.assign(static_cast<size_t>(chinese) + 1, 0);
  band.end.assign(static_cast<size_t>(chinese) + 1, english + 1);
  FinishOffsets(band);
  return band;
}

Band FindBand(const PreparedText& chinese, const PreparedText& english,
              const BandOptions& options) {
  const Path path = PathAtScale(chinese, english, 1, options.dense_cells);
  Band band = Around(path, chinese.size, english.size, options.radius);
  band.length_ratio = LengthRatio(chinese, english, path);
  return band;
}

}  // namespace duilian::aligner
