// The bound. Cut a text u anywhere into disjoint parts. A best alignment
// carries each part to a part of the query q, which may be empty, and these are
// disjoint, too; each edit belongs to one part of u at the most. So the
// distance is at least the sum, over the parts, of the least distance from the
// part to any part of q. Parts may be left out of the sum, be cut short, or be
// counted for less, 0 too: the sum only falls. Over classes of letters each
// term is at most what it is over code points.
//
// The parts are words with the space before them. A vocabulary's words are
// fewer than its texts' by far, so the least distance of each is worked out
// once a query, many words at a time, and a text costs an addition a word.
//
// Where a part may lie. The query of m letters comes of a text of n by i
// insertions and e deletions, i - e = m - n. With a distance of k at the most,
// i <= (k + m - n) / 2 and e <= (k - m + n) / 2. Of the letters before the end
// of a word, at n', some of these edits are: its part ends between n' - e and
// n' + i. So the least distance is taken over parts that end there. It is kept
// for segments of the query, and a word's place for quarters of the text; the
// ends are those of all segments that a quarter's words may reach.
//
// Least distances are by Myers (1999), in Hyyrö's form of 2003: a word is a
// column of 16 bits, which the query runs past. The first row is 0 everywhere,
// as a part may begin anywhere; the last row's least value, over the ends of a
// segment, is the distance. No value is above the word's length, which is the
// distance to the empty part.
// Shorter words fill the lower bits with rows that hold every letter and cost
// nothing.
// Tested by word_bound_test.cc against the matrix.

#include "storage/word_bound.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "absl/algorithm/container.h"
#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

constexpr size_t kLanes = WordLetters::kLanes;
constexpr size_t kBits = WordLetters::kMostLetters;

using Vector __attribute__((vector_size(2 * kLanes))) = uint16_t;

// Inlined, so that each is compiled for the processor of its caller. Vectors go
// by reference: by value they pass differently from processor to processor.
#define DUILIAN_INLINE [[gnu::always_inline]] inline

DUILIAN_INLINE void Load(const uint16_t* from, Vector& to) {
  std::memcpy(&to, from, sizeof(to));
}

// A block of words on its way along the query.
struct Column {
  Vector plus, minus;   // between a row and the one above
  Vector value, least;  // of the last row
};

DUILIAN_INLINE void Begin(const uint16_t* letters, const uint16_t* lengths,
                          Column& column) {
  Load(letters, column.plus);
  column.minus = Vector{};
  Load(lengths, column.value);
  column.least = column.value;
}

DUILIAN_INLINE void Step(const uint16_t* rows, Column& column) {
  Vector equal;
  Load(rows, equal);
  const Vector x = equal | column.minus;
  const Vector diagonal = (((x & column.plus) + column.plus) ^ column.plus) | x;
  Vector down = column.plus & diagonal;                  // across, by -1
  Vector up = column.minus | ~(column.plus | diagonal);  // across, by +1
  column.value += (up >> (kBits - 1)) - (down >> (kBits - 1));
  column.least = column.value < column.least ? column.value : column.least;
  up <<= 1;
  down <<= 1;
  column.plus = down | ~(up | diagonal);
  column.minus = up & diagonal;
}

#undef DUILIAN_INLINE

// Where a block's parts lie behind its rows of classes.
constexpr size_t kLetters = kLetterClasses * kLanes;
constexpr size_t kLengths = kLetters + kLanes;

constexpr size_t kSegments = WordDistances::kSegments;
constexpr size_t kLine = 64;  // bytes of a cache line

// Where a segment's ends begin; at kSegments, one behind the last end.
using Bounds = std::array<size_t, kSegments + 1>;

// `first` and `second` point to rows of classes; two blocks at a time, since
// the steps of one wait for each other. `least` is [kSegments][2 * kLanes].
DUILIAN_PROCESSOR_CLONES
void ComparePair(const uint16_t* first, const uint16_t* second,
                 const LetterClass* query, const Bounds& bounds,
                 uint16_t* least) {
  Column a, b;
  Begin(first + kLetters, first + kLengths, a);
  Begin(second + kLetters, second + kLengths, b);
  size_t end = 1;
  for (size_t segment = 0; segment < kSegments; ++segment) {
    Load(first + kLengths, a.least);
    Load(second + kLengths, b.least);
    for (; end < bounds[segment + 1]; ++end) {
      Step(first + query[end - 1] * kLanes, a);
      Step(second + query[end - 1] * kLanes, b);
    }
    uint16_t* const of_segment = least + segment * 2 * kLanes;
    std::memcpy(of_segment, &a.least, sizeof(a.least));
    std::memcpy(of_segment + kLanes, &b.least, sizeof(b.least));
  }
}

