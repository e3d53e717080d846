// A sentence of one side may be rendered by a sentence and a half of the other.
// Its beads differ little in what the model looks at, for most words of either
// stay inside; aligned clause by clause the texts say where the half goes. A
// clause is too short to be sure of, so its links are weighed, not followed.
#include "aligner/clause_links.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "aligner/align.h"
#include "aligner/band.h"
#include "aligner/clauses.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {
namespace {

// Beads of a first pass, and of clauses, that are less likely say nothing.
constexpr double kLeastPosterior = 1e-3;
// The border of such a bead is a safe place to cut the texts at.
constexpr double kSure = 0.8;
constexpr float kMassUnit = 10;     // code points
constexpr float kLeastLeak = 0.1F;  // what is less does not matter
// Of a segment that has more, neighbours are taken together: a list, or a page
// without full stops, would cost its clauses times those of the other side.
constexpr size_t kMostClauses = 16;

// One side of a part of the texts, cut into clauses.
struct ClauseSide {
  Transcript clauses;
  std::vector<int> starts;     // [segments + 1]: first clause of each
  std::vector<int> segments;   // [clauses]: which each is of
  std::vector<float> lengths;  // [clauses]: code points, as of Chinese
  std::vector<float> paired;   // [clauses]: how likely their segments are
};

// Of each segment, how likely it is to have no counterpart.
struct Alone {
  std::vector<double> chinese, english;
};

ClauseSide CutSide(const Transcript& transcript, SegmentRange range,
                   absl::Span<const double> alone) {
  const bool chinese = transcript.language == text::Language::kChinese;
  ClauseSide side;
  side.clauses.language = transcript.language;
  for (int k = range.begin; k < range.end; ++k) {
    const Segment& segment = transcript.segments[static_cast<size_t>(k)];
    side.starts.push_back(static_cast<int>(side.segments.size()));
    const std::vector<text::ByteSpan> spans =
        CutClauses(segment.text, transcript.language);
    const size_t together = (spans.size() + kMostClauses - 1) / kMostClauses;
    for (size_t s = 0; s < spans.size(); s += together) {
      const size_t last = std::min(s + together, spans.size()) - 1;
      Segment clause = segment;
      clause.text =
          segment.text.substr(spans[s].begin, spans[last].end - spans[s].begin);
      const float length =
          static_cast<float>(text::CountCodepoints(clause.text));
      side.lengths.push_back(chinese ? length : length * Band::kUsualRatio);
      side.segments.push_back(k);
      side.paired.push_back(
          static_cast<float>(1 - alone[static_cast<size_t>(k)]));
      side.clauses.segments.push_back(std::move(clause));
    }
  }
  side.starts.push_back(static_cast<int>(side.segments.size()));
  return side;
}

// The beads of a first pass in a part of its texts.
struct Part {
  SegmentRange chinese, english;
  std::vector<LatticeBead> likely;
};

// The part of the path's beads [begin, end), with all beads that are likely.
Part PartOf(const FirstPass& first, size_t begin, size_t end) {
  const LatticeBead& last = first.beads[end - 1];
  const BeadType& type = kTypes[static_cast<size_t>(last.type)];
  Part part = {{first.beads[begin].i, last.i + type.chinese},
               {first.beads[begin].j, last.j + type.english},
               {}};
  // The path keeps the corners joined.
  part.likely.assign(first.beads.begin() + static_cast<std::ptrdiff_t>(begin),
                     first.beads.begin() + static_cast<std::ptrdiff_t>(end));
  const Band& band = first.lattice.band();
  for (int i = part.chinese.begin; i <= part.chinese.end; ++i) {
    const size_t row = static_cast<size_t>(i);
    const int to = std::min(band.end[row], part.english.end + 1);
    for (int j = std::max(band.begin[row], part.english.begin); j < to; ++j) {
      for (int t = 0; t < kBeadTypes; ++t) {
        const BeadType& bead = kTypes[static_cast<size_t>(t)];
        if (i + bead.chinese <= part.chinese.end &&
            j + bead.english <= part.english.end &&
            first.lattice.Posterior(i, j, t) >= kLeastPosterior) {
          part.likely.push_back({i, j, t, 0});
        }
      }
    }
  }
  return part;
}

// The nodes between clauses that lie inside of likely beads.
Band BandOf(const Part& part, const ClauseSide& chinese,
            const ClauseSide& english, float length_ratio) {
  const size_t rows = chinese.segments.size() + 1;
  const int columns = static_cast<int>(english.segments.size()) + 1;
  Band band;
  band.length_ratio = length_ratio;
  band.begin.assign(rows, columns);
  band.end.assign(rows, 0);
  const auto start = [](const ClauseSide& side, int segment, int first) {
    return side.starts[static_cast<size_t>(segment - first)];
  };
  for (const LatticeBead& bead : part.likely) {
    const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
    const int top = start(chinese, bead.i, part.chinese.begin);
    const int bottom =
        start(chinese, bead.i + type.chinese, part.chinese.begin);
    const int left = start(english, bead.j, part.english.begin);
    const int right = start(english, bead.j + type.english, part.english.begin);
    for (int row = top; row <= bottom; ++row) {
      int& begin = band.begin[static_cast<size_t>(row)];
      int& end = band.end[static_cast<size_t>(row)];
      begin = std::min(begin, left);
      end = std::max(end, right + 1);
    }
  }
  for (size_t row = rows - 1; row > 0; --row) {
    band.begin[row - 1] = std::min(band.begin[row - 1], band.begin[row]);
  }
  band.offsets.assign(1, 0);
  for (size_t row = 0; row < rows; ++row) {
    if (row > 0) band.end[row] = std::max(band.end[row], band.end[row - 1]);
    band.offsets.push_back(
        band.offsets.back() +
        static_cast<size_t>(band.end[row] - band.begin[row]));
  }
  return band;
}

// Adds what a bead of clauses links, shared out by their lengths.
void AddBead(const ClauseSide& chinese, const ClauseSide& english,
             const LatticeBead& bead, ClauseLinks& links) {
  const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
  const auto sum = [](const ClauseSide& side, int begin, int count) {
    float length = 0;
    for (int k = begin; k < begin + count; ++k) {
      length += side.lengths[static_cast<size_t>(k)];
    }
    return length;
  };
  const float zh = sum(chinese, bead.i, type.chinese);
  const float en = sum(english, bead.j, type.english);
  if (zh <= 0 || en <= 0) return;
  const float mass = static_cast<float>(bead.posterior) * (zh + en) / kMassUnit;
  for (int i = bead.i; i < bead.i + type.chinese; ++i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = bead.j; j < bead.j + type.english; ++j) {
      const size_t column = static_cast<size_t>(j);
      // What is left alone as a whole is not linked in parts.
      links.Add(chinese.segments[row], english.segments[column],
                mass * chinese.lengths[row] / zh * chinese.paired[row] *
                    english.lengths[column] / en * english.paired[column]);
    }
  }
}