DUILIAN_PROCESSOR_CLONES
void LowerTo(const uint8_t* other, size_t size, uint8_t* least) {
  for (size_t i = 0; i < size; ++i) least[i] = std::min(least[i], other[i]);
}

}  // namespace

void WordLetters::Add(absl::string_view word) {
  const size_t lane = size_ % kLanes;
  if (lane == 0) blocks_.emplace_back();
  Block& block = blocks_.back();
  std::vector<LetterClass> letters = LetterClasses(word);
  letters.resize(std::min(letters.size(), kMostLetters));
  const size_t free = kBits - letters.size();
  block.letters[lane] = static_cast<uint16_t>(0xFFFFu << free);
  block.lengths[lane] = static_cast<uint16_t>(letters.size());
  for (auto& row : block.rows) {
    row[lane] = static_cast<uint16_t>((1u << free) - 1);
  }
  for (size_t i = 0; i < letters.size(); ++i) {
    uint16_t& row = block.rows[letters[i]][lane];
    row = static_cast<uint16_t>(row | 1u << (free + i));
  }
  ++size_;
}

WordDistances::WordDistances(const WordLetters& words, size_t count,
                             absl::Span<const LetterClass> query)
    : query_length_(query.size()) {
  static_assert(sizeof(WordLetters::Block) ==
                (kLengths + kLanes) * sizeof(uint16_t));
  Bounds bounds;
  for (size_t s = 0; s <= kSegments; ++s) {
    bounds[s] = (s * (query_length_ + 1) + kSegments - 1) / kSegments;
  }
  const size_t compared = std::min(count, words.size());
  const size_t blocks = (compared + kLanes - 1) / kLanes;
  known_ = std::min(blocks * kLanes, words.size()) + 1;
  row_ = ((known_ / kLine + 1) | 1) * kLine;
  distances_ = std::make_unique_for_overwrite<uint8_t[]>(kSegments * row_);
  for (size_t s = 0; s < kSegments; ++s) distances_[s * row_] = 0;  // no word
  uint16_t least[kSegments][2 * kLanes];
  for (size_t i = 0; i < blocks; i += 2) {
    // The same one twice, rather than one behind the last.
    const size_t other = std::min(i + 1, blocks - 1);
    ComparePair(&words.blocks_[i].rows[0][0], &words.blocks_[other].rows[0][0],
                query.data(), bounds, &least[0][0]);
    const size_t first = i * kLanes + 1;
    const size_t lanes = std::min(2 * kLanes, known_ - first);
    for (size_t s = 0; s < kSegments; ++s) {
      uint8_t* const row = distances_.get() + s * row_ + first;
      for (size_t lane = 0; lane < lanes; ++lane) {
        row[lane] = static_cast<uint8_t>(least[s][lane]);
      }
    }
  }
}

void PlacedDistances::SetFor(const WordDistances& distances, size_t text_length,
                             size_t cutoff) {
  distances_.resize(kTextRegions << kWordNumberBits);
  const auto text = static_cast<std::ptrdiff_t>(text_length);
  const auto query = static_cast<std::ptrdiff_t>(distances.query_length());
  const auto most = static_cast<std::ptrdiff_t>(cutoff);
  const std::ptrdiff_t inserted = (most + query - text) / 2;
  const std::ptrdiff_t deleted = (most - query + text) / 2;
  const auto segment_of = [&](std::ptrdiff_t end) {
    return distances.SegmentOf(
        static_cast<size_t>(std::clamp<std::ptrdiff_t>(end, 0, query)));
  };
  constexpr auto kRegions = static_cast<std::ptrdiff_t>(kTextRegions);
  for (std::ptrdiff_t r = 0; r < kRegions; ++r) {
    // The first and the last end of the region's words.
    const std::ptrdiff_t first = (r * text + kRegions - 1) / kRegions + 1;
    const std::ptrdiff_t last = ((r + 1) * text + kRegions - 1) / kRegions;
    const Window window = {segment_of(first - deleted),
                           segment_of(last + inserted) + 1};
    Window& known = windows_[static_cast<size_t>(r)];
    if (window == known) continue;
    known = window;
    uint8_t* const least =
        distances_.data() + (static_cast<size_t>(r) << kWordNumberBits);
    absl::c_copy(distances.InSegment(window.begin), least);
    for (size_t s = window.begin + 1; s < window.end; ++s) {
      LowerTo(distances.InSegment(s).data(), distances.known(), least);
    }
  }
}

}  // namespace duilian::storage