bool LinkPart(const Model& model, const Transcript& chinese,
              const Transcript& english, const FirstPass& first,
              const Part& part, const Alone& alone,
              const std::function<bool(int row)>& stop, ClauseLinks& links) {
  const ClauseSide zh = CutSide(chinese, part.chinese, alone.chinese);
  const ClauseSide en = CutSide(english, part.english, alone.english);
  BeadLattice lattice(BandOf(part, zh, en, first.lattice.band().length_ratio));
  const auto stop_at = [&](int row) {
    const size_t clause =
        std::min(static_cast<size_t>(row), zh.segments.size() - 1);
    return stop && stop(zh.segments[clause]);
  };
  if (!FillPotentials(model.pack(), Prepare(model, zh.clauses, en.clauses),
                      first.weights, stop_at, lattice)) {
    return false;
  }
  lattice.ForwardBackward();
  for (int i = 0; i < lattice.band().rows(); ++i) {
    const size_t row = static_cast<size_t>(i);
    for (int j = lattice.band().begin[row]; j < lattice.band().end[row]; ++j) {
      for (int type = kDeleteEnglish + 1; type < kBeadTypes; ++type) {
        const double posterior = lattice.Posterior(i, j, type);
        if (posterior >= kLeastPosterior) {
          AddBead(zh, en, {i, j, type, posterior}, links);
        }
      }
    }
  }
  return true;
}

// One past the last bead of the part that begins at `begin`.
size_t EndOfPart(const FirstPass& first, size_t begin) {
  int segments = 0;
  for (size_t end = begin; end < first.beads.size(); ++end) {
    const LatticeBead& bead = first.beads[end];
    const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
    segments += type.chinese + type.english;
    const bool safe =
        type.chinese > 0 && type.english > 0 && bead.posterior >= kSure;
    if (segments >= first.part_segments &&
        (safe || segments >= 2 * first.part_segments)) {
      return end + 1;
    }
  }
  return first.beads.size();
}

}  // namespace

ClauseLinks::ClauseLinks(int chinese, int english)
    : links_(static_cast<size_t>(chinese)),
      chinese_(static_cast<size_t>(chinese), 0.0F),
      english_(static_cast<size_t>(english), 0.0F) {}

void ClauseLinks::Add(int chinese, int english, float mass) {
  const size_t i = static_cast<size_t>(chinese);
  chinese_[i] += mass;
  english_[static_cast<size_t>(english)] += mass;
  for (Link& link : links_[i]) {
    if (link.english != english) continue;
    link.mass += mass;
    return;
  }
  links_[i].push_back({english, mass});
}

BeadLeaks ClauseLinks::LeaksOf(int i, int j) const {
  // Of the first n Chinese segments and the first m English ones.
  std::array<std::array<float, kMaxSide + 1>, kMaxSide + 1> inside = {};
  std::array<float, kMaxSide + 1> chinese = {}, english = {};
  const size_t rows =
      std::min<size_t>(kMaxSide, links_.size() - static_cast<size_t>(i));
  const size_t columns =
      std::min<size_t>(kMaxSide, english_.size() - static_cast<size_t>(j));
  for (size_t m = 0; m < columns; ++m) {
    english[m + 1] = english[m] + english_[static_cast<size_t>(j) + m];
  }
  for (size_t n = 0; n < rows; ++n) {
    const size_t row = static_cast<size_t>(i) + n;
    chinese[n + 1] = chinese[n] + chinese_[row];
    std::array<float, kMaxSide> own = {};
    for (const Link& link : links_[row]) {
      const int column = link.english - j;
      if (column >= 0 && column < kMaxSide) {
        own[static_cast<size_t>(column)] = link.mass;
      }
    }
    float sum = 0;
    for (size_t m = 0; m < columns; ++m) {
      sum += own[m];
      inside[n + 1][m + 1] = inside[n][m + 1] + sum;
    }
  }
  BeadLeaks leaks = {};
  for (size_t type = kDeleteEnglish + 1; type < kBeadTypes; ++type) {
    const size_t n = static_cast<size_t>(kTypes[type].chinese);
    const size_t m = static_cast<size_t>(kTypes[type].english);
    if (n > rows || m > columns) continue;
    const float leak = chinese[n] + english[m] - 2 * inside[n][m];
    leaks[type] = std::log(kLeastLeak + std::max(0.0F, leak));
  }
  return leaks;
}

std::optional<ClauseLinks> LinkClauses(
    const Model& model, const Transcript& chinese, const Transcript& english,
    const FirstPass& first, const std::function<bool(int row)>& stop) {
  ClauseLinks links(first.lattice.chinese(), first.lattice.english());
  const Alone alone = {first.lattice.DeletionProbabilities(kDeleteChinese),
                       first.lattice.DeletionProbabilities(kDeleteEnglish)};
  for (size_t begin = 0; begin < first.beads.size();) {
    const size_t end = EndOfPart(first, begin);
    const Part part = PartOf(first, begin, end);
    begin = end;
    if (part.chinese.size() == 0 || part.english.size() == 0) continue;
    if (!LinkPart(model, chinese, english, first, part, alone, stop, links)) {
      return std::nullopt;
    }
  }
  return links;
}

void AddLeaks(const ClauseLinks& links, float weight, BeadLattice& lattice) {
  const Band& band = lattice.band();
  for (int i = 0; i < lattice.chinese(); ++i) {
    const size_t row = static_cast<size_t>(i);
    const int end = std::min(band.end[row], lattice.english());
    for (int j = band.begin[row]; j < end; ++j) {
      const BeadLeaks leaks = links.LeaksOf(i, j);
      float* potentials = lattice.potentials(i, j);
      for (size_t type = 0; type < kBeadTypes; ++type) {
        potentials[type] += weight * leaks[type];
      }
    }
  }
}

}  // namespace duilian::aligner
